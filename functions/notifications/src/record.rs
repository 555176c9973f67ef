//! What a record of the stream tells, and whom: told from the item before and after, and from nothing else.

use aws_lambda_events::dynamodb::EventRecord;
use jari_domain::{Account, AccountId, Reservation, RestaurantId, StaffRole};
use jari_identity::Operation;
use jari_mail::NoticeKind;
use jari_store::{
    AuditLine, Item, MailAbout, MailKey, PendingReset, PendingSignUp, SignUpFor, StoreError, Written, written,
};

use crate::facts::facts;

/// Something that somebody is to be told by mail, once.
pub(crate) struct Fact {
    /// Of the mail's guard.
    pub(crate) key: MailKey,
    pub(crate) tells: Tells,
}

/// What a mail tells.
pub(crate) enum Tells {
    /// Of a reservation.
    Notice(NoticeKind, Box<Reservation>),
    /// Of an account to be, where the link makes it.
    VerifyEmail(Box<PendingSignUp>),
    /// Whoever has an account already and signs up.
    AlreadyRegistered(Box<PendingSignUp>),
    /// Of a new password, where the link takes it.
    PasswordReset(PendingReset),
    /// Whoever has a new password.
    PasswordChanged(Box<Account>),
    /// A restaurant that it is public from now on.
    RestaurantApproved(RestaurantId),
    /// A restaurant that it was turned down, and why.
    RestaurantRejected(RestaurantId, String),
    /// Whoever is on a restaurant's staff from now on.
    StaffAdded(RestaurantId, AccountId, StaffRole),
}

/// The facts that a record tells. None where it was deleted: what waits for a mail to be followed goes when it is.
///
/// # Errors
/// [`StoreError::Corrupt`] when the record can't be read.
pub(crate) fn facts_of(record: &EventRecord) -> Result<Vec<Fact>, StoreError> {
    let (before, after) = (image(&record.change.old_image)?, image(&record.change.new_image)?);
    Ok(match (before, after) {
        (before, Some(Written::Reservation(after))) => {
            let before = match before {
                Some(Written::Reservation(before)) => Some(*before),
                _ => None,
            };
            let kinds = facts(before.as_ref(), &after).into_iter();
            kinds.map(|kind| Fact::notice(kind, after.clone())).collect()
        }
        // What changes in it later is no news.
        (None, Some(Written::SignUp(pending))) => {
            let about = MailAbout::SignUp(pending.diner.clone());
            let which = pending.id.digits();
            vec![match pending.kind {
                SignUpFor::New(_) => Fact {
                    key: MailKey::new(about, "verify-email", &which),
                    tells: Tells::VerifyEmail(pending),
                },
                SignUpFor::Known => Fact {
                    key: MailKey::new(about, "already-registered", &which),
                    tells: Tells::AlreadyRegistered(pending),
                },
            }]
        }
        (None, Some(Written::PasswordReset(pending))) if pending.account.is_some() => {
            let about = MailAbout::PasswordReset(pending.diner.clone());
            let key = MailKey::new(about, "password-reset", &pending.id.digits());
            vec![Fact { key, tells: Tells::PasswordReset(pending) }]
        }
        (Some(Written::Account(before)), Some(Written::Account(after))) => {
            // With the generation: a hash that is only made stronger at a sign-in is no new password.
            let is_reset = before.password_hash != after.password_hash
                && before.account.generation != after.account.generation;
            let about = MailAbout::Account(after.account.id);
            let key = MailKey::new(about, "password-changed", &after.account.revision.to_string());
            let fact = Fact { key, tells: Tells::PasswordChanged(Box::new(after.account)) };
            if is_reset && !after.deleting { vec![fact] } else { Vec::new() }
        }
        (None, Some(Written::AuditLine { restaurant, which, line })) => {
            let about = MailAbout::Restaurant(restaurant);
            done_at_restaurant(restaurant, &line)
                .map(|(kind, tells)| Fact { key: MailKey::new(about, kind, &which), tells })
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    })
}

/// What somebody is to be told of a line of an audit log.
fn done_at_restaurant(restaurant: RestaurantId, line: &AuditLine) -> Option<(&'static str, Tells)> {
    if line.what == Operation::ApproveRestaurant.name() {
        Some(("restaurant-approved", Tells::RestaurantApproved(restaurant)))
    } else if line.what == Operation::RejectRestaurant.name() {
        let why = line.why.clone().unwrap_or_default();
        Some(("restaurant-rejected", Tells::RestaurantRejected(restaurant, why)))
    } else if line.what == Operation::AddStaff.name() && line.before.is_none() {
        let after = line.after.as_ref()?;
        let account = after["account"].as_str()?.parse().ok()?;
        let role = after["role"].as_str()?.parse().ok()?;
        Some(("staff-added", Tells::StaffAdded(restaurant, account, role)))
    } else {
        None
    }
}

impl Tells {
    /// Whether it reminds of what is known.
    pub(crate) fn is_reminder(&self) -> bool {
        matches!(self, Self::Notice(kind, _) if kind.is_reminder())
    }
}

impl Fact {
    fn notice(kind: NoticeKind, reservation: Box<Reservation>) -> Self {
        let about = MailAbout::Reservation(reservation.id);
        // Counting a reminder raises no revision, so a change of the same moment may have it counted once more. It is
        // about the visit's beginning: one a beginning.
        let which = if kind.is_reminder() {
            reservation.span.start().as_second().to_string()
        } else {
            reservation.revision.to_string()
        };
        let key = MailKey::new(about, kind.key(), &which);
        Self { key, tells: Tells::Notice(kind, reservation) }
    }
}

fn image(image: &serde_dynamo::Item) -> Result<Option<Written>, StoreError> {
    if image.is_empty() {
        return Ok(None);
    }
    written(Item::from(image.clone())).map(Some)
}

#[cfg(test)]
mod tests {
    use jari_domain::{AccountId, StaffRole};
    use jari_store::ActedAs;
    use serde_json::json;

    use super::*;

    #[allow(clippy::needless_pass_by_value, reason = "images are made where they are told of")]
    fn record(event: &str, before: Option<serde_json::Value>, after: serde_json::Value) -> EventRecord {
        let keys = json!({ "PK": after["PK"], "SK": after["SK"] });
        let mut change = json!({
            "ApproximateCreationDateTime": 1_796_086_800, "SequenceNumber": "1", "SizeBytes": 1,
            "StreamViewType": "NEW_AND_OLD_IMAGES", "Keys": keys, "NewImage": after,
        });
        if let Some(before) = before {
            change["OldImage"] = before;
        }
        serde_json::from_value(json!({
            "eventID": "1", "eventName": event, "eventVersion": "1.1", "eventSource": "aws:dynamodb",
            "awsRegion": "ap-northeast-2", "eventSourceARN": "arn:aws:dynamodb:ap-northeast-2:0:table/t/stream/s",
            "dynamodb": change,
        }))
        .unwrap()
    }

    fn kinds(record: &EventRecord) -> Vec<String> {
        facts_of(record).unwrap().iter().map(|fact| fact.key.kind().to_owned()).collect()
    }

    fn account(hash: &str, generation: u32) -> serde_json::Value {
        json!({
            "PK": { "S": "ACCT#01jar300000000000000000000" }, "SK": { "S": "ACCT" },
            "email": { "S": "minji@jari.test" }, "name": { "S": "김민지" }, "language": { "S": "ko" },
            "generation": { "N": generation.to_string() }, "createdAt": { "S": "2026-12-01T01:00:00Z" },
            "revision": { "N": "4" }, "diner": { "S": "0123456789abcdefghjkmnpqrs" }, "passwordHash": { "S": hash },
        })
    }

    #[test]
    fn only_a_password_that_was_reset_is_told() {
        let step = |hash, generation| record("MODIFY", Some(account("old", 1)), account(hash, generation));
        assert_eq!(kinds(&step("new", 2)), ["password-changed"]);
        assert!(kinds(&step("old", 2)).is_empty(), "signed out everywhere");
        assert!(kinds(&step("stronger", 1)).is_empty(), "the same password, hashed better");
        assert!(kinds(&record("INSERT", None, account("first", 1))).is_empty());
    }

    #[test]
    fn a_reminder_is_one_a_beginning_whatever_was_changed_beside_it() {
        let before = crate::facts::tests::reservation(jari_domain::Status::Confirmed);
        let key = |kind: NoticeKind, reservation: &Reservation| {
            Fact::notice(kind, Box::new(reservation.clone())).key
        };
        let changed = Reservation { revision: 2, ..before.clone() };
        assert_eq!(key(NoticeKind::ReminderDayBefore, &before), key(NoticeKind::ReminderDayBefore, &changed));
        assert_ne!(key(NoticeKind::Confirmed, &before), key(NoticeKind::Confirmed, &changed));
        let mut moved = before.clone();
        moved.span = jari_domain::Span::new(before.span.end(), 90).unwrap();
        assert_ne!(key(NoticeKind::ReminderDayBefore, &before), key(NoticeKind::ReminderDayBefore, &moved));
    }

    #[test]
    fn of_an_audit_log_approval_and_staff_are_told() {
        let by = AccountId::derived([1; 16]);
        let line =
            |what: &str, before: Option<serde_json::Value>, after: Option<serde_json::Value>| AuditLine {
                at: "2026-12-01T01:00:00Z".parse().unwrap(),
                by,
                acted_as: ActedAs::Staff(StaffRole::Owner),
                what: what.to_owned(),
                before,
                after,
                why: Some("사유".to_owned()),
            };
        let told =
            |line: &AuditLine| done_at_restaurant(RestaurantId::derived([2; 16]), line).map(|(kind, _)| kind);
        assert_eq!(told(&line("approve-restaurant", None, None)), Some("restaurant-approved"));
        assert_eq!(told(&line("reject-restaurant", None, None)), Some("restaurant-rejected"));
        let member = || Some(json!({ "account": by, "role": "manager" }));
        assert_eq!(told(&line("add-staff", None, member())), Some("staff-added"));
        assert_eq!(
            told(&line("add-staff", member(), member())),
            None,
            "a role that changed is no new colleague"
        );
        assert_eq!(told(&line("put-floor", None, None)), None);
    }
}
