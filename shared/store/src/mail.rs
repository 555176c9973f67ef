//! The guard that a fact is mailed once, however often the stream repeats it.
//!
//! SES knows no idempotency token, so the guard is a lease: who sends holds it for a while; sent is written down;
//! a sender that died in between is followed by another when the lease has ended. What SES says of a mail it took is
//! written down too, as every mail carries its guard's name in its tags: mostly long before that.

use std::{fmt, str::FromStr};

use jari_domain::{AccountId, DinerId, ReservationId, RestaurantId};
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
    about: MailAbout,
    kind: String,
    /// Which of the facts of that kind.
    which: String,
}

/// What a mail is about. As text, `rsv_…`, `rst_…`, `acc_…`, `signup_…` or `reset_…`: no address is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailAbout {
    /// A reservation.
    Reservation(ReservationId),
    /// A restaurant: its approval, its staff.
    Restaurant(RestaurantId),
    /// An account.
    Account(AccountId),
    /// A sign-up that waits for its address to be verified.
    SignUp(DinerId),
    /// A password reset that was asked for.
    PasswordReset(DinerId),
}

/// Not what a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not what a mail is about")]
pub struct UnknownMailAbout;

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
pub struct MailLease {
    holder: String,
    /// When the mail was first tried.
    pub since: Timestamp,
}

/// Who has the lease: a random text.
const HOLDER: &str = "holder";
/// When the first lease began.
const SINCE: &str = "since";
/// Longer than the sender's function may run: it is never alive when its lease ends.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Streams repeat within a day; a year also serves "was this mailed?".
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 365);

impl MailKey {
    /// The names of the tags by which SES tells of a mail, beside its kind's.
    pub const TAGS: [&str; 2] = ["about", "which"];

    /// The mail of `kind` about the `which`th such fact. Whatever SES takes in no tag becomes a hyphen in `which`.
    #[must_use]
    pub fn new(about: MailAbout, kind: &str, which: &str) -> Self {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        Self { about, kind: kind.to_owned(), which: which.replace(|c| !fits(c), "-") }
    }

    /// Which mail, as `confirmed`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What it is about.
    #[must_use]
    pub fn about(&self) -> &MailAbout {
        &self.about
    }

    /// The tags' values, in the order of [`MailKey::TAGS`]; [`MailKey::new`] makes the key again of them and the kind.
    #[must_use]
    pub fn tags(&self) -> [String; 2] {
        [self.about.to_string(), self.which.clone()]
    }

    fn key(&self) -> crate::Item {
        let pk = match &self.about {
            MailAbout::Reservation(id) => keys::reservation(*id),
            // In a partition of its own: a restaurant is read whole, and an account erased whole.
            about => keys::mailed(&about.to_string()),
        };
        keys::key(pk, format!("MAIL#{}#{}", self.kind, self.which))
    }
}

impl fmt::Display for MailAbout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reservation(id) => write!(f, "{id}"),
            Self::Restaurant(id) => write!(f, "{id}"),
            Self::Account(id) => write!(f, "{id}"),
            Self::SignUp(diner) => write!(f, "signup_{}", diner.0),
            Self::PasswordReset(diner) => write!(f, "reset_{}", diner.0),
        }
    }
}

impl FromStr for MailAbout {
    type Err = UnknownMailAbout;

    fn from_str(text: &str) -> Result<Self, UnknownMailAbout> {
        let diner = |digits: &str| {
            // Of the form of an id, whose digits a diner's are.
            AccountId::from_digits(digits).map(|_| DinerId(digits.to_owned())).map_err(|_| UnknownMailAbout)
        };
        match text.split_once('_') {
            Some(("signup", digits)) => diner(digits).map(Self::SignUp),
            Some(("reset", digits)) => diner(digits).map(Self::PasswordReset),
            Some(("rsv", _)) => text.parse().map(Self::Reservation).map_err(|_| UnknownMailAbout),
            Some(("rst", _)) => text.parse().map(Self::Restaurant).map_err(|_| UnknownMailAbout),
            Some(("acc", _)) => text.parse().map(Self::Account).map_err(|_| UnknownMailAbout),
            _ => Err(UnknownMailAbout),
        }
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
            .update_expression(
                "SET #lease = :until, #holder = :holder, #expires = :expires, #since = if_not_exists(#since, :now)",
            )
            .condition_expression("attribute_not_exists(PK) OR #lease <= :now")
            .expression_attribute_names("#lease", "leaseUntil")
            .expression_attribute_names("#holder", HOLDER)
            .expression_attribute_names("#since", SINCE)
            .expression_attribute_names("#expires", EXPIRES_AT)
            .return_values(aws_sdk_dynamodb::types::ReturnValue::UpdatedNew)
            .expression_attribute_values(":until", seconds(LEASE))
            .expression_attribute_values(":holder", text(&holder))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":expires", seconds(KEPT))
            .return_values_on_condition_check_failure(
                aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld,
            );
        let lease = |item: Option<&crate::Item>| {
            let since = item.and_then(|item| number_of(item, SINCE));
            let since = since.and_then(|second| Timestamp::from_second(second).ok()).unwrap_or(now);
            MailGuard::Send(MailLease { holder: holder.clone(), since })
        };
        match update.send().await {
            Ok(written) => Ok(lease(written.attributes())),
            Err(error) => match error.as_service_error() {
                Some(aws_sdk_dynamodb::operation::update_item::UpdateItemError::ConditionalCheckFailedException(
                    refused,
                )) => {
                    let item = refused.item();
                    let leased = item.is_some_and(|item| number_of::<i64>(item, "leaseUntil").is_some());
                    let ours = item.is_some_and(|item| text_of(item, HOLDER).is_ok_and(|known| known == holder));
                    Ok(match (leased, ours) {
                        (true, true) => lease(item),
                        (true, false) => MailGuard::Underway,
                        (false, _) => MailGuard::Settled,
                    })
                }
                _ => Err(error.into()),
            },
        }
    }

    /// Writes down how a mail ended: `sent` with the id that SES gave it, `parked` or `stopped`. The lease goes, and with
    /// it any further attempt. Does nothing when the lease has ended and another has it.
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
            .expression_attribute_values(":holder", text(&lease.holder));
        accepted(update.send().await)?;
        Ok(())
    }

    /// Writes down that SES says it took a mail, unless how it ended is known already. False when it is, or when nobody
    /// ever asked to send it.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn settle_mail_as_sent(&self, mail: &MailKey, id: &str) -> Result<bool, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(mail.key()))
            .update_expression("SET #outcome = :outcome, #id = :id REMOVE #lease")
            .condition_expression("attribute_exists(#lease) AND attribute_not_exists(#outcome)")
            .expression_attribute_names("#outcome", "outcome")
            .expression_attribute_names("#id", "messageId")
            .expression_attribute_names("#lease", "leaseUntil")
            .expression_attribute_values(":outcome", text("sent"))
            .expression_attribute_values(":id", text(id));
        accepted(update.send().await)
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
            .expression_attribute_values(":holder", text(&lease.holder));
        accepted(update.send().await)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_known_again_by_its_tags() {
        let diner = || DinerId("0123456789abcdefghjkmnpqrs".into());
        for about in [
            MailAbout::Reservation(ReservationId::derived([1; 16])),
            MailAbout::Restaurant(RestaurantId::derived([2; 16])),
            MailAbout::Account(AccountId::derived([3; 16])),
            MailAbout::SignUp(diner()),
            MailAbout::PasswordReset(diner()),
        ] {
            let key = MailKey::new(about, "restaurant-approved", "2026-12-01T10:00:00.123Z#x");
            let [about, which] = key.tags();
            // What SES takes as a tag's value.
            for value in [&about, &which] {
                let fits = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
                assert!(value.len() <= 256 && value.chars().all(fits), "{value}");
            }
            assert_eq!(MailKey::new(about.parse().unwrap(), "restaurant-approved", &which), key);
        }
    }

    #[test]
    fn what_no_mail_is_about_is_refused() {
        for text in
            ["", "rsv_", "rsv_x", "signup_minji@example.com", "reset_#", "tbl_01jar200000000000000000000"]
        {
            assert_eq!(text.parse::<MailAbout>(), Err(UnknownMailAbout), "{text}");
        }
    }
}
