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
    /// What the words on the days mean, those that there are.
    pub(super) legend: Vec<(String, String)>,
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
    pub(super) is_today: bool,
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
        let area = looked.area.as_deref();
        let read: HashMap<Date, &DayTimes> = plan.days(days).map(|day| (day.date, day)).collect();
        let day = |date: Date| {
            let day = Day::new(restaurant, looked, date, read.get(&date).copied(), t);
            Day { is_today: date == plan.window.0, ..day }
        };
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
        let mut legend = Vec::new();
        for state in DayState::ALL {
            if read.values().any(|day| DayState::of(day, area) == state) {
                legend.push((state.word(t), state.meaning(t)));
            }
        }
        let (before, after) = plan.neighbours();
        let address = |month| {
            let looked = Looked { date: None, month: Some(month), ..looked.clone() };
            format!("{}#calendar", looked.address(restaurant.id))
        };
        Self {
            title: title(plan.month, t),
            weekdays: weekdays(first_weekday, t),
            weeks,
            legend,
            before: before.map(address),
            after: after.map(address),
            is_full: !read.values().any(|day| DayState::of(day, area) == DayState::Free),
        }
    }
}

impl Day {
    fn new(restaurant: &Restaurant, looked: &Looked, date: Date, read: Option<&DayTimes>, t: Texts) -> Self {
        let state = read.map(|day| DayState::of(day, looked.area.as_deref()));
        let address = || {
            let looked = Looked { date: Some(date), month: None, ..looked.clone() };
            format!("{}#times", looked.address(restaurant.id))
        };
        Self {
            number: date.day(),
            date: Spoken { language: t.0, zone: restaurant.zone() }.date(date),
            address: read.map(|_| address()),
            word: state.map(|state| state.word(t)).unwrap_or_default(),
            kind: if state == Some(DayState::Free) { "free" } else { "taken" },
            is_today: false,
            chosen: looked.date == Some(date),
        }
    }
}

/// Whether a day has room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayState {
    Free,
    Full,
    /// Online booking for it has ended.
    Over,
    /// Not for this party, or not online.
    Call,
    Closed,
}

impl DayState {
    /// In the order the legend has them.
    const ALL: [Self; 5] = [Self::Free, Self::Full, Self::Over, Self::Call, Self::Closed];

    fn of(day: &DayTimes, area: Option<&str>) -> Self {
        if day.closed {
            return Self::Closed;
        }
        if day.times.iter().any(|time| is_free(time, area)) {
            return Self::Free;
        }
        let reasons = day.times.iter().filter_map(|time| time.areas.as_ref().err().copied());
        match why_not::of_day(reasons) {
            // Without a reason it is free in another part of the house.
            None | Some(Unavailable::Full | Unavailable::Pacing) => Self::Full,
            Some(Unavailable::Closed) => Self::Closed,
            Some(Unavailable::PastCutoff | Unavailable::BeyondWindow) => Self::Over,
            Some(Unavailable::PartyTooLarge | Unavailable::PartyTooSmall | Unavailable::InHouseOnly) => {
                Self::Call
            }
        }
    }

    fn word(self, t: Texts) -> String {
        let text = match self {
            Self::Free => t.say("restaurant-day-free"),
            Self::Full => t.say("restaurant-day-full"),
            Self::Over => t.say("restaurant-day-over"),
            Self::Call => t.say("restaurant-day-call"),
            Self::Closed => t.say("restaurant-day-closed"),
        };
        text.into_owned()
    }

    fn meaning(self, t: Texts) -> String {
        let text = match self {
            Self::Free => t.say("restaurant-legend-free"),
            Self::Full => t.say("restaurant-legend-full"),
            Self::Over => t.say("restaurant-legend-over"),
            Self::Call => t.say("restaurant-legend-call"),
            Self::Closed => t.say("restaurant-legend-closed"),
        };
        text.into_owned()
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
