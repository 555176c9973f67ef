//! SES version 2: one operation, `SendEmail`, with simple and raw content.

use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Caught, Refusal, answer, feedback,
    mail::{Attachment, Encoding, Header, Mail},
    random_id,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    #[serde(default)]
    from_email_address: String,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    email_tags: Vec<SentHeader>,
    content: Content,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Destination {
    #[serde(rename = "ToAddresses")]
    to: Vec<String>,
    #[serde(rename = "CcAddresses")]
    cc: Vec<String>,
    #[serde(rename = "BccAddresses")]
    bcc: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    raw: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
    #[serde(default)]
    headers: Vec<SentHeader>,
    #[serde(default)]
    attachments: Vec<SentAttachment>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Body {
    html: Text,
    text: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Text {
    data: String,
}

/// A header, or a tag.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SentHeader {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SentAttachment {
    raw_content: String,
    file_name: String,
    content_type: Option<String>,
}

pub(super) async fn send_email(State(caught): State<Caught>, body: Bytes) -> Response {
    answer(&body, |request: SendEmail| deliver(&caught, request)).into_response()
}

fn deliver(caught: &Caught, request: SendEmail) -> Result<Value, Refusal> {
    let Destination { to, cc, bcc } = request.destination;
    let to = [to, cc, bcc].concat();
    if to.is_empty() || !to.iter().all(|address| address.contains('@')) {
        return Err(Refusal::new("BadRequestException", "Missing or illegal address in Destination"));
    }
    if to.iter().any(|address| address.contains("+refused@")) {
        return Err(Refusal::new(
            "MessageRejected",
            "Email address is not accepted: +refused addresses never are",
        ));
    }
    if let Some(address) = to.iter().find(|address| address.contains("+throttled@")) {
        let first_time = caught
            .throttled
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(address.clone());
        if first_time {
            return Err(Refusal::new("TooManyRequestsException", "Too many requests: try again")
                .with_status(StatusCode::TOO_MANY_REQUESTS));
        }
    }

    let id = random_id();
    let mut mail = match request.content {
        Content { simple: Some(simple), raw: None } => simple_mail(simple)?,
        Content { simple: None, raw: Some(raw) } => raw_mail(&raw)?,
        _ => {
            return Err(Refusal::new("BadRequestException", "Content must be either Simple or Raw"));
        }
    };
    mail.id.clone_from(&id);
    mail.from = readable(&request.from_email_address);
    mail.to = to.join(", ");
    mail.reply_to = request.reply_to_addresses.join(", ");
    mail.sent_at = caught.clock.now();
    mail.tags = request.email_tags.into_iter().map(header).collect();
    let told = feedback::messages(&mail);
    caught.mailbox.append(mail).map_err(|error| Refusal::not_kept(&error))?;
    feedback::tell(caught, told);
    Ok(json!({ "MessageId": id }))
}

fn simple_mail(simple: Simple) -> Result<Mail, Refusal> {
    let attachments = simple.attachments.into_iter().map(attachment).collect::<Result<_, _>>()?;
    Ok(Mail {
        subject: simple.subject.data,
        text: simple.body.text.data,
        html: simple.body.html.data,
        headers: simple.headers.into_iter().map(header).collect(),
        attachments,
        ..blank()
    })
}

/// Kept as it is: nothing in the house sends raw mail, but a tool that tries it can look at the source.
fn raw_mail(raw: &Raw) -> Result<Mail, Refusal> {
    let source = String::from_utf8_lossy(&decode(&raw.data)?).into_owned();
    let subject = source
        .lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix("Subject: "))
        .unwrap_or_default()
        .to_owned();
    Ok(Mail { subject, text: source, ..blank() })
}

fn header(SentHeader { name, value }: SentHeader) -> Header {
    Header { name, value }
}

fn attachment(sent: SentAttachment) -> Result<Attachment, Refusal> {
    let content_type = sent.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let text = if content_type.starts_with("text/") || content_type.starts_with("application/json") {
        String::from_utf8(decode(&sent.raw_content)?).ok()
    } else {
        decode(&sent.raw_content)?;
        None
    };
    let (content, encoding) = match text {
        Some(text) => (text, Encoding::Text),
        None => (sent.raw_content, Encoding::Base64),
    };
    Ok(Attachment { file_name: sent.file_name, content_type, content, encoding })
}

fn decode(content: &str) -> Result<Vec<u8>, Refusal> {
    BASE64_STANDARD
        .decode(content)
        .map_err(|error| Refusal::new("BadRequestException", format!("content is not base64: {error}")))
}

/// A name that is not ASCII travels as encoded words (RFC 2047), which nobody wants to read. Only the form
/// that the house itself writes is decoded: UTF-8 in base64.
fn readable(address: &str) -> String {
    let mut readable = String::new();
    let mut rest = address;
    while let Some((before, (encoded, after))) =
        rest.split_once("=?UTF-8?B?").and_then(|(before, from)| Some((before, from.split_once("?=")?)))
    {
        // Space between two encoded words is not part of the name.
        if readable.is_empty() || !before.trim().is_empty() {
            readable.push_str(before);
        }
        let decoded = BASE64_STANDARD.decode(encoded).unwrap_or_default();
        readable.push_str(&String::from_utf8_lossy(&decoded));
        rest = after;
    }
    readable + rest
}

fn blank() -> Mail {
    Mail {
        id: String::new(),
        from: String::new(),
        to: String::new(),
        reply_to: String::new(),
        subject: String::new(),
        sent_at: jiff::Timestamp::UNIX_EPOCH,
        text: String::new(),
        html: String::new(),
        headers: Vec::new(),
        attachments: Vec::new(),
        tags: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_korean_sender_can_be_read() {
        let encoded = "=?UTF-8?B?66y07Ieg7JmAIOuCmOusvA==?= <reservations@jari.test>";
        assert_eq!(readable(encoded), "무쇠와 나물 <reservations@jari.test>");
        let two_words = "=?UTF-8?B?66y07Ieg7JmA?=\r\n =?UTF-8?B?IOuCmOusvA==?= <a@jari.test>";
        assert_eq!(readable(two_words), "무쇠와 나물 <a@jari.test>");
        for plain in ["Bistro <a@jari.test>", "a@jari.test", "=?UTF-8?B?broken <a@jari.test>"] {
            assert_eq!(readable(plain), plain);
        }
    }
}
