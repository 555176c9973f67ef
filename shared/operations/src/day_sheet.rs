//! Reading a day sheet: the reservations of a service day, what is set down for it, and what the restaurant knows of its
//! guests. Who may see it has been asked before, with the restaurant in the same read.

use std::collections::{BTreeSet, HashMap};

use jari_domain::{DinerId, Line, Reservation, Restaurant, Status};
use jari_store::{DayMarks, GuestStanding, Store, StoreError};
use jiff::civil::Date;

/// All that a day sheet is made of, beside the restaurant.
#[derive(Debug, Clone)]
pub struct DayRead {
    /// The reservations of the day, by time; of those that were called off at most 1,000. As the index tells, which is a
    /// moment behind.
    pub reservations: Vec<Reservation>,
    /// Closure and note, read consistently.
    pub marks: DayMarks,
    /// What the restaurant knows of the day's guests; who is not in it is new and takes mails.
    pub guests: HashMap<DinerId, GuestStanding>,
}

/// Reads a service day: two Queries side by side, then the guests by the hundred.
///
/// # Errors
/// [`StoreError`] when the table can't be read.
pub async fn read_day(store: &Store, restaurant: &Restaurant, date: Date) -> Result<DayRead, StoreError> {
    let (reservations, marks) = tokio::try_join!(
        store.reservations_of_day(restaurant.id, date),
        store.day_marks(restaurant.id, date)
    )?;
    let reservations: Vec<Reservation> = reservations.into_iter().map(|stored| stored.reservation).collect();
    let diners: BTreeSet<DinerId> =
        reservations.iter().filter_map(|reservation| reservation.diner.clone()).collect();
    let guests = store.guest_standings(restaurant.id, &diners).await?;
    Ok(DayRead { reservations, marks, guests })
}

impl DayRead {
    /// What the restaurant knows of a line's guest. Who only holds a table is nobody yet.
    #[must_use]
    pub fn standing(&self, line: &Line<'_>) -> GuestStanding {
        let known = line.reservation.diner.as_ref().filter(|_| line.status != Status::Held);
        known.and_then(|diner| self.guests.get(diner)).copied().unwrap_or_default()
    }

    /// Whether a line's party is awaited on a day that is closed. One that sits is not told so.
    #[must_use]
    pub fn finds_it_closed(&self, line: &Line<'_>) -> bool {
        let is_awaited = matches!(line.status, Status::Held | Status::Requested | Status::Confirmed);
        is_awaited && self.marks.closure.is_some()
    }
}
