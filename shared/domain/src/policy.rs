//! A restaurant's policy: how far ahead, until when and how large a diner may book, and how long a hold lasts.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What a restaurant allows. Defaults are the house's; each number has bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Policy {
    /// How many days ahead can be booked, 1 to 365.
    pub window_days: u16,
    /// Online booking ends this many minutes before the time, 0 to 10,080 (a week).
    pub cutoff_minutes: u16,
    /// The largest party that can book online, 1 to 20.
    pub max_online_party: u8,
    /// Whether bookings are confirmed at once or by the restaurant.
    pub confirmation: Confirmation,
    /// A diner may change or cancel until this many minutes before the time, 0 to 10,080.
    pub change_until_minutes: u16,
    /// Guests are late after this many minutes, 0 to 120.
    pub late_after_minutes: u16,
    /// How long a hold lasts, in minutes, 1 to 15.
    pub hold_minutes: u16,
    /// A table with more spare seats than this is not offered, 0 to 20.
    pub max_oversize: u8,
}

/// Who confirms a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Confirmation {
    /// The house, at once.
    Instant,
    /// The restaurant; unanswered after 24 hours, or at the cut-off, the request is declined.
    Request,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            window_days: 30,
            cutoff_minutes: 60,
            max_online_party: 8,
            confirmation: Confirmation::Instant,
            change_until_minutes: 120,
            late_after_minutes: 15,
            hold_minutes: 5,
            max_oversize: 2,
        }
    }
}

impl Policy {
    /// The restaurant has this long to answer a request.
    pub const ANSWER_WITHIN: SignedDuration = SignedDuration::from_hours(24);

    /// The names of the numbers that are out of their bounds.
    #[must_use]
    pub fn out_of_bounds(&self) -> Vec<&'static str> {
        let week = 10_080;
        let checks = [
            ("windowDays", (1..=365).contains(&self.window_days)),
            ("cutoffMinutes", self.cutoff_minutes <= week),
            ("maxOnlineParty", (1..=20).contains(&self.max_online_party)),
            ("changeUntilMinutes", self.change_until_minutes <= week),
            ("lateAfterMinutes", self.late_after_minutes <= 120),
            ("holdMinutes", (1..=15).contains(&self.hold_minutes)),
            ("maxOversize", self.max_oversize <= 20),
        ];
        checks.into_iter().filter(|(_, fits)| !fits).map(|(name, _)| name).collect()
    }

    /// The last instant at which `starts_at` can be booked online.
    #[must_use]
    pub fn cutoff(&self, starts_at: Timestamp) -> Timestamp {
        earlier(starts_at, self.cutoff_minutes)
    }

    /// The last instant at which a diner may change or cancel.
    #[must_use]
    pub fn change_until(&self, starts_at: Timestamp) -> Timestamp {
        earlier(starts_at, self.change_until_minutes)
    }

    /// When a hold made at `now` ends. Whole seconds, as claims have them.
    #[must_use]
    pub fn hold_until(&self, now: Timestamp) -> Timestamp {
        whole_second(
            now.saturating_add(SignedDuration::from_mins(i64::from(self.hold_minutes))).unwrap_or(now),
        )
    }

    /// When a request made at `now` is declined for want of an answer: after 24 hours or at the cut-off, and at the
    /// time itself for a request that comes later than the cut-off, out of a hold made before it.
    #[must_use]
    pub fn answer_until(&self, now: Timestamp, starts_at: Timestamp) -> Timestamp {
        let in_a_day = now.saturating_add(Self::ANSWER_WITHIN).unwrap_or(now);
        let cutoff = self.cutoff(starts_at);
        whole_second(in_a_day.min(if cutoff > now { cutoff } else { starts_at }))
    }
}

fn earlier(instant: Timestamp, minutes: u16) -> Timestamp {
    instant.saturating_sub(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(instant)
}

fn whole_second(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_their_bounds() {
        assert!(Policy::default().out_of_bounds().is_empty());
        let wrong = Policy { window_days: 0, hold_minutes: 16, ..Policy::default() };
        assert_eq!(wrong.out_of_bounds(), ["windowDays", "holdMinutes"]);
    }

    #[test]
    fn a_request_is_answered_in_a_day_or_by_the_cutoff() {
        let policy = Policy::default();
        let now: Timestamp = "2026-12-01T10:00:00Z".parse().unwrap();
        let soon: Timestamp = "2026-12-01T14:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-12-05T14:00:00Z".parse().unwrap();
        assert_eq!(policy.answer_until(now, soon), "2026-12-01T13:00:00Z".parse().unwrap());
        assert_eq!(policy.answer_until(now, later), "2026-12-02T10:00:00Z".parse().unwrap());
        // A hold confirmed after the cut-off must not be declined before anybody could answer.
        let at_once: Timestamp = "2026-12-01T10:30:00Z".parse().unwrap();
        assert_eq!(policy.answer_until(now, at_once), at_once);
    }
}
