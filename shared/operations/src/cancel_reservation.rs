//! Cancelling: the tables, the diner's time and the covers are given up with the status, in one write.

use jari_domain::{Actor, ReservationId, Transition};
use jari_store::{Commit, RetryBudget, Store, Transaction};
use jiff::Timestamp;

use crate::{Refusal, RestaurantCache, Viewed, claiming::claims_of_step, view_reservation::Read};

/// Cancels a reservation for its diner, or lets a hold go.
///
/// # Errors
/// [`Refusal::TooLate`], [`Refusal::WrongStatus`], [`Refusal::Stale`], [`Refusal::NoReservation`],
/// [`Refusal::Store`].
pub async fn cancel_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    id: ReservationId,
    reason: Option<String>,
    seen: Option<u64>,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    let read = Read::new(store, restaurants, id, seen, now).await?;
    let next = read.after(Transition::Cancel, Actor::Guest, reason)?;
    read.in_time_to_change()?;
    let claims = claims_of_step(Some(read.reservation()), None, None, now);
    let transaction = Transaction::replace(claims, &next, &read.stored)?;
    match store.commit(&transaction, &mut RetryBudget::start()).await? {
        Commit::Done(_) => Ok(Viewed { reservation: next, restaurant: read.restaurant }),
        Commit::Refused(_) => Err(read.overtaken(store).await),
    }
}
