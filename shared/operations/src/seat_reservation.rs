//! Seating: the party is at its table. What it has claimed stays as it is.

use futures::FutureExt;
use jari_domain::Transition;
use jari_store::{Claims, Store};
use jiff::Timestamp;

use crate::{Asked, Refusal, RestaurantCache, Viewed, view_reservation::Read};

/// Seats a confirmed party, early or late.
///
/// # Errors
/// [`Refusal::WrongStatus`], [`Refusal::Stale`], [`Refusal::Store`].
pub async fn seat_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(store, restaurants, now, |read| seat(read, store).boxed()).await
}

async fn seat(read: Read, store: &Store) -> Result<Viewed, Refusal> {
    let next = read.after(Transition::Seat, None)?;
    read.write(store, Claims::new(read.now), next).await
}
