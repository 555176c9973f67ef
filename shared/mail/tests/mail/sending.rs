//! Sending against a socket that answers as SES would.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use jari_domain::Language;
use jari_mail::{Mailer, Message, MessageId, NoticeKind, SendError, compose};

use crate::house::{from, notice, sent_at};

fn aws() -> SdkConfig {
    let credentials = Credentials::new("key", "secret", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("ap-northeast-2"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::disabled())
        .build()
}

fn message() -> Message {
    compose(&notice(NoticeKind::Confirmed, Language::Ko), sent_at(), &from()).unwrap()
}

/// An endpoint that answers one request, and what it was asked.
fn ses(status: &str, error: Option<&str>, body: &str) -> (String, thread::JoinHandle<String>) {
    let error = error.map_or(String::new(), |name| format!("x-amzn-errortype: {name}\r\n"));
    answering(format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{error}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
}

/// An endpoint that reads one request, answers with these bytes and closes the connection.
fn answering(answer: String) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 8_192];
        loop {
            let read = stream.read(&mut buffer).unwrap();
            request.extend_from_slice(&buffer[..read]);
            let text = String::from_utf8_lossy(&request);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| {
                    let (name, value) = line.split_once(':')?;
                    name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
                });
                if read == 0 || body.len() >= length.unwrap_or_default() {
                    break;
                }
            }
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(request).unwrap()
    });
    (endpoint, asked)
}

async fn refused(status: &str, error: &str) -> SendError {
    let (endpoint, _asked) = ses(status, Some(error), r#"{"message":"guest@example.com is on fire"}"#);
    let mailer = Mailer::new(&aws(), Some(&endpoint), None);
    mailer.send(&message(), &[]).await.unwrap_err()
}

#[tokio::test]
async fn a_mail_goes_out_with_its_invitation_as_a_calendar_object() {
    let (endpoint, asked) = ses("200 OK", None, r#"{"MessageId":"0100"}"#);
    let mailer = Mailer::new(&aws(), Some(&endpoint), Some("jari-mail".to_owned()));
    let message = message();
    let tags = [("about", "rsv_1".to_owned()), ("which", "2".to_owned())];
    assert_eq!(mailer.send(&message, &tags).await, Ok(MessageId("0100".to_owned())));
    let request = asked.join().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v2/email/outbound-emails "), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["FromEmailAddress"], message.from.header());
    assert_eq!(body["Destination"]["ToAddresses"][0], "guest@example.com");
    assert_eq!(body["ReplyToAddresses"][0], "hello@ongi.example");
    assert_eq!(body["ConfigurationSetName"], "jari-mail");
    let tags = body["EmailTags"].as_array().unwrap().iter();
    let tags: Vec<_> =
        tags.map(|tag| (tag["Name"].as_str().unwrap(), tag["Value"].as_str().unwrap())).collect();
    assert_eq!(tags, [("kind", "confirmed"), ("about", "rsv_1"), ("which", "2")]);
    let simple = &body["Content"]["Simple"];
    assert_eq!(simple["Subject"]["Data"], message.subject);
    assert_eq!(simple["Body"]["Text"]["Data"], message.text);
    assert_eq!(simple["Body"]["Html"]["Data"], message.html);
    let attachment = &simple["Attachments"][0];
    assert_eq!(attachment["ContentType"], "text/calendar; charset=UTF-8; method=REQUEST");
    assert_eq!(attachment["FileName"], "invite.ics");
    assert_eq!(attachment["ContentTransferEncoding"], "BASE64");
}

#[tokio::test]
async fn what_a_retry_cannot_mend_is_permanent() {
    for (status, error) in [
        ("400 Bad Request", "MessageRejected"),
        ("400 Bad Request", "BadRequestException"),
        ("400 Bad Request", "MailFromDomainNotVerifiedException"),
        ("400 Bad Request", "SendingPausedException"),
        ("403 Forbidden", "AccountSuspendedException"),
        ("403 Forbidden", "AccessDeniedException"),
        ("404 Not Found", "NotFoundException"),
    ] {
        assert_eq!(refused(status, error).await, SendError::Permanent(error.to_owned()));
    }
}

#[tokio::test]
async fn what_passes_is_temporary() {
    for (status, error) in [
        ("429 Too Many Requests", "TooManyRequestsException"),
        ("400 Bad Request", "LimitExceededException"),
        ("400 Bad Request", "ThrottlingException"),
        ("403 Forbidden", "ExpiredTokenException"),
        ("503 Service Unavailable", "ThrottlingException"),
    ] {
        assert_eq!(refused(status, error).await, SendError::Temporary(error.to_owned()));
    }
}

/// What goes wrong within SES may go wrong after it took the mail.
#[tokio::test]
async fn after_an_error_within_ses_nobody_knows() {
    for (status, error) in
        [("500 Internal Server Error", "InternalFailure"), ("503 Service Unavailable", "ServiceUnavailable")]
    {
        assert_eq!(refused(status, error).await, SendError::Unknown(error.to_owned()));
    }
}

/// The request has arrived whole: SES may have taken the mail before the connection broke.
#[tokio::test]
async fn after_a_connection_that_breaks_nobody_knows() {
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"Mess"] {
        let (endpoint, asked) = answering(answer.to_owned());
        let mailer = Mailer::new(&aws(), Some(&endpoint), None);
        let sent = mailer.send(&message(), &[]).await;
        assert!(matches!(sent, Err(SendError::Unknown(_))), "{answer:?}: {sent:?}");
        assert!(asked.join().unwrap().contains("guest@example.com"));
    }
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_temporary() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mailer = Mailer::new(&aws(), Some(&format!("http://{closed}")), None);
    let refused = mailer.send(&message(), &[]).await;
    assert_eq!(refused, Err(SendError::Temporary("Unreachable".to_owned())));
}

#[tokio::test]
async fn an_error_tells_no_address() {
    let error = refused("400 Bad Request", "MessageRejected").await;
    assert!(!format!("{error} {error:?}").contains("guest@"));
}
