//! The catcher, asked by the real SDK clients.

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_credential_types::Credentials;
use aws_sdk_sesv2::{
    primitives::Blob,
    types::{Attachment, Body, Content, Destination, EmailContent, Message, MessageHeader, RawMessage},
};
use jari_local::{
    HouseClock, Journal, Parameters, SECRETS_PATH,
    catcher::{Catcher, Encoding, FailureQueue, Mail, Mailbox},
    clock::instant,
};

struct Caught {
    catcher: Catcher,
    mailbox: Arc<Mailbox>,
    queue: Arc<FailureQueue>,
    clock: HouseClock,
    aws: SdkConfig,
}

async fn open() -> Caught {
    let (mailbox, queue) = (Arc::new(Journal::in_memory()), Arc::new(Journal::in_memory()));
    let clock = HouseClock::new();
    let parameters = Arc::new(Parameters::generate().unwrap());
    let catcher = Catcher::open(mailbox.clone(), queue.clone(), parameters, clock.clone()).await.unwrap();
    let aws = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::from_static("ap-northeast-2"))
        .credentials_provider(Credentials::from_keys("local", "local", None))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(catcher.endpoint())
        .load()
        .await;
    Caught { catcher, mailbox, queue, clock, aws }
}

impl Caught {
    fn mails(&self) -> Vec<Arc<Mail>> {
        self.mailbox.newest_first()
    }

    async fn send(&self, to: &str, content: EmailContent) -> Result<String, aws_sdk_sesv2::Error> {
        let sent = aws_sdk_sesv2::Client::new(&self.aws)
            .send_email()
            .from_email_address("자리 <hello@jari.test>")
            .destination(Destination::builder().to_addresses(to).build())
            .content(content)
            .send()
            .await?;
        Ok(sent.message_id().unwrap_or_default().to_owned())
    }
}

fn text(data: &str) -> Content {
    Content::builder().data(data).charset("UTF-8").build().unwrap()
}

fn invitation() -> EmailContent {
    let attachment = Attachment::builder()
        .file_name("invitation.ics")
        .content_type("text/calendar; charset=utf-8; method=REQUEST")
        .raw_content(Blob::new("BEGIN:VCALENDAR\r\nSUMMARY:자리\r\n"))
        .build()
        .unwrap();
    let picture = Attachment::builder()
        .file_name("seal.png")
        .content_type("image/png")
        .raw_content(Blob::new([0x89, b'P']))
        .build()
        .unwrap();
    let message = Message::builder()
        .subject(text("예약이 확정되었습니다"))
        .body(Body::builder().text(text("본문")).html(text("<p>본문</p>")).build())
        .headers(MessageHeader::builder().name("X-Jari").value("1").build().unwrap())
        .attachments(attachment)
        .attachments(picture)
        .build();
    EmailContent::builder().simple(message).build()
}

#[tokio::test]
async fn a_mail_is_caught_whole_with_its_invitation_and_the_houses_time() {
    let caught = open().await;
    caught.clock.set(instant("2026-12-24T19:00:00+09:00").unwrap());
    let id = caught.send("minji@example.com", invitation()).await.unwrap();

    let mails = caught.mails();
    let [mail] = mails.as_slice() else { panic!("one mail expected, not {}", mails.len()) };
    assert_eq!((mail.id.as_str(), mail.to.as_str()), (id.as_str(), "minji@example.com"));
    assert_eq!(mail.from, "자리 <hello@jari.test>");
    assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("예약이 확정되었습니다", "본문"));
    assert_eq!(mail.html, "<p>본문</p>");
    assert_eq!((mail.headers[0].name.as_str(), mail.headers[0].value.as_str()), ("X-Jari", "1"));
    assert!(mail.sent_at.to_string().starts_with("2026-12-24T10:00:0"), "{}", mail.sent_at);
    assert_eq!(mail.attachments[0].content_type, "text/calendar; charset=utf-8; method=REQUEST");
    assert_eq!(mail.attachments[0].content, "BEGIN:VCALENDAR\r\nSUMMARY:자리\r\n");
    assert_eq!(
        (mail.attachments[1].content.as_str(), mail.attachments[1].encoding),
        ("iVA=", Encoding::Base64)
    );
}

#[tokio::test]
async fn a_raw_mail_keeps_its_source() {
    let caught = open().await;
    let source = "Subject: Hello\r\nTo: a@example.com\r\n\r\nSubject: not this one\r\n";
    let raw = RawMessage::builder().data(Blob::new(source)).build().unwrap();
    caught.send("a@example.com", EmailContent::builder().raw(raw).build()).await.unwrap();
    assert_eq!((caught.mails()[0].subject.as_str(), caught.mails()[0].text.as_str()), ("Hello", source));
}

#[tokio::test]
async fn a_refused_address_is_refused_for_good_and_a_throttled_one_once() {
    let caught = open().await;
    for _ in 0..2 {
        let refusal = caught.send("minji+refused@example.com", invitation()).await.unwrap_err();
        assert!(matches!(refusal, aws_sdk_sesv2::Error::MessageRejected(_)), "{refusal:?}");
    }
    let refusal = caught.send("minji+throttled@example.com", invitation()).await.unwrap_err();
    assert!(matches!(refusal, aws_sdk_sesv2::Error::TooManyRequestsException(_)), "{refusal:?}");
    assert!(caught.mails().is_empty());
    caught.send("minji+throttled@example.com", invitation()).await.unwrap();
    assert_eq!(caught.mails().len(), 1);
}

#[tokio::test]
async fn an_answered_mail_is_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail.jsonl");
    let caught = open().await;
    let mailbox = Arc::new(Journal::in_file(&path).unwrap());
    let parameters = Arc::new(Parameters::generate().unwrap());
    let catcher = Catcher::open(mailbox, caught.queue.clone(), parameters, HouseClock::new()).await.unwrap();
    let aws = caught.aws.to_builder().endpoint_url(catcher.endpoint()).build();
    let id = Caught { aws, ..caught }.send("minji@example.com", invitation()).await.unwrap();
    // The first mailbox is still open: nothing was flushed by closing it.
    let reread = Mailbox::in_file(&path).unwrap().newest_first();
    assert_eq!(reread[0].id, id);
}

#[tokio::test]
async fn secrets_are_found_by_path_and_readable_only_decrypted() {
    let caught = open().await;
    let ssm = aws_sdk_ssm::Client::new(&caught.aws);
    let by_path = |decrypt| ssm.get_parameters_by_path().path(SECRETS_PATH).with_decryption(decrypt).send();
    let found = by_path(true).await.unwrap();
    let mut names: Vec<_> = found.parameters().iter().filter_map(|p| p.name()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["cursor-key", "diner-key", "mail-token-key", "token-signing-key"]
            .map(|name| format!("{SECRETS_PATH}/{name}"))
    );
    let diner_key = ssm
        .get_parameter()
        .name(format!("{SECRETS_PATH}/diner-key"))
        .with_decryption(true)
        .send()
        .await
        .unwrap();
    let value = diner_key.parameter().and_then(|p| p.value()).unwrap().to_owned();
    assert_eq!(value.len(), 44);
    let encrypted = by_path(false).await.unwrap();
    assert!(!encrypted.parameters().iter().any(|p| p.value() == Some(&value)));
    let elsewhere = ssm.get_parameters_by_path().path("/jari/local/secre").send().await.unwrap();
    assert!(elsewhere.parameters().is_empty());
    let missing = ssm.get_parameter().name("/jari/local/secret/none").send().await.unwrap_err();
    assert!(missing.into_service_error().is_parameter_not_found());
}

#[tokio::test]
async fn what_is_put_on_the_failure_queue_can_be_read() {
    let caught = open().await;
    let sqs = aws_sdk_sqs::Client::new(&caught.aws);
    let url = caught.catcher.queue_url();
    let sent = sqs.send_message().queue_url(&url).message_body(r#"{"why":"refused"}"#).send().await.unwrap();
    let queued = caught.queue.newest_first();
    assert_eq!(queued[0].id, sent.message_id().unwrap());
    assert_eq!(queued[0].body["why"], "refused");
}

#[tokio::test]
async fn an_operation_it_does_not_know_is_refused_by_name() {
    let caught = open().await;
    let refusal = aws_sdk_sqs::Client::new(&caught.aws).list_queues().send().await.unwrap_err();
    let refusal = refusal.into_service_error();
    assert!(refusal.meta().message().unwrap_or_default().contains("AmazonSQS.ListQueues"), "{refusal:?}");
}
