//! Writing down that holds have ended. Their cells are free without it; the reservation's own record, and whoever
//! lists it, learns it here.

use jari_domain::{Actor, Status, Transition};
use jari_store::{DueKind, Store, StoreError};
use jiff::Timestamp;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expired {
    /// Holds written down as ended.
    pub expired: u32,
    /// More are due than one run takes on; the next one goes on.
    pub more: bool,
}

/// Expires the holds whose time has passed by `now`, at most some thousands a run. Safe to repeat and to run twice at
/// a time.
///
/// # Errors
/// [`StoreError`] when the table can't be read or written; what was expired until then stays so.
pub async fn expire_holds(store: &Store, now: Timestamp) -> Result<Expired, StoreError> {
    const PAGE: i32 = 100;
    const MOST_PAGES: u32 = 20;
    let mut done = Expired::default();
    for shard in 0..DueKind::SHARDS {
        for page in 0..MOST_PAGES {
            let due = store.due(DueKind::Hold, shard, now, PAGE).await?;
            let mut progress = false;
            for id in &due {
                let Some(stored) = store.reservation(*id).await? else {
                    continue;
                };
                let held = &stored.reservation;
                if held.status != Status::Held || held.status_at(now) != Status::Expired {
                    continue;
                }
                let Ok(ended) = held.after(Transition::Expire, now, Actor::House, None) else {
                    continue;
                };
                if store.write_ended(&ended, &stored).await? {
                    done.expired += 1;
                    progress = true;
                }
            }
            // The index may lag behind: what it still shows but is done already comes back later, if at all.
            if !progress || due.len() < usize::try_from(PAGE).unwrap_or_default() {
                break;
            }
            done.more |= page + 1 == MOST_PAGES;
        }
    }
    Ok(done)
}
