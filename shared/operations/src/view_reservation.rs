//! Looking at a reservation.

use std::sync::Arc;

use jari_domain::{Reservation, ReservationId, Restaurant};
use jari_store::{Store, StoredReservation};

use crate::{Refusal, RestaurantCache};

/// A reservation and where it is.
#[derive(Debug, Clone)]
pub struct Viewed {
    /// The reservation, as it is now.
    pub reservation: Reservation,
    /// Where.
    pub restaurant: Arc<Restaurant>,
}

/// The reservation. Whether the caller may see it is decided before.
///
/// # Errors
/// [`Refusal::NoReservation`], [`Refusal::Store`].
pub async fn view_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    id: ReservationId,
) -> Result<Viewed, Refusal> {
    let (stored, restaurant) = read(store, restaurants, id, None).await?;
    Ok(Viewed {
        reservation: stored.reservation,
        restaurant,
    })
}

/// The reservation at the revision that the caller saw, if the caller says which.
pub(crate) async fn read(
    store: &Store,
    restaurants: &RestaurantCache,
    id: ReservationId,
    seen: Option<u64>,
) -> Result<(StoredReservation, Arc<Restaurant>), Refusal> {
    let stored = store.reservation(id).await?.ok_or(Refusal::NoReservation)?;
    if seen.is_some_and(|seen| seen != stored.reservation.revision) {
        return Err(Refusal::Stale(Box::new(stored.reservation)));
    }
    let restaurant = restaurants
        .get(stored.reservation.restaurant)
        .await?
        .ok_or(Refusal::NoRestaurant)?;
    Ok((stored, restaurant))
}

/// The refusal of a write for which the reservation was no longer as it was read: with its present state.
pub(crate) async fn overtaken(
    store: &Store,
    read: &StoredReservation,
    seen: Option<u64>,
    now: jiff::Timestamp,
) -> Refusal {
    let current = match store.reservation(read.reservation.id).await {
        Ok(Some(current)) => current.reservation,
        Ok(None) => return Refusal::NoReservation,
        Err(error) => return error.into(),
    };
    // Who said what they saw is told that it is no longer so; who did not, what stands in the way.
    if seen.is_some() && current.revision != read.reservation.revision {
        Refusal::Stale(Box::new(current))
    } else {
        Refusal::WrongStatus(current.status_at(now), Box::new(current))
    }
}

pub(crate) fn wrong_status(stored: &StoredReservation) -> impl Fn(jari_domain::NotPossible) -> Refusal + '_ {
    |not_possible| Refusal::WrongStatus(not_possible.0, Box::new(stored.reservation.clone()))
}
