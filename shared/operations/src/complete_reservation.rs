//! Completing: the party has left, its table is free, and it counts as a visit.

use futures::FutureExt;
use jari_domain::Transition;
use jari_store::{Commit, GuestChange, RetryBudget, Store, Transaction};
use jiff::Timestamp;

use crate::{Asked, Refusal, RestaurantCache, Viewed, claiming::claims_of_step, view_reservation::Read};

/// Ends the visit of a seated party. All it had claimed is given back, so that the table can be given away at once; its
/// time in the book ends with the quarter hour in which it left.
///
/// # Errors
/// [`Refusal::WrongStatus`], [`Refusal::Stale`], [`Refusal::Store`].
pub async fn complete_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(store, restaurants, now, |read| complete(read, store).boxed()).await
}

async fn complete(read: Read, store: &Store) -> Result<Viewed, Refusal> {
    let now = read.now;
    let before = read.reservation();
    let mut next = read.after(Transition::Complete, None)?;
    next.span = before.span.left_at(now);
    let claims = claims_of_step(Some(before), None, None, now);
    let mut transaction = Transaction::replace(claims, &next, &read.stored)?;
    if let Some(diner) = &before.diner {
        transaction = transaction.and_guest(before.restaurant, diner, &GuestChange::Visit, store)?;
    }
    match store.commit(&transaction, &mut RetryBudget::start()).await? {
        Commit::Done(_) => Ok(read.view_of(next)),
        Commit::Refused(_) => Err(read.overtaken(store).await),
    }
}
