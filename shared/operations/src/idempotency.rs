//! Idempotency keys: a request's id and fingerprint are derived from the key and the request, so that a repeat finds
//! what the first one made.

use aws_lc_rs::{digest, rand};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jari_domain::{Id, Kind, ReservationId, RestaurantId, TableId, VisitId};
use jari_store::StoreError;
use jiff::Timestamp;
use serde::Serialize;

use crate::Refusal;

/// An idempotency key and whose it is. Callers without an account share one namespace, so that a guest who corrects
/// a typing error in the address under the same key is told so instead of booking twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Whose: an account's id, or `anonymous`.
    pub caller: String,
    /// As the caller sent it.
    pub key: String,
}

impl RequestKey {
    /// The reservation that a booking under this key makes, or has made.
    #[must_use]
    pub fn reservation_id(&self) -> ReservationId {
        ReservationId::derived(self.derive("reservation"))
    }

    pub(crate) fn restaurant_id(&self) -> RestaurantId {
        RestaurantId::derived(self.derive("restaurant"))
    }

    fn derive(&self, what: &str) -> [u8; 16] {
        let text = format!("{what}\n{}\n{}", self.caller, self.key);
        let hash = digest::digest(&digest::SHA256, text.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_ref()[..16]);
        bytes
    }
}

/// Tells whether two requests asked for the same.
pub(crate) fn fingerprint(request: &impl Serialize) -> Result<String, StoreError> {
    let text = serde_json::to_vec(request).map_err(|error| StoreError::Rejected(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(&digest::digest(&digest::SHA256, &text).as_ref()[..12]))
}

/// A new id, of the operating system's randomness: environments that are started alike must not draw alike.
pub(crate) fn new_id<K: Kind>(now: Timestamp) -> Result<Id<K>, StoreError> {
    let mut random = [0; 10];
    rand::fill(&mut random).map_err(|_| StoreError::Unavailable("no randomness".into()))?;
    Ok(Id::new(now, random))
}

/// The id of a table that is new on a floor.
///
/// # Errors
/// [`Refusal::Store`] when the operating system has no randomness to give.
pub fn new_table(now: Timestamp) -> Result<TableId, Refusal> {
    Ok(new_id(now)?)
}

/// The id of a visit that begins now.
///
/// # Errors
/// [`Refusal::Store`] when the operating system has no randomness to give.
pub fn new_visit(now: Timestamp) -> Result<VisitId, Refusal> {
    Ok(new_id(now)?)
}
