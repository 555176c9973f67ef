//! What sets the house's event functions in motion here: the table's stream and the clock, as the mapping and the
//! schedules of `template.yaml` do on AWS.

use std::{path::Path, sync::Arc, time::Duration};

use aws_lambda_events::event::{dynamodb::EventRecord, eventbridge::EventBridgeEvent, sns::SnsEvent};
use futures::future::BoxFuture;
use jari_notifications::record_mail_feedback::RecordMailFeedback;
use jari_store::StoreError;
use jari_telemetry::Cause;
use jari_wiring::House;
use jiff::{SignedDuration, Timestamp};

use crate::{
    Engine, HouseClock, LocalError,
    catcher::{Catcher, FailureQueue, Mailbox, QueuedMessage, messages},
    house::LOCAL_REGION,
    schedules::{Schedule, Schedules, Settle},
    stream::{Handler, OnFailure, Stream, StreamSource},
};

/// Real TTL takes up to days; often enough to see it happen.
const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How long a step of a moved clock waits for the mails that followed from it.
const SETTLED: Duration = Duration::from_secs(5);
pub(crate) async fn start_stream(
    house: &House,
    data: Option<&Path>,
    queue: &Arc<FailureQueue>,
    clock: &HouseClock,
    embedded: bool,
) -> Result<Stream, LocalError> {
    let endpoint = house.settings().dynamodb_endpoint.clone().unwrap_or_default();
    // A real region has its streams at an address of their own; everybody else answers for both.
    let endpoint = if endpoint.contains(".amazonaws.com") {
        endpoint.replacen("://dynamodb.", "://streams.dynamodb.", 1)
    } else {
        endpoint
    };
    let config = aws_sdk_dynamodbstreams::config::Builder::from(house.aws()).endpoint_url(endpoint).build();
    let source = StreamSource {
        client: aws_sdk_dynamodbstreams::Client::from_conf(config),
        table: house.settings().table.clone().unwrap_or_default(),
        // A position in another DynamoDB's stream means nothing in the next one's.
        position: data.filter(|_| embedded).map(|data| data.join("stream-position")),
        wakes: wakes_send_mail,
        tries: TRIES,
    };
    let send_mail = Arc::new(jari_notifications::send_mail::SendMail::open(house).await?);
    let handler: Handler = Arc::new(move |event| {
        let send_mail = send_mail.clone();
        Box::pin(async move { send_mail.handle(event).await })
    });
    let (queue, clock) = (queue.clone(), clock.clone());
    let on_failure: OnFailure = Arc::new(move |body| {
        let message = QueuedMessage::new(clock.now(), body, serde_json::Value::Null);
        if let Err(error) = queue.append(message) {
            tracing::error!(%error, "the on-failure queue can't be written");
        }
    });
    Ok(Stream::start(source, handler, on_failure))
}

/// Records what the catcher tells of mails, as the topic's subscription does; ends with the catcher. A topic survives the death
/// of the process as SES does: what was told last is told again, which changes nothing where it was recorded, before the
/// stream looks for mails to be sent.
pub(crate) async fn start_feedback(
    house: &House,
    catcher: &Catcher,
    mailbox: &Mailbox,
) -> Result<(), LocalError> {
    let Some(mut told) = catcher.feedback() else {
        return Ok(());
    };
    let function = RecordMailFeedback::open(house).await?;
    let clock = house.clock();
    for mail in mailbox.newest_first().iter().take(TOLD_AGAIN).rev() {
        for message in messages(mail) {
            record(&function, &message, clock.now()).await;
        }
    }
    tokio::spawn(async move {
        while let Some(message) = told.recv().await {
            record(&function, &message, clock.now()).await;
        }
    });
    Ok(())
}

async fn record(function: &RecordMailFeedback, message: &str, now: Timestamp) {
    for _ in 0..FEEDBACK_TRIES {
        let Ok(event) = notification(message, now) else { break };
        match function.handle(event).await {
            Ok(()) => break,
            Err(_) => tokio::time::sleep(FEEDBACK_PAUSE).await,
        }
    }
}

/// Mails are sent one at a time and recorded as fast: fewer than these were not recorded when the process died.
const TOLD_AGAIN: usize = 100;
/// As often as Lambda tries an event that nobody waits for.
const FEEDBACK_TRIES: u32 = 3;
const FEEDBACK_PAUSE: Duration = Duration::from_secs(1);

/// What a topic sends its subscribers.
fn notification(message: &str, at: Timestamp) -> Result<SnsEvent, serde_json::Error> {
    serde_json::from_value(serde_json::json!({ "Records": [{
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": "arn:aws:sns:ap-northeast-2:000000000000:jari-local-mail-feedback:local",
        "Sns": {
            "Type": "Notification",
            "MessageId": format!("local-{}", at.as_nanosecond()),
            "TopicArn": "arn:aws:sns:ap-northeast-2:000000000000:jari-local-mail-feedback",
            "Message": message,
            "Timestamp": at.to_string(),
            "SignatureVersion": "1",
            "Signature": "",
            "SigningCertUrl": "",
            "UnsubscribeUrl": "",
            "MessageAttributes": {},
        },
    }] }))
}

/// Tries a record gets before it goes to the queue. Fewer than in `template.yaml`, someone is looking; but together longer
/// than a mail's lease of a minute: the mail of a sender that died is sent by the next one.
const TRIES: u32 = 90;

/// The filter patterns of the mapping in `template.yaml`.
fn wakes_send_mail(record: &EventRecord) -> bool {
    let text = |item: &serde_dynamo::Item, name: &str| match item.get(name) {
        Some(serde_dynamo::AttributeValue::S(value)) => value.clone(),
        _ => String::new(),
    };
    let (pk, sk) = (text(&record.change.keys, "PK"), text(&record.change.keys, "SK"));
    let what = text(&record.change.new_image, "what");
    match record.event_name.as_str() {
        "INSERT" => {
            pk.starts_with("RSV#") && sk == "RSV"
                || pk.starts_with("SIGNUP#")
                || pk.starts_with("RESET#")
                || sk.starts_with("AUDIT#") && MAILED_OF_AN_AUDIT_LOG.contains(&what.as_str())
        }
        "MODIFY" => pk.starts_with("RSV#") && sk == "RSV" || sk == "ACCT",
        _ => false,
    }
}

/// Of what is done at a restaurant, what somebody is told.
const MAILED_OF_AN_AUDIT_LOG: [&str; 3] = ["add-staff", "approve-restaurant", "reject-restaurant"];

pub(crate) async fn start_schedules(
    house: &House,
    clock: &HouseClock,
    engine: Option<&Arc<Engine>>,
    stream: &Arc<Stream>,
) -> Result<Schedules, LocalError> {
    let (a_minute, five) = (SignedDuration::from_mins(1), SignedDuration::from_mins(5));
    let expire_holds = jari_schedules::expire_holds::ExpireHolds::open(house).await?;
    let decline = jari_schedules::decline_stale_requests::DeclineStaleRequests::open(house).await?;
    let remind = jari_schedules::send_reminders::SendReminders::open(house).await?;
    let erase = jari_schedules::finish_erasures::FinishErasures::open(house).await?;
    let mut schedules = vec![
        scheduled("expire-holds", a_minute, expire_holds, |it, event| {
            Box::pin(async move { it.handle(event).await })
        }),
        scheduled("decline-stale-requests", a_minute, decline, |it, event| {
            Box::pin(async move { it.handle(event).await })
        }),
        scheduled("send-reminders", five, remind, |it, event| {
            Box::pin(async move { it.handle(event).await })
        }),
        scheduled("finish-erasures", five, erase, |it, event| {
            Box::pin(async move { it.handle(event).await })
        }),
    ];
    if let Some(engine) = engine {
        let engine = Arc::downgrade(engine);
        schedules.push(Schedule {
            name: "ttl",
            every: SWEEP_EVERY,
            once_a_jump: true,
            call: Arc::new(move |_| {
                let engine = engine.clone();
                Box::pin(async move {
                    let Some(engine) = engine.upgrade() else {
                        return Ok(());
                    };
                    let swept = tokio::task::spawn_blocking(move || engine.sweep_expired()).await;
                    swept.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
                    Ok(())
                })
            }),
        });
    }
    let stream = Arc::downgrade(stream);
    let settle: Settle = Arc::new(move || -> BoxFuture<'static, ()> {
        let stream = stream.clone();
        Box::pin(async move {
            if let Some(stream) = stream.upgrade()
                && tokio::time::timeout(SETTLED, stream.drained()).await.is_err()
            {
                tracing::warn!("the clock moves on while mails are still being tried");
            }
        })
    });
    Ok(Schedules::start(schedules, clock.clone(), settle))
}

/// A function that EventBridge's scheduler calls.
fn scheduled<F: Clone + Send + Sync + 'static>(
    name: &'static str,
    every: SignedDuration,
    function: F,
    handle: fn(F, EventBridgeEvent) -> BoxFuture<'static, Result<(), StoreError>>,
) -> Schedule {
    let call = Arc::new(move |due| -> BoxFuture<'static, Result<(), String>> {
        let function = function.clone();
        Box::pin(async move {
            let handled = Cause::new().during(handle(function, scheduled_event(due)?));
            handled.await.map_err(|error| error.to_string())
        })
    });
    Schedule { name, every, once_a_jump: false, call }
}

/// What EventBridge's scheduler sends.
fn scheduled_event<T: serde::de::DeserializeOwned>(due: Timestamp) -> Result<T, String> {
    serde_json::from_value(serde_json::json!({
        "version": "0",
        "id": format!("local-{}", due.as_second()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": "000000000000",
        "time": due.to_string(),
        "region": LOCAL_REGION,
        "resources": [],
        "detail": "{}",
    }))
    .map_err(|error| error.to_string())
}
