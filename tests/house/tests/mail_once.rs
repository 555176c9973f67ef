//! One mail a fact: however often the stream repeats it, whatever SES says first; and what SES refuses for good is
//! parked whole and holds up nobody.

use aws_lambda_events::event::dynamodb::Event;
use jari_notifications::send_mail::SendMail;
use jari_store::Item;
use jari_tests::{House, bistro, table_for};
use serde_json::{Value, json};

async fn house() -> House {
    House::open().with_restaurant(bistro().with_tables(5, 2)).await
}

/// The stream's record of an item that was put.
fn record(item: &Item) -> Value {
    let image: serde_dynamo::Item = item.clone().into();
    let key = |name: &str| item[name].as_s().unwrap();
    json!({
        "eventID": fastrand::u64(..).to_string(), "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "ap-northeast-2", "eventSourceARN": "arn:aws:dynamodb:ap-northeast-2:0:table/t/stream/s",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_796_086_800, "SequenceNumber": fastrand::u32(..).to_string(), "SizeBytes": 1,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            "Keys": { "PK": { "S": key("PK") }, "SK": { "S": key("SK") } }, "NewImage": image,
        },
    })
}

fn event(records: &[Value]) -> Event {
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

async fn reservation_items(house: &House) -> Vec<Item> {
    let mut items = house.items().await;
    items.retain(|item| item["SK"].as_s().is_ok_and(|key| key == "RSV"));
    items
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_comes_again_is_not_mailed_again() {
    let house = house().await;
    for guest in ["minji", "jun", "sora"] {
        house.book(table_for(2).by(guest)).await.is(201);
    }
    assert_eq!(house.mails().await.len(), 6, "each guest and the restaurant");
    let send_mail = SendMail::open(house.local().house()).await.unwrap();
    let mut records: Vec<_> = reservation_items(&house).await.iter().map(record).collect();
    for _ in 0..3 {
        assert!(send_mail.handle(event(&records)).await.batch_item_failures.is_empty());
        records.reverse();
        records.push(records[0].clone());
    }
    assert_eq!(house.mails().await.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_comes_to_many_at_once_is_mailed_by_one() {
    let house = house().await;
    house.book(table_for(2)).await.is(201);
    let (told_to_wait, record) = to_eight_at_once(&house).await;
    assert!(told_to_wait < 8, "one of them mails");
    let send_mail = SendMail::open(house.local().house()).await.unwrap();
    assert!(send_mail.handle(event(&[record])).await.batch_item_failures.is_empty());
    assert_eq!(house.mails().await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_conditions_the_guard_lets_several_mail() {
    let house = House::open().with_faults().with_restaurant(bistro().with_tables(5, 2)).await;
    house.book(table_for(2)).await.is(201);
    house.mails().await;
    house.proxy().without_conditions();
    to_eight_at_once(&house).await;
    assert!(house.mails().await.len() > 4);
}

/// A record that nobody has mailed before, to eight at once: how many were told to wait, and the record.
async fn to_eight_at_once(house: &House) -> (usize, Value) {
    assert_eq!(house.mails().await.len(), 2);
    let send_mail = SendMail::open(house.local().house()).await.unwrap();
    // A reservation that only this stream knows: nobody has mailed it before.
    let mut item = reservation_items(house).await.remove(0);
    let id = jari_domain::ReservationId::derived(std::array::from_fn(|_| fastrand::u8(..)));
    let pk = aws_sdk_dynamodb::types::AttributeValue::S(format!("RSV#{}", id.digits()));
    item.insert("PK".into(), pk);
    let record = record(&item);
    let at_once = (0..8).map(|_| send_mail.handle(event(std::slice::from_ref(&record))));
    let answers = futures::future::join_all(at_once).await;
    let told_to_wait = answers.iter().filter(|answer| !answer.batch_item_failures.is_empty()).count();
    (told_to_wait, record)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ses_throttles_first_goes_out_once() {
    let house = house().await;
    house.book(table_for(2).by("minji+throttled")).await.is(201);
    assert_eq!(house.mails_to("minji+throttled@jari.test").await.len(), 1);
    assert_eq!(house.mails().await.len(), 2);
    assert!(house.local().failures().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_refused_for_good_is_parked_whole_and_holds_up_nobody() {
    let house = house().await;
    let refused = house.book(table_for(2).by("minji+refused")).await.is(201);
    house.book(table_for(2).by("jun")).await.is(201);
    assert_eq!(house.mails_to("jun@jari.test").await.len(), 1, "later records are not held up");
    assert!(house.mails_to("minji+refused@jari.test").await.is_empty());
    let parked = house.local().failures();
    assert_eq!(parked.len(), 1, "{parked:?}");
    let body = &parked[0].body;
    assert_eq!((&body["kind"], &body["about"]), (&json!("confirmed"), &json!(refused.id())));
    assert!(body["reason"].is_string());
    let message = &body["message"];
    assert_eq!(message["to"], "minji+refused@jari.test");
    for part in ["subject", "text", "html"] {
        assert!(message[part].as_str().is_some_and(|text| !text.is_empty()), "{part}: {body}");
    }
    assert!(message["attachments"][0]["content"].as_str().unwrap().contains("BEGIN:VCALENDAR"));
    assert!(message["from"]["address"].is_string() && message["replyTo"].is_string());

    let send_mail = SendMail::open(house.local().house()).await.unwrap();
    let records: Vec<_> = reservation_items(&house).await.iter().map(record).collect();
    assert!(send_mail.handle(event(&records)).await.batch_item_failures.is_empty());
    assert_eq!(house.local().failures().len(), 1, "refused once is refused for good");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_read_is_parked_and_the_next_is_mailed() {
    let house = house().await;
    house.book(table_for(2)).await.is(201);
    house.mails().await;
    let send_mail = SendMail::open(house.local().house()).await.unwrap();
    let mut broken = reservation_items(&house).await.remove(0);
    broken.remove("startsAt");
    let answer = send_mail.handle(event(&[record(&broken)])).await;
    assert!(answer.batch_item_failures.is_empty());
    let parked = &house.local().failures()[0].body;
    assert!(parked["record"]["dynamodb"].is_object(), "the record is kept: {parked}");
    house.book(table_for(2).by("jun")).await.is(201);
    assert_eq!(house.mails_to("jun@jari.test").await.len(), 1);
}
