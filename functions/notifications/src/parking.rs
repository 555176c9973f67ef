//! Parking what can't be mailed in the on-failure queue, with everything needed to send it later.

use aws_config::SdkConfig;
use jari_mail::Message;
use jari_telemetry::Metric;
use serde::Serialize;

/// What is parked: enough to understand it, and the whole message where there is one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parked<'a> {
    /// Which mail, as `confirmed`; or `record`, of which no message could be made.
    pub(crate) kind: &'a str,
    /// About what, such as a reservation's id; empty where that can't be told.
    pub(crate) about: &'a str,
    /// Why it could not be mailed: an error's name.
    pub(crate) reason: &'a str,
    /// The message as it was to be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<&'a Message>,
    /// The stream record, where there is no message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record: Option<&'a aws_lambda_events::dynamodb::EventRecord>,
}

/// The on-failure queue.
#[derive(Clone)]
pub(crate) struct Parking {
    client: aws_sdk_sqs::Client,
    queue_url: String,
}

impl Parking {
    pub(crate) fn new(config: &SdkConfig, endpoint: Option<&str>, queue_url: &str) -> Self {
        let mut builder = aws_sdk_sqs::config::Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        Self { client: aws_sdk_sqs::Client::from_conf(builder.build()), queue_url: queue_url.to_owned() }
    }

    /// Whether it is in the queue now.
    pub(crate) async fn park(&self, parked: &Parked<'_>) -> bool {
        let Ok(body) = serde_json::to_string(parked) else {
            return false;
        };
        let send = self.client.send_message().queue_url(&self.queue_url).message_body(body);
        match send.send().await {
            Ok(_) => {
                jari_telemetry::count(Metric::MailParked);
                true
            }
            Err(error) => {
                let code = error.as_service_error().and_then(|error| error.meta().code().map(str::to_owned));
                tracing::error!(?code, "the on-failure queue does not take messages");
                false
            }
        }
    }
}
