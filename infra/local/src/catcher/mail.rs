//! A caught mail, as `/_local/mail` shows it and as the journal keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::journal::Journal;

/// The mails caught, in the order they were sent.
pub type Mailbox = Journal<Mail>;

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// The `MessageId` that SES answered.
    pub id: String,
    /// The sender, with its name if it has one.
    pub from: String,
    /// The recipients; several are joined by a comma.
    pub to: String,
    /// Empty if the sender takes the answers.
    pub reply_to: String,
    /// The subject.
    pub subject: String,
    /// When it was sent, by the house's clock.
    pub sent_at: Timestamp,
    /// The text part, or the whole source of a mail sent raw.
    pub text: String,
    /// The HTML part; empty if there is none.
    pub html: String,
    /// Further headers.
    pub headers: Vec<Header>,
    /// Files that travel with it.
    pub attachments: Vec<Attachment>,
    /// What its sender has SES say again of it.
    #[serde(default)]
    pub tags: Vec<Header>,
}

/// A header that the sender added, or a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// Such as `List-Unsubscribe`.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A file in a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Such as `invitation.ics`.
    pub file_name: String,
    /// Such as `text/calendar; charset=utf-8; method=REQUEST`.
    pub content_type: String,
    /// The file: as text if it is text, else in base64; `encoding` says which.
    pub content: String,
    /// How to read `content`.
    pub encoding: Encoding,
}

/// How an attachment's content is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Encoding {
    /// As it is.
    Text,
    /// Base64 with padding.
    Base64,
}
