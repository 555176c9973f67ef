//! Forgetting somebody: the person goes out of each reservation, and with it what is kept about them only.
//!
//! What stays of a reservation is read from it, never from what is left of the person: each step can be taken again, and
//! finds what the one before it left.

use std::collections::BTreeSet;

use jari_domain::{AccountId, DinerId, Reservation, RestaurantId};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::{
    MailAbout, Resource, RetryBudget, Session, Store, StoreError, StoredAccount, StoredReservation, Throttle,
    account,
    changes::{Applied, Changes, Condition},
    claims,
    error::accepted,
    item::text,
    keys, random, reservation,
    restaurant::NO_SHOWS_SK,
};

impl Store {
    /// Forgets who `read` is for: writes what stays of it, and deletes what the restaurant knows of its diner and the
    /// diner's own time that nothing else has claimed at `now`. The tables and covers that it has stay its own. False
    /// when it is no longer as it was read.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn forget_diner(&self, read: &StoredReservation, now: Timestamp) -> Result<bool, StoreError> {
        let before = &read.reservation;
        let Some(diner) = &before.diner else { return Ok(true) };
        self.forget_bar(before.restaurant, diner).await?;
        let mut changes = Changes::default();
        // No fingerprint either: it is of what the guest sent.
        let item = reservation::to_item(&before.without_diner(), None, &random::mark()?)?;
        changes.put(self, item, Condition::revision(before.revision))?;
        changes.delete(self, keys::guest_record(before.restaurant, diner), Condition::any())?;
        for day in days_of(before) {
            let resource = Resource::diner_time(diner, day);
            if !self.is_claimed_by_others(&resource, read, now).await? {
                changes.delete(self, resource.key(), Condition::any())?;
            }
        }
        Ok(matches!(self.apply(&changes, &mut RetryBudget::start()).await?, Applied::Done))
    }

    /// Whether another reservation of the same diner has time on it; that one will take it along.
    async fn is_claimed_by_others(
        &self,
        resource: &Resource,
        read: &StoredReservation,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let item = self.item(resource.key()).await?.unwrap_or_default();
        let own = read.reservation.id.short();
        Ok(claims::cells_of(&item).any(|(_, claim)| claim.is_live(now) && claim.owner() != own))
    }

    async fn forget_bar(&self, restaurant: RestaurantId, diner: &DinerId) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(keys::key(keys::restaurant(restaurant), NO_SHOWS_SK)))
            .update_expression("REMOVE #diner")
            .condition_expression("attribute_exists(#diner)")
            .expression_attribute_names("#diner", &diner.0);
        accepted(update.send().await)?;
        Ok(())
    }

    /// Deletes all that is kept under a diner and an account but the account itself and its address: what is known of the
    /// address as a place for mails, pending sign-ups and resets, guards of their mails, sessions, its places for holds, that
    /// it founded restaurants which nobody has approved yet, and the counts of
    /// `throttles` in the windows of `now` and just before; those of older ones are over, and DynamoDB's to tidy up.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read or written.
    pub async fn forget_address(
        &self,
        stored: &StoredAccount,
        throttles: &[Throttle],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (id, diner) = (stored.account.id, &stored.diner);
        self.delete_item(keys::mail_address(diner)).await?;
        // What waits for a mail to be followed: how many may be asked for in an hour is bounded, and they end within a day.
        for pending in [keys::sign_up(diner), keys::password_reset(diner)] {
            self.delete_partition(pending, None).await?;
        }
        for throttle in throttles {
            for at in [Some(now), now.checked_sub(throttle.window).ok()].into_iter().flatten() {
                self.delete_item(throttle.key(at)).await?;
            }
        }
        let about = [
            MailAbout::SignUp(diner.clone()),
            MailAbout::PasswordReset(diner.clone()),
            MailAbout::Account(id),
        ];
        for about in about {
            self.delete_partition(keys::mailed(&about.to_string()), None).await?;
        }
        self.delete_item(keys::hold_places_of(id)).await?;
        self.forget_founder(id).await?;
        self.delete_partition(keys::account(id), Some(keys::ACCOUNT_SK)).await
    }

    /// Deletes an account that is being erased and its address, in one write: the address is free again.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn delete_account(&self, stored: &StoredAccount) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        let is_erased = Condition::new("#deleting = :yes")
            .name("#deleting", account::DELETING)
            .value(":yes", aws_sdk_dynamodb::types::AttributeValue::Bool(true));
        changes.delete(self, account::key(stored.account.id), is_erased)?;
        let own = Condition::new("#account = :account")
            .name("#account", account::ACCOUNT)
            .value(":account", text(stored.account.id.digits()));
        changes.delete(self, keys::address(&stored.diner), own)?;
        // Refused where another call was faster: either way it is gone.
        self.apply(&changes, &mut RetryBudget::start()).await?;
        Ok(())
    }

    /// Accounts that are being erased, at most `most`: as the index tells, so one may be gone by now.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn erasures_due(&self, most: i32) -> Result<Vec<AccountId>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name(keys::DUE)
            .key_condition_expression("#k = :k")
            .expression_attribute_names("#k", keys::DUE_KEY)
            .expression_attribute_values(":k", text(account::ERASURES_DUE))
            .limit(most);
        query.send().await?.items().iter().map(keys::account_id).collect()
    }

    /// The sign-ins of an account, at most `most`; read consistently.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn sessions(&self, account: AccountId, most: i32) -> Result<Vec<Session>, StoreError> {
        let query = self.items_under(keys::account(account), keys::SESSION).limit(most);
        let items = query.send().await?.items.unwrap_or_default();
        items.into_iter().map(|item| crate::session::from_item(account, item)).collect()
    }

    async fn delete_partition(&self, pk: String, but: Option<&str>) -> Result<(), StoreError> {
        let mut found = self
            .client
            .query()
            .table_name(&*self.table)
            .consistent_read(true)
            .key_condition_expression("PK = :pk")
            .expression_attribute_values(":pk", text(pk))
            .projection_expression("PK, SK")
            .into_paginator()
            .items()
            .send();
        // Few: a person's own items.
        while let Some(key) = found.next().await {
            let key = key?;
            if but != Some(crate::item::text_of(&key, keys::SK)?) {
                self.delete_item(key).await?;
            }
        }
        Ok(())
    }
}

/// The UTC days on which a reservation has or had its diner's time: where it was moved from, what is left is empty and still
/// named for the diner. No stay is longer than a day.
fn days_of(reservation: &Reservation) -> BTreeSet<Date> {
    let left = reservation.history.iter().filter_map(|entry| entry.before.as_ref());
    let left =
        left.flat_map(|place| [utc_day(place.starts_at), utc_day(place.starts_at).saturating_add(1.day())]);
    reservation.span.cells().map(|cell| utc_day(cell.start())).chain(left).collect()
}

fn utc_day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}
