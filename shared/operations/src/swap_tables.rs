//! Two parties change tables: both reservations and the tables' claims in one transaction, so that neither is ever
//! without a table, however their times overlap.

use std::sync::Arc;

use futures::FutureExt;
use jari_domain::{ReservationId, Transition};
use jari_store::{Claims, Commit, RetryBudget, Store, StoredReservation, Transaction};
use jiff::Timestamp;

use crate::{
    Asked, Refusal, RestaurantCache, Viewed, claiming::move_tables, tables_by_hand::tables_taken,
    view_reservation::Read,
};

/// Swaps the tables of two reservations of one restaurant and day. `with_seen` is the revision of the second that the
/// caller saw, if the caller said which.
///
/// # Errors
/// [`Refusal::NothingToSwap`]; [`Refusal::TableTaken`] when a third party stands in the way;
/// [`Refusal::WrongStatus`] and [`Refusal::Stale`] with the state of the one of the two that is otherwise;
/// [`Refusal::Store`].
pub async fn swap_tables(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    with: ReservationId,
    with_seen: Option<u64>,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    // Who said which revision of the second they saw is told when it is no longer so.
    if with_seen.is_some() {
        let read = Read::new(restaurants, asked, now).await?;
        return swap(read, store, restaurants, with, with_seen).await;
    }
    let step = |read| swap(read, store, restaurants, with, None).boxed();
    asked.carried_out(store, restaurants, now, step).await
}

async fn swap(
    one: Read,
    store: &Store,
    restaurants: &RestaurantCache,
    with: ReservationId,
    with_seen: Option<u64>,
) -> Result<Viewed, Refusal> {
    let now = one.now;
    let is_near = |other: &StoredReservation| {
        let (one, other) = (one.reservation(), &other.reservation);
        other.id != one.id && other.restaurant == one.restaurant && other.date == one.date
    };
    let other = store.reservation(with).await?.filter(is_near).ok_or(Refusal::NothingToSwap)?;
    let restaurant = Some(Arc::clone(&one.restaurant));
    let other = Asked { stored: other, standing: one.standing, restaurant, seen: with_seen };
    let other = Read::new(restaurants, other, now).await?;
    let (mut first, mut second) =
        (one.after(Transition::Change, None)?, other.after(Transition::Change, None)?);
    std::mem::swap(&mut first.tables, &mut second.tables);
    std::mem::swap(&mut first.area, &mut second.area);

    let mut claims = Claims::new(now);
    move_tables(&mut claims, one.reservation(), &first);
    move_tables(&mut claims, other.reservation(), &second);
    let transaction =
        Transaction::replace(claims, &first, &one.stored)?.and_replace(&second, &other.stored)?;
    let refused = match store.commit(&transaction, &mut RetryBudget::start()).await? {
        Commit::Done(_) => return Ok(one.view_of(first)),
        Commit::Refused(refused) => refused,
    };
    if refused.reservation_differs {
        let is_other = refused.reservation.is_some_and(|stored| stored.reservation.id == with);
        return Err(if is_other { other.overtaken(store).await } else { one.overtaken(store).await });
    }
    let own = [one.reservation(), other.reservation()];
    for (read, moved) in [(&one, &first), (&other, &second)] {
        match tables_taken(store, &read.restaurant, moved, &own, now).await? {
            Refusal::TableTaken { taken, .. } if taken.is_empty() => {}
            refusal => return Err(refusal),
        }
    }
    Err(one.overtaken(store).await)
}
