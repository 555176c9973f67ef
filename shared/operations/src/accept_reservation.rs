//! Accepting a request: its claims, which would have ended with the time to answer, now last.

use futures::FutureExt;
use jari_domain::{Transition, reminders_past};
use jari_store::Store;
use jiff::Timestamp;

use crate::{Asked, Refusal, RestaurantCache, Viewed, claiming::claims_of_step, view_reservation::Read};

/// Says yes to a request whose time has not passed.
///
/// # Errors
/// [`Refusal::WrongStatus`], [`Refusal::Stale`], [`Refusal::Store`].
pub async fn accept_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(store, restaurants, now, |read| accept(read, store).boxed()).await
}

async fn accept(read: Read, store: &Store) -> Result<Viewed, Refusal> {
    let now = read.now;
    let mut next = read.after(Transition::Accept, None)?;
    next.reminded = reminders_past(next.span.start(), now);
    let claims = claims_of_step(Some(read.reservation()), Some(&next), None, now);
    read.write(store, claims, next).await
}
