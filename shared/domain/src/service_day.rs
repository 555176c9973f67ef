//! The service day: from 05:00 of a date to 05:00 of the next, in the restaurant's zone.
//!
//! A shift that runs past midnight belongs to the day it starts. Since the boundary is fixed and every stay must end
//! inside its service day, no table's time is ever described in two days' claims, whatever the schedule was when
//! a reservation was made.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{Cell, Span};

/// A time of a service day, as minutes after the midnight that its date began with: 300 (05:00) to 1,739 (04:59 of
/// the next calendar day). Its text is the wall clock's, `HH:MM`: from 05:00 there is no doubt which day is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceTime(u16);

/// Not `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is HH:MM")]
pub struct InvalidServiceTime;

const DAY_MINUTES: u16 = 24 * 60;
/// 05:00: the last guest of the night has left, the first of the morning has not come.
const DAY_STARTS: u16 = 5 * 60;

impl ServiceTime {
    /// The end of the service day, in the minutes that [`ServiceTime::minutes`] counts.
    pub const DAY_END_MINUTES: u16 = DAY_STARTS + DAY_MINUTES;

    /// Minutes after the midnight that the date began with; over 1,440 past the next midnight.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// The time `minutes` later, if it is still in the service day.
    #[must_use]
    pub fn plus(self, minutes: u16) -> Option<Self> {
        let sum = self.0.checked_add(minutes)?;
        (sum < Self::DAY_END_MINUTES).then_some(Self(sum))
    }

    /// The instant of this time on `date` in `zone`; none where the clocks skip it. Where they show it twice it is
    /// the first.
    #[must_use]
    pub fn on(self, date: Date, zone: &TimeZone) -> Option<Timestamp> {
        let wall = date.at(0, 0, 0, 0).checked_add(i64::from(self.0).minutes()).ok()?;
        let ambiguous = zone.to_ambiguous_timestamp(wall);
        if matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
            return None;
        }
        ambiguous.compatible().ok()
    }
}

/// The service day that `instant` belongs to in `zone`.
#[must_use]
pub fn service_day(instant: Timestamp, zone: &TimeZone) -> Date {
    let wall = zone.to_datetime(instant);
    wall.checked_sub(i64::from(DAY_STARTS).minutes()).unwrap_or(wall).date()
}

/// Whether `span` lies wholly inside the service day `date`. Nothing outside may be claimed under that date.
#[must_use]
pub fn lies_in_service_day(span: Span, date: Date, zone: &TimeZone) -> bool {
    let last = Cell(span.first().0 + u32::from(span.minutes() / Cell::MINUTES) - 1);
    service_day(span.start(), zone) == date && service_day(last.start(), zone) == date
}

impl FromStr for ServiceTime {
    type Err = InvalidServiceTime;

    fn from_str(text: &str) -> Result<Self, InvalidServiceTime> {
        let two_digits = |part: &str| -> Option<u16> {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
        };
        let (hours, minutes) = text.split_once(':').ok_or(InvalidServiceTime)?;
        match (two_digits(hours), two_digits(minutes)) {
            (Some(hours @ 0..=23), Some(minutes @ 0..=59)) => {
                let of_day = hours * 60 + minutes;
                Ok(Self(if of_day < DAY_STARTS { of_day + DAY_MINUTES } else { of_day }))
            }
            _ => Err(InvalidServiceTime),
        }
    }
}

impl fmt::Display for ServiceTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_day = self.0 % DAY_MINUTES;
        write!(f, "{:02}:{:02}", of_day / 60, of_day % 60)
    }
}

impl TryFrom<String> for ServiceTime {
    type Error = InvalidServiceTime;
    fn try_from(text: String) -> Result<Self, InvalidServiceTime> {
        text.parse()
    }
}

impl From<ServiceTime> for String {
    fn from(time: ServiceTime) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn time(text: &str) -> ServiceTime {
        text.parse().unwrap()
    }

    #[test]
    fn after_midnight_belongs_to_the_day_before() {
        let seoul = zone("Asia/Seoul");
        let late = time("01:30").on(date(2026, 12, 24), &seoul).unwrap();
        assert_eq!(late, "2026-12-25T01:30:00+09:00".parse().unwrap());
        assert_eq!(service_day(late, &seoul), date(2026, 12, 24));
        assert_eq!(service_day("2026-12-25T05:00:00+09:00".parse().unwrap(), &seoul), date(2026, 12, 25));
        assert!(time("23:45") < time("00:00"), "after midnight is later in the service day");
    }

    #[test]
    fn a_time_that_the_clocks_skip_does_not_exist() {
        let new_york = zone("America/New_York");
        assert_eq!(time("02:30").on(date(2026, 3, 7), &new_york), None);
        assert!(time("03:00").on(date(2026, 3, 7), &new_york).is_some());
        // Shown twice, the first counts: still daylight time.
        let twice = time("01:30").on(date(2026, 10, 31), &new_york).unwrap();
        assert_eq!(twice, "2026-11-01T01:30:00-04:00".parse().unwrap());
    }

    #[test]
    fn a_stay_may_not_reach_into_the_next_service_day() {
        let seoul = zone("Asia/Seoul");
        let day = date(2026, 12, 24);
        let start = time("03:30").on(day, &seoul).unwrap();
        assert!(lies_in_service_day(Span::new(start, 90).unwrap(), day, &seoul));
        assert!(!lies_in_service_day(Span::new(start, 105).unwrap(), day, &seoul));
        assert!(!lies_in_service_day(Span::new(start, 90).unwrap(), date(2026, 12, 25), &seoul));
    }

    #[test]
    fn nonsense_is_no_time() {
        for wrong in ["", "24:00", "12:60", "1:00", "12", "12:0", "+1:00", "12:00:00"] {
            assert!(wrong.parse::<ServiceTime>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_quarter_hour_belongs_to_exactly_the_day_it_was_asked_on(
            quarter in 0u16..96, days in 0i64..800, zone_name in prop::sample::select(vec!["Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]),
        ) {
            let zone = zone(zone_name);
            let day = date(2026, 1, 1).checked_add(days.days()).unwrap();
            let time = ServiceTime(DAY_STARTS + quarter * 15);
            if let Some(instant) = time.on(day, &zone) {
                prop_assert_eq!(service_day(instant, &zone), day);
                prop_assert!(Cell::starting_at(instant).is_some());
                prop_assert_eq!(time.to_string().parse::<ServiceTime>().unwrap(), time);
            }
        }
    }
}
