//! SQS, as far as the on-failure queue needs it: messages go in, and `/_local/queue` shows them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Caught, Refusal, random_id};
use crate::journal::Journal;

/// The on-failure queue.
pub type FailureQueue = Journal<QueuedMessage>;

/// A message in the on-failure queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueuedMessage {
    /// The `MessageId` that SQS answered.
    pub id: String,
    /// When it was put there, by the house's clock.
    pub sent_at: Timestamp,
    /// The message: JSON where its sender wrote JSON.
    pub body: Value,
    /// Its attributes, as SQS takes them.
    pub attributes: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendMessage {
    message_body: String,
    #[serde(default)]
    message_attributes: Value,
}

pub(super) fn send_message(caught: &Caught, request: SendMessage) -> Result<Value, Refusal> {
    let SendMessage { message_body, message_attributes } = request;
    let body = serde_json::from_str(&message_body).unwrap_or(Value::String(message_body));
    let message = QueuedMessage::new(caught.clock.now(), body, message_attributes);
    let id = message.id.clone();
    caught.queue.append(message).map_err(|error| Refusal::not_kept(&error))?;
    Ok(json!({ "MessageId": id }))
}

impl QueuedMessage {
    /// A message with an id of its own.
    #[must_use]
    pub fn new(sent_at: Timestamp, body: Value, attributes: Value) -> Self {
        Self { id: random_id(), sent_at, body, attributes }
    }
}
