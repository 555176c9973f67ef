//! `finish-erasures`: every five minutes, goes on with the erasures that their owners have begun and not finished. Their access
//! tokens last a quarter of an hour, and nobody signs in to an account that is going.

use aws_lambda_events::eventbridge::EventBridgeEvent;
use jari_domain::Clock;
use jari_operations::accounts::finish_erasures;
use jari_store::{Store, StoreError};
use jari_telemetry::Metric;
use jari_wiring::{House, OpenError};

/// The function, opened.
#[derive(Clone)]
pub struct FinishErasures {
    store: Store,
    clock: Clock,
}

impl FinishErasures {
    /// Opens the function with what it needs.
    ///
    /// # Errors
    /// [`OpenError`] when a setting is missing.
    #[allow(clippy::unused_async, reason = "functions are opened alike")]
    pub async fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, clock: house.clock() })
    }

    /// Erases what is due.
    ///
    /// # Errors
    /// [`StoreError`] when what is due can't be read; the schedule's next event goes on.
    pub async fn handle(&self, _event: EventBridgeEvent) -> Result<(), StoreError> {
        let work = finish_erasures(&self.store, self.clock.now()).await?;
        jari_telemetry::record(Metric::DueWorkFailed, work.failed.into());
        if work.done > 0 || work.failed > 0 || work.more {
            tracing::info!(done = work.done, failed = work.failed, more = work.more, "erasures finished");
        }
        Ok(())
    }
}
