//! `send-mail`: woken by the table's stream, mails what was committed. Once: every mail has a guard item, however
//! often the stream repeats a record. In order: the first record that can't be done is reported and the rest left,
//! and the stream begins again there. Never stuck: what will not be accepted is parked in the on-failure queue.

use aws_lambda_events::{
    dynamodb::{Event, EventRecord},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use jari_domain::{Clock, EmailAddress, Reservation};
use jari_identity::LinkSigner;
use jari_mail::{Mailer, Message, Notice, NoticeKind, SendError, compose};
use jari_operations::RestaurantCache;
use jari_store::{Item, MailGuard, MailKey, Store, reservation_from_item};
use jari_wiring::{House, OpenError};
use jiff::{SignedDuration, Timestamp};

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
            parking: Parking::new(
                aws,
                settings.sqs_endpoint.as_deref(),
                settings.failure_queue_url()?,
            ),
            from: settings.mail_from()?,
            site_url: settings.site_url()?.to_owned(),
        })
    }

    /// Mails what the records tell of. Answers with the first record that has to come again, if any.
    pub async fn handle(&self, event: Event) -> DynamoDbEventResponse {
        let mut response = DynamoDbEventResponse::default();
        for record in &event.records {
            if let Err(TryAgain(why)) = self.mail_record(record).await {
                tracing::warn!(why, "a record has to come again");
                let mut failure = DynamoDbBatchItemFailure::default();
                failure.item_identifier.clone_from(&record.change.sequence_number);
                response.batch_item_failures.push(failure);
                break;
            }
        }
        response
    }

    async fn mail_record(&self, record: &EventRecord) -> Result<(), TryAgain> {
        let (before, after) = match (image(&record.change.old_image), image(&record.change.new_image)) {
            (Ok(before), Ok(Some(after))) => (before, after),
            // Deleted: nothing to tell.
            (Ok(_), Ok(None)) => return Ok(()),
            _ => return self.park_record(record).await,
        };
        for kind in facts(before.as_ref(), &after) {
            self.mail_fact(kind, &after).await?;
        }
        Ok(())
    }

    async fn mail_fact(&self, kind: NoticeKind, reservation: &Reservation) -> Result<(), TryAgain> {
        let now = self.clock.now();
        let key = MailKey {
            reservation: reservation.id,
            kind: kind.key(),
            revision: reservation.revision,
        };
        match self.store.begin_mail(&key, now).await {
            Ok(MailGuard::Send) => {}
            Ok(MailGuard::Settled) => return Ok(()),
            Ok(MailGuard::Underway) => return Err(TryAgain("the mail is under way")),
            Err(error) => return Err(unavailable(&error)),
        }
        let message = match self.compose(kind, reservation, now).await {
            Ok(message) => message,
            Err(why) => return self.give_back(&key, why).await,
        };
        let outcome = match self.mailer.send(&message).await {
            Ok(id) => return self.settle(&key, "sent", Some(&id.0)).await,
            Err(SendError::Temporary(reason)) if is_young(reservation, now) => {
                tracing::warn!(%reason, "SES does not take a mail right now");
                return self
                    .give_back(&key, TryAgain("SES does not take it right now"))
                    .await;
            }
            Err(SendError::Temporary(reason) | SendError::Permanent(reason)) => reason,
        };
        tracing::error!(reason = %outcome, reservation = %reservation.id, "a mail was refused and is parked");
        let parked = Parked {
            kind: key.kind,
            reservation: &reservation.id.to_string(),
            reason: &outcome,
            message: Some(&message),
            record: None,
        };
        if self.parking.park(&parked).await {
            self.settle(&key, "parked", None).await
        } else {
            self.give_back(&key, TryAgain("the on-failure queue does not take it"))
                .await
        }
    }

    async fn compose(
        &self,
        kind: NoticeKind,
        reservation: &Reservation,
        now: Timestamp,
    ) -> Result<Message, TryAgain> {
        let restaurant = self.restaurants.get(reservation.restaurant).await;
        let restaurant = restaurant.map_err(|error| unavailable(&error))?;
        let restaurant = restaurant.ok_or(TryAgain("the restaurant is not there"))?;
        let token = self.links.sign(reservation.id, reservation.link_expires(), now);
        let notice = Notice {
            kind,
            reservation: reservation.clone(),
            restaurant,
            link: Some(format!("{}/r/{token}", self.site_url)),
            site_url: self.site_url.clone(),
        };
        compose(&notice, now, &self.from).map_err(|error| {
            tracing::error!(%error, reservation = %reservation.id, "a mail can't be composed");
            TryAgain("the mail can't be composed")
        })
    }

    async fn settle(&self, key: &MailKey, outcome: &str, id: Option<&str>) -> Result<(), TryAgain> {
        match self.store.settle_mail(key, outcome, id).await {
            Ok(()) => Ok(()),
            // It is out; when the lease has ended it would be sent again, which is worse than not knowing its id.
            Err(error) => Err(unavailable(&error)),
        }
    }

    async fn give_back(&self, key: &MailKey, why: TryAgain) -> Result<(), TryAgain> {
        if let Err(error) = self.store.retry_mail(key).await {
            // The lease ends by itself.
            tracing::warn!(%error, "a mail's lease could not be given back");
        }
        Err(why)
    }

    async fn park_record(&self, record: &EventRecord) -> Result<(), TryAgain> {
        tracing::error!("a record of the stream can't be read and is parked");
        let parked = Parked {
            kind: "unreadable-record",
            reservation: "",
            reason: "unreadable",
            message: None,
            record: Some(record),
        };
        let in_queue = self.parking.park(&parked).await;
        if in_queue {
            Ok(())
        } else {
            Err(TryAgain("the on-failure queue does not take it"))
        }
    }
}

/// Whether what is to be told happened so lately that it may wait for SES.
fn is_young(reservation: &Reservation, now: Timestamp) -> bool {
    reservation
        .history
        .last()
        .is_some_and(|entry| now.duration_since(entry.at) < PATIENCE)
}

fn unavailable(error: &jari_store::StoreError) -> TryAgain {
    tracing::warn!(%error, "the table does not answer");
    TryAgain("the table does not answer")
}

fn image(image: &serde_dynamo::Item) -> Result<Option<Reservation>, jari_store::StoreError> {
    if image.is_empty() {
        return Ok(None);
    }
    let item = Item::from(image.clone());
    reservation_from_item(item).map(Some)
}
