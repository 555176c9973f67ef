//! The story of a table, from the first look to the last mail, and the rules that a restaurant sets.

use jari_domain::Status;
use jari_identity::{Bearer, Operation};
use jari_local::catcher::Mail;
use jari_operations::{Asked, Refusal, RestaurantCache, admit_to_reservation, cancel_reservation};
use jari_tests::{Answer, Bistro, House, Ticket, bistro, on_day, table_for};
use serde_json::{Value, json};

async fn house(bistro: Bistro) -> House {
    House::open().with_restaurant(bistro).await
}

fn guest(name: &str) -> Value {
    json!({ "guest": { "name": name, "email": format!("{name}@jari.test"), "language": "en" } })
}

fn methods(mails: &[std::sync::Arc<Mail>]) -> Vec<&str> {
    let method = |mail: &std::sync::Arc<Mail>| match mail.attachments.first() {
        Some(invitation) if invitation.content_type.contains("method=REQUEST") => "REQUEST",
        Some(invitation) if invitation.content_type.contains("method=CANCEL") => "CANCEL",
        Some(_) => "something else",
        None => "none",
    };
    mails.iter().map(method).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_free_times_to_booked_changed_and_cancelled() {
    let ongi = bistro().with_tables(1, 2);
    let to_restaurant = ongi.email().to_owned();
    let house = house(ongi).await;
    assert_eq!(house.why_not("19:00", 2).await, None);

    let booked = house.book(table_for(2).at("19:00").with("note", "창가 자리 부탁드려요.")).await.is(201);
    let ticket = booked.ticket();
    assert_eq!(booked.header("location"), Some(format!("/v1/reservations/{}", ticket.id).as_str()));
    assert_eq!(booked.header("etag"), Some("\"1\""));
    assert_eq!(booked.header("cache-control"), Some("no-store"));
    assert_eq!(
        (booked.reservation_status(), &booked.json["startsAt"]),
        ("confirmed", &json!(on_day("19:00")))
    );
    assert_eq!(house.why_not("19:00", 2).await.as_deref(), Some("full"));
    let mails = house.mails_to("minji@jari.test").await;
    assert_eq!(methods(&mails), ["REQUEST"]);
    assert!(mails[0].text.contains(&ticket.id.to_string()) && mails[0].html.contains("창가 자리"));
    let link = format!("{}/r/", house.url());
    assert!(mails[0].text.contains(&link), "the private link is in the mail: {}", mails[0].text);

    let seen = house.look(&ticket).await.is(200);
    assert_eq!(seen.json["guest"]["name"], "minji");
    assert_eq!(seen.json["linkToken"], Value::Null, "the token is told once");

    let changed =
        house.change(&ticket, &json!({ "startsAt": on_day("20:30"), "partySize": 1 })).await.is(200);
    assert_eq!((changed.header("etag"), &changed.json["partySize"]), (Some("\"2\""), &json!(1)));
    assert_eq!(house.why_not("19:00", 2).await, None, "the old time is free again");
    assert_eq!(methods(&house.mails_to("minji@jari.test").await), ["REQUEST", "REQUEST"]);

    let cancelled = house.cancel(&ticket).await.is(200);
    assert_eq!(cancelled.reservation_status(), "cancelled");
    assert_eq!(house.why_not("20:30", 2).await, None);
    assert_eq!(methods(&house.mails_to("minji@jari.test").await), ["REQUEST", "REQUEST", "CANCEL"]);
    assert_eq!(house.mails_to(&to_restaurant).await.len(), 3, "the restaurant learns the same");
    let again = house.cancel(&ticket).await.refused(409, "state_conflict");
    assert_eq!(again.json["current"]["status"], "cancelled");
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_counts_down_and_is_confirmed_with_the_guests_details() {
    let house = house(bistro().with_tables(1, 2)).await;
    let held = house.book(table_for(2).held()).await.is(201);
    assert_eq!((held.reservation_status(), &held.json["guest"]), ("held", &Value::Null));
    let until: jiff::Timestamp = held.json["heldUntil"].as_str().unwrap().parse().unwrap();
    let left = until.duration_since(house.now()).as_secs();
    assert!((290..=300).contains(&left), "five minutes, not {left} s");
    house.book(table_for(2).by("jun")).await.refused(409, "slot_taken");
    assert!(house.mails().await.is_empty(), "a hold is mailed to nobody");

    let ticket = held.ticket();
    house.confirm(&ticket, &json!({})).await.refused(422, "invalid_fields");
    let confirmed = house.confirm(&ticket, &guest("minji")).await.is(200);
    assert_eq!((confirmed.reservation_status(), &confirmed.json["heldUntil"]), ("confirmed", &Value::Null));
    house.confirm(&ticket, &guest("minji")).await.refused(409, "state_conflict");
    house.advance("PT20M").await;
    assert_eq!(house.look(&ticket).await.reservation_status(), "confirmed");
    assert_eq!(methods(&house.mails_to("minji@jari.test").await), ["REQUEST"]);
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_ends_to_the_second_and_another_gets_the_table() {
    let house = house(bistro().with_tables(1, 2)).await;
    let held = house.book(table_for(2).held()).await.is(201);
    let until: jiff::Timestamp = held.json["heldUntil"].as_str().unwrap().parse().unwrap();
    // The clock runs on meanwhile: a few seconds before its end the hold still holds.
    house.local().move_clock_to(until - jiff::SignedDuration::from_secs(20)).await;
    house.book(table_for(2).by("jun")).await.refused(409, "slot_taken");
    house.local().clock().set(until);
    assert_eq!(
        house.look(&held.ticket()).await.reservation_status(),
        "expired",
        "before any sweeper has been there"
    );
    assert_eq!(house.why_not("19:00", 2).await, None);
    house.book(table_for(2).by("jun")).await.is(201);
    let late = house.confirm(&held.ticket(), &guest("minji")).await.refused(409, "state_conflict");
    assert_eq!(late.json["current"]["status"], "expired");
    house.assert_consistent().await;

    house.advance("PT2M").await;
    let written_down = house.reservation(held.id()).await.unwrap();
    assert_eq!(written_down.status, jari_domain::Status::Expired);
    house.assert_consistent().await;
    assert!(house.mails_to("minji@jari.test").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_restaurant_answers_itself_a_booking_is_a_request() {
    let ongi = bistro().with_tables(1, 2).on_request();
    let to_restaurant = ongi.email().to_owned();
    let house = house(ongi).await;
    let asked = house.book(table_for(2)).await.is(201);
    assert_eq!(asked.reservation_status(), "requested");
    assert!(asked.json["answerUntil"].is_string());
    house.book(table_for(2).by("jun")).await.refused(409, "slot_taken");
    assert_eq!(methods(&house.mails_to("minji@jari.test").await), ["none"], "nothing for the calendar yet");
    assert_eq!(house.mails_to(&to_restaurant).await.len(), 1);
    house.advance("PT24H1M").await;
    assert_eq!(house.look(&asked.ticket()).await.reservation_status(), "declined");
    house.book(table_for(2).by("jun")).await.is(201);
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_has_two_holds_and_no_third() {
    let house = house(bistro().with_tables(8, 2)).await;
    let first = house.book(table_for(2).held()).await.is(201);
    let visit = first.header("jari-visit").expect("a new visit is named").to_owned();
    let wish = || table_for(2).held().on_visit(&visit);
    let second = house.book(wish()).await.is(201);
    assert_eq!(second.header("jari-visit"), None, "a known visit is not named again");
    house.book(wish()).await.refused(409, "too_many_holds");
    house.book(table_for(2).held()).await.is(201);
    house.cancel(&second.ticket()).await.is(200);
    let third = house.book(wish()).await.is(201);
    house.confirm(&third.ticket(), &guest("minji")).await.is(200);
    house.book(wish()).await.is(201);
    house.book(wish()).await.refused(409, "too_many_holds");
    house.advance("PT6M").await;
    house.book(wish()).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_diner_cannot_be_in_two_places() {
    let other = bistro().with_tables(5, 2);
    let elsewhere = other.id();
    let house = House::open().with_restaurant(bistro().with_tables(5, 2)).with_restaurant(other).await;
    let first = house.book(table_for(2).at("19:00")).await.is(201).ticket();
    house.book(table_for(2).at("19:00").in_restaurant(elsewhere)).await.refused(409, "diner_busy");
    house.book(table_for(2).at("20:00")).await.refused(409, "diner_busy");
    let shouting = json!({ "name": "민지", "email": "MINJI@JARI.TEST", "language": "ko" });
    let wish = table_for(2).at("18:00").with("guest", shouting);
    house.book(wish).await.refused(409, "diner_busy");
    let next = house.book(table_for(2).at("20:30").in_restaurant(elsewhere)).await.is(201).ticket();
    house.change(&next, &json!({ "startsAt": on_day("20:00") })).await.refused(409, "diner_busy");
    let held = house.book(table_for(2).at("19:30").in_restaurant(elsewhere).held()).await.is(201).ticket();
    house.confirm(&held, &guest("minji")).await.refused(409, "diner_busy");
    house.cancel(&first).await.is(200);
    house.change(&next, &json!({ "startsAt": on_day("19:00") })).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_meant_for_the_revision_that_was_seen() {
    let house = house(bistro().with_tables(2, 2)).await;
    let ticket = house.book(table_for(2)).await.is(201).ticket();
    let patch = |etag: &str, change: Value| {
        Answer::to(
            house.with_ticket(reqwest::Method::PATCH, &ticket, "").header("if-match", etag).json(&change),
        )
    };
    patch("\"1\"", json!({ "note": "아기 의자" })).await.is(200);
    let stale = patch("\"1\"", json!({ "startsAt": on_day("20:00") })).await.refused(412, "stale_revision");
    assert_eq!(
        (&stale.json["current"]["revision"], &stale.json["current"]["note"]),
        (&json!(2), &json!("아기 의자"))
    );
    let cancel = house.with_ticket(reqwest::Method::POST, &ticket, "/cancel").header("if-match", "\"1\"");
    Answer::to(cancel).await.refused(412, "stale_revision");
    patch("\"2\"", json!({ "startsAt": on_day("20:00") })).await.is(200);
    patch("*", json!({ "note": null })).await.is(200);
    let seen = house.with_ticket(reqwest::Method::GET, &ticket, "").header("if-none-match", "\"4\"");
    Answer::to(seen).await.is(304);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_its_own_reservation_until_a_day_after_the_visit() {
    let house = house(bistro().with_tables(2, 2)).await;
    let mine = house.book(table_for(2)).await.is(201).ticket();
    let theirs = house.book(table_for(2).by("jun")).await.is(201).ticket();
    let foreign = Ticket { id: theirs.id, token: mine.token.clone() };
    house.look(&foreign).await.refused(404, "not_found");
    house.change(&foreign, &json!({ "note": "x" })).await.refused(404, "not_found");
    house.cancel(&foreign).await.refused(404, "not_found");
    house.confirm(&foreign, &guest("minji")).await.refused(404, "not_found");
    house.get(&format!("/v1/reservations/{}", mine.id)).await.refused(401, "unauthenticated");
    let forged = Ticket { id: mine.id, token: format!("{}x", mine.token) };
    house.look(&forged).await.refused(401, "unauthenticated");

    house.local().move_clock_to("2026-12-25T20:29:00+09:00".parse().unwrap()).await;
    house.look(&mine).await.is(200);
    house.local().move_clock_to("2026-12-25T20:31:00+09:00".parse().unwrap()).await;
    house.look(&mine).await.refused(401, "token_expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_diner_changes_and_cancels_until_the_restaurants_deadline() {
    let house =
        House::open().at("2026-12-24T10:00:00+09:00").with_restaurant(bistro().with_tables(2, 2)).await;
    let ticket = house.book(table_for(2)).await.is(201).ticket();
    house.local().clock().set("2026-12-24T16:59:00+09:00".parse().unwrap());
    house.change(&ticket, &json!({ "note": "조금 늦어요" })).await.is(200);
    house.local().clock().set("2026-12-24T17:00:01+09:00".parse().unwrap());
    house.change(&ticket, &json!({ "note": "x" })).await.refused(422, "change_deadline_passed");
    house.cancel(&ticket).await.refused(422, "change_deadline_passed");
    assert_eq!(house.look(&ticket).await.reservation_status(), "confirmed");
}

/// What another did between a step's reading and its writing, by the store that both are at.
#[tokio::test(flavor = "multi_thread")]
async fn who_names_no_revision_asks_it_of_the_reservation_as_others_leave_it() {
    let house = house(bistro().with_tables(1, 2)).await;
    let restaurants = RestaurantCache::new(house.store().clone());
    let ticket = house.book(table_for(2).held()).await.is(201).ticket();
    let bearer = Bearer::Link(ticket.id);
    let read = async |operation, seen| {
        let admitted = admit_to_reservation(house.store(), &bearer, operation, ticket.id);
        Asked::new(admitted.await.unwrap(), seen)
    };
    let cancel =
        async |asked| cancel_reservation(house.store(), &restaurants, asked, None, house.now()).await;

    let before = read(Operation::CancelReservation, None).await;
    let before_by_revision = read(Operation::CancelReservation, Some(1)).await;
    house.confirm(&ticket, &guest("minji")).await.is(200);
    match cancel(before_by_revision).await {
        Err(Refusal::Stale(current)) => assert_eq!(current.reservation.status, Status::Confirmed),
        other => panic!("{other:?}"),
    }
    let cancelled = cancel(before.clone()).await.unwrap().reservation;
    assert_eq!((cancelled.status, cancelled.revision), (Status::Cancelled, 3));
    assert_eq!(house.look(&ticket).await.is(200).reservation_status(), "cancelled");
    // What others left may not be for cancelling any more.
    match cancel(before).await {
        Err(Refusal::WrongStatus(status, _)) => assert_eq!(status, Status::Cancelled),
        other => panic!("{other:?}"),
    }
}
