//! Whatever is wrong with a request, its answer says so, all bad fields at once, in the reader's language; and nothing
//! is written.

use jari_tests::{Answer, DAY, House, bistro, on_day, table_for};
use reqwest::Method;
use serde_json::{Value, json};

async fn house() -> House {
    let closed = json!([{ "date": "2026-12-25", "name": { "ko": "쉬는 날", "en": "Closed" }, "shifts": [] }]);
    let ongi = bistro().with_tables(3, 2);
    let ongi = ongi.with(|one| one.schedule.special_days = serde_json::from_value(closed).unwrap());
    House::open().with_faults().with_restaurant(ongi).await
}

/// A booking as it should be, for one thing to be wrong with it.
fn good(house: &House) -> Value {
    json!({
        "restaurantId": house.restaurant(), "startsAt": on_day("19:00"), "partySize": 2,
        "guest": { "name": "김민지", "email": "minji@jari.test", "language": "ko" },
    })
}

/// In Korean and in English: the same refusal, in that language.
async fn in_both_languages(request: impl Fn() -> reqwest::RequestBuilder, status: u16, code: &str) -> Answer {
    let mut answers = Vec::new();
    for (language, korean) in [("en", false), ("ko-KR,ko;q=0.9", true)] {
        let mut request = request().build().unwrap();
        request.headers_mut().insert("accept-language", language.parse().unwrap());
        let client = reqwest::Client::new();
        let answer =
            Answer::to(reqwest::RequestBuilder::from_parts(client, request)).await.refused(status, code);
        let texts = [&answer.json["title"], &answer.json["detail"]];
        let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
        let details = errors.iter().map(|error| &error["detail"]);
        for text in texts.into_iter().chain(details).filter_map(Value::as_str) {
            let hangul = text.chars().any(|c| ('가'..='힣').contains(&c));
            assert_eq!(hangul, korean, "{language}: {text}");
        }
        assert!(errors.iter().all(|error| error["detail"].is_string()), "{}", answer.text);
        answers.push(answer);
    }
    assert_eq!(answers[0].bad_fields(), answers[1].bad_fields());
    answers.swap_remove(0)
}

#[track_caller]
fn nothing_was_written(house: &House) {
    let writes = house.proxy().writes();
    assert!(writes.is_empty(), "{writes:?}");
}

fn fields(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<_> =
        expected.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect();
    fields.sort();
    fields
}

#[tokio::test(flavor = "multi_thread")]
#[allow(clippy::too_many_lines, reason = "a table of cases")]
async fn bad_fields_are_named_all_at_once() {
    let house = house().await;
    let with = |changes: Value| {
        let mut body = good(&house);
        merge(&mut body, changes);
        body
    };
    let missing = [
        ("/guest", "required"),
        ("/partySize", "required"),
        ("/restaurantId", "required"),
        ("/startsAt", "required"),
    ];
    let long = "가".repeat(501);
    let cases: Vec<(Value, Vec<(&str, &str)>)> = vec![
        (json!({}), missing.to_vec()),
        (json!([]), vec![("", "wrong_type")]),
        (json!("table please"), vec![("", "wrong_type")]),
        (
            with(json!({ "colour": "red", "guest": { "vip": true } })),
            vec![("/colour", "unknown_field"), ("/guest/vip", "unknown_field")],
        ),
        (
            with(
                json!({ "restaurantId": 1, "startsAt": 2, "partySize": "two", "guest": "minji", "note": 5, "hold": "yes", "area": [] }),
            ),
            vec![
                ("/restaurantId", "wrong_type"),
                ("/startsAt", "wrong_type"),
                ("/partySize", "wrong_type"),
                ("/guest", "wrong_type"),
                ("/note", "wrong_type"),
                ("/hold", "wrong_type"),
                ("/area", "wrong_type"),
            ],
        ),
        (
            with(json!({ "restaurantId": "rsv_01jar100000000000000000002" })),
            vec![("/restaurantId", "invalid_format")],
        ),
        (with(json!({ "startsAt": "2026-12-24T19:00:00" })), vec![("/startsAt", "invalid_format")]),
        (with(json!({ "startsAt": "tomorrow" })), vec![("/startsAt", "invalid_format")]),
        (with(json!({ "partySize": 0 })), vec![("/partySize", "out_of_range")]),
        (with(json!({ "partySize": 1000 })), vec![("/partySize", "out_of_range")]),
        (with(json!({ "partySize": -2 })), vec![("/partySize", "out_of_range")]),
        (with(json!({ "partySize": 2.5 })), vec![("/partySize", "wrong_type")]),
        (
            with(
                json!({ "guest": { "name": "  ", "email": "minji", "phone": "010-1234-5678", "language": "fr" } }),
            ),
            vec![
                ("/guest/name", "too_short"),
                ("/guest/email", "invalid_format"),
                ("/guest/phone", "invalid_format"),
                ("/guest/language", "invalid_format"),
            ],
        ),
        (with(json!({ "guest": { "name": "민".repeat(81) } })), vec![("/guest/name", "too_long")]),
        (
            with(json!({ "guest": { "name": "a\u{0}b", "email": "a@b.kr\nBcc: x@y.kr" } })),
            vec![("/guest/name", "invalid_format"), ("/guest/email", "invalid_format")],
        ),
        (with(json!({ "guest": { "name": "a\u{202E}b" } })), vec![("/guest/name", "invalid_format")]),
        (
            with(json!({ "note": long, "partySize": 100 })),
            vec![("/note", "too_long"), ("/partySize", "out_of_range")],
        ),
        (with(json!({ "guest": null })), vec![("/guest", "required")]),
        (with(json!({ "area": "cellar" })), vec![("/area", "out_of_range")]),
    ];
    for (body, expected) in cases {
        let request = || house.request(Method::POST, "/v1/reservations").json(&body);
        let answer = in_both_languages(request, 422, "invalid_fields").await;
        assert_eq!(answer.bad_fields(), fields(&expected), "{body}");
    }
    nothing_was_written(&house);
}

fn merge(into: &mut Value, changes: Value) {
    match (into, changes) {
        (Value::Object(into), Value::Object(changes)) => {
            for (name, change) in changes {
                merge(into.entry(name).or_insert(Value::Null), change);
            }
        }
        (into, change) => *into = change,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn well_formed_wishes_against_a_rule_say_which() {
    let house = house().await;
    let unknown = json!({ "restaurantId": "rst_01jar100000000000000000099" });
    for (changes, status, code) in [
        (json!({ "startsAt": on_day("19:07") }), 422, "off_grid"),
        (json!({ "startsAt": on_day("19:15") }), 422, "off_grid"),
        (json!({ "startsAt": on_day("16:30") }), 422, "off_grid"),
        (json!({ "startsAt": "2026-12-24T19:00:01+09:00" }), 422, "off_grid"),
        (json!({ "startsAt": "2026-11-30T19:00:00+09:00" }), 422, "past_cutoff"),
        (json!({ "startsAt": "1970-01-01T19:00:00+09:00" }), 422, "past_cutoff"),
        (json!({ "startsAt": "2026-12-25T19:00:00+09:00" }), 422, "closed"),
        (json!({ "startsAt": "2027-02-01T19:00:00+09:00" }), 422, "outside_booking_window"),
        (json!({ "partySize": 9 }), 422, "party_too_large"),
        (unknown, 404, "not_found"),
    ] {
        let mut body = good(&house);
        merge(&mut body, changes);
        let request = || house.request(Method::POST, "/v1/reservations").json(&body);
        let answer = in_both_languages(request, status, code).await;
        let nearest = answer.json["nearest"].as_array().is_some_and(|times| !times.is_empty());
        assert_eq!(nearest, code == "off_grid", "{}", answer.text);
    }
    nothing_was_written(&house);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read_are_told_apart() {
    let house = house().await;
    let good = good(&house).to_string();
    let large = format!("{}{}", good, " ".repeat(64 * 1024));
    for (content_type, body, status, code) in [
        ("application/json", "{", 400, "malformed_json"),
        ("application/json", "", 400, "malformed_json"),
        ("application/json", "{\"a\": nonsense}", 400, "malformed_json"),
        ("application/json", "\u{0}", 400, "malformed_json"),
        ("application/json", large.as_str(), 413, "body_too_large"),
        ("text/plain", good.as_str(), 415, "unsupported_media_type"),
        ("application/x-www-form-urlencoded", "partySize=2", 415, "unsupported_media_type"),
        ("application/json; charset=euc-kr", good.as_str(), 415, "unsupported_media_type"),
    ] {
        let request = || {
            house
                .request(Method::POST, "/v1/reservations")
                .header("content-type", content_type)
                .body(body.to_owned())
        };
        in_both_languages(request, status, code).await;
    }
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let request = || {
        house
            .request(Method::POST, "/v1/reservations")
            .header("content-type", "application/json")
            .body(deep.clone())
    };
    in_both_languages(request, 400, "malformed_json").await;
    nothing_was_written(&house);
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_paths_and_queries_that_mean_nothing_are_refused() {
    let house = house().await;
    let body = good(&house);
    for key in ["two words", "", &"k".repeat(256), "키"] {
        let Ok(key) = reqwest::header::HeaderValue::from_bytes(key.as_bytes()) else {
            continue;
        };
        let request = || {
            house.request(Method::POST, "/v1/reservations").header("idempotency-key", key.clone()).json(&body)
        };
        in_both_languages(request, 400, "malformed_request").await;
    }
    let restaurant = format!("/v1/restaurants/{}", house.restaurant());
    for (path, status, code, bad) in [
        (
            format!("{restaurant}/availability"),
            422,
            "invalid_fields",
            vec![("/partySize", "required"), ("/date", "required")],
        ),
        (
            format!("{restaurant}/availability?partySize=0&date=24.12.2026"),
            422,
            "invalid_fields",
            vec![("/partySize", "out_of_range"), ("/date", "invalid_format")],
        ),
        (
            format!("{restaurant}/availability?partySize=2&from={DAY}"),
            422,
            "invalid_fields",
            vec![("/to", "required")],
        ),
        (
            format!("{restaurant}/availability?partySize=2&date={DAY}&colour=red"),
            422,
            "invalid_fields",
            vec![("/colour", "unknown_field")],
        ),
        ("/v1/restaurants?limit=0".into(), 422, "invalid_fields", vec![("/limit", "out_of_range")]),
        ("/v1/restaurants?limit=101".into(), 422, "invalid_fields", vec![("/limit", "out_of_range")]),
        ("/v1/restaurants/rst_01jar100000000000000000099".into(), 404, "not_found", vec![]),
        ("/v1/restaurants/nonsense".into(), 404, "not_found", vec![]),
        ("/v1/nothing".into(), 404, "not_found", vec![]),
        ("/v1/reservations".into(), 405, "method_not_allowed", vec![]),
    ] {
        let answer = in_both_languages(|| house.request(Method::GET, &path), status, code).await;
        assert_eq!(answer.bad_fields(), fields(&bad), "{path}");
    }
    let cursor = in_both_languages(
        || house.request(Method::GET, "/v1/restaurants?cursor=bm9uc2Vuc2U"),
        400,
        "malformed_request",
    )
    .await;
    assert_eq!(cursor.bad_fields()[0].0, "/cursor");
    nothing_was_written(&house);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_change_or_token_leaves_the_reservation_as_it_was() {
    let house = house().await;
    let ticket = house.book(table_for(2).under_key("first")).await.is(201).ticket();
    house.mails().await;
    house.proxy().record_from_here();

    let other = house.book(table_for(1).under_key("first")).await.refused(422, "idempotency_key_reused");
    assert!(other.json.get("id").is_none(), "nothing of the other reservation is shown: {}", other.text);
    let patch = |body: Value| house.with_ticket(Method::PATCH, &ticket, "").json(&body);
    let bad = json!({ "startsAt": 5, "partySize": 0, "colour": {}, "note": false });
    let answer = in_both_languages(|| patch(bad.clone()), 422, "invalid_fields").await;
    let expected = [
        ("/startsAt", "wrong_type"),
        ("/partySize", "out_of_range"),
        ("/colour", "unknown_field"),
        ("/note", "wrong_type"),
    ];
    assert_eq!(answer.bad_fields(), fields(&expected));
    // What only staff may give.
    in_both_languages(|| patch(json!({ "tables": [] })), 403, "forbidden").await;
    in_both_languages(|| patch(json!({ "startsAt": on_day("19:10") })), 422, "off_grid").await;
    in_both_languages(|| patch(json!({})).header("if-match", "yesterday"), 400, "malformed_request").await;
    let reason = json!({ "reason": "x".repeat(201), "refund": true });
    let cancel = || house.with_ticket(Method::POST, &ticket, "/cancel").json(&reason);
    let answer = in_both_languages(cancel, 422, "invalid_fields").await;
    assert_eq!(answer.bad_fields(), fields(&[("/reason", "too_long"), ("/refund", "unknown_field")]));
    for token in ["", "nonsense", "eyJhbGciOiJub25lIn0.e30."] {
        let address = format!("/v1/reservations/{}/cancel", ticket.id);
        in_both_languages(
            || house.request(Method::POST, &address).bearer_auth(token),
            401,
            "unauthenticated",
        )
        .await;
    }
    let writes: Vec<_> = house.proxy().writes();
    // The reused key is found out by the write's own condition, which then writes nothing.
    assert!(
        writes.iter().all(|write| !write.answer.starts_with(b"{}") && write.units() == 0.0),
        "{writes:?}"
    );
    let seen = house.look(&ticket).await.is(200);
    assert_eq!(
        (seen.json["revision"].as_u64(), house.reservations(house.restaurant(), DAY).await.len()),
        (Some(1), 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn korean_and_emoji_names_are_names() {
    let house = house().await;
    for (n, name) in ["김민지", "🍜 라면왕", "O'Neil", "ㄱ", "Ana <b>María</b>"].into_iter().enumerate()
    {
        let guest = json!({ "name": name, "email": format!("guest{n}@jari.test"), "language": "ko" });
        let time = ["17:00", "18:30", "20:00"][n % 3];
        let booked = house.book(table_for(2).at(time).with("guest", guest)).await.is(201);
        assert_eq!(booked.json["guest"]["name"], name);
        let mails = house.mails_to(&format!("guest{n}@")).await;
        assert_eq!(mails.len(), 1);
        assert!(!mails[0].html.contains("<b>María"), "a name is text, not HTML");
    }
}
