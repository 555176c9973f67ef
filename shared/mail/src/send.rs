//! Sending by SES (version 2). What it refuses is told apart by one question: can the same mail go through if it is
//! tried again soon? SES has no idempotency token: whoever sends must make sure that it sends once.

use std::{error::Error, time::Duration};

use aws_config::SdkConfig;
use aws_sdk_sesv2::{
    Client,
    config::{http::HttpResponse, retry::RetryConfig, timeout::TimeoutConfig},
    error::{ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    primitives::Blob,
    types::{
        self, AttachmentContentDisposition, AttachmentContentTransferEncoding, Body, Content, Destination,
        EmailContent, MessageHeader, MessageTag,
    },
};

use crate::{Attachment, Header, Message};

/// Sends mails.
#[derive(Debug, Clone)]
pub struct Mailer {
    client: Client,
    configuration_set: Option<String>,
}

/// The tag with the message's kind.
pub const KIND_TAG: &str = "kind";

/// SES may take its time with an attachment; cut short, nobody would know whether the mail is out.
const PATIENCE: Duration = Duration::from_secs(15);

/// What SES calls a mail that it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageId(pub String);

/// Why a mail was not sent. The text is the name of the error alone: what SES says beside it may contain addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Trying again soon does not help: the mail is refused, or someone has to mend the account or its settings.
    #[error("the mail is refused for good: {0}")]
    Permanent(String),
    /// Trying again may help: throttled, or nobody could be reached. It was not sent.
    #[error("the mail could not be sent now: {0}")]
    Temporary(String),
    /// No answer came, none that can be read, or one that SES is out of order: the mail may have gone out, or not.
    #[error("whether the mail was sent is not known: {0}")]
    Unknown(String),
}

impl Mailer {
    /// A mailer at SES, or at `endpoint` where given, whose mails are counted under `configuration_set`.
    #[must_use]
    pub fn new(aws: &SdkConfig, endpoint: Option<&str>, configuration_set: Option<String>) -> Self {
        let mut config = aws_sdk_sesv2::config::Builder::from(aws);
        config
            .set_endpoint_url(endpoint.map(str::to_owned).or_else(|| aws.endpoint_url().map(str::to_owned)));
        // No try of the SDK's own: SES knows no idempotency token, so a second one could be a second mail.
        config.set_retry_config(Some(RetryConfig::disabled()));
        config.set_timeout_config(Some(
            TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).operation_timeout(PATIENCE).build(),
        ));
        Self { client: Client::from_conf(config.build()), configuration_set }
    }

    /// Sends `message`, once. Its kind and `tags` (name and value: letters, digits, `_` and `-`) come back with whatever
    /// SES tells of it later.
    ///
    /// # Errors
    /// Whether trying again can help, and the error's name.
    pub async fn send(&self, message: &Message, tags: &[(&str, String)]) -> Result<MessageId, SendError> {
        let content = content(message)?;
        let tags = [(KIND_TAG, message.kind.clone())].into_iter().chain(tags.iter().cloned());
        let tags: Result<Vec<_>, _> =
            tags.map(|(name, value)| MessageTag::builder().name(name).value(value).build()).collect();
        let sent = self
            .client
            .send_email()
            .from_email_address(message.from.header())
            .destination(Destination::builder().to_addresses(message.to.as_str()).build())
            .set_reply_to_addresses(
                message.reply_to.as_ref().map(|address| vec![address.as_str().to_owned()]),
            )
            .content(content)
            .set_email_tags(Some(tags.map_err(|_| impossible())?))
            .set_configuration_set_name(self.configuration_set.clone())
            .send()
            .await
            .map_err(|error| judge(&error))?;
        let id = sent.message_id.unwrap_or_default();
        tracing::info!(kind = message.kind, message_id = id, "mail sent");
        Ok(MessageId(id))
    }
}

fn content(message: &Message) -> Result<EmailContent, SendError> {
    let utf8 = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let body = Body::builder()
        .text(utf8(&message.text).map_err(|_| impossible())?)
        .html(utf8(&message.html).map_err(|_| impossible())?)
        .build();
    let attachments: Result<Vec<_>, _> = message.attachments.iter().map(attachment).collect();
    let headers: Result<Vec<_>, _> = message.headers.iter().map(header).collect();
    let simple = types::Message::builder()
        .subject(utf8(&message.subject).map_err(|_| impossible())?)
        .body(body)
        .set_attachments(Some(attachments?).filter(|all| !all.is_empty()))
        .set_headers(Some(headers?).filter(|all| !all.is_empty()))
        .build();
    Ok(EmailContent::builder().simple(simple).build())
}

fn header(header: &Header) -> Result<MessageHeader, SendError> {
    MessageHeader::builder().name(&header.name).value(&header.value).build().map_err(|_| impossible())
}

/// Base64: Korean text is not 7 bit, and quoted-printable would triple it and may touch the line ends.
fn attachment(attachment: &Attachment) -> Result<types::Attachment, SendError> {
    types::Attachment::builder()
        .file_name(&attachment.file_name)
        .content_type(&attachment.content_type)
        .content_disposition(AttachmentContentDisposition::Attachment)
        .content_transfer_encoding(AttachmentContentTransferEncoding::Base64)
        .raw_content(Blob::new(attachment.content.as_bytes()))
        .build()
        .map_err(|_| impossible())
}

/// A builder misses a field that is always given.
fn impossible() -> SendError {
    SendError::Permanent("IncompleteRequest".to_owned())
}

fn judge(error: &SdkError<SendEmailError, HttpResponse>) -> SendError {
    let SdkError::ServiceError(refusal) = error else {
        return match error {
            SdkError::ConstructionFailure(_) => SendError::Permanent("ConstructionFailure".to_owned()),
            SdkError::TimeoutError(_) => SendError::Unknown("Timeout".to_owned()),
            SdkError::DispatchFailure(_) if was_never_connected(error) => {
                SendError::Temporary("Unreachable".to_owned())
            }
            // A connection may also break, or be closed, when SES has the mail.
            SdkError::DispatchFailure(_) => SendError::Unknown("BrokenConnection".to_owned()),
            _ => SendError::Unknown("UnreadableAnswer".to_owned()),
        };
    };
    let status = refusal.raw().status().as_u16();
    let code = refusal.err().code().unwrap_or("Unknown");
    // A paused or suspended account, an unverified domain and a missing configuration set wait for a person: retrying
    // would only hold up the mails behind. They go where failed mails wait to be sent again.
    let may_pass = match refusal.err() {
        SendEmailError::TooManyRequestsException(_) | SendEmailError::LimitExceededException(_) => true,
        SendEmailError::MessageRejected(_)
        | SendEmailError::BadRequestException(_)
        | SendEmailError::NotFoundException(_)
        | SendEmailError::MailFromDomainNotVerifiedException(_)
        | SendEmailError::AccountSuspendedException(_)
        | SendEmailError::SendingPausedException(_) => false,
        _ => status == 429 || RETRIED.iter().any(|part| code.contains(part)),
    };
    if may_pass {
        SendError::Temporary(code.to_owned())
    } else if status >= 500 {
        SendError::Unknown(code.to_owned())
    } else {
        SendError::Permanent(code.to_owned())
    }
}

/// Whether no connection was made, so that nothing can have been sent. Whatever else it was is taken for an answer that was
/// lost: rather a mail later than twice.
fn was_never_connected(error: &(dyn Error + 'static)) -> bool {
    use hyper_util::client::legacy::Error as Legacy;

    std::iter::successors(Some(error), |&error| error.source())
        .any(|error| error.downcast_ref::<Legacy>().is_some_and(Legacy::is_connect))
}

/// Parts of the names of errors that every service has and that pass: too fast, or credentials just being replaced.
const RETRIED: [&str; 4] = ["Throttl", "ExpiredToken", "RequestExpired", "SlowDown"];
