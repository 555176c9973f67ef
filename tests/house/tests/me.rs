//! What is one's own: the account, and every reservation made with its address.

use jari_tests::{Answer, House, Person, bistro, on_day, table_for};
use serde_json::{Value, json};

async fn house() -> House {
    House::open().with_restaurant(bistro().with_tables(3, 2)).with_diner("minji").with_diner("jun").await
}

fn starts(page: &Answer) -> Vec<&str> {
    let items = page.json["items"].as_array().unwrap().iter();
    items.map(|item| item["startsAt"].as_str().unwrap()).collect()
}

async fn list(house: &House, person: &Person, query: &str) -> Answer {
    house.get(&format!("/v1/me/reservations{query}")).by(person).await.is(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_booked_as_a_guest_is_the_accounts_with_that_address_and_nobody_elses() {
    let house = house().await;
    let (minji, jun) = (house.sign_in("minji"), house.sign_in("jun"));
    let booked = house.book(table_for(2).by("minji").with("note", "창가 자리")).await.is(201).ticket();
    let page = list(&house, &minji, "").await;
    let item = &page.json["items"][0];
    assert_eq!(item["id"], json!(booked.id), "{}", page.text);
    assert_eq!((&item["status"], &item["note"]), (&json!("confirmed"), &json!("창가 자리")));
    let restaurant = &item["restaurant"];
    assert_eq!((&restaurant["name"]["en"], &restaurant["timeZone"]), (&json!("Ongi"), &json!("Asia/Seoul")));
    assert_eq!(page.json["next"], Value::Null);
    assert_eq!(list(&house, &jun, "").await.json["items"], json!([]));
    house.get("/v1/me/reservations").bearing(&booked.token).await.refused(401, "unauthenticated");
    house.get("/v1/me/reservations").await.refused(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_called_off_or_over_is_past_and_the_latest_of_it_first() {
    let house = house().await;
    let minji = house.sign_in("minji");
    let early = house.book(table_for(2).at("17:00")).await.is(201).ticket();
    house.book(table_for(2).at("20:30")).await.is(201);
    house.book(table_for(2).at("18:30")).await.is(201);
    assert_eq!(starts(&list(&house, &minji, "").await), ["17:00", "18:30", "20:30"].map(on_day));
    assert!(starts(&list(&house, &minji, "?when=past").await).is_empty());
    house.cancel(&early).await.is(200);
    assert_eq!(starts(&list(&house, &minji, "?when=upcoming").await), ["18:30", "20:30"].map(on_day));
    assert_eq!(starts(&list(&house, &minji, "?when=past").await), ["17:00"].map(on_day));
    // In the middle of the second one's turn it is under way, not past.
    house.local().move_clock_to(on_day("19:00").parse().unwrap()).await;
    assert_eq!(starts(&list(&house, &minji, "").await), ["18:30", "20:30"].map(on_day));
    house.local().move_clock_to(on_day("20:00").parse().unwrap()).await;
    assert_eq!(starts(&list(&house, &minji, "").await), ["20:30"].map(on_day));
    assert_eq!(starts(&list(&house, &minji, "?when=past").await), ["18:30", "17:00"].map(on_day));
    house.get("/v1/me/reservations?when=now").by(&minji).await.refused(422, "invalid_fields");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_and_a_cursor_is_good_for_its_own_list_only() {
    let house = house().await;
    let (minji, jun) = (house.sign_in("minji"), house.sign_in("jun"));
    for time in ["17:00", "18:30", "20:00"] {
        house.book(table_for(2).at(time)).await.is(201);
    }
    let first = list(&house, &minji, "?limit=2").await;
    assert_eq!(starts(&first), ["17:00", "18:30"].map(on_day));
    let next = format!("?limit=2&cursor={}", first.json["next"].as_str().unwrap());
    let second = list(&house, &minji, &next).await;
    assert_eq!((starts(&second), &second.json["next"]), (vec![&*on_day("20:00")], &Value::Null));
    let path = format!("/v1/me/reservations{next}");
    house.get(&path).by(&jun).await.refused(400, "malformed_request");
    house.get(&format!("{path}&when=past")).by(&minji).await.refused(400, "malformed_request");
    // Given before a long wait, it begins before all that is asked for now.
    house.advance("PT2400H").await;
    assert!(starts(&list(&house, &minji, &next).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_changed_as_it_was_seen_or_not_at_all() {
    let house = house().await;
    let minji = house.sign_in("minji");
    let seen = house.get("/v1/me").by(&minji).await.is(200);
    assert_eq!(seen.json["email"], "minji@jari.test");
    let tag = seen.header("etag").unwrap().to_owned();
    assert_eq!(house.get("/v1/me").by(&minji).header("if-none-match", &tag).await.is(304).text, "");
    let change = json!({ "name": "김민지", "phone": "+82 10-9876-5432", "language": "en", "mail": { "reminders": false } });
    let changed = house.patch("/v1/me").by(&minji).json(&change).if_unchanged_since(&seen).await.is(200);
    for (field, value) in [
        ("name", json!("김민지")),
        ("phone", json!("+821098765432")),
        ("language", json!("en")),
        ("mail", json!({ "reminders": false })),
    ] {
        assert_eq!(changed.json[field], value);
    }
    let lost = house.patch("/v1/me").by(&minji).json(&json!({ "phone": null })).if_unchanged_since(&seen);
    assert_eq!(lost.await.refused(412, "stale_revision").json["current"], changed.json);
    let cleared = house.patch("/v1/me").by(&minji).json(&json!({ "phone": null })).await.is(200);
    assert_eq!((&cleared.json["phone"], &cleared.json["name"]), (&Value::Null, &json!("김민지")));
    let other =
        house.patch("/v1/me").by(&minji).json(&json!({ "email": "other@jari.test", "name": "" })).await;
    assert_eq!(
        other.refused(422, "invalid_fields").bad_fields(),
        [("/email", "unknown_field"), ("/name", "too_short")]
            .map(|(at, why)| (at.to_owned(), why.to_owned()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_reminders_has_it_written_where_mails_are_sent_from() {
    let house = house().await;
    let minji = house.sign_in("minji");
    for wanted in [false, true] {
        let change = json!({ "mail": { "reminders": wanted } });
        house.patch("/v1/me").by(&minji).json(&change).await.is(200);
        let known = house.store().mail_addresses(&[minji.diner().clone()]).await.unwrap();
        assert_eq!(known[minji.diner()].no_reminders, !wanted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_older_generation_or_of_an_account_being_erased_is_not_let_in() {
    let house = house().await;
    for (name, erased) in [("minji", false), ("jun", true)] {
        let person = house.sign_in(name);
        house.get("/v1/me").by(&person).await.is(200);
        let mut stored = house.store().account(person.account()).await.unwrap().unwrap();
        stored.deleting = erased;
        stored.account.generation += u32::from(!erased);
        assert!(house.store().replace_account(&stored).await.unwrap());
        house.get("/v1/me").by(&person).await.refused(401, "unauthenticated");
        house.get("/v1/me/reservations").by(&person).await.refused(401, "unauthenticated");
        let change = json!({ "language": "en" });
        house.patch("/v1/me").by(&person).json(&change).await.refused(401, "unauthenticated");
    }
}
