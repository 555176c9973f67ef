//! Times as buttons: those that are still free near one that can't be had.

use jari_api::respond::zoned;
use jari_domain::{Party, Restaurant, service_day};
use jari_operations::{Time, day_times, first_times};
use jari_store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::booking::told::Words;

/// A day and the times of it that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DayOfTimes {
    /// The day in words.
    pub(crate) day: String,
    pub(crate) times: Vec<Choice>,
}

/// A time on a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What pressing it sends: RFC 3339.
    pub(crate) starts_at: String,
    /// As people say it.
    pub(crate) time: String,
}

impl Choice {
    pub(crate) fn new(starts_at: Timestamp, words: Words<'_>) -> Self {
        let sent = zoned(&starts_at.to_zoned(words.zone.clone()));
        Self { starts_at: sent, time: words.spoken().time(starts_at) }
    }
}

/// The most times of the wanted day that are told.
const MOST: usize = 6;
/// How many days after the wanted one are looked at, when nothing is free on it.
const DAYS_AFTER: i64 = 7;
/// How many of those are told, and of each how many times.
const MOST_DAYS: usize = 3;
const MOST_A_DAY: usize = 4;

/// The free times nearest to the one that was wanted, that one itself among them if it is free again; if the day has none,
/// the first of the days after it. With an area, only where that has a table. Nothing where nobody can book.
#[allow(clippy::too_many_arguments, reason = "a time, a party and a place, and how to say them")]
pub(crate) async fn nearest(
    store: &Store,
    restaurant: &Restaurant,
    wanted: Timestamp,
    party: Party,
    area: Option<&str>,
    words: Words<'_>,
    now: Timestamp,
) -> Result<Vec<DayOfTimes>, StoreError> {
    if !restaurant.is_public() {
        return Ok(Vec::new());
    }
    let date = service_day(wanted, restaurant.zone());
    let (today, last) = restaurant.booking_window(now);
    if (today..=last).contains(&date) {
        let day = day_times(store, restaurant, date, party, now).await?;
        let times = nearest_of(day.times, wanted, area);
        if !times.is_empty() {
            return Ok(vec![of_day(&times, words)]);
        }
    }
    let from = if date < today { today } else { date.saturating_add(1.day()) };
    let dates: Vec<_> =
        (0..DAYS_AFTER).map(|n| from.saturating_add(n.days())).filter(|date| *date <= last).collect();
    let mut days = first_times(store, restaurant, dates, party, usize::MAX, now).await?;
    for day in &mut days {
        day.times.retain(|time| is_free(time, area));
        day.times.truncate(MOST_A_DAY);
    }
    let free = days.into_iter().filter(|day| !day.times.is_empty()).take(MOST_DAYS);
    Ok(free.map(|day| of_day(&day.times, words)).collect())
}

fn is_free(time: &Time, area: Option<&str>) -> bool {
    let areas = time.areas.as_ref();
    areas.is_ok_and(|free| area.is_none_or(|area| free.iter().any(|key| key == area)))
}

/// The free ones nearest to `wanted`, in the order of the day.
fn nearest_of(mut times: Vec<Time>, wanted: Timestamp, area: Option<&str>) -> Vec<Time> {
    times.retain(|time| is_free(time, area));
    times.sort_by_key(|time| -> SignedDuration { time.starts_at.duration_since(wanted).abs() });
    times.truncate(MOST);
    times.sort_by_key(|time| time.starts_at);
    times
}

fn of_day(times: &[Time], words: Words<'_>) -> DayOfTimes {
    let day = times.first().map(|time| words.spoken().day(time.starts_at)).unwrap_or_default();
    let times = times.iter().map(|time| Choice::new(time.starts_at, words)).collect();
    DayOfTimes { day, times }
}
