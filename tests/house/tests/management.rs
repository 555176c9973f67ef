//! A restaurant's own people set it up, submit it and change it; admins approve. Whoever is slower learns what there is
//! now, whoever a change strands is listed, and the audit log tells of all of it.

use std::collections::BTreeMap;

use jari_domain::Policy;
use jari_identity::{Bearer, Operation};
use jari_operations::{RestaurantRefusal, admit, change_part};
use jari_store::RestaurantPart;
use jari_tests::{Answer, Bistro, DAY, House, Person, bistro, on_day, table_for};
use serde_json::{Value, json};

fn text(korean: &str) -> Value {
    json!({ "ko": korean, "en": "" })
}

fn new_restaurant() -> Value {
    json!({
        "name": { "ko": "새벽", "en": "Dawn" }, "location": { "lat": 37.54, "lng": 127.04 },
        "phone": "+82 2-1234-5678", "email": "dawn@jari.test", "area": "seongsu",
    })
}

fn floor(tables: &[(&str, u8)]) -> Value {
    let table = |(name, seats): &(&str, u8)| json!({ "name": name, "area": "hall", "minParty": 1, "maxParty": seats });
    json!({
        "areas": [{ "key": "hall", "name": text("홀") }],
        "tables": tables.iter().map(table).collect::<Vec<_>>(),
    })
}

fn schedule(opens: &str, last_seating: &str, pace: Option<u16>) -> Value {
    let mut shift = json!({
        "name": text("저녁"), "opens": opens, "lastSeating": last_seating, "closes": "23:30", "stepMinutes": 30,
    });
    if let Some(pace) = pace {
        shift["pace"] = json!(pace);
    }
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    json!({ "weekly": [{ "days": days, "shift": shift }] })
}

/// Puts a part as it is to be, at whatever revision it is.
async fn put(house: &House, at: &str, by: &Person, part: &Value) -> Answer {
    let seen = house.get(at).by(by).await.is(200);
    house.put(at).by(by).if_unchanged_since(&seen).json(part).await
}

async fn managed(restaurant: Bistro) -> (House, String) {
    let house =
        House::open().with_restaurant(restaurant).with_owner("sunja").with_manager("mina").with_host("hoon");
    let house = house.with_diner("minji").with_admin("ara").await;
    let path = format!("/v1/restaurants/{}", house.restaurant());
    (house, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_known_to_the_centimetre_and_a_name_in_one_language_will_do() {
    let house = House::open().with_diner("sunja").await;
    let sunja = house.sign_in("sunja");
    let mut body = new_restaurant();
    body["name"] = json!({ "ko": null, "en": "Dawn" });
    body["location"] = json!({ "lat": -2.5e-167, "lng": 127.040_000_049 });
    let draft = house.post("/v1/restaurants").by(&sunja).json(&body).await.is(201);
    assert_eq!(draft.json["name"], json!({ "ko": "", "en": "Dawn" }));
    assert_eq!(draft.json["location"], json!({ "lat": 0.0, "lng": 127.04 }));
    for nameless in [json!({}), json!({ "ko": null, "en": null }), text("")] {
        body["name"] = nameless;
        house.post("/v1/restaurants").by(&sunja).json(&body).await.refused(422, "invalid_fields");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restaurant_goes_from_a_draft_to_its_first_booking() {
    let house = House::open().with_diner("sunja").with_diner("minji").with_admin("ara").await;
    let (sunja, ara) = (house.sign_in("sunja"), house.sign_in("ara"));

    let draft = house.post("/v1/restaurants").by(&sunja).json(&new_restaurant()).await.is(201);
    assert_eq!((&draft.json["status"], &draft.json["timeZone"]), (&json!("draft"), &json!("Asia/Seoul")));
    let path = format!("/v1/restaurants/{}", draft.json["id"].as_str().unwrap());
    assert_eq!(draft.header("location"), Some(&*format!("{path}/profile")));
    house.get(&path).await.refused(404, "not_found");
    house.get(&format!("{path}/profile")).by(&house.sign_in("minji")).await.refused(404, "not_found");

    let lacking =
        house.post(&format!("{path}/submit")).by(&sunja).await.refused(422, "restaurant_incomplete");
    let pointers: Vec<String> = lacking.bad_fields().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(pointers, ["/address", "/tables", "/weekly"]);

    let edit = json!({ "address": text("서울 성동구 서울숲길 9") });
    let named = house.patch(&path).by(&sunja).if_unchanged_since(&draft).json(&edit).await.is(200);
    assert_eq!(named.json["revision"], 2);
    put(&house, &format!("{path}/floor"), &sunja, &floor(&[("1", 2), ("2", 4)])).await.is(200);
    put(&house, &format!("{path}/schedule"), &sunja, &schedule("17:00", "21:00", None)).await.is(200);

    house.post(&format!("{path}/approve")).by(&ara).await.refused(409, "registration_conflict");
    assert_eq!(house.post(&format!("{path}/submit")).by(&sunja).await.is(200).json["status"], "submitted");
    house.post(&format!("{path}/submit")).by(&sunja).await.refused(409, "registration_conflict");
    house.post(&format!("{path}/approve")).by(&sunja).await.refused(403, "forbidden");
    let waiting = house.get("/v1/submitted-restaurants").by(&ara).await.is(200);
    assert_eq!(waiting.json["items"][0]["id"], draft.json["id"]);

    let no_reason = house.post(&format!("{path}/reject")).by(&ara).json(&json!({})).await;
    assert_eq!(no_reason.refused(422, "invalid_fields").bad_fields()[0].0, "/reason");
    let reason = json!({ "reason": "주소를 확인해 주세요." });
    house.post(&format!("{path}/reject")).by(&ara).json(&reason).await.is(200);
    let seen = house.get(&format!("{path}/profile")).by(&sunja).await.is(200);
    assert_eq!((&seen.json["status"], &seen.json["rejection"]), (&json!("rejected"), &reason["reason"]));
    assert_eq!(house.get("/v1/submitted-restaurants").by(&ara).await.is(200).json["items"], json!([]));

    let again = house.post(&format!("{path}/submit")).by(&sunja).await.is(200);
    assert_eq!(again.json.get("rejection"), None);
    let approved = house.post(&format!("{path}/approve")).by(&ara).await.is(200);
    assert_eq!(house.get(&path).await.is(200).json["name"]["ko"], "새벽");
    let list = house.get("/v1/restaurants").await.is(200);
    assert_eq!(list.json["items"][0]["id"], draft.json["id"]);
    let id = draft.json["id"].as_str().unwrap().parse().unwrap();
    house.book(table_for(2).in_restaurant(id)).await.is(201);

    // An approved restaurant whose profile is edited stays listed, under its new name.
    let edit = json!({ "name": text("아침"), "timeZone": "Asia/Tokyo" });
    let refused = house.patch(&path).by(&sunja).if_unchanged_since(&approved).json(&edit).await;
    assert_eq!(refused.refused(422, "invalid_fields").bad_fields()[0].0, "/timeZone");
    let edit = json!({ "name": text("아침"), "description": null });
    house.patch(&path).by(&sunja).if_unchanged_since(&approved).json(&edit).await.is(200);
    assert_eq!(house.get("/v1/restaurants").await.json["items"][0]["name"]["ko"], "아침");

    house.post(&format!("{path}/close")).by(&sunja).await.is(200);
    house.get(&path).await.refused(404, "not_found");
    house.get(&format!("{path}/availability?partySize=2&date={DAY}")).await.refused(404, "not_found");
    house.book(table_for(2).in_restaurant(id).at("20:00").by("jun")).await.refused(404, "not_found");
    assert_eq!(house.get("/v1/restaurants").await.json["items"], json!([]));

    let log = house.get(&format!("{path}/audit-log")).by(&ara).await.is(200);
    let mut what: Vec<&str> =
        log.json["items"].as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    what.sort_unstable();
    assert_eq!(
        what,
        [
            "approve-restaurant",
            "close-restaurant",
            "create-restaurant",
            "put-floor",
            "put-schedule",
            "reject-restaurant",
            "submit-restaurant",
            "submit-restaurant",
            "update-restaurant",
            "update-restaurant",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_under_one_key_registers_one_restaurant_and_ten_drafts_are_enough() {
    let house = House::open().with_diner("sunja").with_diner("mina").await;
    let (sunja, mina) = (house.sign_in("sunja"), house.sign_in("mina"));
    let register = |by: &Person, key: &str, body: &Value| {
        house.post("/v1/restaurants").by(by).header("idempotency-key", key).json(body).into_future()
    };
    let first = register(&sunja, "one", &new_restaurant()).await.is(201);
    let repeat = register(&sunja, "one", &new_restaurant()).await.is(201);
    assert_eq!((&repeat.json, repeat.header("idempotent-replayed")), (&first.json, Some("true")));
    let other = json!({ "name": text("다른 집"), "location": { "lat": 1, "lng": 1 }, "phone": "+82212345678", "email": "a@b.kr" });
    register(&sunja, "one", &other).await.refused(422, "idempotency_key_reused");
    assert_ne!(register(&mina, "one", &new_restaurant()).await.is(201).json["id"], first.json["id"]);

    let all = (0..14).map(|n| register(&sunja, &format!("more {n}").replace(' ', "-"), &new_restaurant()));
    let mut by_status = BTreeMap::new();
    for answer in futures::future::join_all(all).await {
        *by_status.entry(answer.status).or_insert(0) += 1;
    }
    assert_eq!(by_status, BTreeMap::from([(201, 9), (409, 5)]));
    register(&sunja, "one-more", &new_restaurant()).await.refused(409, "too_many_drafts");
    register(&sunja, "one", &new_restaurant()).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gives_drafts_up_may_register_others() {
    let house = House::open().with_diner("sunja").with_admin("ara").await;
    let sunja = house.sign_in("sunja");
    let mut drafts = Vec::new();
    for _ in 0..10 {
        let draft = house.post("/v1/restaurants").by(&sunja).json(&new_restaurant()).await.is(201);
        drafts.push(format!("/v1/restaurants/{}", draft.json["id"].as_str().unwrap()));
    }
    house.post("/v1/restaurants").by(&sunja).json(&new_restaurant()).await.refused(409, "too_many_drafts");
    assert_eq!(house.post(&format!("{}/close", drafts[0])).by(&sunja).await.is(200).json["status"], "closed");
    house.post("/v1/restaurants").by(&sunja).json(&new_restaurant()).await.is(201);
    // While it waits for its answer it can be taken back, too; and nobody is asked for an answer any more.
    let seen = house.get(&format!("{}/profile", drafts[1])).by(&sunja).await.is(200);
    let edit = json!({ "address": text("서울 성동구 서울숲길 9") });
    house.patch(&drafts[1]).by(&sunja).if_unchanged_since(&seen).json(&edit).await.is(200);
    put(&house, &format!("{}/floor", drafts[1]), &sunja, &floor(&[("1", 2)])).await.is(200);
    put(&house, &format!("{}/schedule", drafts[1]), &sunja, &schedule("17:00", "21:00", None)).await.is(200);
    house.post(&format!("{}/submit", drafts[1])).by(&sunja).await.is(200);
    house.post(&format!("{}/close", drafts[1])).by(&sunja).await.is(200);
    let waiting = house.get("/v1/submitted-restaurants").by(&house.sign_in("ara")).await.is(200);
    assert_eq!(waiting.json["items"], json!([]));
    house.post(&format!("{}/submit", drafts[1])).by(&sunja).await.refused(409, "registration_conflict");
    house.post(&format!("{}/close", drafts[1])).by(&sunja).await.refused(409, "registration_conflict");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_slower_learns_what_there_is_now() {
    let (house, path) = managed(bistro().with_tables(2, 2)).await;
    let (sunja, mina) = (house.sign_in("sunja"), house.sign_in("mina"));
    for part in ["menu", "floor", "schedule", "policy"] {
        let at = format!("{path}/{part}");
        house.put(&at).by(&mina).json(&json!({})).await.refused(428, "precondition_required");
    }
    house.patch(&path).by(&mina).json(&json!({})).await.refused(428, "precondition_required");

    let at = format!("{path}/policy");
    let seen = house.get(&at).by(&mina).await.is(200);
    assert_eq!(
        house.get(&at).by(&mina).header("if-none-match", seen.header("etag").unwrap()).await.status,
        304
    );
    let wishes = [json!({ "windowDays": 60 }), json!({ "windowDays": 90 })];
    let (one, other) = tokio::join!(
        house.put(&at).by(&sunja).if_unchanged_since(&seen).json(&wishes[0]).into_future(),
        house.put(&at).by(&mina).if_unchanged_since(&seen).json(&wishes[1]).into_future(),
    );
    let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
    let (won, lost) = (won.is(200), lost.refused(412, "stale_revision"));
    assert_eq!(lost.json["current"]["windowDays"], won.json["windowDays"]);
    assert_eq!(lost.json["current"]["revision"], 2);
    assert_eq!(house.get(&at).by(&mina).await.json["windowDays"], won.json["windowDays"]);

    // The same once more is no change, and no line in the log.
    let same = json!({ "windowDays": won.json["windowDays"] });
    let same = house.put(&at).by(&mina).if_unchanged_since(&won).json(&same).await.is(200);
    assert_eq!(same.json["revision"], 2);
    let log = house.get(&format!("{path}/audit-log")).by(&sunja).await.is(200);
    assert_eq!(log.json["items"].as_array().unwrap().len(), 1, "{}", log.text);
}

/// Without `If-Match`, and however close they come: the write itself has the revision that was read as its condition.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_read_a_part_at_the_same_revision_one_writes_it() {
    let (house, _) = managed(bistro().with_tables(2, 2)).await;
    let (id, bearer) = (house.restaurant(), Bearer::Account(house.sign_in("mina").access));
    let read = admit(house.store(), &bearer, Operation::PutPolicy, id).await.unwrap();
    let write = async |window_days| {
        let policy = Policy { window_days, ..Policy::default() };
        let part = RestaurantPart::Policy(policy);
        change_part(house.store(), &read, Operation::PutPolicy, part, None, house.now()).await
    };
    assert_eq!(write(60).await.unwrap().restaurant.policy.window_days, 60);
    match write(90).await {
        Err(RestaurantRefusal::Stale(current)) => assert_eq!(current.restaurant.policy.window_days, 60),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_in_the_audit_log_with_before_and_after() {
    let (house, path) = managed(bistro().with_tables(1, 2)).await;
    let (sunja, mina) = (house.sign_in("sunja"), house.sign_in("mina"));
    put(&house, &format!("{path}/policy"), &mina, &json!({ "windowDays": 60 })).await.is(200);
    house.advance("PT1S").await;
    let seen = house.get(&format!("{path}/profile")).by(&sunja).await;
    let edit = json!({ "email": "moved@jari.test", "priceBand": 4 });
    house.patch(&path).by(&sunja).if_unchanged_since(&seen).json(&edit).await.is(200);
    house.advance("PT1S").await;
    let reason = json!({ "reason": "이전" });
    house.post(&format!("{path}/close")).by(&house.sign_in("ara")).json(&reason).await.is(200);

    let at = format!("{path}/audit-log");
    house.get(&at).by(&mina).await.refused(403, "forbidden");
    house.get(&at).by(&house.sign_in("minji")).await.refused(404, "not_found");
    let newest = house.get(&format!("{at}?limit=1")).by(&sunja).await.is(200);
    let cursor = newest.json["next"].as_str().unwrap();
    let rest = house.get(&format!("{at}?limit=5&cursor={cursor}")).by(&sunja).await.is(200);
    assert_eq!(rest.json["next"], Value::Null);
    let line = &newest.json["items"][0];
    assert_eq!(
        (&line["what"], &line["as"], &line["why"]),
        (&json!("close-restaurant"), &json!("admin"), &reason["reason"])
    );
    assert_eq!(
        (&line["before"], &line["after"]),
        (&json!({ "status": "approved" }), &json!({ "status": "closed" }))
    );
    let line = &rest.json["items"][0];
    assert_eq!((&line["what"], &line["by"]), (&json!("update-restaurant"), &json!(sunja.account())));
    assert_eq!(line["before"]["priceBand"], 2);
    assert_eq!(line["after"], json!({ "email": "…", "priceBand": 4 }), "of an address only that it changed");
    let line = &rest.json["items"][1];
    assert_eq!((&line["what"], &line["as"]), (&json!("put-policy"), &json!("manager")));
    assert_eq!(
        (&line["before"], &line["after"]),
        (&json!({ "windowDays": 30 }), &json!({ "windowDays": 60 }))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_sees_the_parts_and_changes_none() {
    let (house, path) = managed(bistro().with_tables(1, 2)).await;
    let (hoon, minji) = (house.sign_in("hoon"), house.sign_in("minji"));
    for part in ["profile", "menu", "floor", "schedule", "policy"] {
        let at = format!("{path}/{part}");
        let seen = house.get(&at).by(&hoon).await.is(200);
        house.get(&at).await.refused(401, "unauthenticated");
        house.get(&at).by(&minji).await.refused(404, "not_found");
        if part != "profile" {
            house
                .put(&at)
                .by(&hoon)
                .if_unchanged_since(&seen)
                .json(&json!({}))
                .await
                .refused(403, "forbidden");
            house
                .put(&at)
                .by(&minji)
                .if_unchanged_since(&seen)
                .json(&json!({}))
                .await
                .refused(404, "not_found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_field_is_named_with_its_place() {
    let (house, path) = managed(bistro().with_tables(1, 2)).await;
    let mina = house.sign_in("mina");
    let bad = async |part: &str, body: Value| -> Vec<String> {
        let answer =
            put(&house, &format!("{path}/{part}"), &mina, &body).await.refused(422, "invalid_fields");
        answer.bad_fields().into_iter().map(|(pointer, _)| pointer).collect()
    };
    let mut wrong = floor(&[("1", 2), ("2", 100), ("", 2)]);
    wrong["tables"][0]["colour"] = json!("red");
    wrong["areas"][0]["name"] = json!({});
    assert_eq!(
        bad("floor", wrong).await,
        ["/areas/0/name", "/tables/0/colour", "/tables/1/maxParty", "/tables/2/name"]
    );
    let mut wrong = floor(&[("1", 2), ("2", 2)]);
    wrong["tables"][0]["area"] = json!("cellar");
    wrong["tables"][1]["minParty"] = json!(3);
    wrong["combinations"] = json!([{ "tables": [], "minParty": 1, "maxParty": 2 }]);
    assert_eq!(bad("floor", wrong).await, ["/combinations/0/tables", "/tables/0/area", "/tables/1/maxParty"]);
    let mut wrong = schedule("18:07", "17:00", Some(4));
    wrong["weekly"][0]["shift"]["pace"] = json!(0);
    assert_eq!(bad("schedule", wrong).await, ["/weekly/0/shift/pace"]);
    assert_eq!(
        bad("schedule", schedule("18:07", "17:00", None)).await,
        ["/weekly/0/shift/lastSeating", "/weekly/0/shift/opens"]
    );
    let item = |amount: i64, currency: &str| json!({ "name": text("면"), "price": { "amount": amount, "currency": currency } });
    let menu = json!({ "sections": [{ "name": text("면"), "items": [item(-1, "KRW"), item(1, "USD"), item(0, "KRW")] }] });
    assert_eq!(
        bad("menu", menu).await,
        ["/sections/0/items/0/price/amount", "/sections/0/items/1/price/currency"]
    );
    assert_eq!(
        bad("policy", json!({ "windowDays": 0, "holdMinutes": 16, "x": 1 })).await,
        ["/holdMinutes", "/windowDays", "/x"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_change_strands_is_listed_and_left_alone() {
    let (house, path) = managed(bistro().with_tables(1, 2).with_tables(1, 4)).await;
    let mina = house.sign_in("mina");
    let two = house.book(table_for(2).at("17:30")).await.is(201);
    let four = house.book(table_for(4).at("20:00").by("jun")).await.is(201);
    let cancelled = house.book(table_for(2).at("20:00").by("sora")).await.is(201).ticket();
    house.cancel(&cancelled).await.is(200);
    let stranded = |answer: &Answer| -> Vec<(Value, Value)> {
        let listed = answer.json["stranded"].as_array().unwrap().iter();
        listed.map(|one| (one["id"].clone(), one["why"].clone())).collect()
    };

    let at = format!("{path}/floor");
    let mut shown = house.get(&at).by(&mina).await.is(200).json;
    shown["tables"][1]["maxParty"] = json!(3);
    let changed = put(&house, &at, &mina, &shown).await.is(200);
    assert_eq!(stranded(&changed), [(four.json["id"].clone(), json!("tableTooSmall"))]);
    assert_eq!(changed.json["stranded"][0]["startsAt"], json!(on_day("20:00")));
    assert_eq!(changed.json["stranded"][0]["guestName"], four.json["guest"]["name"]);
    let gone = put(&house, &at, &mina, &floor(&[("new", 4)])).await.is(200);
    let both = [(two.json["id"].clone(), json!("tableGone")), (four.json["id"].clone(), json!("tableGone"))];
    assert_eq!(stranded(&gone), both);

    shown["tables"][1]["maxParty"] = json!(4);
    assert!(
        stranded(&put(&house, &at, &mina, &shown).await.is(200)).is_empty(),
        "a table that is back is the same"
    );
    let later =
        put(&house, &format!("{path}/schedule"), &mina, &schedule("18:00", "21:00", None)).await.is(200);
    assert_eq!(stranded(&later), [(two.json["id"].clone(), json!("outsideHours"))]);
    let policy =
        put(&house, &format!("{path}/policy"), &mina, &json!({ "maxOnlineParty": 1, "maxOversize": 1 }))
            .await
            .is(200);
    assert_eq!(stranded(&policy)[1], (four.json["id"].clone(), json!("partyTooLarge")));
    assert_eq!(policy.json["warnings"][0]["tables"], json!([shown["tables"][1]["id"]]));

    assert_eq!(house.look(&four.ticket()).await.json["status"], "confirmed");
    house.assert_consistent().await;
}

/// Covers that arrive by the counters, and by the reservations; and how many of these are not counted.
async fn arrivals(house: &House) -> (BTreeMap<u32, u16>, BTreeMap<u32, u16>, usize) {
    let date = jari_tests::house::day(DAY);
    let book = house.store().day_book_now(house.restaurant(), date, house.now()).await.unwrap();
    let (mut counted, mut due, mut uncounted) = (BTreeMap::new(), BTreeMap::new(), 0);
    for reservation in house.reservations(house.restaurant(), DAY).await {
        let cell = reservation.span.first();
        counted.insert(cell.0, book.covers(cell));
        if reservation.status_at(house.now()).is_active() {
            *due.entry(cell.0).or_default() += u16::from(reservation.party.size());
            uncounted += usize::from(!reservation.paced);
        } else {
            due.entry(cell.0).or_default();
        }
    }
    (counted, due, uncounted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pace_counts_who_had_booked_before_it_was_set() {
    let (house, path) = managed(bistro().with_tables(10, 2)).await;
    let mina = house.sign_in("mina");
    let first = house.book(table_for(2)).await.is(201).ticket();
    let held = house.book(table_for(2).held()).await.is(201).ticket();
    let at = format!("{path}/schedule");
    put(&house, &at, &mina, &schedule("17:00", "21:30", Some(4))).await.is(200);
    house.book(table_for(1).by("jun")).await.refused(409, "pacing");
    assert_eq!(house.why_not("19:00", 1).await.as_deref(), Some("pacing"));
    // What is counted is given back: by a cancellation, by the end of a hold.
    house.cancel(&first).await.is(200);
    house.book(table_for(2).by("jun")).await.is(201);
    house.book(table_for(1).by("sora")).await.refused(409, "pacing");
    house.advance("PT5M1S").await;
    assert_eq!(house.look(&held).await.reservation_status(), "expired");
    house.book(table_for(2).by("hana")).await.is(201);
    // Off and on again counts nobody twice, and finds who came in between.
    put(&house, &at, &mina, &schedule("17:00", "21:30", None)).await.is(200);
    house.book(table_for(2).by("yuna")).await.is(201);
    put(&house, &at, &mina, &schedule("17:00", "21:30", Some(7))).await.is(200);
    house.book(table_for(2).by("dana")).await.refused(409, "pacing");
    house.book(table_for(1).by("dana")).await.is(201);
    let (counted, due, uncounted) = arrivals(&house).await;
    assert_eq!((counted, uncounted), (due, 0));
    // Nobody was told of a change that is none.
    let subjects = house.mails_to("jun@jari.test").await.len();
    assert_eq!(subjects, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pace_set_while_guests_book_and_cancel_counts_each_once() {
    let (house, path) = managed(bistro().with_tables(40, 2)).await;
    let mina = house.sign_in("mina");
    let before: Vec<_> =
        futures::future::join_all((0..12).map(|n| house.book(table_for(2).by(&format!("early{n}"))))).await;
    let tickets: Vec<_> = before.into_iter().map(|answer| answer.is(201).ticket()).collect();
    let at = format!("{path}/schedule");
    let set = async { put(&house, &at, &mina, &schedule("17:00", "21:30", Some(30))).await };
    let book = futures::future::join_all((0..16).map(|n| house.book(table_for(2).by(&format!("late{n}")))));
    let cancel = futures::future::join_all(tickets[..4].iter().map(|ticket| house.cancel(ticket)));
    let (set, booked, cancelled) = tokio::join!(set, book, cancel);
    set.is(200);
    assert!(booked.iter().all(|answer| [201, 409].contains(&answer.status)));
    assert!(cancelled.iter().all(|answer| [200, 409].contains(&answer.status)));
    // A booking that had read the restaurant before may have come after the count: a minute later it is counted too.
    house.advance("PT2M").await;
    let (counted, due, uncounted) = arrivals(&house).await;
    assert_eq!((&counted, uncounted), (&due, 0));
    let free = 30_u16.saturating_sub(due.values().sum());
    for n in 0..free / 2 {
        house.book(table_for(2).by(&format!("last{n}"))).await.is(201);
    }
    house.book(table_for(2).by("nobody")).await.refused(409, "pacing");
    house.assert_consistent().await;
}
