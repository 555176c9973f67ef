//! Work that falls due: a sparse index, by kind and shard, in order of time.

use jari_domain::{Reservation, ReservationId, Status};
use jiff::Timestamp;

/// Which work falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    /// A hold ends.
    Hold,
    /// A request's time to answer ends.
    Request,
    /// A diner is to be reminded of a visit.
    Reminder,
}

impl DueKind {
    /// Over so many partitions a kind's work is spread: 1,000 writes a second each.
    pub const SHARDS: u8 = 4;

    pub(crate) fn key(self, shard: u8) -> String {
        let kind = match self {
            Self::Hold => "hold",
            Self::Request => "request",
            Self::Reminder => "reminder",
        };
        format!("DUE#{kind}#{shard}")
    }
}

pub(crate) fn shard_of(id: ReservationId) -> u8 {
    id.short()[9] % DueKind::SHARDS
}

pub(crate) fn of(reservation: &Reservation) -> Option<(DueKind, Timestamp)> {
    match reservation.status {
        Status::Held => Some((DueKind::Hold, reservation.until?)),
        Status::Requested => Some((DueKind::Request, reservation.until?)),
        // Who has no address can't be reminded.
        Status::Confirmed => {
            reservation.guest.as_ref()?.email.as_ref()?;
            Some((DueKind::Reminder, reservation.next_reminder()?))
        }
        _ => None,
    }
}
