//! The rules of an evening: from when a party counts as not come, until when a mistake can be undone, and what a party
//! that leaves early gives back.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::{Cell, Reservation, Span, Status, service_day};

/// Why a step of the evening can't be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTiming {
    /// The party may still come.
    #[error("not before {0}")]
    NotBefore(Timestamp),
    /// The mistake is too old.
    #[error("only until {0}")]
    OnlyUntil(Timestamp),
    /// Its service day is over.
    #[error("only on its service day")]
    AnotherDay,
}

impl Reservation {
    /// A party that has not come so long after its time can be marked as not coming.
    pub const NO_SHOW_AFTER: SignedDuration = SignedDuration::from_mins(15);
    /// So long after a party was seated it can be said that it was not.
    pub const UNDO_SEAT_WITHIN: SignedDuration = SignedDuration::from_mins(15);

    /// Passes a no-show from 15 minutes after the party's time.
    ///
    /// # Errors
    /// [`BadTiming::NotBefore`].
    pub fn in_time_for_no_show(&self, now: Timestamp) -> Result<(), BadTiming> {
        let from = later(self.span.start(), Self::NO_SHOW_AFTER);
        if now >= from { Ok(()) } else { Err(BadTiming::NotBefore(from)) }
    }

    /// Passes an undo: of seating within 15 minutes, of a no-show on the same service day.
    ///
    /// # Errors
    /// [`BadTiming::OnlyUntil`], [`BadTiming::AnotherDay`].
    pub fn in_time_to_undo(&self, now: Timestamp, zone: &TimeZone) -> Result<(), BadTiming> {
        match self.status {
            Status::Seated => {
                let until = later(self.seated_at(), Self::UNDO_SEAT_WITHIN);
                if now <= until { Ok(()) } else { Err(BadTiming::OnlyUntil(until)) }
            }
            _ if service_day(now, zone) == self.date => Ok(()),
            _ => Err(BadTiming::AnotherDay),
        }
    }

    /// When the party sat down last; a change of its table since does not count.
    fn seated_at(&self) -> Timestamp {
        let seats =
            |entry: &&crate::HistoryEntry| entry.to == Status::Seated && entry.from != Some(Status::Seated);
        self.history.iter().rev().find(seats).map_or(self.created_at, |entry| entry.at)
    }
}

impl Span {
    /// What of it a party that leaves at `now` has had: up to the end of the quarter hour that has begun, at least one.
    #[must_use]
    pub fn left_at(self, now: Timestamp) -> Self {
        let begun = Cell::containing(now).map_or(0, |cell| cell.0.saturating_sub(self.first().0) + 1);
        let minutes = u16::try_from(begun).unwrap_or(u16::MAX).clamp(1, self.minutes() / Cell::MINUTES);
        Self::new(self.start(), minutes * Cell::MINUTES).unwrap_or(self)
    }
}

fn later(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.checked_add(by).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, Channel, Party, ReservationId, RestaurantId, TableId, Transition};

    const START: &str = "2026-12-24T10:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn confirmed() -> Reservation {
        Reservation {
            id: ReservationId::derived([1; 16]),
            restaurant: RestaurantId::derived([2; 16]),
            date: jiff::civil::date(2026, 12, 24),
            span: Span::new(at(START), 90).unwrap(),
            party: Party::new(2).unwrap(),
            tables: vec![TableId::derived([3; 16])],
            area: None,
            guest: None,
            diner: None,
            note: None,
            status: Status::Confirmed,
            until: None,
            hold_place: None,
            paced: false,
            channel: Channel::InHouse,
            reminded: 0,
            reconfirmed_at: None,
            revision: 1,
            created_at: at("2026-12-01T10:00:00Z"),
            history: vec![],
        }
    }

    #[test]
    fn a_party_is_a_no_show_from_15_minutes_after_its_time() {
        let too_early = confirmed().in_time_for_no_show(at("2026-12-24T10:14:59Z"));
        assert_eq!(too_early, Err(BadTiming::NotBefore(at("2026-12-24T10:15:00Z"))));
        assert_eq!(confirmed().in_time_for_no_show(at("2026-12-24T10:15:00Z")), Ok(()));
    }

    #[test]
    fn seating_is_undone_within_15_minutes_of_it_whatever_changed_since() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let seated = confirmed().after(Transition::Seat, at("2026-12-24T10:05:00Z"), Actor::House, None);
        let moved = seated.unwrap().after(Transition::Change, at("2026-12-24T10:15:00Z"), Actor::House, None);
        let moved = moved.unwrap();
        assert_eq!(moved.in_time_to_undo(at("2026-12-24T10:20:00Z"), &seoul), Ok(()));
        let late = moved.in_time_to_undo(at("2026-12-24T10:20:01Z"), &seoul);
        assert_eq!(late, Err(BadTiming::OnlyUntil(at("2026-12-24T10:20:00Z"))));
    }

    #[test]
    fn a_no_show_is_undone_until_its_service_day_ends() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let absent = Reservation { status: Status::NoShow, ..confirmed() };
        assert_eq!(absent.in_time_to_undo(at("2026-12-25T04:59:00+09:00"), &seoul), Ok(()));
        let late = absent.in_time_to_undo(at("2026-12-25T05:00:00+09:00"), &seoul);
        assert_eq!(late, Err(BadTiming::AnotherDay));
    }

    #[test]
    fn who_leaves_early_has_had_the_quarter_hour_that_has_begun_and_no_more() {
        let span = confirmed().span;
        let minutes = |now: &str| span.left_at(at(now)).minutes();
        assert_eq!(minutes("2026-12-24T10:29:59Z"), 30);
        assert_eq!(minutes("2026-12-24T10:30:00Z"), 45);
        assert_eq!(minutes("2026-12-24T09:50:00Z"), 15, "seated and gone before their time");
        assert_eq!(minutes("2026-12-24T15:00:00Z"), 90, "longer than planned");
        assert_eq!(span.left_at(at("2026-12-24T10:29:59Z")).start(), at(START));
    }
}
