//! What is known of an address as a place for mails: that none may go there any more, or that no reminders are wanted. Kept
//! by diner, so that no address is a key; most addresses have no such item, and to them everything is sent.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use jari_domain::DinerId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Item, RetryBudget, Store, StoreError, StoredAccount,
    changes::{Applied, Changes, Condition},
    error::accepted,
    item::{number, text},
    keys,
};

/// Why no mail may go to an address any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MailStop {
    /// The address does not exist, or takes nothing.
    Bounce,
    /// Whoever reads there called a mail of ours spam.
    Complaint,
}

/// What is known of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailAddress {
    /// Why nothing may be sent any more, and since when.
    pub stopped: Option<(MailStop, Timestamp)>,
    /// Its owner wants no reminders.
    pub no_reminders: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    #[serde(default)]
    stopped: Option<MailStop>,
    #[serde(default)]
    stopped_at: Option<i64>,
    #[serde(default)]
    no_reminders: bool,
}

const STOPPED: &str = "stopped";
const STOPPED_AT: &str = "stoppedAt";
const NO_REMINDERS: &str = "noReminders";

impl MailStop {
    /// As it is on the wire and in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::Complaint => "complaint",
        }
    }
}

impl Store {
    /// What is known of the addresses of `diners`, each once; those of whom nothing is known are not in it.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn mail_addresses(
        &self,
        diners: &[DinerId],
    ) -> Result<HashMap<DinerId, MailAddress>, StoreError> {
        let wanted: BTreeSet<&DinerId> = diners.iter().collect();
        let wanted = wanted.into_iter().map(keys::mail_address).collect();
        self.items_of(wanted).await?.into_iter().map(from_item).collect()
    }

    /// Writes down that no mail may go to the address of `diner` any more. The first reason stays, but for a complaint,
    /// which outweighs a bounce.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn stop_mail(&self, diner: &DinerId, why: MailStop, at: Timestamp) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(keys::mail_address(diner)))
            .update_expression("SET #stopped = :why, #at = :at")
            .condition_expression(
                "attribute_not_exists(#stopped) OR (#stopped <> :why AND :why = :complaint)",
            )
            .expression_attribute_names("#stopped", STOPPED)
            .expression_attribute_names("#at", STOPPED_AT)
            .expression_attribute_values(":why", text(why.as_str()))
            .expression_attribute_values(":complaint", text(MailStop::Complaint.as_str()))
            .expression_attribute_values(":at", number(at.as_second()));
        accepted(update.send().await)?;
        Ok(())
    }

    /// Writes whether the owner of the address of `diner` wants reminders.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn set_reminders(&self, diner: &DinerId, wanted: bool) -> Result<(), StoreError> {
        let mut changes = Changes::default();
        self.change_reminders(&mut changes, diner, wanted)?;
        self.apply(&changes, &mut RetryBudget::start()).await?;
        Ok(())
    }

    /// Writes `account` as [`Store::replace_account`] does, and what its address wants with it: whoever sends a reminder
    /// reads the address, not the account.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn replace_profile(&self, account: &StoredAccount) -> Result<bool, StoreError> {
        let mut changes = Changes::default();
        self.change_account(&mut changes, account)?;
        self.change_reminders(&mut changes, &account.diner, account.account.mail.reminders)?;
        Ok(matches!(self.apply(&changes, &mut RetryBudget::start()).await?, Applied::Done))
    }

    fn change_reminders(
        &self,
        changes: &mut Changes,
        diner: &DinerId,
        wanted: bool,
    ) -> Result<(), StoreError> {
        let always = Condition::any().name("#no", NO_REMINDERS);
        if wanted {
            changes.update(self, keys::mail_address(diner), "REMOVE #no", always)?;
        } else {
            let always = always.value(":yes", AttributeValue::Bool(true));
            changes.update(self, keys::mail_address(diner), "SET #no = :yes", always)?;
        }
        Ok(())
    }
}

fn from_item(item: Item) -> Result<(DinerId, MailAddress), StoreError> {
    let diner = keys::mail_address_of(&item)?;
    let Attributes { stopped, stopped_at, no_reminders } = serde_dynamo::from_item(item)?;
    let at = Timestamp::from_second(stopped_at.unwrap_or_default());
    let at = at.map_err(|_| StoreError::Corrupt("when mail was stopped".into()))?;
    Ok((diner, MailAddress { stopped: stopped.map(|why| (why, at)), no_reminders }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_kept() {
        let diner = DinerId("d".repeat(26));
        let mut item = keys::mail_address(&diner);
        assert_eq!(from_item(item.clone()).unwrap(), (diner.clone(), MailAddress::default()));
        item.insert(STOPPED.into(), text(MailStop::Complaint.as_str()));
        item.insert(STOPPED_AT.into(), number(7));
        item.insert(NO_REMINDERS.into(), AttributeValue::Bool(true));
        let at = Timestamp::from_second(7).unwrap();
        let known = MailAddress { stopped: Some((MailStop::Complaint, at)), no_reminders: true };
        assert_eq!(from_item(item).unwrap(), (diner, known));
    }
}
