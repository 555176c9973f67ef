//! Whatever somebody is mailed tells which request it follows from, by the ids of the request and its trace.

use jari_tests::{Answer, House, bistro, mail_facts::cause, table_for};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::json;

const TRACE: &str = "1-5759e988-bd862e3fe1be46a994272793";

/// What the mails to an address say that they were sent for, oldest first.
async fn causes(house: &House, address: &str) -> Vec<String> {
    let mails = house.mails_to(address).await;
    mails.iter().map(|mail| cause(mail).unwrap_or("nothing").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mail_of_a_reservation_tells_the_step_that_it_follows_from() {
    let bistro = bistro().with_tables(5, 2);
    let address = bistro.email().to_owned();
    let house = House::open().with_restaurant(bistro).await;
    let traced = format!("Root={TRACE};Parent=53995c3f42cd8ad8;Sampled=1");
    let wish = table_for(2).with_header("x-request-id", "booked").with_header("x-amzn-trace-id", &traced);
    let ticket = house.book(wish).await.is(201).ticket();
    let booked = format!("booked {TRACE}");
    assert_eq!(causes(&house, "minji@jari.test").await, [&*booked]);
    assert_eq!(causes(&house, &address).await, [&*booked], "the restaurant's too");

    let change = json!({ "startsAt": "2026-12-24T19:30:00+09:00" });
    let change = house.with_ticket(Method::PATCH, &ticket, "").json(&change).header("x-request-id", "moved");
    Answer::to(change).await.is(200);
    assert_eq!(causes(&house, "minji@jari.test").await.last().unwrap(), "moved");

    // A reminder follows from its schedule's run, which has an id of its own, and a cancellation not from the reminder.
    let time: Timestamp = "2026-12-23T19:40:00+09:00".parse().unwrap();
    house.local().clock().set(time - SignedDuration::from_mins(20));
    house.local().move_clock_to(time).await;
    let reminded = causes(&house, "minji@jari.test").await;
    assert_eq!(reminded.len(), 3);
    assert!(
        reminded[2].len() == 32 && reminded[2].bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{reminded:?}"
    );
    let cancel = house.with_ticket(Method::POST, &ticket, "/cancel").header("x-request-id", "cancelled");
    Answer::to(cancel).await.is(200);
    assert_eq!(causes(&house, "minji@jari.test").await.last().unwrap(), "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_repeated_is_mailed_of_as_it_was_done() {
    let house = House::open().with_restaurant(bistro().with_tables(5, 2)).await;
    for id in ["first", "again"] {
        let wish = table_for(2).under_key("the-same-key").with_header("x-request-id", id);
        house.book(wish).await.is(201);
    }
    assert_eq!(causes(&house, "minji@jari.test").await, ["first"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_the_restaurant_leaves_unanswered_is_declined_by_its_schedule() {
    let house = House::open().with_restaurant(bistro().with_tables(5, 2).on_request()).await;
    house.book(table_for(2).with_header("x-request-id", "asked")).await.is(201);
    house.let_time_pass("PT25H").await;
    let causes = causes(&house, "minji@jari.test").await;
    assert_eq!((causes.len(), &*causes[0], causes[1].len()), (2, "asked", 32), "{causes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_about_accounts_and_restaurants_do_so_too() {
    let house =
        House::open().with_restaurant(bistro()).with_owner("jun").with_diner("sora").with_admin("ara").await;
    let account = json!({ "email": "minji@jari.test", "password": "seven tables by the window", "name": "김민지", "language": "ko" });
    house.post("/v1/accounts").header("x-request-id", "signed-up").json(&account).await.is(202);
    assert_eq!(causes(&house, "minji@jari.test").await, ["signed-up"]);

    let forgot = json!({ "email": "sora@jari.test" });
    house.post("/v1/password-resets").header("x-request-id", "forgot").json(&forgot).await.is(202);
    let mail = house.mails_to("sora@jari.test").await.pop().unwrap();
    let link = mail.text.lines().find_map(|line| line.strip_prefix(house.url())).unwrap().to_owned();
    let form = house.request(Method::POST, &link).form(&[("password", "eight tables in the garden")]);
    Answer::to(form.header("accept", "text/html").header("x-request-id", "changed")).await.is(200);
    let staff = format!("/v1/restaurants/{}/staff", house.restaurant());
    let hire = house.post(&staff).by(&house.sign_in("jun")).header("x-request-id", "hired");
    hire.json(&json!({ "email": "sora@jari.test", "role": "host" })).await.is(201);
    assert_eq!(causes(&house, "sora@jari.test").await, ["forgot", "changed", "hired"]);
}
