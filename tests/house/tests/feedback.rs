//! What SES tells of mails it took: a bounce or a complaint stops mail to that address, and that a mail was taken settles
//! its guard, whoever sent it.

use std::time::Duration;

use aws_lambda_events::sns::SnsEvent;
use jari_domain::ReservationId;
use jari_notifications::record_mail_feedback::RecordMailFeedback;
use jari_store::{MailAbout, MailGuard, MailKey, MailStop};
use jari_tests::{House, bistro, table_for, workspace};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn house() -> House {
    House::open().with_restaurant(bistro().with_tables(5, 2)).await
}

/// Why mail to an address is stopped, once it is.
async fn stopped(house: &House, address: &str) -> MailStop {
    let key = house.local().house().diner_key().await.unwrap();
    let diner = key.diner_of_email(&address.parse().unwrap());
    for _ in 0..200 {
        let known = house.store().mail_addresses(std::slice::from_ref(&diner)).await.unwrap();
        if let Some((why, _)) = known.get(&diner).and_then(|address| address.stopped) {
            return why;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("mail is not stopped");
}

/// The event of `events/` with another message in it.
fn event(message: &Value) -> SnsEvent {
    let mut event: Value =
        serde_json::from_str(&workspace::text("events/record-mail-feedback.json")).unwrap();
    event["Records"][0]["Sns"]["Message"] = message.to_string().into();
    serde_json::from_value(event).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_or_a_complaint_stops_mail_to_that_address() {
    let house = house().await;
    for (name, why) in [("bounce-minji", MailStop::Bounce), ("complaint-jun", MailStop::Complaint)] {
        let address = format!("{name}@jari.test");
        let ticket = house.book(table_for(2).by(name)).await.is(201).ticket();
        assert_eq!(house.mails_to(&address).await.len(), 1);
        assert_eq!(stopped(&house, &address).await, why);
        let told = house.mails().await.len();
        house.cancel(&ticket).await.is(200);
        assert_eq!(house.mails_to(&address).await.len(), 1, "nothing more goes there");
        assert_eq!(house.mails().await.len(), told + 1, "the restaurant still learns of it");
    }
    assert!(house.local().failures().is_empty());
    house.book(table_for(2).by("sora")).await.is(201);
    assert_eq!(house.mails_to("sora@jari.test").await.len(), 1, "others are not concerned");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ses_took_is_not_sent_again_though_its_sender_died() {
    let house = house().await;
    let feedback = RecordMailFeedback::open(house.local().house()).await.unwrap();
    let (now, later) = (house.now(), house.now() + SignedDuration::from_secs(61));
    for is_told in [true, false] {
        let id = ReservationId::derived(std::array::from_fn(|_| fastrand::u8(..)));
        let key = MailKey::new(MailAbout::Reservation(id), "confirmed", "1");
        assert!(matches!(house.store().begin_mail(&key, now).await.unwrap(), MailGuard::Send(_)));
        if is_told {
            let tags = json!({ "kind": ["confirmed"], "about": [id], "which": ["1"] });
            let message =
                json!({ "eventType": "Send", "mail": { "messageId": "0100", "tags": tags }, "send": {} });
            // However often it is told.
            for _ in 0..2 {
                feedback.handle(event(&message)).await.unwrap();
            }
        }
        let again = house.store().begin_mail(&key, later).await.unwrap();
        assert_eq!(again == MailGuard::Settled, is_told, "{again:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_understood_is_dropped_and_a_mail_nobody_knows_makes_no_guard() {
    let house = house().await;
    let feedback = RecordMailFeedback::open(house.local().house()).await.unwrap();
    feedback.handle(event(&json!("Successfully validated SNS topic"))).await.unwrap();
    let id = ReservationId::derived([7; 16]);
    let tags = json!({ "kind": ["confirmed"], "about": [id], "which": ["1"] });
    let unknown = json!({ "eventType": "Send", "mail": { "messageId": "0100", "tags": tags }, "send": {} });
    let before = house.items().await.len();
    feedback.handle(event(&unknown)).await.unwrap();
    assert_eq!(house.items().await.len(), before);
}
