//! Looking at a reservation.

use std::sync::Arc;

use jari_domain::{Actor, NotPossible, Reservation, ReservationId, Restaurant, Status, Transition};
use jari_store::{Store, StoredReservation};
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
    Ok(Read::new(store, restaurants, id, None, Timestamp::MAX)
        .await?
        .viewed())
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
        let stored = store.reservation(id).await?.ok_or(Refusal::NoReservation)?;
        let restaurant = restaurants
            .get(stored.reservation.restaurant)
            .await?
            .ok_or(Refusal::NoRestaurant)?;
        let read = Self {
            stored,
            restaurant,
            seen,
            now,
        };
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
        let until = self
            .restaurant
            .policy
            .change_until(self.reservation().span.start());
        if self.reservation().status == Status::Confirmed && self.now > until {
            let until = until.to_zoned(self.restaurant.zone().clone());
            return Err(Refusal::TooLate { until });
        }
        Ok(())
    }

    /// The refusal of a write for which the reservation was no longer as it was read: with its present state.
    pub(crate) async fn overtaken(&self, store: &Store) -> Refusal {
        let reservation = match store.reservation(self.reservation().id).await {
            Ok(Some(current)) => current.reservation,
            Ok(None) => return Refusal::NoReservation,
            Err(error) => return error.into(),
        };
        let is_stale = self.seen.is_some() && reservation.revision != self.reservation().revision;
        let current = Box::new(Viewed {
            restaurant: Arc::clone(&self.restaurant),
            reservation,
        });
        // Who said what they saw is told that it is no longer so; who did not, what stands in the way.
        if is_stale {
            Refusal::Stale(current)
        } else {
            Refusal::WrongStatus(current.reservation.status_at(self.now), current)
        }
    }

    fn viewed(&self) -> Viewed {
        Viewed {
            reservation: self.reservation().clone(),
            restaurant: Arc::clone(&self.restaurant),
        }
    }
}
