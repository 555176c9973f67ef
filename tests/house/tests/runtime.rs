//! Every function's built binary, started as Lambda starts it, answers its event in `events/`.

use std::{process::Stdio, time::Duration};

use jari_tests::{
    House, Opening, Ticket,
    mail_facts::cause,
    runtime_api::{RuntimeApi, Said},
    table_for, workspace,
};
use jiff::{ToSpan, Zoned, tz::TimeZone};
use serde_json::Value;

/// A debug binary on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the events ask for, and when they think they do.
const RESTAURANT: &str = "rst_01jar100000000000000000002";
const RESERVATION: &str = "rsv_01jar200000000000000000000";
const DATE: &str = "2026-12-24";

/// A house with the demo at the machine's own time, and a day on which the events' restaurant has room.
async fn house() -> (House, String) {
    let owner = |opening: Opening, id: &str| opening.with_owner_of("everybody", id.parse().unwrap());
    let opening = House::open().with_demo().at_the_machines_time().with_admin("everybody");
    let house = owner(owner(opening, RESTAURANT), "rst_01jar100000000000000000001").await;
    let today = Zoned::now().with_time_zone(TimeZone::get("Asia/Seoul").unwrap());
    for days in 7..21 {
        let date = (&today + days.days()).date().to_string();
        let path = format!("/v1/restaurants/{RESTAURANT}/availability?partySize=2&date={date}");
        let slots = house.get(&path).await.is(200).json["days"][0]["slots"].clone();
        let free = |time: &str| {
            let mut slots = slots.as_array().into_iter().flatten();
            slots.any(|slot| slot["available"] == true && slot["startsAt"].as_str().unwrap().contains(time))
        };
        if free("T19:00") && free("T19:30") {
            return (house, date);
        }
    }
    panic!("{RESTAURANT} has no free evening in two weeks");
}

/// The event, about that reservation on that day.
fn event(function: &str, date: &str, ticket: Option<&Ticket>) -> String {
    let event = workspace::text(&format!("events/{function}.json")).replace(DATE, date);
    match ticket {
        Some(ticket) => {
            event.replace(RESERVATION, &ticket.id.to_string()).replace("{linkToken}", &ticket.token)
        }
        None => event,
    }
}

async fn invoke(house: &House, function: &str, event: String) -> Value {
    let mut api = RuntimeApi::open([event]).await;
    let mut process = tokio::process::Command::new(workspace::binary(function))
        .env_clear()
        .envs(api.environment(function))
        .envs(house.local().environment())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let said = api.answer(PATIENCE).await.map(|answered| answered.said);
    let ended = process.try_wait().unwrap();
    process.start_kill().ok();
    let output = process.wait_with_output().await.unwrap();
    let log = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(ended, None, "{function} waits for the next event: {log}");
    String::from_utf8_lossy(&output.stdout).lines().for_each(is_a_line_of_the_log);
    match said {
        Some(Said::Response(response)) => serde_json::from_str(&response).unwrap(),
        other => panic!("{function} said {other:?}: {log}"),
    }
}

/// A metric, or what queries of the runbook find: JSON, under the same keys whoever logs; of what is done for a request, its ids.
fn is_a_line_of_the_log(line: &str) {
    let json: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
    if json.get("_aws").is_some() {
        return;
    }
    for key in ["timestamp", "level", "target"] {
        assert!(json[key].is_string(), "{key} in {line}");
    }
    if json["message"] == "answered" || json["message"] == "mail sent" {
        for key in ["requestId", "traceId"] {
            assert!(json["span"][key].is_string(), "{key} in {line}");
        }
    }
}

/// Through API Gateway: the status, and the body if it is JSON.
async fn answers(house: &House, function: &str, event: String, status: u16) -> Value {
    let response = invoke(house, function, event).await;
    assert_eq!(response["statusCode"], status, "{function}: {response}");
    let body = response["body"].as_str().unwrap_or_default();
    serde_json::from_str(body).unwrap_or_else(|_| Value::from(body))
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_answer_their_events() {
    let (house, date) = house().await;
    assert_eq!(answers(&house, "get-health", event("get-health", &date, None), 200).await["status"], "ok");
    let document = answers(&house, "get-openapi", event("get-openapi", &date, None), 200).await;
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let list = answers(&house, "list-restaurants", event("list-restaurants", &date, None), 200).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 5);
    let restaurant = answers(&house, "get-restaurant", event("get-restaurant", &date, None), 200).await;
    assert_eq!(restaurant["id"], RESTAURANT);
    let availability = answers(&house, "get-availability", event("get-availability", &date, None), 200).await;
    assert_eq!(availability["days"][0]["date"], date);
}

#[tokio::test(flavor = "multi_thread")]
async fn web_answers_with_a_page() {
    let (house, date) = house().await;
    let page = answers(&house, "web", event("web", &date, None), 200).await;
    assert!(
        page.as_str()
            .is_some_and(|html| html.starts_with("<!doctype html>") || html.starts_with("<!DOCTYPE html>"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_of_a_reservation_answer_their_events() {
    let (house, date) = house().await;
    let restaurant = RESTAURANT.parse().unwrap();
    let wish =
        |name: &str| table_for(2).in_restaurant(restaurant).at(&format!("{date}T19:00:00+09:00")).by(name);

    let created = answers(&house, "create-reservation", event("create-reservation", &date, None), 201).await;
    assert_eq!(created["status"], "confirmed", "{created}");
    let id: jari_domain::ReservationId = created["id"].as_str().unwrap().parse().unwrap();
    let ticket = Ticket { id, token: created["linkToken"].as_str().unwrap().to_owned() };
    assert_eq!(
        house.look(&ticket).await.is(200).json["id"],
        created["id"],
        "the house knows what the function made"
    );

    let seen = answers(&house, "get-reservation", event("get-reservation", &date, Some(&ticket)), 200).await;
    assert_eq!(seen["id"], created["id"]);
    let changed =
        answers(&house, "change-reservation", event("change-reservation", &date, Some(&ticket)), 200).await;
    assert_eq!((changed["partySize"].as_u64(), changed["revision"].as_u64()), (Some(3), Some(2)));
    let cancelled =
        answers(&house, "cancel-reservation", event("cancel-reservation", &date, Some(&ticket)), 200).await;
    assert_eq!(cancelled["status"], "cancelled");

    let held = house.book(wish("nobody").held()).await.is(201).ticket();
    let confirmed =
        answers(&house, "confirm-reservation", event("confirm-reservation", &date, Some(&held)), 200).await;
    assert_eq!(confirmed["status"], "confirmed");
    house.assert_consistent().await;
    // Booked, changed, cancelled and booked again: the diner is told each time, by the gateway's id and Lambda's trace.
    let mails = house.mails_to("minji@jari.test").await;
    assert_eq!(mails.len(), 4);
    for mail in &mails {
        assert_eq!(cause(mail), Some("Jari0Events0= 1-692cf000-0a1b2c3d4e5f60718293a4b5"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn send_mail_mails_what_its_event_tells() {
    let (house, date) = house().await;
    let told = invoke(&house, "send-mail", event("send-mail", &date, None)).await;
    assert_eq!(told["batchItemFailures"].as_array().map(Vec::len), Some(0), "{told}");
    let mails = house.mails_to("minji@jari.test").await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains(RESERVATION));
    assert_eq!(cause(&mails[0]), Some("Jari0Events1= 1-692cf000-5f60718293a4b50a1b2c3d4e"));
}

#[tokio::test(flavor = "multi_thread")]
async fn schedules_answer_their_events() {
    let (house, date) = house().await;
    invoke(&house, "expire-holds", event("expire-holds", &date, None)).await;
    invoke(&house, "decline-stale-requests", event("decline-stale-requests", &date, None)).await;
    invoke(&house, "send-reminders", event("send-reminders", &date, None)).await;
    invoke(&house, "finish-erasures", event("finish-erasures", &date, None)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn record_mail_feedback_stops_mail_to_the_address_of_its_event() {
    let (house, date) = house().await;
    invoke(&house, "record-mail-feedback", event("record-mail-feedback", &date, None)).await;
    let key = house.local().house().diner_key().await.unwrap();
    let diner = key.diner_of_email(&"nobody@jari.test".parse().unwrap());
    let known = house.store().mail_addresses(std::slice::from_ref(&diner)).await.unwrap();
    assert!(known[&diner].stopped.is_some());
}

/// What the functions that need somebody signed in, or a token of a mail, answer to their events: asked by one person who
/// owns both restaurants of the events, is an admin and a diner, about a confirmed reservation of the events' day. In this
/// order, since some change what the next ones find.
const OF_ACCOUNTS: &[(&str, u16)] = &[
    ("sign-up", 202),
    ("verify-email", 422),
    ("sign-in", 200),
    ("refresh-session", 401),
    ("request-password-reset", 202),
    ("reset-password", 422),
    ("list-sign-in-providers", 200),
    ("start-social-sign-in", 404),
    ("finish-social-sign-in", 404),
    ("get-me", 200),
    ("update-me", 200),
    ("list-my-reservations", 200),
    ("list-my-restaurants", 200),
    ("accept-reservation", 409),
    ("decline-reservation", 409),
    ("undo-reservation", 409),
    ("complete-reservation", 409),
    ("no-show-reservation", 422),
    ("swap-tables", 422),
    ("reconfirm-reservation", 200),
    ("seat-reservation", 200),
    ("get-day-sheet", 200),
    ("put-day-note", 200),
    ("close-day", 200),
    ("open-day", 204),
    ("list-barred-guests", 200),
    ("lift-bar", 404),
    ("list-staff", 200),
    ("add-staff", 201),
    ("remove-staff", 404),
    ("create-restaurant", 201),
    ("get-profile", 200),
    ("get-menu", 200),
    ("get-floor", 200),
    ("get-schedule", 200),
    ("get-policy", 200),
    ("put-menu", 200),
    ("put-floor", 200),
    ("put-schedule", 200),
    ("put-policy", 200),
    ("update-restaurant", 200),
    ("list-audit-log", 200),
    ("list-submitted-restaurants", 200),
    ("submit-restaurant", 409),
    ("approve-restaurant", 409),
    ("reject-restaurant", 409),
    ("close-restaurant", 200),
    ("export-me", 200),
    ("delete-me", 409),
    ("sign-out", 204),
    ("sign-out-everywhere", 204),
];

#[tokio::test(flavor = "multi_thread")]
async fn functions_for_who_has_signed_in_answer_their_events() {
    let (house, date) = house().await;
    let everybody = house.sign_in("everybody");
    let restaurant = RESTAURANT.parse().unwrap();
    let wish = table_for(2).in_restaurant(restaurant).at(&format!("{date}T19:00:00+09:00")).by("minji");
    let booked = house.book(wish).await.is(201).ticket();
    let mut wrong = Vec::new();
    for (function, expected) in OF_ACCOUNTS {
        // Only the guest says that they are coming.
        let token = if *function == "reconfirm-reservation" {
            booked.token.clone()
        } else {
            house.token_of(&everybody)
        };
        let event = workspace::text(&format!("events/{function}.json"))
            .replace(DATE, &date)
            .replace(RESERVATION, &booked.id.to_string())
            .replace("{accessToken}", &token)
            .replace("{linkToken}", &token);
        let response = invoke(&house, function, event).await;
        if response["statusCode"] != *expected {
            wrong.push(format!("{function}: {} {}", response["statusCode"], response["body"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_is_among_those_that_are_started_here() {
    let tested = workspace::text("tests/house/tests/runtime.rs");
    for file in std::fs::read_dir(workspace::root().join("events")).unwrap() {
        let name = file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        let alone = tested.contains(&format!("event(\"{name}\""));
        let among_others = OF_ACCOUNTS.iter().any(|(function, _)| *function == name);
        assert!(alone || among_others, "{name} is not started by any test here");
    }
}
