//! When, and for how many: what the pages that show times read from their address. An address may be old, cut short or
//! typed by hand, so that what can't be read falls back and is told, and never costs anybody the page.

use jari_domain::{Party, service_day};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::visitor::query;

/// What is in an address and can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// From this hour of the evening on, whoever names no day looks for one that still has an evening.
const LATE_HOUR: i8 = 21;

/// A parameter of the query by that name; none where it is missing or empty, as a form sends what nobody chose.
pub(crate) fn parameter<T>(
    address: Option<&str>,
    name: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Unreadable> {
    match query(address, name).as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => parse(text).map(Some).ok_or(Unreadable),
    }
}

/// `2026-12-24`.
pub(crate) fn date(text: &str) -> Option<Date> {
    let is_a_date = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_a_date.then(|| text.parse().ok()).flatten()
}

/// `1` to `99`.
pub(crate) fn party(text: &str) -> Option<Party> {
    let is_a_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_a_number.then(|| Party::new(text.parse().ok()?).ok()).flatten()
}

/// A key of an area, a cuisine, a part of the house.
pub(crate) fn key(text: &str) -> Option<String> {
    let is_a_key = text.len() <= 40
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    is_a_key.then(|| text.to_owned())
}

/// The day to look at when none is named: today, or tomorrow late in the evening.
pub(crate) fn usual_day(now: Timestamp, zone: &TimeZone) -> Date {
    let today = service_day(now, zone);
    let is_late = zone.to_datetime(now) >= today.at(LATE_HOUR, 0, 0, 0);
    if is_late { today.saturating_add(1.day()) } else { today }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_nobody_filled_in_is_none_and_nonsense_is_told_apart_from_it() {
        let read = |address| parameter(Some(address), "party", party).map(|party| party.map(Party::size));
        assert_eq!(read("date=2026-12-24"), Ok(None));
        assert_eq!(read("party="), Ok(None));
        assert_eq!(read("party=+4"), Ok(Some(4)), "a plus is a space");
        for nonsense in ["party=0", "party=100", "party=-2", "party=two", "party=%EB%91%98", "party=2.5"] {
            assert_eq!(read(nonsense), Err(Unreadable), "{nonsense}");
        }
        for nonsense in ["2026-02-30", "24.12.2026", "2026-12-24T19:00", "20261224", "-000001-01"] {
            assert_eq!(date(nonsense), None, "{nonsense}");
        }
        assert_eq!(key("cafe-brunch").as_deref(), Some("cafe-brunch"));
        assert_eq!(key("Café"), None);
    }

    #[test]
    fn late_in_the_evening_the_usual_day_is_tomorrow_until_the_day_is_over() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let day = |at: &str| usual_day(at.parse().unwrap(), &seoul).to_string();
        assert_eq!(day("2026-12-01T20:59:59+09:00"), "2026-12-01");
        assert_eq!(day("2026-12-01T21:00:00+09:00"), "2026-12-02");
        // After midnight the evening of the day before still goes on.
        assert_eq!(day("2026-12-02T01:00:00+09:00"), "2026-12-02");
        assert_eq!(day("2026-12-02T05:00:00+09:00"), "2026-12-02");
    }
}
