//! Changing a reservation's time, party, area or note. The old place is given up in the same write that takes the new
//! one: never before it is certain.

use futures::FutureExt;
use jari_domain::{
    Note, Party, Request, Reservation, Seating, Slot, Status, Transition, Unavailable, reminders_past,
};
use jari_store::{Claims, Commit, RetryBudget, Store, Transaction};
use jiff::Timestamp;

use crate::{
    Asked, Refusal, RestaurantCache, Viewed,
    availability::leave,
    book::{counted, first_status, lost, request_at, seatings, slot_at},
    claiming::{DayRace, Lesson, claims_of_step, lesson_of},
    view_reservation::Read,
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
/// Those of booking a time, and [`Refusal::Barred`], [`Refusal::TooLate`], [`Refusal::WrongStatus`], [`Refusal::Stale`],
/// [`Refusal::NoReservation`]. The reservation is then as it was.
pub async fn change_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    change: &Change,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(store, restaurants, now, |read| change_as_diner(read, store, change).boxed()).await
}

async fn change_as_diner(read: Read, store: &Store, change: &Change) -> Result<Viewed, Refusal> {
    let now = read.now;
    let mut next = read.after(Transition::Change, None)?;
    let before = read.reservation();
    // Who sits at the table asks the staff.
    if before.status == Status::Seated {
        return Err(read.wrong_status());
    }
    read.in_time_to_change()?;
    read.may_book_online(before.diner.as_ref())?;
    if let Some(note) = &change.note {
        next.note.clone_from(note);
    }
    let moves = change.starts_at.is_some_and(|starts_at| starts_at != before.span.start())
        || change.party.is_some_and(|party| party != before.party)
        || change.area.as_ref().is_some_and(|area| area.is_some() && *area != before.area);
    let reservation = if moves {
        let step = Step { store, read: &read, now };
        step.move_to(next, change).await.map_err(counted)?
    } else if next.note == before.note {
        before.clone()
    } else {
        return read.write(store, Claims::new(now), next).await;
    };
    Ok(read.view_of(reservation))
}

/// A move of one reservation to another place.
struct Step<'a> {
    store: &'a Store,
    read: &'a Read,
    now: Timestamp,
}

impl Step<'_> {
    async fn move_to(&self, next: Reservation, change: &Change) -> Result<Reservation, Refusal> {
        let before = self.read.reservation();
        let starts_at = change.starts_at.unwrap_or(before.span.start());
        let party = change.party.unwrap_or(before.party);
        let area = change.area.as_ref().and_then(Option::as_deref);
        let mut request = request_at(&self.read.restaurant, starts_at, party, area, self.now)?;
        request.expected = (starts_at == before.span.start()).then_some(before.party);
        let slot = slot_at(&request, starts_at)?;
        let mut race = DayRace::new(self.store, before.restaurant, request.date, self.now);
        loop {
            let mut book = race.read_day().await?;
            if request.date == before.date {
                // A reservation does not stand in its own way.
                leave(&mut book, before);
            }
            let mut seatings = seatings(&request, &slot, &book)?;
            // The guest may have chosen the place: the same table if it is among those that fit, then its area, unless
            // the area is to be another. The sort is stable, so within these the best fit stays first.
            let stays = change.area.is_none();
            seatings.sort_by_key(|seating| {
                (seating.tables != before.tables, stays && seating.area != before.area)
            });
            let seating = seatings.first().ok_or_else(|| lost(&request, &slot, &book, Unavailable::Full))?;
            let moved = self.moved(next.clone(), &request, &slot, seating);
            if self.try_move(&moved, slot.shift.pace, &mut race.budget).await? {
                return Ok(moved);
            }
        }
    }

    fn moved(
        &self,
        mut next: Reservation,
        request: &Request<'_>,
        slot: &Slot<'_>,
        seating: &Seating,
    ) -> Reservation {
        if slot.span.start() != next.span.start() {
            next.reminded = reminders_past(slot.span.start(), self.now);
            // Who said they come said so of another time.
            next.reconfirmed_at = None;
        }
        next.date = request.date;
        next.span = slot.span;
        next.party = request.party;
        next.tables.clone_from(&seating.tables);
        next.area.clone_from(&seating.area);
        // Who is expected at this time already is not counted anew, should a pace have been set since.
        next.paced = if request.expected.is_some() { next.paced } else { slot.shift.pace.is_some() };
        if next.status == Status::Requested {
            // A new wish, a new time to answer.
            next.until = first_status(&self.read.restaurant, self.now, slot.span.start()).1.or(next.until);
        }
        next
    }

    /// False when a table was taken.
    async fn try_move(
        &self,
        moved: &Reservation,
        pace: Option<u16>,
        budget: &mut RetryBudget,
    ) -> Result<bool, Refusal> {
        let before = self.read.reservation();
        let claims = claims_of_step(Some(before), Some(moved), pace, self.now);
        let transaction = Transaction::replace(claims, moved, &self.read.stored)?;
        let refused = match self.store.commit(&transaction, budget).await? {
            Commit::Done(_) => return Ok(true),
            Commit::Refused(refused) => refused,
        };
        if refused.reservation_differs {
            return Err(self.read.overtaken(self.store).await);
        }
        match lesson_of(&refused.claims, Some(before), moved, pace, self.now) {
            Lesson::Lost => Ok(false),
            Lesson::Final(refusal) => Err(refusal),
            Lesson::Ended | Lesson::HoldPlaceTaken => Err(self.read.overtaken(self.store).await),
        }
    }
}
