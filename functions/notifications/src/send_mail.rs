//! `send-mail`: woken by the table's stream, mails what was committed. Once: every mail has a guard item, however
//! often the stream repeats a record. In order: the first record that can't be done is reported and the rest left,
//! and the stream begins again there. Never stuck: what will not be accepted is parked in the on-failure queue.

use std::time::Duration;

use aws_lambda_events::{
    dynamodb::{Event, EventRecord},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use jari_domain::Clock;
use jari_identity::DinerKey;
use jari_mail::{Mailer, Message, SendError};
use jari_store::{MailGuard, MailKey, MailLease, Store, StoreError};
use jari_telemetry::Metric;
use jari_wiring::{House, OpenError};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::{
    cause,
    letterbox::{Letterbox, Unwritten},
    parking::{Parked, Parking},
    record::{Fact, facts_of},
};

/// The function, opened.
#[derive(Clone)]
pub struct SendMail {
    store: Store,
    clock: Clock,
    diners: DinerKey,
    letterbox: Letterbox,
    mailer: Mailer,
    parking: Parking,
}

/// Not done now; the stream is to come again.
struct TryAgain(&'static str);

/// A mail that is ours to send.
struct Leased<'a> {
    key: &'a MailKey,
    lease: MailLease,
}

/// A batch stops here and the rest comes again, well before the function's timeout of 50 s: cut off by that, a mail
/// that is out would not be written down as sent.
const BATCH_WITHIN: Duration = Duration::from_secs(25);

/// For so long after its first try a mail that SES does not take right now is tried again; then it is parked, so that it
/// does not hold up those behind it. Well within the stream's own limits, after which only a record's number would be left.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

impl SendMail {
    /// Opens the function with what it needs.
    ///
    /// # Errors
    /// [`OpenError`] when a setting or secret is missing or bad.
    pub async fn open(house: &House) -> Result<Self, OpenError> {
        let (settings, aws) = (house.settings(), house.aws());
        let set = settings.configuration_set.clone();
        Ok(Self {
            store: house.store()?,
            clock: house.clock(),
            diners: house.diner_key().await?,
            letterbox: Letterbox::open(house).await?,
            mailer: Mailer::new(aws, settings.ses_endpoint.as_deref(), set),
            parking: Parking::new(aws, settings.sqs_endpoint.as_deref(), settings.failure_queue_url()?),
        })
    }

    /// Mails what the records tell of. Answers with the first record that has to come again, if any.
    pub async fn handle(&self, event: Event) -> DynamoDbEventResponse {
        let stop_at = Instant::now() + BATCH_WITHIN;
        let mut response = DynamoDbEventResponse::default();
        for record in &event.records {
            let mailed = async {
                let mailed = self.mail_record(record, stop_at).await;
                mailed.inspect_err(|TryAgain(why)| tracing::warn!(why, "a record has to come again"))
            };
            if cause::during(cause::of_record(record), Box::pin(mailed)).await.is_err() {
                let mut failure = DynamoDbBatchItemFailure::default();
                failure.item_identifier.clone_from(&record.change.sequence_number);
                response.batch_item_failures.push(failure);
                break;
            }
        }
        response
    }

    async fn mail_record(&self, record: &EventRecord, stop_at: Instant) -> Result<(), TryAgain> {
        let Ok(facts) = facts_of(record) else {
            return self.park_record(record, "", "the record can't be read").await;
        };
        for fact in &facts {
            if Instant::now() >= stop_at {
                return Err(TryAgain("the batch has taken its time"));
            }
            self.mail_fact(fact, record).await?;
        }
        Ok(())
    }

    async fn mail_fact(&self, fact: &Fact, record: &EventRecord) -> Result<(), TryAgain> {
        let now = self.clock.now();
        let lease = match self.store.begin_mail(&fact.key, now).await {
            Ok(MailGuard::Send(lease)) => lease,
            Ok(MailGuard::Settled) => return Ok(()),
            Ok(MailGuard::Underway) => return Err(TryAgain("the mail is under way")),
            Err(error) => return Err(unavailable(&error)),
        };
        let leased = Leased { key: &fact.key, lease };
        let message = match self.letterbox.write(&fact.tells, now).await {
            Ok(mut message) => {
                cause::tell(&mut message, cause::of_record(record).as_ref());
                message
            }
            Err(Unwritten::Nobody) => return self.settle(&leased, "nobody", None).await,
            Err(Unwritten::Later(why)) => {
                tracing::warn!(why, "a mail can't be written now");
                return self.give_back(&leased, TryAgain("the table does not answer")).await;
            }
            Err(Unwritten::Never(why)) => {
                let about = fact.key.about().to_string();
                return match self.park_record(record, &about, &why).await {
                    Ok(()) => self.settle(&leased, "parked", None).await,
                    Err(again) => self.give_back(&leased, again).await,
                };
            }
        };
        match self.unwanted(fact, &message).await {
            Ok(None) => self.send(&leased, &message, now).await,
            Ok(Some(outcome)) => self.settle(&leased, outcome, None).await,
            Err(error) => self.give_back(&leased, unavailable(&error)).await,
        }
    }

    /// Why a mail is not sent although it is due: its address does not take mails any more, or its reader does not want
    /// to be reminded.
    async fn unwanted(&self, fact: &Fact, message: &Message) -> Result<Option<&'static str>, StoreError> {
        let diner = self.diners.diner_of_email(&message.to);
        let known = self.store.mail_addresses(std::slice::from_ref(&diner)).await?;
        let address = known.get(&diner).copied().unwrap_or_default();
        Ok(if address.stopped.is_some() {
            Some("stopped")
        } else if address.no_reminders && fact.tells.is_reminder() {
            Some("unwanted")
        } else {
            None
        })
    }

    async fn send(&self, leased: &Leased<'_>, message: &Message, now: Timestamp) -> Result<(), TryAgain> {
        let [about, which] = leased.key.tags();
        let [about_tag, which_tag] = MailKey::TAGS;
        let tags = [(about_tag, about.clone()), (which_tag, which)];
        let is_young = now.duration_since(leased.lease.since) < PATIENCE;
        let reason = match self.mailer.send(message, &tags).await {
            Ok(id) => {
                jari_telemetry::count(Metric::MailSent);
                return self.settle(leased, "sent", Some(&id.0)).await;
            }
            Err(SendError::Temporary(reason)) if is_young => {
                tracing::warn!(reason, "SES does not take a mail right now");
                return self.give_back(leased, TryAgain("SES does not take it right now")).await;
            }
            // It may be out. If it is, SES soon says so and the guard is settled; if nothing is heard of it until the
            // lease has ended, it is sent again: rather twice than never.
            Err(SendError::Unknown(reason)) if is_young => {
                tracing::warn!(reason, "SES did not say whether it took a mail");
                return Err(TryAgain("SES did not answer"));
            }
            Err(SendError::Temporary(reason) | SendError::Unknown(reason) | SendError::Permanent(reason)) => {
                reason
            }
        };
        tracing::error!(reason, about, "a mail was refused and is parked");
        let parked = Parked {
            kind: leased.key.kind(),
            about: &about,
            reason: &reason,
            message: Some(message),
            record: None,
        };
        if self.parking.park(&parked).await {
            self.settle(leased, "parked", None).await
        } else {
            self.give_back(leased, TryAgain("the on-failure queue does not take it")).await
        }
    }

    async fn settle(&self, leased: &Leased<'_>, outcome: &str, id: Option<&str>) -> Result<(), TryAgain> {
        if let Err(error) = self.store.settle_mail(leased.key, &leased.lease, outcome, id).await {
            tracing::error!(%error, outcome, "how a mail ended could not be written down");
        }
        Ok(())
    }

    async fn give_back(&self, leased: &Leased<'_>, why: TryAgain) -> Result<(), TryAgain> {
        if let Err(error) = self.store.give_back_mail(leased.key, &leased.lease).await {
            // The lease ends by itself.
            tracing::warn!(%error, "a mail's lease could not be given back");
        }
        Err(why)
    }

    /// Parks a record of which no message can be made.
    async fn park_record(&self, record: &EventRecord, about: &str, reason: &str) -> Result<(), TryAgain> {
        tracing::error!(reason, about, "a record can't be mailed and is parked");
        let parked = Parked { kind: "record", about, reason, message: None, record: Some(record) };
        let in_queue = self.parking.park(&parked).await;
        if in_queue { Ok(()) } else { Err(TryAgain("the on-failure queue does not take it")) }
    }
}

fn unavailable(error: &StoreError) -> TryAgain {
    tracing::warn!(%error, "the table does not answer");
    TryAgain("the table does not answer")
}
