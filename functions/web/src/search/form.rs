//! The form of the first page: its inputs as they stand, and what its lists offer.

use jari_domain::{Party, ServiceTime, Spoken, service_day};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::asked::Asked;
use crate::{places, texts::Texts};

/// The times offered to prefer: every half hour from one to the other.
const FIRST_TIME: &str = "11:00";
const LAST_TIME: &str = "22:30";
const STEP_MINUTES: u16 = 30;
/// The parties offered; larger ones can be asked for all the same.
const LARGEST_PARTY: u8 = 12;
/// No policy lets anybody book further ahead.
const FURTHEST_DAYS: i64 = 365;

/// The form as it is shown.
pub(super) struct SearchForm {
    pub(super) date: String,
    pub(super) earliest: String,
    pub(super) latest: String,
    pub(super) times: Vec<Choice>,
    pub(super) parties: Vec<Choice>,
    pub(super) areas: Vec<Choice>,
    pub(super) cuisines: Vec<Choice>,
    pub(super) name: String,
    pub(super) is_narrow: bool,
}

/// An entry of a list.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

impl SearchForm {
    pub(super) fn new(asked: &Asked, date: Date, now: Timestamp, zone: &TimeZone, t: Texts) -> Self {
        let spoken = Spoken { language: t.0, zone };
        let today = service_day(now, zone);
        let time = |time: ServiceTime| Choice {
            value: time.to_string(),
            label: time.on(date, zone).map_or_else(|| time.to_string(), |at| spoken.time(at)),
            chosen: asked.time == Some(time),
        };
        let party = |size| Party::new(size).ok().map(|party| spoken.party(party));
        let party = |size: u8| Choice {
            value: size.to_string(),
            label: party(size).unwrap_or_default(),
            chosen: asked.party.size() == size,
        };
        let keys = |offered: &[&str], chosen: &Option<String>, word: fn(&str, Texts) -> String| {
            let unknown = chosen.as_deref().filter(|key| !offered.contains(key));
            let choice = |key: &str| Choice {
                value: key.to_owned(),
                label: word(key, t),
                chosen: chosen.as_deref() == Some(key),
            };
            offered.iter().copied().chain(unknown).map(choice).collect()
        };
        let larger = Some(asked.party.size()).filter(|size| *size > LARGEST_PARTY);
        Self {
            date: date.to_string(),
            earliest: today.to_string(),
            latest: today.saturating_add(FURTHEST_DAYS.days()).to_string(),
            times: times(asked.time).into_iter().map(time).collect(),
            parties: (1..=LARGEST_PARTY).chain(larger).map(party).collect(),
            areas: keys(places::AREAS, &asked.area, places::area),
            cuisines: keys(places::CUISINES, &asked.cuisine, places::cuisine),
            name: asked.name.clone().unwrap_or_default(),
            is_narrow: asked.is_narrow(),
        }
    }
}

/// The times offered, and the one that is asked for if it is another.
fn times(asked: Option<ServiceTime>) -> Vec<ServiceTime> {
    let (Ok(first), Ok(last)) = (FIRST_TIME.parse::<ServiceTime>(), LAST_TIME.parse()) else {
        return Vec::new();
    };
    let offered = std::iter::successors(Some(first), |time| time.plus(STEP_MINUTES));
    let mut times: Vec<ServiceTime> = offered.take_while(|time| *time <= last).chain(asked).collect();
    times.sort_unstable();
    times.dedup();
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_not_offered_can_be_asked_for_and_stands_in_its_place() {
        let offered = times(None);
        assert_eq!(offered.len(), 24);
        assert_eq!(times("19:00".parse().ok()), offered);
        let with_late = times("00:30".parse().ok());
        assert_eq!(with_late.last().unwrap().to_string(), "00:30", "after midnight is late, not early");
        assert_eq!(times("18:15".parse().ok()).len(), 25);
    }
}
