//! The calendar of a month: which days have room, said in a word on each.

use std::collections::HashMap;

use jari_domain::{Language, Restaurant, Spoken, Unavailable};
use jari_operations::DayTimes;
use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::{
    looked::{Looked, Plan},
    times::is_free,
};
use crate::{texts::Texts, why_not};

/// A month as a table.
pub(super) struct Month {
    /// `2026년 12월`.
    pub(super) title: String,
    /// Short, and whole for those who listen.
    pub(super) weekdays: [(String, String); 7],
    /// Seven days each; none where it is another month's.
    pub(super) weeks: Vec<Vec<Option<Day>>>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    /// No day of the month has room, and the one after may.
    pub(super) is_full: bool,
}

/// A day of the calendar.
pub(super) struct Day {
    pub(super) number: i8,
    /// In words: the day, and whether it has room.
    pub(super) date: String,
    /// Where its times are; none where it can't be booked.
    pub(super) address: Option<String>,
    /// Whether it has room, in a word.
    pub(super) word: String,
    pub(super) kind: &'static str,
    pub(super) chosen: bool,
}

impl Month {
    pub(super) fn new(
        restaurant: &Restaurant,
        looked: &Looked,
        plan: &Plan,
        days: &[DayTimes],
        t: Texts,
    ) -> Self {
        let first_weekday = match t.0 {
            Language::Ko => Weekday::Sunday,
            Language::En => Weekday::Monday,
        };
        let read: HashMap<Date, &DayTimes> = plan.days(days).map(|day| (day.date, day)).collect();
        let day = |date: Date| Day::new(restaurant, looked, date, read.get(&date).copied(), t);
        let offset = usize::from(plan.month.weekday().since(first_weekday).unsigned_abs());
        let dates = plan.month.series(1.day()).take_while(|date| *date <= plan.month.last_of_month());
        let mut cells: Vec<Option<Day>> = (0..offset).map(|_| None).collect();
        cells.extend(dates.map(|date| Some(day(date))));
        cells.resize_with(cells.len().next_multiple_of(7), || None);
        let mut weeks = Vec::new();
        let mut cells = cells.into_iter();
        while cells.len() > 0 {
            weeks.push(cells.by_ref().take(7).collect());
        }
        let (before, after) = plan.neighbours();
        let address = |month| {
            let looked = Looked { date: None, month: Some(month), ..looked.clone() };
            format!("{}#calendar", looked.address(restaurant.id))
        };
        let area = looked.area.as_deref();
        let has_room = read.values().any(|day| day.times.iter().any(|time| is_free(time, area)));
        Self {
            title: title(plan.month, t),
            weekdays: weekdays(first_weekday, t),
            weeks,
            before: before.map(address),
            after: after.map(address),
            is_full: !has_room,
        }
    }
}

impl Day {
    fn new(restaurant: &Restaurant, looked: &Looked, date: Date, read: Option<&DayTimes>, t: Texts) -> Self {
        let (kind, word) = state(read, looked.area.as_deref(), t);
        let address = || {
            let looked = Looked { date: Some(date), month: None, ..looked.clone() };
            format!("{}#times", looked.address(restaurant.id))
        };
        Self {
            number: date.day(),
            date: Spoken { language: t.0, zone: restaurant.zone() }.date(date),
            address: read.map(|_| address()),
            word,
            kind,
            chosen: looked.date == Some(date),
        }
    }
}

/// Whether a day has room: as a class, and in a word.
fn state(read: Option<&DayTimes>, area: Option<&str>, t: Texts) -> (&'static str, String) {
    let Some(day) = read else { return ("none", String::new()) };
    if day.closed {
        return ("shut", t.say("restaurant-day-closed").into_owned());
    }
    if day.times.iter().any(|time| is_free(time, area)) {
        return ("free", t.say("restaurant-day-free").into_owned());
    }
    let reasons = day.times.iter().filter_map(|time| time.areas.as_ref().err().copied());
    match why_not::of_day(reasons) {
        None | Some(Unavailable::Full | Unavailable::Pacing) => {
            ("full", t.say("restaurant-day-full").into_owned())
        }
        Some(Unavailable::Closed) => ("shut", t.say("restaurant-day-closed").into_owned()),
        Some(Unavailable::PastCutoff) => ("full", t.say("restaurant-day-over").into_owned()),
        Some(_) => ("full", t.say("restaurant-day-call").into_owned()),
    }
}

fn title(month: Date, t: Texts) -> String {
    match t.0 {
        Language::Ko => format!("{}년 {}월", month.year(), month.month()),
        Language::En => month.strftime("%B %Y").to_string(),
    }
}

fn weekdays(first: Weekday, t: Texts) -> [(String, String); 7] {
    let mut days = first.cycle_forward();
    std::array::from_fn(|_| {
        let day = days.next().unwrap_or(first);
        let (short, whole) = match day {
            Weekday::Monday => ("weekday-monday-short", "weekday-monday"),
            Weekday::Tuesday => ("weekday-tuesday-short", "weekday-tuesday"),
            Weekday::Wednesday => ("weekday-wednesday-short", "weekday-wednesday"),
            Weekday::Thursday => ("weekday-thursday-short", "weekday-thursday"),
            Weekday::Friday => ("weekday-friday-short", "weekday-friday"),
            Weekday::Saturday => ("weekday-saturday-short", "weekday-saturday"),
            Weekday::Sunday => ("weekday-sunday-short", "weekday-sunday"),
        };
        (t.say(short).into_owned(), t.say(whole).into_owned())
    })
}
