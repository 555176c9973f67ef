//! A diner says, after a reminder, that they are coming.

use futures::FutureExt;
use jari_domain::Status;
use jari_store::{Claims, Store};
use jiff::Timestamp;

use crate::{Asked, Refusal, RestaurantCache, Viewed, view_reservation::Read};

/// Notes that the diner of a confirmed reservation is coming, once, before it begins. Said again, it stays as it was.
///
/// # Errors
/// [`Refusal::WrongStatus`] also when its time has come, [`Refusal::Stale`], [`Refusal::Store`].
pub async fn reconfirm_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(store, restaurants, now, |read| reconfirm(read, store).boxed()).await
}

async fn reconfirm(read: Read, store: &Store) -> Result<Viewed, Refusal> {
    let now = read.now;
    let before = read.reservation();
    if before.status_at(now) != Status::Confirmed || now >= before.span.start() {
        return Err(read.wrong_status());
    }
    let mut next = before.clone();
    if next.reconfirmed_at.is_some() {
        return Ok(read.view_of(next));
    }
    next.reconfirmed_at = Some(now);
    next.revision += 1;
    read.write(store, Claims::new(now), next).await
}
