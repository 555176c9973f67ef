//! Cancelling: the tables, the diner's time and the covers are given up with the status, in one write.

use futures::FutureExt;
use jari_domain::Transition;
use jari_store::Store;
use jiff::Timestamp;

use crate::{Asked, Refusal, RestaurantCache, Viewed, claiming::claims_of_step, view_reservation::Read};

/// Cancels a reservation, or lets a hold go: a diner in time, the restaurant's staff until the party sits.
///
/// # Errors
/// [`Refusal::TooLate`], [`Refusal::WrongStatus`], [`Refusal::Stale`], [`Refusal::NoReservation`],
/// [`Refusal::Store`].
pub async fn cancel_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    reason: Option<String>,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(store, restaurants, now, |read| cancel(read, store, reason.clone()).boxed()).await
}

async fn cancel(read: Read, store: &Store, reason: Option<String>) -> Result<Viewed, Refusal> {
    let next = read.after(Transition::Cancel, reason)?;
    read.in_time_to_change()?;
    let claims = claims_of_step(Some(read.reservation()), None, None, read.now);
    read.write(store, claims, next).await
}
