//! Counting the reminders that have fallen due. What is counted is what is mailed: the stream tells it to who sends.

use jari_domain::{Reservation, ReservationId, Status, reminders_past};
use jari_store::{DueKind, Store, StoreError};
use jiff::Timestamp;

use crate::due_work::{DueWork, work_off};

/// Counts the reminders due by `now`, for at most some 20 seconds. Safe to repeat and to run twice at a time: each write is
/// conditioned on the reservation still being confirmed, at its revision, and reminded as often as was read. A reminder
/// whose time is over because the next one is due too is counted with it, and only that one is mailed.
///
/// # Errors
/// [`StoreError`] when what is due can't be read; what was counted until then stays so.
pub async fn count_reminders(store: &Store, now: Timestamp) -> Result<DueWork, StoreError> {
    work_off(store, DueKind::Reminder, now, |store, id| count(store, id, now)).await
}

async fn count(store: Store, id: ReservationId, now: Timestamp) -> Result<bool, StoreError> {
    let Some(stored) = store.reservation(id).await? else {
        return Ok(false);
    };
    let read = stored.reservation;
    let past = reminders_past(read.span.start(), now);
    if read.status != Status::Confirmed || past <= read.reminded {
        return Ok(false);
    }
    let counted = Reservation { reminded: past, ..read.clone() };
    store.write_reminded(&counted, &read).await
}
