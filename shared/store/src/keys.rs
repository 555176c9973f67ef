//! Every key of the table, built and parsed here and nowhere else.

use jari_domain::{
    AccountId, Cell, DinerId, MailTokenId, ReservationId, RestaurantId, SessionId, TableId, TokenHash,
    VisitId,
};
use jiff::{Timestamp, civil::Date};

use crate::{Item, SocialIdentity, StoreError, item};

pub(crate) const PK: &str = "PK";
pub(crate) const SK: &str = "SK";
/// When DynamoDB may delete the item (seconds since the epoch).
pub(crate) const EXPIRES_AT: &str = "expiresAt";

pub(crate) const BY_DINER: &str = "by-diner";
pub(crate) const DINER_KEY: &str = "dinerKey";
pub(crate) const BY_DAY: &str = "by-day";
pub(crate) const DAY_KEY: &str = "dayKey";
pub(crate) const STARTS_AT: &str = "startsAt";
pub(crate) const DUE: &str = "due";
pub(crate) const DUE_KEY: &str = "dueKey";
pub(crate) const DUE_AT: &str = "dueAt";
pub(crate) const LISTED: &str = "listed";
pub(crate) const LISTED_KEY: &str = "listedKey";
pub(crate) const LISTED_NAME: &str = "listedName";

pub(crate) const RESERVATION_SK: &str = "RSV";
pub(crate) const CLOSED_SK: &str = "CLOSED";
pub(crate) const NOTE_SK: &str = "NOTE";
pub(crate) const ACCOUNT_SK: &str = "ACCT";
pub(crate) const ADDRESS_SK: &str = "EMAIL";
const ACCOUNT: &str = "ACCT#";
const ADDRESS: &str = "EMAIL#";
pub(crate) const MAIL_SK: &str = "MAIL";
const MAIL_ADDRESS: &str = "ADDRESS#";
pub(crate) const SIGN_UP: &str = "SIGNUP#";
pub(crate) const PASSWORD_RESET: &str = "RESET#";
pub(crate) const SESSION: &str = "SESSION#";
pub(crate) const SOCIAL: &str = "SOCIAL#";
/// The restaurants that an account has registered and that are not approved yet.
pub(crate) const DRAFTS_SK: &str = "DRAFTS";
pub(crate) const RECOUNT_SK: &str = "RECOUNT";
const RESERVATION: &str = "RSV#";
const RESTAURANT: &str = "REST#";
const TABLE: &str = "TABLE#";
pub(crate) const STAFF: &str = "STAFF#";
/// Behind all members.
pub(crate) const ROSTER_SK: &str = "STAFFROSTER";
pub(crate) const AUDIT: &str = "AUDIT#";
const PACE: &str = "PACE#";
const VISIT: &str = "VISIT#";
const HOLDS_SK: &str = "HOLDS";

/// Something whose cells can be claimed: one item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    pk: String,
    sk: String,
    /// When what is claimed on it is long over, in seconds since the epoch.
    expires_at: i64,
}

impl Resource {
    /// A table on a service day.
    #[must_use]
    pub fn table(restaurant: RestaurantId, date: Date, table: TableId) -> Self {
        Self {
            pk: day(restaurant, date),
            sk: format!("{TABLE}{}", table.digits()),
            expires_at: after_day(date),
        }
    }

    /// The covers that arrive at a restaurant in a quarter hour.
    #[must_use]
    pub fn arrivals(restaurant: RestaurantId, date: Date, cell: Cell) -> Self {
        Self { pk: day(restaurant, date), sk: format!("{PACE}{}", cell.0), expires_at: after_day(date) }
    }

    /// The diner's own time on a UTC day.
    #[must_use]
    pub fn diner_time(diner: &DinerId, utc_day: Date) -> Self {
        Self { pk: format!("DINER#{}#{utc_day}", diner.0), sk: "TIME".into(), expires_at: after_day(utc_day) }
    }

    /// The places that a visit has for its holds; `today` only says when the item may go.
    #[must_use]
    pub fn hold_places(visit: VisitId, today: Date) -> Self {
        Self { pk: format!("{VISIT}{}", visit.digits()), sk: HOLDS_SK.into(), expires_at: after_day(today) }
    }

    pub(crate) fn key(&self) -> Item {
        key(&self.pk, &self.sk)
    }

    /// The partition it is in, such as a restaurant's service day.
    pub(crate) fn partition(&self) -> &str {
        &self.pk
    }

    pub(crate) fn expires_at(&self) -> i64 {
        self.expires_at
    }
}

/// A week after the day: nothing reads its claims any more, and a restore or a late look still can.
fn after_day(date: Date) -> i64 {
    let week_later = date.saturating_add(jiff::Span::new().days(8));
    week_later.to_zoned(jiff::tz::TimeZone::UTC).map_or(i64::MAX, |day| day.timestamp().as_second())
}

/// Where an account's holds have their places: signed in, it is one visit on whatever device.
pub(crate) fn hold_places_of(account: AccountId) -> Item {
    key(format!("{VISIT}{}", account.digits()), HOLDS_SK)
}

pub(crate) fn key(pk: impl Into<String>, sk: impl Into<String>) -> Item {
    Item::from([(PK.to_owned(), item::text(pk)), (SK.to_owned(), item::text(sk))])
}

pub(crate) fn warm_up() -> Item {
    key("WARM", "UP")
}

pub(crate) fn day(restaurant: RestaurantId, date: Date) -> String {
    format!("DAY#{}#{date}", restaurant.digits())
}

/// What a restaurant knows of a diner.
pub(crate) fn guest_record(restaurant: RestaurantId, diner: &DinerId) -> Item {
    key(format!("GUEST#{}#{}", restaurant.digits(), diner.0), "RECORD")
}

/// The `by-day` index: a restaurant's reservations of a service day.
pub(crate) fn day_sheet(restaurant: RestaurantId, date: Date) -> String {
    format!("{}#{date}", restaurant.digits())
}

pub(crate) fn parse_day_sheet(key: &str) -> Option<(RestaurantId, Date)> {
    let (restaurant, date) = key.split_once('#')?;
    Some((RestaurantId::from_digits(restaurant).ok()?, date.parse().ok()?))
}

pub(crate) fn reservation(id: ReservationId) -> String {
    format!("{RESERVATION}{}", id.digits())
}

pub(crate) fn restaurant(id: RestaurantId) -> String {
    format!("{RESTAURANT}{}", id.digits())
}

/// The partition of the guards of mails that are about no reservation.
pub(crate) fn mailed(about: &str) -> String {
    format!("MAILED#{about}")
}

/// The item of a member of a restaurant's staff, in the restaurant's partition.
pub(crate) fn staff(account: AccountId) -> String {
    format!("{STAFF}{}", account.digits())
}

/// The same membership, in the account's partition.
pub(crate) fn staff_at(restaurant: RestaurantId) -> String {
    format!("{STAFF}{}", restaurant.digits())
}

/// The partition of an account: the account itself, its sessions, the restaurants it works at.
pub(crate) fn account(id: AccountId) -> String {
    format!("{ACCOUNT}{}", id.digits())
}

/// The item that makes an address unique: which account is that diner.
pub(crate) fn address(diner: &DinerId) -> Item {
    key(format!("{ADDRESS}{}", diner.0), ADDRESS_SK)
}

/// What is known of a diner's address as a place for mails.
pub(crate) fn mail_address(diner: &DinerId) -> Item {
    key(format!("{MAIL_ADDRESS}{}", diner.0), MAIL_SK)
}

pub(crate) fn mail_address_of(item: &Item) -> Result<DinerId, StoreError> {
    let diner = item::text_of(item, PK)?.strip_prefix(MAIL_ADDRESS);
    let diner = diner.map(|diner| DinerId(diner.to_owned()));
    diner.ok_or_else(|| StoreError::Corrupt("not the key of an address".into()))
}

/// The partition of an address's pending sign-ups, each under its id's digits.
pub(crate) fn sign_up(diner: &DinerId) -> String {
    format!("{SIGN_UP}{}", diner.0)
}

/// The partition of an address's pending password resets, each under its id's digits.
pub(crate) fn password_reset(diner: &DinerId) -> String {
    format!("{PASSWORD_RESET}{}", diner.0)
}

/// A sign-in, in its account's partition.
pub(crate) fn session(family: SessionId) -> String {
    format!("{SESSION}{}", family.digits())
}

/// The count of something that `whose` tried, in a window of time.
pub(crate) fn throttle(what: &str, whose: &str, window: i64) -> Item {
    key(format!("THROTTLE#{what}#{whose}#{window}"), "COUNT")
}

/// A sign-in through a provider that has begun, by the hash of its state.
pub(crate) fn social_attempt(state: &TokenHash) -> Item {
    key(format!("{SOCIAL}{}", state.0), "STATE")
}

/// Which account somebody's identity at a provider leads to.
pub(crate) fn social_identity(identity: &SocialIdentity) -> Item {
    social_identity_named(&identity_name(identity))
}

pub(crate) fn social_identity_named(name: &str) -> Item {
    key(name, "ACCOUNT")
}

/// The same link, in the account's partition.
pub(crate) fn social_identity_of(id: AccountId, identity: &SocialIdentity) -> Item {
    key(account(id), identity_name(identity))
}

fn identity_name(identity: &SocialIdentity) -> String {
    format!("{SOCIAL}{}#{}", identity.provider, identity.subject_hash.0)
}

/// The provider of an identity, of the link in the account's partition.
pub(crate) fn provider_of(item: &Item) -> Result<String, StoreError> {
    let name = item::text_of(item, SK)?.strip_prefix(SOCIAL).and_then(|name| name.split_once('#'));
    let provider = name.map(|(provider, _)| provider.to_owned());
    provider.ok_or_else(|| StoreError::Corrupt("not the key of an identity".into()))
}

/// Whose pending sign-up an item is, and which.
pub(crate) fn sign_up_id(item: &Item) -> Result<(DinerId, MailTokenId), StoreError> {
    mail_token(item, SIGN_UP)
}

/// Whose pending password reset an item is, and which.
pub(crate) fn password_reset_id(item: &Item) -> Result<(DinerId, MailTokenId), StoreError> {
    mail_token(item, PASSWORD_RESET)
}

fn mail_token(item: &Item, prefix: &str) -> Result<(DinerId, MailTokenId), StoreError> {
    let diner = item::text_of(item, PK)?.strip_prefix(prefix).map(|diner| DinerId(diner.to_owned()));
    let id = MailTokenId::from_digits(item::text_of(item, SK)?).ok();
    diner.zip(id).ok_or_else(|| StoreError::Corrupt(format!("not a key of {prefix}")))
}

pub(crate) fn account_id(item: &Item) -> Result<AccountId, StoreError> {
    let pk = item::text_of(item, PK)?;
    let id = pk.strip_prefix(ACCOUNT).and_then(|digits| AccountId::from_digits(digits).ok());
    id.ok_or_else(|| StoreError::Corrupt("not the key of an account".into()))
}

/// A line of a restaurant's audit log: all of one width, so that they sort by time; `mark` keeps those of a millisecond
/// apart.
pub(crate) fn audit(at: Timestamp, mark: &str) -> String {
    format!("{AUDIT}{}#{mark}", at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ"))
}

/// Of which restaurant a line of an audit log is, and which; none where it is none.
pub(crate) fn audit_line(item: &Item) -> Option<(RestaurantId, String)> {
    let which = item::text_of(item, SK).ok()?.strip_prefix(AUDIT)?;
    Some((restaurant_id(item).ok()?, which.to_owned()))
}

pub(crate) fn reservation_id(item: &Item) -> Result<ReservationId, StoreError> {
    let pk = item::text_of(item, PK)?;
    let id = pk.strip_prefix(RESERVATION).and_then(|digits| ReservationId::from_digits(digits).ok());
    id.ok_or_else(|| StoreError::Corrupt("not the key of a reservation".into()))
}

pub(crate) fn restaurant_id(item: &Item) -> Result<RestaurantId, StoreError> {
    let pk = item::text_of(item, PK)?;
    let id = pk.strip_prefix(RESTAURANT).and_then(|digits| RestaurantId::from_digits(digits).ok());
    id.ok_or_else(|| StoreError::Corrupt("not the key of a restaurant".into()))
}

/// What an item of a day's partition is about.
pub(crate) enum DayItem {
    Table(TableId),
    Arrivals(Cell),
    Closed,
    Other,
}

pub(crate) fn parse_day_item(sk: &str) -> DayItem {
    let table = sk.strip_prefix(TABLE).and_then(|digits| TableId::from_digits(digits).ok());
    let cell = || sk.strip_prefix(PACE).and_then(|cell| cell.parse().ok());
    match (table, cell()) {
        (Some(table), _) => DayItem::Table(table),
        (_, Some(cell)) => DayItem::Arrivals(Cell(cell)),
        _ if sk == CLOSED_SK => DayItem::Closed,
        _ => DayItem::Other,
    }
}
