//! Looking at a reservation.

use std::sync::Arc;

use jari_domain::{Actor, NotPossible, Reservation, ReservationId, Restaurant, Status, Transition};
use jari_store::{Store, StoreError, StoredReservation};
use jiff::Timestamp;

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
    let (stored, restaurant) = find(store, restaurants, id).await?;
    Ok(Viewed { reservation: stored.reservation, restaurant })
}

async fn find(
    store: &Store,
    restaurants: &RestaurantCache,
    id: ReservationId,
) -> Result<(StoredReservation, Arc<Restaurant>), Refusal> {
    let stored = store.reservation(id).await?.ok_or(Refusal::NoReservation)?;
    let restaurant = restaurants.get(stored.reservation.restaurant).await?.ok_or(Refusal::NoRestaurant)?;
    Ok((stored, restaurant))
}

/// A reservation as an operation read it, to be written back on the condition that it is still so.
pub(crate) struct Read {
    pub(crate) stored: StoredReservation,
    pub(crate) restaurant: Arc<Restaurant>,
    /// The revision that the caller saw, if the caller said which.
    seen: Option<u64>,
    now: Timestamp,
}

impl Read {
    /// Reads the reservation, which must be at the revision that the caller saw.
    pub(crate) async fn new(
        store: &Store,
        restaurants: &RestaurantCache,
        id: ReservationId,
        seen: Option<u64>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let (stored, restaurant) = find(store, restaurants, id).await?;
        let read = Self { stored, restaurant, seen, now };
        if seen.is_some_and(|seen| seen != read.stored.reservation.revision) {
            return Err(Refusal::Stale(Box::new(read.viewed())));
        }
        Ok(read)
    }

    pub(crate) fn reservation(&self) -> &Reservation {
        &self.stored.reservation
    }

    /// The reservation after `transition`, or the refusal that shows why it is not possible.
    pub(crate) fn after(
        &self,
        transition: Transition,
        by: Actor,
        why: Option<String>,
    ) -> Result<Reservation, Refusal> {
        let next = self.reservation().after(transition, self.now, by, why);
        next.map_err(|NotPossible(status)| Refusal::WrongStatus(status, Box::new(self.viewed())))
    }

    /// Passes a diner who is in time to change or cancel.
    pub(crate) fn in_time_to_change(&self) -> Result<(), Refusal> {
        let until = self.restaurant.policy.change_until(self.reservation().span.start());
        if self.reservation().status == Status::Confirmed && self.now > until {
            let until = until.to_zoned(self.restaurant.zone().clone());
            return Err(Refusal::TooLate { until });
        }
        Ok(())
    }

    /// The refusal of a write for which the reservation, or what it had claimed, was no longer as it was read: with
    /// its present state.
    pub(crate) async fn overtaken(&self, store: &Store) -> Refusal {
        let mut reservation = match store.reservation(self.reservation().id).await {
            Ok(Some(current)) => current.reservation,
            Ok(None) => return Refusal::NoReservation,
            Err(error) => return error.into(),
        };
        let has_changed = reservation.revision != self.reservation().revision;
        if !has_changed {
            // The reservation is the same, so it was its claims that were gone. Only those with a deadline go by
            // themselves: its time was over by the clock of whoever took them.
            if reservation.until.is_none() {
                tracing::error!(reservation = %reservation.id, "the claims are not those of the reservation");
                return StoreError::Corrupt(format!("the claims of {}", reservation.id)).into();
            }
            reservation.until = Some(self.now);
        }
        let current = Box::new(Viewed { restaurant: Arc::clone(&self.restaurant), reservation });
        // Who said what they saw is told that it is no longer so; who did not, what stands in the way.
        if has_changed && self.seen.is_some() {
            Refusal::Stale(current)
        } else {
            Refusal::WrongStatus(current.reservation.status_at(self.now), current)
        }
    }

    fn viewed(&self) -> Viewed {
        Viewed { reservation: self.reservation().clone(), restaurant: Arc::clone(&self.restaurant) }
    }
}
