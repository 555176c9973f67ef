//! What somebody looks for, as the page's address has it.

use jari_domain::{Party, ServiceTime, Spoken, service_day};
use jari_operations::Filter;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use url::form_urlencoded;

use crate::{
    texts::Texts,
    wanted::{self, Unreadable, parameter, usual_day},
};

/// The longest name looked for, as in the API.
const LONGEST_NAME: usize = 80;
/// Longer than any cursor of ours.
const LONGEST_PLACE: usize = 2_048;

/// What somebody looks for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) date: Option<Date>,
    pub(super) time: Option<ServiceTime>,
    pub(super) party: Party,
    pub(super) name: Option<String>,
    pub(super) area: Option<String>,
    pub(super) cuisine: Option<String>,
    /// Where in the list to begin, still sealed.
    pub(super) place: Option<String>,
    /// What the address has and nobody can read.
    pub(super) ignored: Vec<Part>,
}

/// A part of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Date,
    Time,
    Party,
    /// Area, cuisine or name.
    Narrowing,
    Place,
}

impl Asked {
    pub(super) fn read(query: Option<&str>) -> Self {
        let mut ignored = Vec::new();
        let date = noting(&mut ignored, Part::Date, parameter(query, "date", wanted::date));
        let time = noting(&mut ignored, Part::Time, parameter(query, "time", |text| text.parse().ok()));
        let party = noting(&mut ignored, Part::Party, parameter(query, "party", wanted::party));
        let area = noting(&mut ignored, Part::Narrowing, parameter(query, "area", wanted::key));
        let cuisine = noting(&mut ignored, Part::Narrowing, parameter(query, "cuisine", wanted::key));
        let name = noting(&mut ignored, Part::Narrowing, parameter(query, "q", name));
        let place = parameter(query, "after", |text| (text.len() <= LONGEST_PLACE).then(|| text.to_owned()));
        let place = noting(&mut ignored, Part::Place, place);
        Self { date, time, party: party.unwrap_or(Party::TWO), name, area, cuisine, place, ignored }
    }

    pub(super) fn filter(&self) -> Filter {
        Filter { name: self.name.clone(), cuisine: self.cuisine.clone(), area: self.area.clone(), near: None }
    }

    /// The day that is looked at. A day that is over is left out as if it could not be read.
    pub(super) fn day(&mut self, now: Timestamp, zone: &TimeZone) -> Date {
        let today = service_day(now, zone);
        if self.date.is_some_and(|date| date < today) {
            self.date = None;
            self.ignored.push(Part::Date);
        }
        self.date.unwrap_or_else(|| usual_day(now, zone))
    }

    /// Whether only some restaurants are looked for.
    pub(super) fn is_narrow(&self) -> bool {
        self.name.is_some() || self.area.is_some() || self.cuisine.is_some()
    }

    /// The address of this search on that day, from that place in the list on.
    pub(super) fn address(&self, date: Date, place: Option<&str>) -> String {
        self.written(date, true, place)
    }

    /// The address of the same search among all restaurants.
    pub(super) fn without_narrowing(&self, date: Date) -> String {
        self.written(date, false, None)
    }

    fn written(&self, date: Date, is_narrow: bool, place: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("date", &date.to_string());
        if let Some(time) = self.time {
            query.append_pair("time", &time.to_string());
        }
        query.append_pair("party", &self.party.size().to_string());
        let narrowing = [("area", &self.area), ("cuisine", &self.cuisine), ("q", &self.name)];
        for (name, value) in narrowing.into_iter().filter(|_| is_narrow) {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        if let Some(place) = place {
            query.append_pair("after", place);
        }
        format!("/?{}", query.finish())
    }

    /// Where search engines list it: a part of town or a cuisine is a page of its own, a day is none.
    pub(super) fn listed_at(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("area", &self.area), ("cuisine", &self.cuisine)] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }

    /// What was left out, in words.
    pub(super) fn notices(&self, date: Date, zone: &TimeZone, t: Texts) -> Vec<String> {
        let day = Spoken { language: t.0, zone }.date(date);
        let mut parts = self.ignored.clone();
        parts.dedup();
        let notice = |part| match part {
            Part::Date => t.with("search-ignored-date").set("day", day.as_str()).to_string(),
            Part::Time => t.say("search-ignored-time").into_owned(),
            Part::Party => t.say("search-ignored-party").into_owned(),
            Part::Narrowing => t.say("search-ignored-narrow").into_owned(),
            Part::Place => t.say("search-ignored-place").into_owned(),
        };
        parts.into_iter().map(notice).collect()
    }
}

/// What was read; what could not be is noted.
fn noting<T>(ignored: &mut Vec<Part>, part: Part, read: Result<Option<T>, Unreadable>) -> Option<T> {
    read.unwrap_or_else(|Unreadable| {
        ignored.push(part);
        None
    })
}

fn name(text: &str) -> Option<String> {
    let fits = text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seoul() -> TimeZone {
        TimeZone::get("Asia/Seoul").unwrap()
    }

    #[test]
    fn what_can_not_be_read_falls_back_and_is_told() {
        let query = "date=soon&time=25:00&party=lots&area=Seong%20su&after=";
        let mut asked = Asked::read(Some(query));
        let now = "2026-12-01T10:00:00+09:00".parse().unwrap();
        assert_eq!(asked.day(now, &seoul()).to_string(), "2026-12-01");
        assert_eq!((asked.time, asked.party, asked.is_narrow()), (None, Party::TWO, false));
        assert_eq!(asked.ignored, [Part::Date, Part::Time, Part::Party, Part::Narrowing]);
        let notices =
            asked.notices("2026-12-01".parse().unwrap(), &seoul(), Texts(jari_domain::Language::En));
        assert!(notices[0].ends_with("This is Tuesday 1 December."), "{notices:?}");
    }

    #[test]
    fn a_day_that_is_over_is_not_looked_at() {
        let now = "2026-12-01T10:00:00+09:00".parse().unwrap();
        let mut asked = Asked::read(Some("date=2026-11-30"));
        assert_eq!(asked.day(now, &seoul()).to_string(), "2026-12-01");
        assert_eq!(asked.ignored, [Part::Date]);
        let mut asked = Asked::read(Some("date=2026-12-01"));
        assert_eq!(asked.day(now, &seoul()).to_string(), "2026-12-01");
        assert!(asked.ignored.is_empty());
    }

    #[test]
    fn the_address_keeps_what_was_looked_for() {
        let asked = Asked::read(Some("party=4&time=19:00&area=seongsu&q=%EB%AC%B4%EC%87%A0&cuisine="));
        let day = "2026-12-24".parse().unwrap();
        let address = "/?date=2026-12-24&time=19%3A00&party=4&area=seongsu&q=%EB%AC%B4%EC%87%A0";
        assert_eq!(asked.address(day, None), address);
        assert_eq!(asked.address(day, Some("abc")), format!("{address}&after=abc"));
        assert_eq!(asked.without_narrowing(day), "/?date=2026-12-24&time=19%3A00&party=4");
        assert_eq!(asked.listed_at(), "/?area=seongsu");
    }
}
