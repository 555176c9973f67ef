//! Writing down that holds and unanswered requests have ended. Their cells are free without it; the reservation's own
//! record, whoever lists it, and for a request the mail to its guest, learn it here.

use jari_domain::{Actor, ReservationId, Transition};
use jari_store::{DueKind, Store, StoreError};
use jiff::Timestamp;

use crate::due_work::{DueWork, work_off};

/// Writes down the holds that have ended by `now`, for at most some 20 seconds. Safe to repeat and to run twice at a time:
/// each write is conditioned on the reservation still being as it was read.
///
/// # Errors
/// [`StoreError`] when what is due can't be read; what was ended until then stays so.
pub async fn expire_holds(store: &Store, now: Timestamp) -> Result<DueWork, StoreError> {
    work_off(store, DueKind::Hold, now, |store, id| end(store, id, Transition::Expire, now)).await
}

/// Declines the requests that nobody answered in time, as [`expire_holds`] ends holds.
///
/// # Errors
/// [`StoreError`] when what is due can't be read; what was declined until then stays so.
pub async fn decline_stale_requests(store: &Store, now: Timestamp) -> Result<DueWork, StoreError> {
    work_off(store, DueKind::Request, now, |store, id| end(store, id, Transition::Decline, now)).await
}

async fn end(
    store: Store,
    id: ReservationId,
    transition: Transition,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(stored) = store.reservation(id).await? else {
        return Ok(false);
    };
    let reservation = &stored.reservation;
    let is_over = reservation.until.is_some_and(|until| until <= now);
    match reservation.after(transition, now, Actor::House, None) {
        Ok(ended) if is_over => store.write_ended(&ended, &stored).await,
        _ => Ok(false),
    }
}
