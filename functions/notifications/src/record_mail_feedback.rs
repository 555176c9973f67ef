//! `record-mail-feedback`: what SES tells of the mails it took, by way of a topic. That it took one settles the mail's
//! guard, in case its sender died before it could; that one bounced for good, or was called spam, stops mail to that
//! address. Everything here can be done twice.
//!
//! What can't be understood is logged without a word of its content, which has addresses in it, and dropped: it would not
//! be understood the next time either.

use std::collections::HashMap;

use aws_lambda_events::sns::SnsEvent;
use jari_domain::{Clock, EmailAddress};
use jari_identity::DinerKey;
use jari_mail::KIND_TAG;
use jari_store::{MailKey, MailStop, Store, StoreError};
use jari_telemetry::{Cause, Metric};
use jari_wiring::{House, OpenError};
use serde::Deserialize;

use crate::cause;

/// The function, opened.
#[derive(Clone)]
pub struct RecordMailFeedback {
    store: Store,
    clock: Clock,
    diners: DinerKey,
}

/// What of a message is asked for; SES sends much more.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    event_type: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
    #[serde(default)]
    headers: Vec<SentHeader>,
}

/// Of headers that are others' nothing is asked.
#[derive(Deserialize)]
struct SentHeader {
    name: Option<String>,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    bounced_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    complained_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
}

/// What is to be done about a message.
#[derive(Debug, PartialEq, Eq)]
enum Feedback {
    /// SES took the mail of that guard, and calls it so.
    Sent(MailKey, String),
    /// No more mail to these.
    Stop(MailStop, Vec<EmailAddress>),
    /// Nothing.
    Nothing,
}

/// A message that is not what SES sends.
#[derive(Debug, PartialEq, Eq)]
struct NotUnderstood;

impl RecordMailFeedback {
    /// Opens the function with what it needs.
    ///
    /// # Errors
    /// [`OpenError`] when a setting or secret is missing or bad.
    pub async fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, clock: house.clock(), diners: house.diner_key().await? })
    }

    /// Records what the messages tell.
    ///
    /// # Errors
    /// [`StoreError`] when the table could not be written for one of them; the others are recorded, and all may come
    /// again.
    pub async fn handle(&self, event: SnsEvent) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        for record in &event.records {
            let (id, message) = (&record.sns.message_id, serde_json::from_str(&record.sns.message));
            let cause = message.as_ref().ok().and_then(Message::cause);
            let recorded = async {
                let Ok(feedback) = message.map_err(|_| NotUnderstood).and_then(read) else {
                    tracing::error!(message = id, "feedback that is not understood is dropped");
                    return Ok(());
                };
                let recorded = self.record(feedback).await;
                recorded.inspect_err(
                    |error| tracing::warn!(%error, message = id, "feedback could not be recorded"),
                )
            };
            if let Err(error) = cause::during(cause, Box::pin(recorded)).await {
                outcome = Err(error);
            }
        }
        outcome
    }

    async fn record(&self, feedback: Feedback) -> Result<(), StoreError> {
        match feedback {
            Feedback::Sent(key, id) => {
                if self.store.settle_mail_as_sent(&key, &id).await? {
                    tracing::info!(kind = key.kind(), message_id = id, "settled by what SES says");
                }
            }
            Feedback::Stop(why, addresses) => {
                for address in &addresses {
                    let diner = self.diners.diner_of_email(address);
                    self.store.stop_mail(&diner, why, self.clock.now()).await?;
                    jari_telemetry::count(match why {
                        MailStop::Bounce => Metric::MailBounced,
                        MailStop::Complaint => Metric::MailComplained,
                    });
                    tracing::warn!(why = why.as_str(), "no more mail goes to an address");
                }
            }
            Feedback::Nothing => {}
        }
        Ok(())
    }
}

impl Message {
    /// What the mail was sent for.
    fn cause(&self) -> Option<Cause> {
        let ours = |header: &&SentHeader| {
            header.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(cause::HEADER))
        };
        self.mail.headers.iter().find(ours)?.value.as_deref()?.trim().parse().ok()
    }
}

fn read(message: Message) -> Result<Feedback, NotUnderstood> {
    let kind = message.mail.tags.get(KIND_TAG).and_then(|values| values.first());
    match message.event_type.as_str() {
        "Send" => {
            // Without our tags it is somebody's who tries the configuration set out.
            let Some(kind) = kind else { return Ok(Feedback::Nothing) };
            let [about, which] = MailKey::TAGS.map(|name| message.mail.tags.get(name)?.first());
            let (Some(about), Some(which)) = (about, which) else { return Ok(Feedback::Nothing) };
            let about = about.parse().map_err(|_| NotUnderstood)?;
            Ok(Feedback::Sent(MailKey::new(about, kind, which), message.mail.message_id))
        }
        "Bounce" => {
            let bounce = message.bounce.ok_or(NotUnderstood)?;
            // Full mailboxes and absences pass.
            if bounce.bounce_type != "Permanent" {
                return Ok(Feedback::Nothing);
            }
            Ok(Feedback::Stop(MailStop::Bounce, addresses(bounce.bounced_recipients)?))
        }
        "Complaint" => {
            let complaint = message.complaint.ok_or(NotUnderstood)?;
            Ok(Feedback::Stop(MailStop::Complaint, addresses(complaint.complained_recipients)?))
        }
        "Reject" => {
            tracing::error!(kind, message_id = message.mail.message_id, "SES took a mail and rejected it");
            Ok(Feedback::Nothing)
        }
        _ => Ok(Feedback::Nothing),
    }
}

/// Recipients as they stand in headers: perhaps with a name before the address.
fn addresses(recipients: Vec<Recipient>) -> Result<Vec<EmailAddress>, NotUnderstood> {
    let address = |recipient: Recipient| {
        let text = recipient.email_address;
        let bare = text.rsplit_once('<').map_or(text.as_str(), |(_, rest)| rest.trim_end_matches('>'));
        bare.trim().parse().map_err(|_| NotUnderstood)
    };
    recipients.into_iter().map(address).collect()
}

#[cfg(test)]
mod tests {
    use jari_domain::ReservationId;
    use jari_store::MailAbout;
    use serde_json::{Value, json};

    use super::*;

    fn about() -> ReservationId {
        ReservationId::derived([1; 16])
    }

    fn message(event: &str, detail: &Value) -> String {
        let tags =
            json!({ "kind": ["confirmed"], "about": [about()], "which": ["2"], "ses:source-ip": ["::1"] });
        let mail = json!({ "messageId": "0100", "destination": ["minji@jari.test"], "tags": tags });
        json!({ "eventType": event, "mail": mail, event.to_lowercase(): detail }).to_string()
    }

    fn read(text: &str) -> Result<Feedback, NotUnderstood> {
        super::read(serde_json::from_str(text).map_err(|_| NotUnderstood)?)
    }

    fn bounce(kind: &str, address: &str) -> Value {
        json!({ "bounceType": kind, "bounceSubType": "General", "bouncedRecipients": [{ "emailAddress": address }] })
    }

    fn stop(why: MailStop) -> Feedback {
        Feedback::Stop(why, vec!["minji@jari.test".parse().unwrap()])
    }

    #[test]
    fn what_ses_took_is_known_by_its_tags() {
        let key = MailKey::new(MailAbout::Reservation(about()), "confirmed", "2");
        assert_eq!(read(&message("Send", &json!({}))), Ok(Feedback::Sent(key, "0100".to_owned())));
        let untagged = json!({ "eventType": "Send", "mail": { "messageId": "0100" }, "send": {} });
        assert_eq!(read(&untagged.to_string()), Ok(Feedback::Nothing));
    }

    #[test]
    fn a_mails_cause_is_found_among_its_headers_whatever_the_others_are() {
        let cause = |headers: Value| {
            let message = json!({ "eventType": "Send", "mail": { "messageId": "0100", "headers": headers } });
            serde_json::from_value::<Message>(message).unwrap().cause()
        };
        let headers =
            json!([{ "name": "Subject", "value": null }, {}, { "name": "x-jari-cause", "value": "r-1" }]);
        assert_eq!(cause(headers), Cause::of_request("r-1"));
        assert_eq!(cause(json!([{ "name": "X-Jari-Cause", "value": "not one" }])), None);
        assert_eq!(cause(json!([])), None);
    }

    #[test]
    fn only_a_bounce_for_good_and_a_complaint_stop_mail() {
        for address in ["minji@jari.test", "\"Kim, Minji\" <minji@jari.test>"] {
            assert_eq!(read(&message("Bounce", &bounce("Permanent", address))), Ok(stop(MailStop::Bounce)));
        }
        for passing in ["Transient", "Undetermined"] {
            let read = read(&message("Bounce", &bounce(passing, "minji@jari.test")));
            assert_eq!(read, Ok(Feedback::Nothing), "{passing}");
        }
        let complaint = json!({ "complainedRecipients": [{ "emailAddress": "minji@jari.test" }] });
        assert_eq!(read(&message("Complaint", &complaint)), Ok(stop(MailStop::Complaint)));
        assert_eq!(read(&message("Delivery", &json!({}))), Ok(Feedback::Nothing));
    }

    #[test]
    fn what_ses_does_not_send_is_not_understood() {
        for text in ["", "{}", "Successfully validated SNS topic", r#"{"eventType":"Bounce"}"#] {
            assert_eq!(read(text), Err(NotUnderstood), "{text}");
        }
        assert_eq!(read(&message("Bounce", &bounce("Permanent", "nobody"))), Err(NotUnderstood));
    }
}
