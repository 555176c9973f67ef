//! `send-mail`: woken by the table's stream, mails what was committed. Once: every mail has a guard item, however
//! often the stream repeats a record. In order: the first record that can't be done is reported and the rest left,
//! and the stream begins again there. Never stuck: what will not be accepted is parked in the on-failure queue.

use std::time::Duration;

use aws_lambda_events::{
    dynamodb::{Event, EventRecord},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use jari_domain::{Clock, EmailAddress, Reservation};
use jari_identity::LinkSigner;
use jari_mail::{Mailer, Message, Notice, NoticeKind, SendError, compose};
use jari_operations::RestaurantCache;
use jari_store::{Item, MailGuard, MailKey, MailLease, Store, StoreError, reservation_from_item};
use jari_wiring::{House, OpenError};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::{
    facts::facts,
    parking::{Parked, Parking},
};

/// The function, opened.
#[derive(Clone)]
pub struct SendMail {
    store: Store,
    restaurants: RestaurantCache,
    clock: Clock,
    links: LinkSigner,
    mailer: Mailer,
    parking: Parking,
    from: EmailAddress,
    site_url: String,
}

/// Not done now; the stream is to come again.
struct TryAgain(&'static str);

/// Why there is no message.
enum Uncomposed {
    /// Trying again may help.
    Later(TryAgain),
    /// It does not get better by trying again.
    Never(String),
}

/// A mail that is ours to send.
struct Leased {
    key: MailKey,
    lease: MailLease,
}

/// A batch stops here and the rest comes again, well before the function's timeout of 50 s: cut off by that, a mail
/// that is out would not be written down as sent.
const BATCH_WITHIN: Duration = Duration::from_secs(25);

/// For so long a mail that SES does not take right now is tried again; then it is parked, so that it does not hold
/// up those behind it. Well within the stream's own limits, after which only a record's number would be left.
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
            restaurants: house.restaurants()?,
            clock: house.clock(),
            links: house.link_signer().await?,
            mailer: Mailer::new(aws, settings.ses_endpoint.as_deref(), set),
            parking: Parking::new(aws, settings.sqs_endpoint.as_deref(), settings.failure_queue_url()?),
            from: settings.mail_from()?,
            site_url: settings.site_url()?.to_owned(),
        })
    }

    /// Mails what the records tell of. Answers with the first record that has to come again, if any.
    pub async fn handle(&self, event: Event) -> DynamoDbEventResponse {
        let stop_at = Instant::now() + BATCH_WITHIN;
        let mut response = DynamoDbEventResponse::default();
        for record in &event.records {
            if let Err(TryAgain(why)) = self.mail_record(record, stop_at).await {
                tracing::warn!(why, "a record has to come again");
                let mut failure = DynamoDbBatchItemFailure::default();
                failure.item_identifier.clone_from(&record.change.sequence_number);
                response.batch_item_failures.push(failure);
                break;
            }
        }
        response
    }

    async fn mail_record(&self, record: &EventRecord, stop_at: Instant) -> Result<(), TryAgain> {
        let (before, after) = match (image(&record.change.old_image), image(&record.change.new_image)) {
            (Ok(before), Ok(Some(after))) => (before, after),
            // Deleted: nothing to tell.
            (Ok(_), Ok(None)) => return Ok(()),
            _ => return self.park_record(record, "", "the record can't be read").await,
        };
        for kind in facts(before.as_ref(), &after) {
            if Instant::now() >= stop_at {
                return Err(TryAgain("the batch has taken its time"));
            }
            self.mail_fact(kind, &after, record).await?;
        }
        Ok(())
    }

    async fn mail_fact(
        &self,
        kind: NoticeKind,
        reservation: &Reservation,
        record: &EventRecord,
    ) -> Result<(), TryAgain> {
        let now = self.clock.now();
        let key = MailKey { reservation: reservation.id, kind: kind.key(), revision: reservation.revision };
        let lease = match self.store.begin_mail(&key, now).await {
            Ok(MailGuard::Send(lease)) => lease,
            Ok(MailGuard::Settled) => return Ok(()),
            Ok(MailGuard::Underway) => return Err(TryAgain("the mail is under way")),
            Err(error) => return Err(unavailable(&error)),
        };
        let leased = Leased { key, lease };
        let message = match self.compose(kind, reservation, now).await {
            Ok(message) => message,
            Err(Uncomposed::Later(why)) => return self.give_back(&leased, why).await,
            Err(Uncomposed::Never(why)) => {
                let id = reservation.id.to_string();
                return match self.park_record(record, &id, &why).await {
                    Ok(()) => self.settle(&leased, "parked", None).await,
                    Err(again) => self.give_back(&leased, again).await,
                };
            }
        };
        let reason = match self.mailer.send(&message).await {
            Ok(id) => return self.settle(&leased, "sent", Some(&id.0)).await,
            Err(SendError::Temporary(reason)) if is_young(reservation, now) => {
                tracing::warn!(reason, "SES does not take a mail right now");
                return self.give_back(&leased, TryAgain("SES does not take it right now")).await;
            }
            // It may be out. Only when the lease has ended is it sent again: rather twice than never.
            Err(SendError::Unknown(reason)) if is_young(reservation, now) => {
                tracing::warn!(reason, "SES did not say whether it took a mail");
                return Err(TryAgain("SES did not answer"));
            }
            Err(SendError::Temporary(reason) | SendError::Unknown(reason) | SendError::Permanent(reason)) => {
                reason
            }
        };
        tracing::error!(reason, reservation = %reservation.id, "a mail was refused and is parked");
        let parked = Parked {
            kind: leased.key.kind,
            reservation: &reservation.id.to_string(),
            reason: &reason,
            message: Some(&message),
            record: None,
        };
        if self.parking.park(&parked).await {
            self.settle(&leased, "parked", None).await
        } else {
            self.give_back(&leased, TryAgain("the on-failure queue does not take it")).await
        }
    }

    async fn compose(
        &self,
        kind: NoticeKind,
        reservation: &Reservation,
        now: Timestamp,
    ) -> Result<Message, Uncomposed> {
        let restaurant = match self.restaurants.get(reservation.restaurant).await {
            Ok(Some(restaurant)) => restaurant,
            Ok(None) => return Err(Uncomposed::Never("the restaurant is not there".into())),
            Err(error @ StoreError::Unavailable(_)) => return Err(Uncomposed::Later(unavailable(&error))),
            Err(error) => return Err(Uncomposed::Never(error.to_string())),
        };
        let token = self.links.sign(reservation.id, reservation.link_expires(), now);
        let notice = Notice {
            kind,
            reservation: reservation.clone(),
            restaurant,
            link: Some(format!("{}/r/{token}", self.site_url)),
            site_url: self.site_url.clone(),
        };
        compose(&notice, now, &self.from).map_err(|error| Uncomposed::Never(error.to_string()))
    }

    /// Writes down how it ended. Should that fail, the record must not come again for it: a mail that is out would be
    /// sent a second time, which is worse than not knowing its id.
    #[allow(clippy::unnecessary_wraps, reason = "the last step of those that may have to come again")]
    async fn settle(&self, leased: &Leased, outcome: &str, id: Option<&str>) -> Result<(), TryAgain> {
        if let Err(error) = self.store.settle_mail(&leased.key, &leased.lease, outcome, id).await {
            tracing::error!(%error, outcome, "how a mail ended could not be written down");
        }
        Ok(())
    }

    async fn give_back(&self, leased: &Leased, why: TryAgain) -> Result<(), TryAgain> {
        if let Err(error) = self.store.give_back_mail(&leased.key, &leased.lease).await {
            // The lease ends by itself.
            tracing::warn!(%error, "a mail's lease could not be given back");
        }
        Err(why)
    }

    /// Parks a record of which no message can be made.
    async fn park_record(
        &self,
        record: &EventRecord,
        reservation: &str,
        reason: &str,
    ) -> Result<(), TryAgain> {
        tracing::error!(reason, reservation, "a record can't be mailed and is parked");
        let parked = Parked { kind: "record", reservation, reason, message: None, record: Some(record) };
        let in_queue = self.parking.park(&parked).await;
        if in_queue { Ok(()) } else { Err(TryAgain("the on-failure queue does not take it")) }
    }
}

/// Whether what is to be told happened so lately that it may wait for SES.
fn is_young(reservation: &Reservation, now: Timestamp) -> bool {
    reservation.history.last().is_some_and(|entry| now.duration_since(entry.at) < PATIENCE)
}

fn unavailable(error: &StoreError) -> TryAgain {
    tracing::warn!(%error, "the table does not answer");
    TryAgain("the table does not answer")
}

fn image(image: &serde_dynamo::Item) -> Result<Option<Reservation>, StoreError> {
    if image.is_empty() {
        return Ok(None);
    }
    let item = Item::from(image.clone());
    reservation_from_item(item).map(Some)
}
