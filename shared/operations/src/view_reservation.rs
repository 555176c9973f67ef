//! Looking at a reservation.

use std::sync::Arc;

use futures::future::BoxFuture;
use jari_domain::{
    BadTiming, DinerId, NotPossible, Reservation, ReservationId, Restaurant, Status, Transition,
};
use jari_store::{Claims, Commit, RetryBudget, Store, StoreError, StoredReservation, Transaction};
use jiff::Timestamp;

use crate::{AdmittedToReservation, Refusal, RestaurantCache, Standing};

/// A reservation and where it is.
#[derive(Debug, Clone)]
pub struct Viewed {
    /// The reservation, as it is now.
    pub reservation: Reservation,
    /// Where.
    pub restaurant: Arc<Restaurant>,
    /// Whether it is the restaurant's staff who look: they see its tables and its history.
    pub for_staff: bool,
}

/// What somebody who was admitted to a reservation asks of it: the reservation is as admission read it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The reservation.
    pub stored: StoredReservation,
    /// As what they were admitted.
    pub standing: Standing,
    /// Where it is, where admission has read that.
    pub restaurant: Option<Arc<Restaurant>>,
    /// The revision that they saw, if they said which.
    pub seen: Option<u64>,
}

impl Asked {
    /// What is asked by who was admitted.
    #[must_use]
    pub fn new(admitted: AdmittedToReservation, seen: Option<u64>) -> Self {
        let AdmittedToReservation { stored, standing, restaurant } = admitted;
        Self { stored, standing, restaurant, seen }
    }

    /// The reservation, to look at.
    ///
    /// # Errors
    /// [`Refusal::NoRestaurant`], [`Refusal::Store`].
    pub async fn view(self, restaurants: &RestaurantCache) -> Result<Viewed, Refusal> {
        let restaurant = self.restaurant(restaurants).await?;
        let reservation = self.stored.reservation;
        Ok(Viewed { reservation, restaurant, for_staff: self.standing.is_staff() })
    }

    /// Takes `step` with the reservation as it was read, until nobody has overtaken it. Who said which revision they saw
    /// is told at once that it is no longer so; who did not asks it of the reservation as it is, also as another leaves
    /// it meanwhile.
    ///
    /// # Errors
    /// Those of `step`; [`Refusal::Stale`] for who said which revision they saw; [`Refusal::NoReservation`] when it has
    /// become another diner's; [`Refusal::Store`] when others change it as often as this is tried.
    pub(crate) async fn carried_out<'a>(
        mut self,
        store: &Store,
        restaurants: &RestaurantCache,
        now: Timestamp,
        step: impl Fn(Read) -> BoxFuture<'a, Result<Viewed, Refusal>>,
    ) -> Result<Viewed, Refusal> {
        const MOST_TRIES: u32 = 3;
        for _ in 0..MOST_TRIES {
            match step(Read::new(restaurants, self.clone(), now).await?).await {
                Err(Refusal::Stale(_)) if self.seen.is_none() => {}
                outcome => return outcome,
            }
            let before = &self.stored.reservation;
            let current = store.reservation(before.id).await?.ok_or(Refusal::NoReservation)?;
            let is_by_account = matches!(self.standing, Standing::Guest(Some(_)));
            if is_by_account && current.reservation.diner != before.diner {
                return Err(Refusal::NoReservation);
            }
            self.stored = current;
        }
        Err(StoreError::Unavailable("the reservation changes too often".into()).into())
    }

    /// Where it is: as admission read it, else as it is kept.
    async fn restaurant(&self, restaurants: &RestaurantCache) -> Result<Arc<Restaurant>, Refusal> {
        if let Some(read) = &self.restaurant {
            return Ok(Arc::clone(read));
        }
        restaurants.get(self.stored.reservation.restaurant).await?.ok_or(Refusal::NoRestaurant)
    }
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
    let stored = store.reservation(id).await?.ok_or(Refusal::NoReservation)?;
    let asked = Asked { stored, standing: Standing::Guest(None), restaurant: None, seen: None };
    asked.view(restaurants).await
}

/// A reservation as an operation read it, to be written back on the condition that it is still so.
pub(crate) struct Read {
    pub(crate) stored: StoredReservation,
    pub(crate) restaurant: Arc<Restaurant>,
    pub(crate) standing: Standing,
    pub(crate) now: Timestamp,
}

impl Read {
    /// What was read at admission; it must be at the revision that the caller saw.
    pub(crate) async fn new(
        restaurants: &RestaurantCache,
        asked: Asked,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let restaurant = asked.restaurant(restaurants).await?;
        let Asked { stored, standing, seen, .. } = asked;
        let read = Self { stored, restaurant, standing, now };
        if seen.is_some_and(|seen| seen != read.stored.reservation.revision) {
            return Err(Refusal::Stale(Box::new(read.viewed())));
        }
        Ok(read)
    }

    pub(crate) fn reservation(&self) -> &Reservation {
        &self.stored.reservation
    }

    /// The reservation after `transition`, or the refusal that shows why it is not possible.
    pub(crate) fn after(&self, transition: Transition, why: Option<String>) -> Result<Reservation, Refusal> {
        let next = self.reservation().after(transition, self.now, self.standing.actor(), why);
        next.map_err(|NotPossible(_)| self.wrong_status())
    }

    /// The refusal that shows the status it has.
    pub(crate) fn wrong_status(&self) -> Refusal {
        Refusal::WrongStatus(self.reservation().status_at(self.now), Box::new(self.viewed()))
    }

    /// The refusal of a step that comes too early or too late.
    pub(crate) fn bad_timing(&self, timing: BadTiming) -> Refusal {
        Refusal::BadTiming(timing, self.restaurant.zone().clone())
    }

    /// Passes whoever may book online here: staff always, a diner who is not barred.
    pub(crate) fn may_book_online(&self, diner: Option<&DinerId>) -> Result<(), Refusal> {
        let is_barred = diner.is_some_and(|diner| self.restaurant.barred.has(diner));
        if is_barred && !self.standing.is_staff() { Err(Refusal::Barred) } else { Ok(()) }
    }

    /// Writes `next` in its place, with these claims.
    pub(crate) async fn write(
        &self,
        store: &Store,
        claims: Claims,
        next: Reservation,
    ) -> Result<Viewed, Refusal> {
        let transaction = Transaction::replace(claims, &next, &self.stored)?;
        match store.commit(&transaction, &mut RetryBudget::start()).await? {
            Commit::Done(_) => Ok(self.view_of(next)),
            Commit::Refused(_) => Err(self.overtaken(store).await),
        }
    }

    /// Passes staff, and a diner who is in time to change or cancel.
    pub(crate) fn in_time_to_change(&self) -> Result<(), Refusal> {
        if self.standing.is_staff() {
            return Ok(());
        }
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
        let current = Box::new(self.view_of(reservation));
        if has_changed {
            Refusal::Stale(current)
        } else {
            Refusal::WrongStatus(current.reservation.status_at(self.now), current)
        }
    }

    /// Another state of it, for the same eyes.
    pub(crate) fn view_of(&self, reservation: Reservation) -> Viewed {
        let restaurant = Arc::clone(&self.restaurant);
        Viewed { reservation, restaurant, for_staff: self.standing.is_staff() }
    }

    fn viewed(&self) -> Viewed {
        self.view_of(self.reservation().clone())
    }
}
