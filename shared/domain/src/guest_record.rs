//! What a restaurant knows of a diner from the visits there: how often they came, and when they did not. The fourth
//! no-show within twelve months bars the diner from booking online there, until its staff lift it.

use jiff::{Timestamp, ToSpan, tz::TimeZone};

use crate::BarredDiners;

/// A diner's visits and no-shows at one restaurant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuestRecord {
    /// How often they came.
    pub visits: u32,
    /// For when they had booked and did not come, oldest first, at most [`GuestRecord::MOST_NO_SHOWS`].
    pub no_shows: Vec<Timestamp>,
    /// When the restaurant last lifted a bar: what was before does not count any more.
    pub lifted_at: Option<Timestamp>,
    /// Rises when its no-shows change; 0: there is no record yet.
    pub revision: u64,
}

impl GuestRecord {
    /// At most so many no-shows are kept; the oldest goes.
    pub const MOST_NO_SHOWS: usize = 20;

    /// The record with one more no-show, of a visit that was to begin at `start`.
    #[must_use]
    pub fn with_no_show(&self, start: Timestamp) -> Self {
        let mut next = self.clone();
        next.no_shows.push(start);
        next.no_shows.sort_unstable();
        let too_many = next.no_shows.len().saturating_sub(Self::MOST_NO_SHOWS);
        next.no_shows.drain(..too_many);
        next.revision += 1;
        next
    }

    /// The record without that no-show: it was a mistake.
    #[must_use]
    pub fn without_no_show(&self, start: Timestamp) -> Self {
        let mut next = self.clone();
        if let Some(at) = next.no_shows.iter().position(|no_show| *no_show == start) {
            next.no_shows.remove(at);
        }
        next.revision += 1;
        next
    }

    /// How many of its no-shows count at `now`: those of the last twelve months, since the last lift.
    #[must_use]
    pub fn counting(&self, now: Timestamp) -> usize {
        let a_year_ago = TimeZone::UTC.to_datetime(now).saturating_sub(1.year());
        let since = TimeZone::UTC.to_timestamp(a_year_ago).unwrap_or(Timestamp::MIN);
        let counts = |no_show: &&Timestamp| {
            **no_show > since && self.lifted_at.is_none_or(|lifted_at| **no_show > lifted_at)
        };
        self.no_shows.iter().filter(counts).count()
    }

    /// Whether they are enough to bar the diner.
    #[must_use]
    pub fn bars(&self, now: Timestamp) -> bool {
        self.counting(now) >= BarredDiners::NO_SHOWS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn record(no_shows: &[&str]) -> GuestRecord {
        no_shows.iter().fold(GuestRecord::default(), |record, start| record.with_no_show(at(start)))
    }

    #[test]
    fn the_fourth_no_show_in_twelve_months_bars() {
        let now = at("2026-12-24T12:00:00Z");
        let three = record(&["2026-02-01T10:00:00Z", "2026-06-01T10:00:00Z", "2026-12-01T10:00:00Z"]);
        assert!(!three.bars(now));
        assert!(three.with_no_show(at("2026-12-24T10:00:00Z")).bars(now));
        // A year and a day before: too long ago to count.
        assert!(!three.with_no_show(at("2025-12-23T10:00:00Z")).bars(now));
    }

    #[test]
    fn a_no_show_taken_back_counts_no_more() {
        let four = record(&["2026-09-01T10:00:00Z"; 4]);
        let now = at("2026-12-24T12:00:00Z");
        assert!(four.bars(now));
        let three = four.without_no_show(at("2026-09-01T10:00:00Z"));
        assert_eq!((three.counting(now), three.revision), (3, 5));
    }

    #[test]
    fn what_was_before_a_lift_counts_no_more() {
        let mut record = record(&["2026-09-01T10:00:00Z"; 4]);
        record.lifted_at = Some(at("2026-10-01T10:00:00Z"));
        let now = at("2026-12-24T12:00:00Z");
        assert_eq!(record.counting(now), 0);
        assert_eq!(record.with_no_show(at("2026-12-01T10:00:00Z")).counting(now), 1);
    }

    #[test]
    fn the_oldest_no_shows_go() {
        let starts: Vec<String> = (1..=25).map(|day| format!("2026-10-{day:02}T10:00:00Z")).collect();
        let starts: Vec<&str> = starts.iter().map(String::as_str).collect();
        let record = record(&starts);
        assert_eq!(record.no_shows.len(), GuestRecord::MOST_NO_SHOWS);
        assert_eq!(record.no_shows[0], at("2026-10-06T10:00:00Z"));
    }
}
