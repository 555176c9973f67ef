//! A reservation as its diner sees it, and as the restaurant's staff do.

use jari_api::respond::instant;
use jari_domain::{
    AccountId, Actor, Channel, Guest, HistoryEntry, Party, Reservation, ReservationId, Restaurant,
    RestaurantId, Status, TableId,
};
use jari_operations::Viewed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A reservation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reservation)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReservationView {
    #[schema(value_type = String, example = "rsv_01kc9x3v2rq8f5m7w1d6e4t0zn")]
    id: ReservationId,
    #[schema(value_type = String, example = "rst_01jar100000000000000000001")]
    restaurant_id: RestaurantId,
    /// A hold or request whose time has passed shows as `expired` or `declined` at once.
    #[schema(value_type = String, example = "confirmed")]
    status: Status,
    /// When the party comes, with the restaurant's offset.
    #[schema(format = DateTime, example = "2026-12-24T19:00:00+09:00")]
    starts_at: String,
    /// When its turn ends.
    #[schema(format = DateTime, example = "2026-12-24T20:30:00+09:00")]
    ends_at: String,
    #[schema(value_type = u8, minimum = 1, maximum = 99, example = 2)]
    party_size: Party,
    /// The area of its table, by key; missing when its tables are in several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "hall")]
    area: Option<String>,
    /// Missing while a hold does not know its guest, and for a walk-in who gave no name. Whom staff wrote in may have no
    /// `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<GuestView>)]
    guest: Option<Guest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "창가 자리 부탁드려요.")]
    note: Option<String>,
    /// When the hold ends; only while held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    held_until: Option<String>,
    /// When an unanswered request is declined; only while requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    answer_until: Option<String>,
    /// Until when its diner may change or cancel it.
    #[schema(format = DateTime, example = "2026-12-24T17:00:00+09:00")]
    change_until: String,
    /// Rises with every change; also the `ETag`.
    #[schema(example = 1)]
    revision: u64,
    #[schema(format = DateTime, example = "2026-12-01T10:00:00+09:00")]
    created_at: String,
    /// When its diner said, after a reminder, that they are coming.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    reconfirmed_at: Option<String>,
    /// Its tables; only for the restaurant's staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    tables: Option<Vec<TableId>>,
    /// On which way it came in; only for the restaurant's staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ChannelView>)]
    channel: Option<Channel>,
    /// What happened to it, oldest first; only for the restaurant's staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<HistoryView>>,
    /// The bearer token for this one reservation; only in the answer that creates it, and in its mails.
    #[serde(skip_serializing_if = "Option::is_none")]
    link_token: Option<String>,
}

/// One thing that happened to a reservation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReservationHistory)]
#[serde(rename_all = "camelCase")]
struct HistoryView {
    #[schema(format = DateTime)]
    at: String,
    /// Who did it: its guest, its diner, the restaurant's staff or the house itself.
    #[schema(example = "staff")]
    by: &'static str,
    /// The account of a member of the staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    account: Option<AccountId>,
    /// The status before; missing for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    from: Option<Status>,
    #[schema(value_type = String, example = "confirmed")]
    to: Status,
    /// The reason given.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// What time, party and tables were before a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<PlaceView>,
}

/// Time, party and tables of a reservation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReservationPlace)]
#[serde(rename_all = "camelCase")]
struct PlaceView {
    #[schema(format = DateTime)]
    starts_at: String,
    #[schema(value_type = u8)]
    party_size: Party,
    #[schema(value_type = Vec<String>)]
    tables: Vec<TableId>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = Channel)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `Channel` in the document")]
pub(crate) enum ChannelView {
    Online,
    InHouse,
    WalkIn,
}

/// Whom a reservation is for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Guest)]
#[allow(dead_code, reason = "describes `Guest` in the document")]
pub(crate) struct GuestView {
    /// 1 to 80 characters.
    #[schema(example = "김민지", min_length = 1, max_length = 80)]
    name: String,
    /// Where the mails go.
    #[schema(format = Email, example = "minji@example.kr", max_length = 254)]
    email: String,
    /// E.164; spaces and hyphens are dropped.
    #[schema(example = "+82 10-1234-5678")]
    phone: Option<String>,
    /// The language of the mails.
    #[schema(pattern = "^(ko|en)$", example = "ko")]
    language: String,
}

impl ReservationView {
    pub(crate) fn new(viewed: &Viewed, now: Timestamp) -> Self {
        let of = if viewed.for_staff { Self::for_staff } else { Self::of };
        of(&viewed.reservation, &viewed.restaurant, now)
    }

    /// As the restaurant's staff see it.
    pub(crate) fn for_staff(reservation: &Reservation, restaurant: &Restaurant, now: Timestamp) -> Self {
        let at = |timestamp: Timestamp| instant(timestamp, restaurant.zone());
        let entry = |entry: &HistoryEntry| {
            let (by, account) = match entry.by {
                Actor::Guest => ("guest", None),
                // Who a diner is elsewhere is not the restaurant's to know.
                Actor::Diner(_) => ("diner", None),
                Actor::Staff(account) => ("staff", Some(account)),
                Actor::House => ("house", None),
            };
            let before = entry.before.as_ref().map(|place| PlaceView {
                starts_at: at(place.starts_at),
                party_size: place.party,
                tables: place.tables.clone(),
            });
            HistoryView {
                at: at(entry.at),
                by,
                account,
                from: entry.from,
                to: entry.to,
                why: entry.why.clone(),
                before,
            }
        };
        Self {
            tables: Some(reservation.tables.clone()),
            channel: Some(reservation.channel),
            history: Some(reservation.history.iter().map(entry).collect()),
            ..Self::of(reservation, restaurant, now)
        }
    }

    pub(crate) fn of(reservation: &Reservation, restaurant: &Restaurant, now: Timestamp) -> Self {
        let at = |timestamp: Timestamp| instant(timestamp, restaurant.zone());
        let status = reservation.status_at(now);
        let until = |of: Status| reservation.until.filter(|_| status == of).map(at);
        Self {
            id: reservation.id,
            restaurant_id: reservation.restaurant,
            status,
            starts_at: at(reservation.span.start()),
            ends_at: at(reservation.span.end()),
            party_size: reservation.party,
            area: reservation.area.clone(),
            guest: reservation.guest.clone(),
            note: reservation.note.as_ref().map(|note| note.as_str().to_owned()),
            held_until: until(Status::Held),
            answer_until: until(Status::Requested),
            change_until: at(restaurant.policy.change_until(reservation.span.start())),
            revision: reservation.revision,
            created_at: at(reservation.created_at),
            reconfirmed_at: reservation.reconfirmed_at.map(at),
            tables: None,
            channel: None,
            history: None,
            link_token: None,
        }
    }

    /// Without what only the guest may see.
    pub(crate) fn without_guest(mut self) -> Self {
        self.guest = None;
        self.note = None;
        self
    }

    pub(crate) fn with_link_token(mut self, token: String) -> Self {
        self.link_token = Some(token);
        self
    }
}
