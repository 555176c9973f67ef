//! Booking a table: at once, as a request, or as a hold.

use std::sync::Arc;

use jari_domain::{
    Account, AccountId, Actor, Channel, Confirmation, DayBook, DinerId, Guest, HistoryEntry, HoldPlace, Note,
    Party, Request, Reservation, ReservationId, Restaurant, RestaurantId, Seating, Slot, Status, Unavailable,
    VisitId, reminders_past, service_day,
};
use jari_identity::DinerKey;
use jari_store::{Commit, RetryBudget, Store, StoreError, StoredReservation, Transaction};
use jari_telemetry::Metric;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    Refusal, RequestKey, RestaurantCache,
    availability::{nearest_free, nearest_offered},
    claiming::{DayRace, Lesson, claims_of_step, lesson_of},
    idempotency::{fingerprint, new_id},
};

/// What booking needs.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Where it is written.
    pub store: Store,
    /// Where it can be booked.
    pub restaurants: RestaurantCache,
    /// Tells guests apart by their address.
    pub diners: DinerKey,
}

/// A wish for a table.
#[derive(Debug, Clone)]
pub struct Booking {
    /// Where.
    pub restaurant: RestaurantId,
    /// When: one of the restaurant's times.
    pub starts_at: Timestamp,
    /// For how many.
    pub party: Party,
    /// Only in this area, by key, if any.
    pub area: Option<String>,
    /// What the guest tells the restaurant.
    pub note: Option<Note>,
    /// Who comes and whether it is only held for now.
    pub kind: BookingKind,
    /// Who books it.
    pub booker: Booker,
    /// Under which a repeat of this request is known.
    pub key: Option<RequestKey>,
}

/// Who books a table online.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Booker {
    /// Whoever has not signed in: the diner is the one of the guest's address.
    Anonymous,
    /// Somebody who has: the diner is theirs, whatever address the mails are to go to.
    SignedIn {
        /// Whose account.
        account: AccountId,
        /// Which diner its address makes it.
        diner: DinerId,
    },
}

impl Booker {
    fn actor(&self) -> Actor {
        match self {
            Self::Anonymous => Actor::Guest,
            Self::SignedIn { account, .. } => Actor::Diner(*account),
        }
    }
}

/// The guest that an account is, by its profile.
pub(crate) async fn guest_of_account(store: &Store, account: AccountId) -> Result<Option<Guest>, StoreError> {
    let account = store.account(account).await?.map(|stored| stored.account);
    Ok(account.map(|Account { name, email, phone, language, .. }| Guest {
        name,
        email: Some(email),
        phone,
        language,
    }))
}

/// Whether a table is booked or held.
#[derive(Debug, Clone)]
pub enum BookingKind {
    /// Booked for this guest; none: for whoever has signed in, as their profile says.
    Direct(Option<Guest>),
    /// Held while the visitor fills in the form.
    Hold {
        /// Whose hold it is.
        visit: VisitId,
        /// The guest, if known already.
        guest: Option<Guest>,
    },
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Booked {
    /// The reservation.
    pub reservation: Reservation,
    /// Where.
    pub restaurant: Arc<Restaurant>,
    /// An earlier request under the same key had made it.
    pub replayed: bool,
}

/// Books, requests or holds a table: one read of the day, one transaction. After a lost race the day is read again and
/// another table tried; only when none is left is it [`Refusal::SlotTaken`].
///
/// # Errors
/// Any [`Refusal`] but those of an existing reservation.
pub async fn book(desk: &Desk, booking: &Booking, now: Timestamp) -> Result<Booked, Refusal> {
    let (fingerprint, id) = match &booking.key {
        Some(key) => (Some(fingerprint(&asked(booking))?), key.reservation_id()),
        None => (None, new_id(now)?),
    };
    let attempt = Attempt { desk, booking, id, fingerprint: fingerprint.as_deref(), now };
    let refusal = match attempt.run().await {
        Ok(booked) => {
            if !booked.replayed {
                let is_hold = booked.reservation.status == Status::Held;
                jari_telemetry::count(if is_hold { Metric::Held } else { Metric::Booked });
            }
            return Ok(booked);
        }
        Err(refusal) => refusal,
    };
    // A repeat may come when the time is past, or its own table makes the slot full: what it made is the answer.
    if booking.key.is_some()
        && !matches!(refusal, Refusal::Store(_) | Refusal::KeyReused)
        && let Some(stored) = desk.store.reservation(id).await?
    {
        return attempt.replay(stored).await;
    }
    Err(counted(refusal))
}

/// Counts who is told that the time is no longer free.
pub(crate) fn counted(refusal: Refusal) -> Refusal {
    if matches!(refusal, Refusal::SlotTaken { .. }) {
        jari_telemetry::count(Metric::SoldOut);
    }
    refusal
}

/// What two requests under one key must have in common.
fn asked(booking: &Booking) -> impl Serialize {
    let (is_hold, guest) = match &booking.kind {
        BookingKind::Direct(guest) => (false, guest.as_ref()),
        BookingKind::Hold { guest, .. } => (true, guest.as_ref()),
    };
    (
        booking.restaurant,
        booking.starts_at,
        booking.party,
        booking.area.clone(),
        booking.note.clone(),
        is_hold,
        guest.cloned(),
    )
}

struct Attempt<'a> {
    desk: &'a Desk,
    booking: &'a Booking,
    id: ReservationId,
    fingerprint: Option<&'a str>,
    now: Timestamp,
}

impl Attempt<'_> {
    async fn run(&self) -> Result<Booked, Refusal> {
        let (booking, now) = (self.booking, self.now);
        let restaurant = self.restaurant().await?;
        let request =
            request_at(&restaurant, booking.starts_at, booking.party, booking.area.as_deref(), now)?;
        let slot = slot_at(&request, booking.starts_at)?;
        let guest = self.guest().await?;
        let diner = self.diner(guest.as_ref());
        if diner.as_ref().is_some_and(|diner| restaurant.barred.has(diner)) {
            return Err(Refusal::Barred);
        }
        let mut race = DayRace::new(&self.desk.store, restaurant.id, request.date, now);
        loop {
            let book = race.read_day().await?;
            let seatings = seatings(&request, &slot, &book)?;
            let seating = seatings.first().ok_or_else(|| lost(&request, &slot, &book, Unavailable::Full))?;
            let booked =
                self.try_seating(&restaurant, &slot, seating, guest.as_ref(), &mut race.budget).await?;
            if let Some(booked) = booked {
                return Ok(booked);
            }
        }
    }

    /// Who comes, as far as it is known.
    async fn guest(&self) -> Result<Option<Guest>, Refusal> {
        match (&self.booking.kind, &self.booking.booker) {
            (BookingKind::Hold { guest, .. } | BookingKind::Direct(guest @ Some(_)), _) => Ok(guest.clone()),
            (BookingKind::Direct(None), Booker::SignedIn { account, .. }) => {
                let guest = guest_of_account(&self.desk.store, *account).await?;
                guest.map(Some).ok_or(Refusal::Unauthenticated)
            }
            (BookingKind::Direct(None), Booker::Anonymous) => Err(Refusal::GuestMissing),
        }
    }

    fn diner(&self, guest: Option<&Guest>) -> Option<DinerId> {
        match &self.booking.booker {
            Booker::SignedIn { diner, .. } => Some(diner.clone()),
            Booker::Anonymous => guest.and_then(|guest| self.desk.diners.diner_of_guest(guest)),
        }
    }

    async fn restaurant(&self) -> Result<Arc<Restaurant>, Refusal> {
        let restaurant = self.desk.restaurants.get(self.booking.restaurant).await?;
        restaurant.filter(|restaurant| restaurant.is_public()).ok_or(Refusal::NoRestaurant)
    }

    /// Books `seating`; none when it was taken.
    async fn try_seating(
        &self,
        restaurant: &Arc<Restaurant>,
        slot: &Slot<'_>,
        seating: &Seating,
        guest: Option<&Guest>,
        budget: &mut RetryBudget,
    ) -> Result<Option<Booked>, Refusal> {
        let first_place = fastrand::u8(..HoldPlace::PER_VISIT);
        for n in 0..HoldPlace::PER_VISIT {
            let hold_place = (first_place + n) % HoldPlace::PER_VISIT;
            let reservation = self.reservation(restaurant, slot, seating, guest, hold_place);
            let claims = claims_of_step(None, Some(&reservation), slot.shift.pace, self.now);
            let transaction = Transaction::create(claims, &reservation, self.fingerprint)?;
            let refused = match self.desk.store.commit(&transaction, budget).await? {
                Commit::Done(earlier) => {
                    let reservation = earlier.map_or(reservation, |earlier| earlier.reservation);
                    return Ok(Some(Booked {
                        reservation,
                        restaurant: Arc::clone(restaurant),
                        replayed: false,
                    }));
                }
                Commit::Refused(refused) => refused,
            };
            if let Some(stored) = refused.reservation {
                return self.replay(*stored).await.map(Some);
            }
            match lesson_of(&refused.claims, None, &reservation, slot.shift.pace, self.now) {
                Lesson::Lost => return Ok(None),
                Lesson::Final(refusal) => return Err(refusal),
                Lesson::HoldPlaceTaken => {}
                // A new reservation gives nothing up, so something must stand in its way.
                Lesson::Ended => {
                    return Err(StoreError::Corrupt("refused by nothing that is there".into()).into());
                }
            }
        }
        Err(Refusal::TooManyHolds)
    }

    fn reservation(
        &self,
        restaurant: &Restaurant,
        slot: &Slot<'_>,
        seating: &Seating,
        guest: Option<&Guest>,
        place: u8,
    ) -> Reservation {
        let (policy, now, start) = (&restaurant.policy, self.now, slot.span.start());
        let (status, until, hold_place) = match &self.booking.kind {
            BookingKind::Hold { visit, .. } => {
                let hold_place = HoldPlace { visit: *visit, place };
                (Status::Held, Some(policy.hold_until(now)), Some(hold_place))
            }
            BookingKind::Direct(_) => {
                let (status, until) = first_status(restaurant, now, start);
                (status, until, None)
            }
        };
        Reservation {
            id: self.id,
            restaurant: restaurant.id,
            date: service_day(start, restaurant.zone()),
            span: slot.span,
            party: self.booking.party,
            tables: seating.tables.clone(),
            area: seating.area.clone(),
            diner: self.diner(guest),
            guest: guest.cloned(),
            note: self.booking.note.clone(),
            status,
            until,
            hold_place,
            paced: slot.shift.pace.is_some(),
            channel: Channel::Online,
            reminded: reminders_past(start, now),
            reconfirmed_at: None,
            revision: 1,
            created_at: now,
            history: vec![HistoryEntry {
                at: now,
                by: self.booking.booker.actor(),
                from: None,
                to: status,
                why: None,
                before: None,
            }],
        }
    }

    async fn replay(&self, stored: StoredReservation) -> Result<Booked, Refusal> {
        if stored.fingerprint.as_deref() != self.fingerprint {
            return Err(Refusal::KeyReused);
        }
        let restaurant = self.desk.restaurants.get(stored.reservation.restaurant).await?;
        let restaurant = restaurant.ok_or(Refusal::NoRestaurant)?;
        Ok(Booked { reservation: stored.reservation, restaurant, replayed: true })
    }
}

/// The status of a booking with a guest, and its deadline.
pub(crate) fn first_status(
    restaurant: &Restaurant,
    now: Timestamp,
    starts_at: Timestamp,
) -> (Status, Option<Timestamp>) {
    match restaurant.policy.confirmation {
        Confirmation::Instant => (Status::Confirmed, None),
        Confirmation::Request => (Status::Requested, Some(restaurant.policy.answer_until(now, starts_at))),
    }
}

/// The question whether a diner can have that time.
pub(crate) fn request_at<'a>(
    restaurant: &'a Restaurant,
    starts_at: Timestamp,
    party: Party,
    area: Option<&'a str>,
    now: Timestamp,
) -> Result<Request<'a>, Refusal> {
    if area.is_some_and(|area| !restaurant.floor.areas.iter().any(|known| known.key == area)) {
        return Err(Refusal::NoArea);
    }
    let date = service_day(starts_at, restaurant.zone());
    Ok(Request { restaurant, date, party, area, channel: Channel::Online, now, expected: None })
}

/// The slot that begins then.
pub(crate) fn slot_at<'a>(request: &'a Request<'a>, starts_at: Timestamp) -> Result<Slot<'a>, Refusal> {
    if let Some(slot) = request.slot_at(starts_at) {
        return Ok(slot);
    }
    let nearest = nearest_offered(request, starts_at);
    Err(if nearest.is_empty() {
        Refusal::NotBookable(Unavailable::Closed)
    } else {
        Refusal::NotOffered { nearest }
    })
}

/// What can be given, best first; or the refusal that says why nothing can.
pub(crate) fn seatings(
    request: &Request<'_>,
    slot: &Slot<'_>,
    book: &DayBook,
) -> Result<Vec<Seating>, Refusal> {
    request.seatings(slot, book).map_err(|why| match why {
        Unavailable::Full | Unavailable::Pacing => lost(request, slot, book, why),
        why => Refusal::NotBookable(why),
    })
}

pub(crate) fn lost(request: &Request<'_>, slot: &Slot<'_>, book: &DayBook, why: Unavailable) -> Refusal {
    Refusal::SlotTaken {
        why,
        restaurant: request.restaurant.id,
        alternatives: nearest_free(request, book, slot.span.start()),
    }
}
