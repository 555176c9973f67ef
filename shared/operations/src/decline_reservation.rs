//! Declining a request: its tables are free in the same write.

use futures::FutureExt;
use jari_domain::{Status, Transition};
use jari_store::Store;
use jiff::Timestamp;

use crate::{Asked, Refusal, RestaurantCache, Viewed, claiming::claims_of_step, view_reservation::Read};

/// Says no to a request whose time has not passed.
///
/// # Errors
/// [`Refusal::WrongStatus`], [`Refusal::Stale`], [`Refusal::Store`].
pub async fn decline_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    reason: Option<String>,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(store, restaurants, now, |read| decline(read, store, reason.clone()).boxed()).await
}

async fn decline(read: Read, store: &Store, reason: Option<String>) -> Result<Viewed, Refusal> {
    let now = read.now;
    // One that time has declined is only written down by the house; its tables may be another's by now.
    if read.reservation().status_at(now) != Status::Requested {
        return Err(read.wrong_status());
    }
    let next = read.after(Transition::Decline, reason)?;
    let claims = claims_of_step(Some(read.reservation()), None, None, now);
    read.write(store, claims, next).await
}
