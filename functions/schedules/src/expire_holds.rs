//! `expire-holds`: every minute, writes down the holds that have ended, and the requests that nobody answered in time.
//! Their seats are free without it.

use aws_lambda_events::eventbridge::EventBridgeEvent;
use jari_domain::Clock;
use jari_operations::end_overdue;
use jari_store::{DueKind, Store, StoreError};
use jari_wiring::{House, OpenError};

/// The function, opened.
#[derive(Clone)]
pub struct ExpireHolds {
    store: Store,
    clock: Clock,
}

impl ExpireHolds {
    /// Opens the function with what it needs.
    ///
    /// # Errors
    /// [`OpenError`] when a setting is missing.
    #[allow(clippy::unused_async, reason = "functions are opened alike")]
    pub async fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, clock: house.clock() })
    }

    /// Expires what is due. The event's own time is not asked: a late event finds more to do, not less.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read or written; the schedule's next event goes on.
    pub async fn handle(&self, _event: EventBridgeEvent) -> Result<(), StoreError> {
        for kind in [DueKind::Hold, DueKind::Request] {
            let done = end_overdue(&self.store, kind, self.clock.now()).await?;
            if done.ended > 0 || done.failed > 0 {
                tracing::info!(?kind, ended = done.ended, failed = done.failed, more = done.more, "ended");
            }
        }
        Ok(())
    }
}
