//! The times of a day, or the first free times of many days.

use std::{collections::BTreeSet, sync::Arc};

use futures::{StreamExt, TryStreamExt, stream};
use jari_domain::{Channel, DayBook, Party, Request, Reservation, Restaurant, Unavailable};
use jari_store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp, Zoned, civil::Date};

/// The times of a service day for a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayTimes {
    /// The service day.
    pub date: Date,
    /// No guest is seated that day, by the schedule or by a closure.
    pub closed: bool,
    /// In order.
    pub times: Vec<Time>,
}

/// A time that a restaurant offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    /// When the party would come.
    pub starts_at: Timestamp,
    /// When its turn would end.
    pub ends_at: Timestamp,
    /// The areas with a free table, by key; or why it can't be had.
    pub areas: Result<Vec<String>, Unavailable>,
}

/// Every time of a service day, with why the others can't be had. One Query, unless the day was read a moment ago.
///
/// # Errors
/// [`StoreError`] when the day can't be read.
pub async fn day_times(
    store: &Store,
    restaurant: &Restaurant,
    date: Date,
    party: Party,
    now: Timestamp,
) -> Result<DayTimes, StoreError> {
    let book = store.recent_day_book(restaurant.id, date, now).await?;
    let request = wish(restaurant, date, party, now);
    Ok(times(&request, &book, None))
}

/// As [`day_times`], for whoever moves `reservation`: it does not stand in its own way. One Query.
///
/// # Errors
/// [`StoreError`] when the day can't be read.
pub async fn day_times_to_move(
    store: &Store,
    restaurant: &Restaurant,
    reservation: &Reservation,
    date: Date,
    party: Party,
    now: Timestamp,
) -> Result<DayTimes, StoreError> {
    let mut book = store.day_book(restaurant.id, date, now).await?;
    if date == reservation.date {
        leave(&mut book, reservation);
    }
    let request = wish(restaurant, date, party, now);
    Ok(times(&request, &book, Some(reservation)))
}

/// Takes a reservation's own tables and covers out of the book of its day.
pub(crate) fn leave(book: &mut DayBook, reservation: &Reservation) {
    reservation.tables.iter().for_each(|table| book.give_back(*table, reservation.span));
    if reservation.paced {
        book.expect_fewer(reservation.span.first(), u16::from(reservation.party.size()));
    }
}

/// Every time of each of `dates`, with why the others can't be had. One Query a day, some at a time.
///
/// # Errors
/// [`StoreError`] when a day can't be read.
pub async fn times_of_days(
    store: &Store,
    restaurant: &Restaurant,
    dates: impl IntoIterator<Item = Date>,
    party: Party,
    now: Timestamp,
) -> Result<Vec<DayTimes>, StoreError> {
    const AT_ONCE: usize = 8;
    let (_, last) = restaurant.booking_window(now);
    let read = |date: Date| async move {
        // What can't be booked whatever is free needs no read.
        let book = if date > last || restaurant.schedule.shifts(date).is_empty() {
            Arc::default()
        } else {
            store.recent_day_book(restaurant.id, date, now).await?
        };
        let request = wish(restaurant, date, party, now);
        Ok(times(&request, &book, None))
    };
    stream::iter(dates.into_iter().map(read)).buffered(AT_ONCE).try_collect().await
}

/// The first free times of each of `dates`, at most `most` a day. One Query a day, some at a time.
///
/// # Errors
/// [`StoreError`] when a day can't be read.
pub async fn first_times(
    store: &Store,
    restaurant: &Restaurant,
    dates: impl IntoIterator<Item = Date>,
    party: Party,
    most: usize,
    now: Timestamp,
) -> Result<Vec<DayTimes>, StoreError> {
    let mut days = times_of_days(store, restaurant, dates, party, now).await?;
    for day in &mut days {
        day.times.retain(|time| time.areas.is_ok());
        day.times.truncate(most);
    }
    Ok(days)
}

fn wish(restaurant: &Restaurant, date: Date, party: Party, now: Timestamp) -> Request<'_> {
    Request { restaurant, date, party, area: None, channel: Channel::Online, now, expected: None }
}

/// The times of a day; at its own time, a reservation that is to be moved is expected already.
fn times(request: &Request<'_>, book: &DayBook, moved: Option<&Reservation>) -> DayTimes {
    let fitting = request.fitting();
    let times: Vec<Time> = request
        .slots()
        .map(|slot| {
            let own = moved.filter(|own| own.span.start() == slot.span.start());
            let request = Request { expected: own.map(|own| own.party), ..*request };
            let areas = request.free(&fitting, &slot, book).map(|seatings| {
                let areas = seatings.into_iter().filter_map(|seating| seating.area.as_deref());
                areas.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect()
            });
            Time { starts_at: slot.span.start(), ends_at: slot.span.end(), areas }
        })
        .collect();
    DayTimes { date: request.date, closed: book.closed || times.is_empty(), times }
}

/// The times of the day that are free as far as `book` knows, nearest to `wanted` first.
pub(crate) fn nearest_free(request: &Request<'_>, book: &DayBook, wanted: Timestamp) -> Vec<Zoned> {
    let fitting = request.fitting();
    let free = request.slots().filter(|slot| request.free(&fitting, slot, book).is_ok());
    nearest(request, free.map(|slot| slot.span.start()), wanted)
}

/// The times of the day, free or not, nearest to `wanted` first.
pub(crate) fn nearest_offered(request: &Request<'_>, wanted: Timestamp) -> Vec<Zoned> {
    nearest(request, request.slots().map(|slot| slot.span.start()), wanted)
}

fn nearest(request: &Request<'_>, times: impl Iterator<Item = Timestamp>, wanted: Timestamp) -> Vec<Zoned> {
    const MOST: usize = 6;
    let mut times: Vec<Timestamp> = times.filter(|time| *time != wanted).collect();
    times.sort_by_key(|time| -> SignedDuration { time.duration_since(wanted).abs() });
    let zone = request.restaurant.zone();
    times.into_iter().take(MOST).map(|time| time.to_zoned(zone.clone())).collect()
}
