//! Typed ids. `rst_…`, `rsv_…`, `tbl_…`: the kind is in the type and in the text, so that one can't be taken
//! for another, neither by the compiler nor by a person reading a log.

use std::{fmt, marker::PhantomData, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ulid::Ulid;

/// What an id identifies; its prefix is part of the id's text.
pub trait Kind: 'static {
    /// Three letters before the underscore.
    const PREFIX: &'static str;
}

/// An id: 48 bits that sort by the time of creation and 80 random bits, as 26 lower-case Crockford digits.
pub struct Id<K> {
    bits: Ulid,
    kind: PhantomData<fn() -> K>,
}

/// Kinds of ids.
pub mod kind {
    use super::Kind;

    /// A restaurant.
    pub enum Restaurant {}
    /// A reservation, from its hold to its end.
    pub enum Reservation {}
    /// A table on a restaurant's floor.
    pub enum Table {}
    /// An account of a diner or of staff.
    pub enum Account {}
    /// An anonymous visit to the house: a browser that has not signed in.
    pub enum Visit {}
    /// A sign-in.
    pub enum Session {}
    /// What a link in a mail about an account stands for.
    pub enum MailToken {}

    impl Kind for Restaurant {
        const PREFIX: &'static str = "rst";
    }
    impl Kind for Reservation {
        const PREFIX: &'static str = "rsv";
    }
    impl Kind for Table {
        const PREFIX: &'static str = "tbl";
    }
    impl Kind for Account {
        const PREFIX: &'static str = "acc";
    }
    impl Kind for Visit {
        const PREFIX: &'static str = "vis";
    }
    impl Kind for Session {
        const PREFIX: &'static str = "ses";
    }
    impl Kind for MailToken {
        const PREFIX: &'static str = "mtk";
    }
}

/// Identifies a restaurant.
pub type RestaurantId = Id<kind::Restaurant>;
/// Identifies a reservation.
pub type ReservationId = Id<kind::Reservation>;
/// Identifies a table.
pub type TableId = Id<kind::Table>;
/// Identifies an account.
pub type AccountId = Id<kind::Account>;
/// Identifies an anonymous visit.
pub type VisitId = Id<kind::Visit>;
/// A family of refresh tokens: one sign-in and what was refreshed from it.
pub type SessionId = Id<kind::Session>;
/// Identifies a pending sign-up or password reset: what the link in its mail stands for.
pub type MailTokenId = Id<kind::MailToken>;

impl<K: Kind> Id<K> {
    /// An id made at `now` from 80 bits of `random`.
    #[must_use]
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        let mut bytes = [0; 16];
        bytes[6..].copy_from_slice(&random);
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Self::from_ulid(Ulid::from_parts(milliseconds, u128::from_be_bytes(bytes)))
    }

    /// An id that is wholly derived, as a reservation's is from the caller and the idempotency key. It does not
    /// sort by time: lists sort by what they list, never by id.
    #[must_use]
    pub fn derived(bytes: [u8; 16]) -> Self {
        Self::from_ulid(Ulid::from_bytes(bytes))
    }

    /// The 80 low bits: what a claim has room for.
    #[must_use]
    pub fn short(self) -> [u8; 10] {
        let mut short = [0; 10];
        short.copy_from_slice(&self.bits.to_bytes()[6..]);
        short
    }

    /// The 26 digits without the kind, for keys whose own prefix says the kind.
    #[must_use]
    pub fn digits(self) -> String {
        let mut digits = self.bits.to_string();
        digits.make_ascii_lowercase();
        digits
    }

    /// Reads what [`Id::digits`] wrote.
    ///
    /// # Errors
    /// [`InvalidId`] unless it is exactly such text.
    pub fn from_digits(digits: &str) -> Result<Self, InvalidId> {
        let bits = Ulid::from_string(digits).map_err(|_| InvalidId)?;
        let id = Self::from_ulid(bits);
        // One id has one text: other spellings that Crockford allows (capitals, `o` for `0`) are refused.
        if id.digits() == digits { Ok(id) } else { Err(InvalidId) }
    }

    fn from_ulid(bits: Ulid) -> Self {
        Self { bits, kind: PhantomData }
    }
}

/// The text is not an id of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct InvalidId;

impl<K: Kind> FromStr for Id<K> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (prefix, digits) = text.split_once('_').ok_or(InvalidId)?;
        if prefix == K::PREFIX { Self::from_digits(digits) } else { Err(InvalidId) }
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.digits())
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bits.cmp(&other.bits)
    }
}
impl<K> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bits.hash(state);
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_id_has_one_text() {
        let id = ReservationId::new(Timestamp::UNIX_EPOCH, [7; 10]);
        let text = id.to_string();
        assert_eq!(text.len(), 30);
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.to_uppercase().parse::<ReservationId>(), Err(InvalidId));
        assert_eq!(text.replace("rsv_", "rst_").parse::<ReservationId>(), Err(InvalidId));
        assert_eq!(text[..29].parse::<ReservationId>(), Err(InvalidId));
    }

    #[test]
    fn ids_sort_by_the_time_of_their_creation() {
        let early = TableId::new(Timestamp::from_second(1).unwrap(), [255; 10]);
        let late = TableId::new(Timestamp::from_second(2).unwrap(), [0; 10]);
        assert!(early < late && early.to_string() < late.to_string());
    }
}
