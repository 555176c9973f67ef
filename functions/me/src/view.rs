//! A reservation in a list of one's own, as its diner sees it.

use jari_api::{openapi::LocalizedTextDocument, respond::instant};
use jari_domain::{LocalizedText, Note, Party, ReservationId, Restaurant, RestaurantId, Status};
use jari_operations::Viewed;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// One of one's own reservations.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyReservation)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MyReservationView {
    #[schema(value_type = String, example = "rsv_01kc9x3v2rq8f5m7w1d6e4t0zn")]
    id: ReservationId,
    restaurant: MyRestaurantView,
    #[schema(value_type = String, example = "confirmed")]
    status: Status,
    /// When the party comes, with the restaurant's offset.
    #[schema(format = DateTime, example = "2026-12-24T19:00:00+09:00")]
    starts_at: String,
    #[schema(format = DateTime, example = "2026-12-24T20:30:00+09:00")]
    ends_at: String,
    #[schema(value_type = u8, example = 2)]
    party_size: Party,
    /// The area of its table, by key.
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    /// The name it was booked under.
    #[serde(skip_serializing_if = "Option::is_none")]
    guest_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Until when its diner may change or cancel it.
    #[schema(format = DateTime)]
    change_until: String,
    revision: u64,
    #[schema(format = DateTime)]
    created_at: String,
}

/// Where a reservation is: what one needs to get there, and to call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyReservationRestaurant)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MyRestaurantView {
    #[schema(value_type = String, example = "rst_01jar100000000000000000001")]
    id: RestaurantId,
    #[schema(value_type = LocalizedTextDocument)]
    name: LocalizedText,
    #[schema(value_type = LocalizedTextDocument)]
    address: LocalizedText,
    #[schema(example = "+82212345678")]
    phone: String,
    #[schema(example = "Asia/Seoul")]
    time_zone: String,
}

impl MyReservationView {
    pub(crate) fn new(viewed: &Viewed, now: Timestamp) -> Self {
        let Viewed { reservation, restaurant, .. } = viewed;
        let at = |timestamp: Timestamp| instant(timestamp, restaurant.zone());
        Self {
            id: reservation.id,
            restaurant: MyRestaurantView::new(restaurant),
            status: reservation.status_at(now),
            starts_at: at(reservation.span.start()),
            ends_at: at(reservation.span.end()),
            party_size: reservation.party,
            area: reservation.area.clone(),
            guest_name: reservation.guest.as_ref().map(|guest| guest.name.as_str().to_owned()),
            note: reservation.note.as_ref().map(Note::as_str).map(str::to_owned),
            change_until: at(restaurant.policy.change_until(reservation.span.start())),
            revision: reservation.revision,
            created_at: at(reservation.created_at),
        }
    }
}

impl MyRestaurantView {
    fn new(restaurant: &Restaurant) -> Self {
        let profile = &restaurant.profile;
        Self {
            id: restaurant.id,
            name: profile.name.clone(),
            address: profile.address.clone(),
            phone: profile.phone.as_str().to_owned(),
            time_zone: profile.time_zone.name().to_owned(),
        }
    }
}
