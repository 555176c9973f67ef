//! The guard that a fact is mailed once, however often the stream repeats it.
//!
//! SES knows no idempotency token, so the guard is a lease: who sends holds it for a while; sent is written down;
//! a sender that died in between is followed by another when the lease has ended.

use jari_domain::ReservationId;
use jiff::{SignedDuration, Timestamp};

use crate::{
    Store, StoreError,
    error::accepted,
    item::{number, number_of, text, text_of},
    keys::{self, EXPIRES_AT},
    random,
};

/// Which mail about which fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailKey {
    /// About which reservation.
    pub reservation: ReservationId,
    /// Which mail, as `confirmed`.
    pub kind: &'static str,
    /// About which of the reservation's revisions.
    pub revision: u64,
}

/// Whether a mail is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailGuard {
    /// By the asker, who holds the lease now.
    Send(MailLease),
    /// By nobody: it was sent, or parked.
    Settled,
    /// Another is at it; ask again later.
    Underway,
}

/// The right to send a mail, for a while. Whoever let it end can't settle or give back another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLease(String);

/// Who has the lease: a random text.
const HOLDER: &str = "holder";
/// Longer than the sender's function may run: it is never alive when its lease ends.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Streams repeat within a day; a year also serves "was this mailed?".
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 365);

impl MailKey {
    fn key(&self) -> crate::Item {
        keys::key(keys::reservation(self.reservation), format!("MAIL#{}#{}", self.kind, self.revision))
    }
}

impl Store {
    /// Asks to send a mail.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn begin_mail(&self, mail: &MailKey, now: Timestamp) -> Result<MailGuard, StoreError> {
        let seconds = |after: SignedDuration| number(now.as_second() + after.as_secs());
        // Marks the lease as ours: the SDK's retry after a lost answer is refused by our own first write.
        let holder = random::mark()?;
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(mail.key()))
            .update_expression("SET #lease = :until, #holder = :holder, #expires = :expires")
            .condition_expression("attribute_not_exists(PK) OR #lease <= :now")
            .expression_attribute_names("#lease", "leaseUntil")
            .expression_attribute_names("#holder", HOLDER)
            .expression_attribute_names("#expires", EXPIRES_AT)
            .expression_attribute_values(":until", seconds(LEASE))
            .expression_attribute_values(":holder", text(&holder))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":expires", seconds(KEPT))
            .return_values_on_condition_check_failure(
                aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld,
            );
        match update.send().await {
            Ok(_) => Ok(MailGuard::Send(MailLease(holder))),
            Err(error) => match error.as_service_error() {
                Some(aws_sdk_dynamodb::operation::update_item::UpdateItemError::ConditionalCheckFailedException(
                    refused,
                )) => {
                    let item = refused.item();
                    let leased = item.is_some_and(|item| number_of::<i64>(item, "leaseUntil").is_some());
                    let ours = item.is_some_and(|item| text_of(item, HOLDER).is_ok_and(|known| known == holder));
                    Ok(match (leased, ours) {
                        (true, true) => MailGuard::Send(MailLease(holder)),
                        (true, false) => MailGuard::Underway,
                        (false, _) => MailGuard::Settled,
                    })
                }
                _ => Err(error.into()),
            },
        }
    }

    /// Writes down how a mail ended: `sent` with the id that SES gave it, or `parked`. The lease goes, and with it any
    /// further attempt. Does nothing when the lease has ended and another has it.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn settle_mail(
        &self,
        mail: &MailKey,
        lease: &MailLease,
        outcome: &str,
        id: Option<&str>,
    ) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(mail.key()))
            .update_expression("SET #outcome = :outcome, #id = :id REMOVE #lease")
            .condition_expression("#holder = :holder")
            .expression_attribute_names("#outcome", "outcome")
            .expression_attribute_names("#id", "messageId")
            .expression_attribute_names("#lease", "leaseUntil")
            .expression_attribute_names("#holder", HOLDER)
            .expression_attribute_values(":outcome", text(outcome))
            .expression_attribute_values(":id", text(id.unwrap_or("-")))
            .expression_attribute_values(":holder", text(&lease.0));
        accepted(update.send().await)?;
        Ok(())
    }

    /// Gives the lease back after a try that may be repeated at once.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn give_back_mail(&self, mail: &MailKey, lease: &MailLease) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(mail.key()))
            .update_expression("SET #lease = :over")
            .condition_expression("#holder = :holder AND attribute_exists(#lease)")
            .expression_attribute_names("#lease", "leaseUntil")
            .expression_attribute_names("#holder", HOLDER)
            .expression_attribute_values(":over", number(0))
            .expression_attribute_values(":holder", text(&lease.0));
        accepted(update.send().await)?;
        Ok(())
    }
}
