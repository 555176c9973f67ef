//! Writing down that holds and unanswered requests have ended. Their cells are free without it; the reservation's own
//! record, whoever lists it, and for a request the mail to its guest, learn it here.

use std::time::Duration;

use jari_domain::{Actor, ReservationId, Transition};
use jari_store::{DueKind, Store, StoreError};
use jiff::Timestamp;
use tokio::time::Instant;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ended {
    /// Written down as ended.
    pub ended: u32,
    /// Could not be read or written; the next run tries again.
    pub failed: u32,
    /// More may be due than this run had time for; the next one goes on.
    pub more: bool,
}

/// Writes down what of `kind` has ended by `now`, for at most some 20 seconds. Safe to repeat and to run twice at a time:
/// each write is conditioned on the reservation still being as it was read. One that fails does not keep the others.
///
/// # Errors
/// [`StoreError`] when what is due can't be read; what was ended until then stays so.
pub async fn end_overdue(store: &Store, kind: DueKind, now: Timestamp) -> Result<Ended, StoreError> {
    const PAGE: i32 = 100;
    const AT_MOST: Duration = Duration::from_secs(20);
    let stop_at = Instant::now() + AT_MOST;
    let mut done = Ended::default();
    for shard in 0..DueKind::SHARDS {
        loop {
            let due = store.due(kind, shard, now, PAGE).await?;
            let before = done.ended;
            for id in &due {
                match end(store, *id, kind, now).await {
                    Ok(ended) => done.ended += u32::from(ended),
                    Err(error) => {
                        tracing::error!(reservation = %id, %error, "can't be ended");
                        done.failed += 1;
                    }
                }
                if Instant::now() >= stop_at {
                    done.more = true;
                    return Ok(done);
                }
            }
            // The index may lag behind: what it still shows but is done already comes back later, if at all.
            if due.len() < usize::try_from(PAGE).unwrap_or_default() || done.ended == before {
                break;
            }
        }
    }
    Ok(done)
}

async fn end(store: &Store, id: ReservationId, kind: DueKind, now: Timestamp) -> Result<bool, StoreError> {
    let Some(stored) = store.reservation(id).await? else {
        return Ok(false);
    };
    let reservation = &stored.reservation;
    let transition = match kind {
        DueKind::Hold => Transition::Expire,
        DueKind::Request => Transition::Decline,
        // A reminder ends nothing.
        DueKind::Reminder => return Ok(false),
    };
    let is_over = reservation.until.is_some_and(|until| until <= now);
    match reservation.after(transition, now, Actor::House, None) {
        Ok(ended) if is_over => store.write_ended(&ended, &stored).await,
        _ => Ok(false),
    }
}
