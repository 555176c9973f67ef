//! An account, and a reservation in a list of one's own, as their owner sees them.

use jari_api::{openapi::LocalizedTextDocument, respond::instant};
use jari_domain::{
    Account, AccountId, Language, LocalizedText, Note, Party, PlatformRole, ReservationId, Restaurant,
    RestaurantId, Status,
};
use jari_operations::Viewed;
use jari_store::StoredAccount;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// One's own account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MeView {
    #[schema(value_type = String, example = "acc_01jar400000000000000000001")]
    id: AccountId,
    /// The verified address. What is booked with it is one's own.
    #[schema(format = Email, example = "minji@example.kr")]
    email: String,
    #[schema(example = "김민지")]
    name: String,
    /// E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+821012345678")]
    phone: Option<String>,
    /// Of mails and pages.
    #[schema(value_type = String, example = "ko")]
    language: Language,
    mail: MailView,
    /// Whether there is one: who only signs in through others has none.
    has_password: bool,
    /// What one is for the whole house, beside a diner.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "admin")]
    platform: Option<PlatformRole>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Rises with every change; also the `ETag`.
    revision: u64,
}

/// Which mails one wants, beside those about a reservation's own facts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MailPreferences)]
pub(crate) struct MailView {
    /// The reminders a day and three hours before.
    reminders: bool,
}

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

impl MeView {
    pub(crate) fn new(stored: &StoredAccount) -> Self {
        let Account { id, email, name, phone, language, mail, platform, created_at, revision, .. } =
            stored.account.clone();
        Self {
            id,
            email: email.as_str().to_owned(),
            name: name.as_str().to_owned(),
            phone: phone.map(|phone| phone.as_str().to_owned()),
            language,
            mail: MailView { reminders: mail.reminders },
            has_password: stored.password_hash.is_some(),
            platform,
            created_at,
            revision,
        }
    }
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
