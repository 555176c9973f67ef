//! Which times of a day a party can have, and why not the others. Booking asks the same question of the same
//! function as the list of times does: what is offered is what a booking a moment later accepts.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::{Channel, DayBook, Party, Restaurant, Seating, Shift, Span, lies_in_service_day};

/// Who asks for a table, when and how.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Where.
    pub restaurant: &'a Restaurant,
    /// Which service day.
    pub date: Date,
    /// For how many.
    pub party: Party,
    /// Only in this area, if any.
    pub area: Option<&'a str>,
    /// On which way it comes in.
    pub channel: Channel,
    /// The time now.
    pub now: Timestamp,
    /// A party of this size is expected at this very time already: it is no new booking, so window and cut-off are
    /// past, and pacing matters only if it grows.
    pub expected: Option<Party>,
}

/// A time that a restaurant offers, whether or not it is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot<'a> {
    /// From arrival to the end of the party's turn.
    pub span: Span,
    /// The shift it belongs to.
    pub shift: &'a Shift,
}

/// Why a party can't have a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Unavailable {
    /// Every table that fits is taken.
    Full,
    /// A table is free, but too many guests arrive in that quarter hour.
    Pacing,
    /// The restaurant is closed that day.
    Closed,
    /// Too late to book.
    PastCutoff,
    /// Too far ahead.
    BeyondWindow,
    /// No table, or the policy, takes that many.
    PartyTooLarge,
    /// Every table is too large.
    PartyTooSmall,
    /// Only the restaurant itself gives away what fits.
    InHouseOnly,
}

/// What would do for a request, free or not, best fit first; or why nothing ever would. The same for all times of a day.
#[derive(Debug, Clone)]
pub struct Fitting(Result<Vec<Seating>, Unavailable>);

impl Fitting {
    /// Those that nobody has at any time of `span`, in the same order.
    fn free(&self, span: Span, book: &DayBook) -> Result<Vec<&Seating>, Unavailable> {
        let fitting = self.0.as_ref().map_err(|why| *why)?;
        let is_free = |seating: &&Seating| seating.tables.iter().all(|table| book.is_free(*table, span));
        let free: Vec<&Seating> = fitting.iter().filter(is_free).collect();
        if free.is_empty() { Err(Unavailable::Full) } else { Ok(free) }
    }
}

impl Request<'_> {
    /// The times of the day, in order.
    pub fn slots(&self) -> impl Iterator<Item = Slot<'_>> {
        let zone = self.restaurant.zone();
        let shifts = self.restaurant.schedule.shifts(self.date).into_iter();
        let times = shifts.flat_map(|shift| shift.times().map(move |time| (shift, time)));
        times.filter_map(move |(shift, time)| {
            let start = time.on(self.date, zone)?;
            let span = Span::new(start, shift.turn_times.minutes(self.party))?;
            lies_in_service_day(span, self.date, zone).then_some(Slot { span, shift })
        })
    }

    /// The slot that begins exactly at `starts_at`; none when that is not one of the day's times.
    #[must_use]
    pub fn slot_at(&self, starts_at: Timestamp) -> Option<Slot<'_>> {
        self.slots().find(|slot| slot.span.start() == starts_at)
    }

    /// Everything that can be given to the party in `slot` as far as `book` knows, best fit first.
    ///
    /// # Errors
    /// Why there is nothing. `Full` is said only when it is.
    pub fn seatings(&self, slot: &Slot<'_>, book: &DayBook) -> Result<Vec<Seating>, Unavailable> {
        self.free(&self.fitting(), slot, book).map(|free| free.into_iter().cloned().collect())
    }

    /// As [`Request::seatings`], of what fits: for whoever asks about many times of the day.
    ///
    /// # Errors
    /// Why there is nothing. `Full` is said only when it is.
    pub fn free<'f>(
        &self,
        fitting: &'f Fitting,
        slot: &Slot<'_>,
        book: &DayBook,
    ) -> Result<Vec<&'f Seating>, Unavailable> {
        self.check_bounds(slot, book)?;
        let free = fitting.free(slot.span, book)?;
        let arriving = book.covers(slot.span.first()) + u16::from(self.party.size());
        let grows = self.expected.is_none_or(|expected| self.party > expected);
        if grows && slot.shift.pace.is_some_and(|pace| arriving > pace) {
            return Err(Unavailable::Pacing);
        }
        Ok(free)
    }

    /// Everything that can be given to the party for `span`, on or off the offered times, best fit first: whoever books
    /// for the restaurant is bound by its tables alone.
    ///
    /// # Errors
    /// Why there is nothing.
    pub fn free_seatings(&self, span: Span, book: &DayBook) -> Result<Vec<Seating>, Unavailable> {
        self.fitting().free(span, book).map(|free| free.into_iter().cloned().collect())
    }

    /// The tables and combinations for a party of this size, free or not.
    #[must_use]
    pub fn fitting(&self) -> Fitting {
        Fitting(self.best_fit())
    }

    /// What holds whoever has which table: the day, the window, the cut-off.
    fn check_bounds(&self, slot: &Slot<'_>, book: &DayBook) -> Result<(), Unavailable> {
        let restaurant = self.restaurant;
        if book.closed {
            return Err(Unavailable::Closed);
        }
        if self.channel != Channel::Online {
            return Ok(());
        }
        let starts_at = slot.span.start();
        if self.expected.is_none() {
            if self.date > restaurant.booking_window(self.now).1 {
                return Err(Unavailable::BeyondWindow);
            }
            if self.now > restaurant.policy.cutoff(starts_at) || self.now >= starts_at {
                return Err(Unavailable::PastCutoff);
            }
        }
        if self.party.size() > restaurant.policy.max_online_party {
            return Err(Unavailable::PartyTooLarge);
        }
        Ok(())
    }

    /// Best fit first: single tables before combinations, the one with the fewest spare seats first; none with more
    /// spare seats than the policy allows. Among equals the order is random, so that many diners after one time
    /// don't all begin with the same table.
    fn best_fit(&self) -> Result<Vec<Seating>, Unavailable> {
        let in_area = |seating: &Seating| self.area.is_none() || seating.area.as_deref() == self.area;
        let all: Vec<Seating> = self.restaurant.floor.seatings().filter(in_area).collect();
        if all.iter().all(|seating| seating.max_party < self.party) {
            return Err(Unavailable::PartyTooLarge);
        }
        // Staff see the room and may give any table; a diner gets none that wastes more seats than the policy allows.
        let online = self.channel == Channel::Online;
        let oversize = if online { self.restaurant.policy.max_oversize } else { Party::MAX };
        let mut fitting: Vec<(Seating, u8)> = all
            .into_iter()
            .filter_map(|seating| seating.spare_seats(self.party).map(|spare| (seating, spare)))
            .filter(|(_, spare)| *spare <= oversize)
            .collect();
        if fitting.is_empty() {
            return Err(Unavailable::PartyTooSmall);
        }
        fitting.retain(|(seating, _)| seating.bookable.on(self.channel));
        if fitting.is_empty() {
            return Err(Unavailable::InHouseOnly);
        }
        fitting.sort_by_cached_key(|(seating, spare)| (seating.is_joined(), *spare, fastrand::u32(..)));
        Ok(fitting.into_iter().map(|(seating, _)| seating).collect())
    }
}

#[cfg(test)]
mod tests;
