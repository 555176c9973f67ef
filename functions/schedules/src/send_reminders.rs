//! `send-reminders`: every five minutes, counts the reminders that have fallen due. `send-mail` is woken by what is counted
//! and sends them, unless their reader does without.

use aws_lambda_events::eventbridge::EventBridgeEvent;
use jari_domain::Clock;
use jari_operations::count_reminders;
use jari_store::{Store, StoreError};
use jari_telemetry::Metric;
use jari_wiring::{House, OpenError};

/// The function, opened.
#[derive(Clone)]
pub struct SendReminders {
    store: Store,
    clock: Clock,
}

impl SendReminders {
    /// Opens the function with what it needs.
    ///
    /// # Errors
    /// [`OpenError`] when a setting is missing.
    #[allow(clippy::unused_async, reason = "functions are opened alike")]
    pub async fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, clock: house.clock() })
    }

    /// Counts what is due. The event's own time is not asked: a late event finds more to do, not less.
    ///
    /// # Errors
    /// [`StoreError`] when what is due can't be read; the schedule's next event goes on.
    pub async fn handle(&self, _event: EventBridgeEvent) -> Result<(), StoreError> {
        let work = count_reminders(&self.store, self.clock.now()).await?;
        jari_telemetry::record(Metric::DueWorkFailed, work.failed.into());
        if work.done > 0 || work.failed > 0 {
            tracing::info!(done = work.done, failed = work.failed, more = work.more, "reminders due");
        }
        Ok(())
    }
}
