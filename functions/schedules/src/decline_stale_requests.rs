//! `decline-stale-requests`: every minute, declines the requests that nobody answered in time. Their seats are free without it;
//! their guests learn it from the mail that follows.

use aws_lambda_events::eventbridge::EventBridgeEvent;
use jari_domain::Clock;
use jari_operations::decline_stale_requests;
use jari_store::{Store, StoreError};
use jari_telemetry::Metric;
use jari_wiring::{House, OpenError};

/// The function, opened.
#[derive(Clone)]
pub struct DeclineStaleRequests {
    store: Store,
    clock: Clock,
}

impl DeclineStaleRequests {
    /// Opens the function with what it needs.
    ///
    /// # Errors
    /// [`OpenError`] when a setting is missing.
    #[allow(clippy::unused_async, reason = "functions are opened alike")]
    pub async fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, clock: house.clock() })
    }

    /// Declines what is due. The event's own time is not asked: a late event finds more to do, not less.
    ///
    /// # Errors
    /// [`StoreError`] when what is due can't be read; the schedule's next event goes on.
    pub async fn handle(&self, _event: EventBridgeEvent) -> Result<(), StoreError> {
        let work = decline_stale_requests(&self.store, self.clock.now()).await?;
        jari_telemetry::record(Metric::RequestLapsed, work.done.into());
        jari_telemetry::record(Metric::DueWorkFailed, work.failed.into());
        if work.done > 0 || work.failed > 0 {
            tracing::info!(done = work.done, failed = work.failed, more = work.more, "requests declined");
        }
        Ok(())
    }
}
