//! Reminders: a day and three hours before, once each, and only to who still comes and wants them.

use jari_schedules::send_reminders::SendReminders;
use jari_tests::{Browser, House, Ticket, bistro, table_for};
use jiff::SignedDuration;
use serde_json::json;

const DAY_BEFORE: &str = "예약이 하루 앞으로 다가왔습니다";
const HOURS_BEFORE: &str = "곧 예약 시간입니다";

async fn house() -> House {
    House::open().with_restaurant(bistro().with_tables(5, 2)).await
}

async fn booked(house: &House) -> Ticket {
    house.book(table_for(2)).await.is(201).ticket()
}

/// Moves the clock to a time in Seoul: most of the way at once, as nothing falls due there, and the last minutes as they
/// would pass.
async fn at(house: &House, time: &str) {
    let time: jiff::Timestamp = format!("{time}:00+09:00").parse().unwrap();
    house.local().clock().set(time - SignedDuration::from_mins(8));
    house.local().move_clock_to(time).await;
}

/// How many of each reminder Minji has.
async fn reminders(house: &House) -> (usize, usize) {
    let mails = house.mails_to("minji@jari.test").await;
    let count = |subject: &str| mails.iter().filter(|mail| mail.subject.starts_with(subject)).count();
    (count(DAY_BEFORE), count(HOURS_BEFORE))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_reservation_is_reminded_of_once_a_day_and_once_three_hours_before() {
    let house = house().await;
    let ticket = booked(&house).await;
    at(&house, "2026-12-23T18:55").await;
    assert_eq!(reminders(&house).await, (0, 0));
    at(&house, "2026-12-23T19:10").await;
    assert_eq!(reminders(&house).await, (1, 0));
    at(&house, "2026-12-24T15:55").await;
    assert_eq!(reminders(&house).await, (1, 0));
    at(&house, "2026-12-24T16:10").await;
    assert_eq!(reminders(&house).await, (1, 1));
    at(&house, "2026-12-24T19:30").await;
    assert_eq!(reminders(&house).await, (1, 1));
    // To be reminded changes nothing that anybody who looked would have to look at again.
    assert_eq!(house.reservation(ticket.id).await.unwrap().revision, 1);
    let mails = house.mails_to("minji@jari.test").await;
    let reminder = mails.iter().find(|mail| mail.subject.starts_with(DAY_BEFORE)).unwrap();
    assert!(reminder.text.contains("/r/") && reminder.text.contains("#coming"), "{}", reminder.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_schedules_at_once_remind_once() {
    let house = house().await;
    booked(&house).await;
    at(&house, "2026-12-23T18:57").await;
    let schedule = SendReminders::open(house.local().house()).await.unwrap();
    house.local().clock().set("2026-12-23T19:00:30+09:00".parse().unwrap());
    let event = || {
        serde_json::from_value(json!({
            "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.scheduler", "account": "0",
            "time": "2026-12-23T10:00:00Z", "region": "ap-northeast-2", "resources": [], "detail": "{}",
        }))
        .unwrap()
    };
    let runs = futures::future::join_all((0..6).map(|_| schedule.handle(event()))).await;
    assert!(runs.iter().all(Result::is_ok));
    assert_eq!(reminders(&house).await, (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_cancelled_is_not_reminded() {
    let house = house().await;
    let ticket = booked(&house).await;
    house.cancel(&ticket).await.is(200);
    at(&house, "2026-12-24T19:00").await;
    assert_eq!(reminders(&house).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_books_two_hours_ahead_is_not_reminded_of_what_they_just_did() {
    let house =
        House::open().at("2026-12-24T17:00:00+09:00").with_restaurant(bistro().with_tables(5, 2)).await;
    booked(&house).await;
    at(&house, "2026-12-24T19:00").await;
    assert_eq!(reminders(&house).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_that_moves_is_reminded_of_anew() {
    let house = house().await;
    let ticket = booked(&house).await;
    at(&house, "2026-12-23T19:10").await;
    assert_eq!(reminders(&house).await, (1, 0));
    let change = json!({ "startsAt": "2026-12-26T19:00:00+09:00" });
    house.change(&ticket, &change).await.is(200);
    at(&house, "2026-12-24T19:30").await;
    assert_eq!(reminders(&house).await, (1, 0), "nobody is expected any more");
    at(&house, "2026-12-25T19:10").await;
    assert_eq!(reminders(&house).await, (2, 0));
    at(&house, "2026-12-26T16:10").await;
    assert_eq!(reminders(&house).await, (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_without_reminders_gets_none() {
    let house = house().await;
    let ticket = booked(&house).await;
    let diner = house.reservation(ticket.id).await.unwrap().diner.unwrap();
    house.store().set_reminders(&diner, false).await.unwrap();
    at(&house, "2026-12-23T19:10").await;
    assert_eq!(reminders(&house).await, (0, 0));
    assert_eq!(house.reservation(ticket.id).await.unwrap().reminded, 1, "it counts as done");
    // What concerns the reservation itself still comes.
    house.cancel(&ticket).await.is(200);
    let mails = house.mails_to("minji@jari.test").await;
    assert_eq!(mails.len(), 2, "confirmed and cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_that_they_are_coming_says_it_by_the_form_of_the_page_and_once() {
    let house = house().await;
    let ticket = booked(&house).await;
    let browser = Browser::new(&house);
    let path = format!("/r/{}", ticket.token);
    let coming = format!("{path}/reconfirm");
    let shown = browser.open(&path).await.is(200);
    assert!(!shown.has_form(&coming), "nobody has asked yet");
    at(&house, "2026-12-23T19:10").await;
    let shown = browser.open(&path).await.is(200).says(&[r#"id="coming""#]);
    browser.open(&coming).await.is(200);
    assert_eq!(
        house.reservation(ticket.id).await.unwrap().reconfirmed_at,
        None,
        "opening it acts on nothing"
    );
    let mails = house.mails().await.len();
    for _ in 0..2 {
        let said = browser.send(&shown.form(&coming)).await.is(200).says(&["오신다고"]);
        assert!(!said.has_form(&coming), "{}", said.html);
    }
    assert!(house.reservation(ticket.id).await.unwrap().reconfirmed_at.is_some());
    assert_eq!(house.mails().await.len(), mails, "it is no news for anybody's mailbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_books_for_tonight_is_not_asked_at_once_whether_they_come() {
    let house =
        House::open().at("2026-12-24T12:00:00+09:00").with_restaurant(bistro().with_tables(5, 2)).await;
    let ticket = booked(&house).await;
    let browser = Browser::new(&house);
    let path = format!("/r/{}", ticket.token);
    let coming = format!("{path}/reconfirm");
    assert!(!browser.open(&path).await.is(200).has_form(&coming), "they have just said so");
    at(&house, "2026-12-24T16:10").await;
    assert_eq!(reminders(&house).await, (0, 1));
    assert!(browser.open(&path).await.is(200).has_form(&coming));
    // Half an hour later is another time, and they have just said that, too.
    house.change(&ticket, &json!({ "startsAt": "2026-12-24T19:30:00+09:00" })).await.is(200);
    assert!(!browser.open(&path).await.is(200).has_form(&coming));
}
