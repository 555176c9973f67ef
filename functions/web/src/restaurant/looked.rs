//! What somebody looks at on a restaurant's page, as the address has it, and what has to be read to show it.

use std::fmt::Write;

use jari_domain::{Party, Restaurant, RestaurantId, percent_encoded, service_day};
use jari_operations::DayTimes;
use jiff::{Timestamp, ToSpan, civil::Date};

use super::times::is_free;
use crate::wanted::{self, Unreadable, parameter, usual_day};

/// What somebody looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Looked {
    /// The day whose times are shown.
    pub(crate) date: Option<Date>,
    /// The first day of the month that is shown, if another than the day's.
    pub(crate) month: Option<Date>,
    pub(crate) party: Party,
    /// A part of the house, by key.
    pub(crate) area: Option<String>,
    /// What the address has and nobody can read, or is over.
    pub(crate) ignored: Vec<Part>,
}

/// A part of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Date,
    Month,
    Party,
    Area,
}

/// What is read for a page: the days of the month that can be booked, and the day that is looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The first day of the month that is shown.
    pub(super) month: Date,
    /// The first and the last day that can be booked.
    pub(super) window: (Date, Date),
    /// The days that are read, in order; a day that is looked at in another month stands last.
    pub(super) dates: Vec<Date>,
    wanted: Option<Date>,
    usual: Date,
}

impl Default for Looked {
    fn default() -> Self {
        Self { date: None, month: None, party: Party::TWO, area: None, ignored: Vec::new() }
    }
}

impl Looked {
    pub(super) fn read(query: Option<&str>, restaurant: &Restaurant, now: Timestamp) -> Self {
        let today = service_day(now, restaurant.zone());
        let mut looked = Self::default();
        match parameter(query, "date", |text| wanted::date(text).filter(|date| *date >= today)) {
            Ok(date) => looked.date = date,
            Err(Unreadable) => looked.ignored.push(Part::Date),
        }
        match parameter(query, "month", month) {
            Ok(month) => looked.month = month,
            Err(Unreadable) => looked.ignored.push(Part::Month),
        }
        match parameter(query, "party", wanted::party) {
            Ok(party) => looked.party = party.unwrap_or(looked.party),
            Err(Unreadable) => looked.ignored.push(Part::Party),
        }
        let is_there = |key: &String| restaurant.floor.areas.iter().any(|area| area.key == *key);
        match parameter(query, "area", |text| Some(text.to_owned()).filter(is_there)) {
            Ok(area) => looked.area = area,
            Err(Unreadable) => looked.ignored.push(Part::Area),
        }
        looked
    }

    /// The address at which a restaurant's page shows this.
    pub(crate) fn address(&self, id: RestaurantId) -> String {
        let mut address = format!("/restaurants/{id}?");
        // Writing to a String can't fail.
        if let Some(date) = self.date {
            let _ = write!(address, "date={date}&");
        }
        if let Some(month) = self.month {
            let _ = write!(address, "month={}&", month.strftime("%Y-%m"));
        }
        let _ = write!(address, "party={}", self.party.size());
        if let Some(area) = &self.area {
            let _ = write!(address, "&area={}", percent_encoded(area));
        }
        address
    }
}

impl Plan {
    pub(super) fn new(looked: &Looked, restaurant: &Restaurant, now: Timestamp) -> Self {
        let window = restaurant.booking_window(now);
        let (today, last) = window;
        let usual = usual_day(now, restaurant.zone()).min(last);
        let month = looked.month.or(looked.date).unwrap_or(usual).first_of_month();
        let month = month.clamp(today.first_of_month(), last.first_of_month());
        let days = month.series(1.day()).take_while(|date| *date <= month.last_of_month());
        let mut dates: Vec<Date> = days.filter(|date| (today..=last).contains(date)).collect();
        if let Some(date) = looked.date.filter(|date| !dates.contains(date)) {
            dates.push(date);
        }
        Self { month, window, dates, wanted: looked.date, usual }
    }

    /// The day whose times are shown: the one that is asked for, else the first with room in the month.
    pub(super) fn day(&self, days: &[DayTimes], area: Option<&str>) -> Date {
        let from = |day: &&DayTimes| day.date >= self.usual;
        let with_room = days.iter().filter(from).find(|day| day.times.iter().any(|time| is_free(time, area)));
        let otherwise = || self.dates.iter().find(|date| **date >= self.usual).copied();
        self.wanted.or_else(|| with_room.map(|day| day.date)).or_else(otherwise).unwrap_or(self.window.0)
    }

    /// The days of the month that is shown.
    pub(super) fn days<'d>(&self, days: &'d [DayTimes]) -> impl Iterator<Item = &'d DayTimes> {
        let month = self.month;
        days.iter().filter(move |day| day.date.first_of_month() == month)
    }

    /// The months before and after, as far as they can be booked.
    pub(super) fn neighbours(&self) -> (Option<Date>, Option<Date>) {
        let before = self.month.saturating_sub(1.month());
        let after = self.month.saturating_add(1.month());
        let (first, last) = (self.window.0.first_of_month(), self.window.1.first_of_month());
        ((before >= first).then_some(before), (after <= last).then_some(after))
    }
}

/// `2026-12`: its first day.
fn month(text: &str) -> Option<Date> {
    (text.len() == 7).then(|| wanted::date(&format!("{text}-01"))).flatten()
}
