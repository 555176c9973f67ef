//! Working off what has fallen due, a page of each shard after another.

use std::time::Duration;

use jari_domain::ReservationId;
use jari_store::{DueKind, Store, StoreError};
use jiff::Timestamp;
use tokio::time::Instant;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DueWork {
    /// Done.
    pub done: u32,
    /// Could not be read or written; the next run tries again.
    pub failed: u32,
    /// More may be due than this run had time for; the next one goes on.
    pub more: bool,
}

/// Does `one` to each reservation of which `kind` is due by `now`, for at most some 20 seconds. `one` says whether there
/// was anything to do. One that fails does not keep the others.
///
/// # Errors
/// [`StoreError`] when what is due can't be read; what was done until then stays so.
pub(crate) async fn work_off<Doing>(
    store: &Store,
    kind: DueKind,
    now: Timestamp,
    one: impl Fn(Store, ReservationId) -> Doing,
) -> Result<DueWork, StoreError>
where
    Doing: Future<Output = Result<bool, StoreError>>,
{
    const PAGE: i32 = 100;
    const AT_MOST: Duration = Duration::from_secs(20);
    let stop_at = Instant::now() + AT_MOST;
    let mut work = DueWork::default();
    for shard in 0..DueKind::SHARDS {
        loop {
            let due = store.due(kind, shard, now, PAGE).await?;
            let before = work.done;
            for id in &due {
                match one(store.clone(), *id).await {
                    Ok(done) => work.done += u32::from(done),
                    Err(error) => {
                        tracing::error!(reservation = %id, ?kind, %error, "what is due can't be done");
                        work.failed += 1;
                    }
                }
                if Instant::now() >= stop_at {
                    work.more = true;
                    return Ok(work);
                }
            }
            // The index may lag behind: what it still shows but is done already comes back later, if at all.
            if due.len() < usize::try_from(PAGE).unwrap_or_default() || work.done == before {
                break;
            }
        }
    }
    Ok(work)
}
