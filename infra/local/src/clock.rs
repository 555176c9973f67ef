//! The house's clock: the machine's, moved by an offset that everything in the house shares. It keeps
//! running after a move; who moves it is [`Schedules`](crate::schedules::Schedules), so that what was
//! due in between happens.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::{Span, Timestamp, Zoned, tz::TimeZone};
use thiserror::Error;

/// The years a house can be moved to: tokens, keys and zones all hold well inside.
const FIRST_YEAR: i16 = 2000;
const LAST_YEAR: i16 = 2200;

/// A clock that can be moved. Clones share one time.
#[derive(Clone, Debug, Default)]
pub struct HouseClock {
    /// Microseconds ahead of the machine's clock; negative is behind.
    ahead: Arc<AtomicI64>,
}

/// Where the clock was asked to go, and why it can't.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ClockError {
    /// Not an ISO 8601 duration.
    #[error("“{0}” is not an ISO 8601 duration such as PT10M, PT3H or P1D")]
    Duration(String),
    /// Not an RFC 3339 instant with an offset.
    #[error("“{0}” is not an instant with an offset such as 2026-12-01T10:00:00+09:00")]
    Instant(String),
    /// Outside the years a house can be in.
    #[error("the clock can be set from the year {FIRST_YEAR} to {LAST_YEAR}")]
    OutOfRange,
}

impl HouseClock {
    /// A clock that agrees with the machine's.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The house's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let real = Timestamp::now();
        Timestamp::from_microsecond(real.as_microsecond().saturating_add(self.ahead.load(Ordering::SeqCst)))
            .unwrap_or(real)
    }

    /// Sets the time; it runs on from there.
    pub fn set(&self, now: Timestamp) {
        self.ahead.store(now.as_microsecond() - Timestamp::now().as_microsecond(), Ordering::SeqCst);
    }

    /// The same clock as everything else in the house asks it.
    #[must_use]
    pub fn shared(&self) -> jari_domain::Clock {
        let clock = self.clone();
        jari_domain::Clock::from_fn(move || clock.now())
    }
}

/// `now` moved by an ISO 8601 duration; days and months are Seoul's, as most of the demo is.
pub fn advanced(now: Timestamp, duration: &str) -> Result<Timestamp, ClockError> {
    let span = Span::from_str(duration).map_err(|_| ClockError::Duration(duration.to_owned()))?;
    let moved = seoul(now).checked_add(span).map_err(|_| ClockError::OutOfRange)?;
    in_range(moved.timestamp())
}

/// An RFC 3339 instant, such as `2026-12-01T10:00:00+09:00`.
pub fn instant(text: &str) -> Result<Timestamp, ClockError> {
    in_range(text.trim().parse().map_err(|_| ClockError::Instant(text.to_owned()))?)
}

/// How people in the demo read an instant.
#[must_use]
pub fn seoul(instant: Timestamp) -> Zoned {
    instant.to_zoned(TimeZone::get("Asia/Seoul").unwrap_or(TimeZone::UTC))
}

fn in_range(instant: Timestamp) -> Result<Timestamp, ClockError> {
    let year = instant.to_zoned(TimeZone::UTC).year();
    if (FIRST_YEAR..=LAST_YEAR).contains(&year) { Ok(instant) } else { Err(ClockError::OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_clock_is_moved_for_everyone_and_runs_on() {
        let clock = HouseClock::new();
        let elsewhere = clock.shared();
        let christmas = instant("2026-12-24T19:00:00+09:00").unwrap();
        clock.set(christmas);
        let first = elsewhere.now();
        assert!(first >= christmas && first < christmas + jiff::SignedDuration::from_secs(5));
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(elsewhere.now() > first);
    }

    #[test]
    fn durations_and_instants_are_read_strictly() {
        let noon = instant("2026-12-01T12:00:00+09:00").unwrap();
        assert_eq!(advanced(noon, "PT10M"), instant("2026-12-01T12:10:00+09:00"));
        assert_eq!(advanced(noon, "P1D"), instant("2026-12-02T12:00:00+09:00"));
        assert_eq!(advanced(noon, "-PT1H"), instant("2026-12-01T11:00:00+09:00"));
        assert_eq!(advanced(noon, "ten minutes"), Err(ClockError::Duration("ten minutes".into())));
        assert_eq!(instant("2026-12-01T12:00:00"), Err(ClockError::Instant("2026-12-01T12:00:00".into())));
        assert_eq!(instant("1999-12-01T12:00:00Z"), Err(ClockError::OutOfRange));
        assert_eq!(advanced(noon, "P900Y"), Err(ClockError::OutOfRange));
    }
}
