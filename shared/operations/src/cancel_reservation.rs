//! Cancelling: the tables, the diner's time and the covers are given up with the status, in one write.

use jari_domain::{Actor, ReservationId, Status, Transition};
use jari_store::{Commit, Store, Transaction};
use jiff::Timestamp;

use crate::{
    Refusal, RestaurantCache, Viewed,
    claiming::claims_of_step,
    view_reservation::{overtaken, read, wrong_status},
};

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
    let (stored, restaurant) = read(store, restaurants, id, seen).await?;
    let before = &stored.reservation;
    let next = before
        .after(Transition::Cancel, now, Actor::Guest, reason)
        .map_err(wrong_status(&stored))?;
    let until = restaurant.policy.change_until(before.span.start());
    if before.status == Status::Confirmed && now > until {
        return Err(Refusal::TooLate { until });
    }
    let claims = claims_of_step(Some(before), None, 0, now);
    let transaction = Transaction::replace(claims, &next, &stored)?;
    match store.commit(&transaction).await? {
        Commit::Done(_) => Ok(Viewed {
            reservation: next,
            restaurant,
        }),
        Commit::Refused(_) => Err(overtaken(store, &stored, seen, now).await),
    }
}
