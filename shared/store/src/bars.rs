//! Lifting a bar: a diner who came too seldom may book online again.

use jari_domain::{DinerId, RestaurantId};
use jiff::Timestamp;

use crate::{
    AuditLine, RetryBudget, Store, StoreError,
    changes::{Applied, Changes, Condition},
    item::number,
    keys,
    restaurant::{NO_SHOWS_SK, REVISION},
};

impl Store {
    /// Lets `diner` book online at `restaurant` again: no-shows until `now` count no more. False when there is no bar.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn lift_bar(
        &self,
        restaurant: RestaurantId,
        diner: &DinerId,
        now: Timestamp,
        line: &AuditLine,
    ) -> Result<bool, StoreError> {
        let mut changes = Changes::default();
        let barred = Condition::new("attribute_exists(#diner)").name("#diner", &diner.0);
        let bars = keys::key(keys::restaurant(restaurant), NO_SHOWS_SK);
        changes.update(self, bars, "REMOVE #diner", barred)?;
        // The revision rises, so that a no-show that was counted before the lift is counted anew.
        let lifted = Condition::any()
            .name("#lifted", "liftedAt")
            .name("#rev", REVISION)
            .value(":now", number(now.as_second()))
            .value(":one", number(1));
        let record = keys::guest_record(restaurant, diner);
        changes.update(self, record, "SET #lifted = :now ADD #rev :one", lifted)?;
        self.add_audit_line(&mut changes, restaurant, line)?;
        Ok(matches!(self.apply(&changes, &mut RetryBudget::start()).await?, Applied::Done))
    }
}
