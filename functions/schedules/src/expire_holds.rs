//! `expire-holds`: every minute, writes down the holds that have ended. Their seats are free without it. Where a pace was
//! set a minute ago, it counts those who had booked meanwhile.

use aws_lambda_events::eventbridge::EventBridgeEvent;
use jari_domain::Clock;
use jari_operations::{expire_holds, recount_due};
use jari_store::{Store, StoreError};
use jari_telemetry::Metric;
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
    /// [`StoreError`] when what is due can't be read; the schedule's next event goes on.
    pub async fn handle(&self, _event: EventBridgeEvent) -> Result<(), StoreError> {
        let work = expire_holds(&self.store, self.clock.now()).await?;
        jari_telemetry::record(Metric::HoldExpired, work.done.into());
        jari_telemetry::record(Metric::DueWorkFailed, work.failed.into());
        if work.done > 0 || work.failed > 0 {
            tracing::info!(done = work.done, failed = work.failed, more = work.more, "holds expired");
        }
        let recounted = recount_due(&self.store, self.clock.now()).await?;
        if recounted > 0 {
            tracing::info!(recounted, "arrivals counted once more");
        }
        Ok(())
    }
}
