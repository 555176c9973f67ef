//! Changing a reservation's time, party, area or note. The old place is given up in the same write that takes the new
//! one: never before it is certain.

use std::sync::Arc;

use jari_domain::{
    Actor, DayBook, Note, Party, Request, Reservation, ReservationId, Restaurant, Seating, Slot, Status,
    Transition, Unavailable, paced,
};
use jari_store::{Commit, Store, StoredReservation, Transaction};
use jiff::Timestamp;

use crate::{
    Refusal, RestaurantCache, Viewed,
    book::{first_status, lost, request_at, seatings, slot_at},
    claiming::{Lesson, claims_of_step, learn, split},
    view_reservation::{overtaken, read, wrong_status},
};

/// What is to be otherwise; none: as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another time.
    pub starts_at: Option<Timestamp>,
    /// Another size.
    pub party: Option<Party>,
    /// Another area, by key; `Some(None)`: any.
    pub area: Option<Option<String>>,
    /// Another note; `Some(None)`: none.
    pub note: Option<Option<Note>>,
}

/// Changes a reservation for its diner.
///
/// # Errors
/// Those of booking a time, and [`Refusal::TooLate`], [`Refusal::WrongStatus`], [`Refusal::Stale`],
/// [`Refusal::NoReservation`]. The reservation is then as it was.
pub async fn change_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    id: ReservationId,
    change: &Change,
    seen: Option<u64>,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    let (stored, restaurant) = read(store, restaurants, id, seen).await?;
    let before = &stored.reservation;
    let mut next = before
        .after(Transition::Change, now, Actor::Guest, None)
        .map_err(wrong_status(&stored))?;
    let until = restaurant.policy.change_until(before.span.start());
    if before.status == Status::Confirmed && now > until {
        return Err(Refusal::TooLate { until });
    }
    if let Some(note) = &change.note {
        next.note.clone_from(note);
    }
    let moves = change
        .starts_at
        .is_some_and(|starts_at| starts_at != before.span.start())
        || change.party.is_some_and(|party| party != before.party)
        || change
            .area
            .as_ref()
            .is_some_and(|area| area.is_some() && *area != before.area);
    if !moves && next.note == before.note {
        return Ok(Viewed {
            reservation: before.clone(),
            restaurant,
        });
    }
    let mover = Mover {
        store,
        restaurant: &restaurant,
        stored: &stored,
        seen,
        now,
    };
    let reservation = if moves {
        mover.move_to(next, change).await?
    } else {
        mover.rewrite(next).await?
    };
    Ok(Viewed {
        reservation,
        restaurant,
    })
}

struct Mover<'a> {
    store: &'a Store,
    restaurant: &'a Arc<Restaurant>,
    stored: &'a StoredReservation,
    seen: Option<u64>,
    now: Timestamp,
}

impl Mover<'_> {
    /// As in booking: every refusal takes a table out of play.
    const MOST_TRIES: usize = 500;

    /// Writes what does not touch the place.
    async fn rewrite(&self, next: Reservation) -> Result<Reservation, Refusal> {
        let transaction = Transaction::replace(jari_store::Claims::new(self.now), &next, self.stored)?;
        match self.store.commit(&transaction).await? {
            Commit::Done(_) => Ok(next),
            Commit::Refused(_) => Err(self.overtaken().await),
        }
    }

    async fn move_to(&self, next: Reservation, change: &Change) -> Result<Reservation, Refusal> {
        let before = &self.stored.reservation;
        let starts_at = change.starts_at.unwrap_or(before.span.start());
        let party = change.party.unwrap_or(before.party);
        let area = change.area.as_ref().and_then(Option::as_deref);
        let request = request_at(self.restaurant, starts_at, party, area, self.now)?;
        let slot = slot_at(&request, starts_at)?;
        let mut book = self
            .store
            .day_book(self.restaurant.id, request.date, self.now)
            .await?;
        if request.date == before.date {
            // A reservation does not stand in its own way.
            before
                .tables
                .iter()
                .for_each(|table| book.give_back(*table, before.span));
            if before.paced {
                book.expect_fewer(before.span.first(), u16::from(before.party.size()));
            }
        }
        for _ in 0..Self::MOST_TRIES {
            let seatings = seatings(&request, &slot, &book)?;
            // The same table where it still fits as well as any: the guest may have chosen it.
            let same = seatings.iter().find(|seating| seating.tables == before.tables);
            let seating = same
                .or(seatings.first())
                .ok_or_else(|| lost(&request, &slot, &book, Unavailable::Full))?;
            let moved = self.moved(next.clone(), &request, &slot, seating);
            if self.try_move(&moved, slot.shift.pace, &mut book).await? {
                return Ok(moved);
            }
        }
        Err(lost(&request, &slot, &book, Unavailable::Full))
    }

    fn moved(
        &self,
        mut next: Reservation,
        request: &Request<'_>,
        slot: &Slot<'_>,
        seating: &Seating,
    ) -> Reservation {
        next.date = request.date;
        next.span = slot.span;
        next.party = request.party;
        next.tables.clone_from(&seating.tables);
        next.area.clone_from(&seating.area);
        next.paced = paced(slot).is_some();
        if next.status == Status::Requested {
            // A new wish, a new time to answer.
            next.until = first_status(self.restaurant, self.now, slot.span.start())
                .1
                .or(next.until);
        }
        next
    }

    /// False when a table was taken and the book knows now.
    async fn try_move(
        &self,
        moved: &Reservation,
        pace: Option<u16>,
        book: &mut DayBook,
    ) -> Result<bool, Refusal> {
        let before = &self.stored.reservation;
        let claims = claims_of_step(Some(before), Some(moved), pace.unwrap_or_default(), self.now);
        let transaction = Transaction::replace(claims, moved, self.stored)?;
        let refused = match self.store.commit(&transaction).await? {
            Commit::Done(_) => return Ok(true),
            Commit::Refused(refused) => refused,
        };
        let (of_reservation, claims) = split(refused);
        if of_reservation.is_some() {
            return Err(self.overtaken().await);
        }
        match learn(claims, Some(before), moved, book, self.now) {
            Lesson::Learnt => Ok(false),
            Lesson::Final(refusal) => Err(refusal),
            Lesson::Ended | Lesson::HoldPlaceTaken => Err(self.overtaken().await),
        }
    }

    async fn overtaken(&self) -> Refusal {
        overtaken(self.store, self.stored, self.seen, self.now).await
    }
}
