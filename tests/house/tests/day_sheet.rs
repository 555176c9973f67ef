//! A restaurant's evening: the day sheet shows what is booked and nothing else, tablets that know it already are told so, a
//! closed day takes no booking, and who is barred is let in again.

use std::collections::{BTreeMap, BTreeSet};

use jari_domain::{Cell, DinerId, Reservation, ReservationId, Status};
use jari_store::{Claims, Commit, RetryBudget, Transaction};
use jari_tests::{
    Answer, Bistro, DAY, House, Person, Ticket, bistro, claims::table_claims, house::day, on_day, table_for,
};
use serde_json::{Value, json};

async fn house(bistro: Bistro) -> (House, Person) {
    let house = House::open().with_restaurant(bistro).with_host("hana").with_manager("minho").await;
    let hana = house.sign_in("hana");
    (house, hana)
}

fn path(house: &House, rest: &str) -> String {
    format!("/v1/restaurants/{}{rest}", house.restaurant())
}

async fn sheet(house: &House, by: &Person) -> Answer {
    house.get(&path(house, &format!("/days/{DAY}"))).by(by).await.is(200)
}

/// Writes an item as another part of the house would have.
async fn put(house: &House, item: Value) {
    let config = aws_sdk_dynamodb::config::Builder::from(house.local().house().aws());
    let client =
        aws_sdk_dynamodb::Client::from_conf(config.endpoint_url(house.local().dynamodb_endpoint()).build());
    let item = serde_dynamo::to_item(item).unwrap();
    client.put_item().table_name("jari-test").set_item(Some(item)).send().await.unwrap();
}

fn list<'value>(value: &'value Value, name: &str) -> &'value Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn line(sheet: &Answer, id: ReservationId) -> &Value {
    let found = list(&sheet.json, "reservations").iter().find(|line| line["id"] == json!(id));
    found.unwrap_or_else(|| panic!("{id} is not on the sheet"))
}

fn instant(value: &Value) -> jiff::Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// Books, holds, moves and calls off at random; the tickets of what was made.
async fn anything_happens(house: &House, steps: u32) -> Vec<Ticket> {
    let mut tickets: Vec<Ticket> = Vec::new();
    for n in 0..steps {
        let time = format!("{}:{}", fastrand::u8(17..21), ["00", "30"][fastrand::usize(..2)]);
        let size = fastrand::u8(1..=4);
        match fastrand::u8(..10) {
            0..=5 => {
                let answer = house.book(table_for(size).at(&time).by(&format!("guest{n}"))).await;
                if answer.status == 201 {
                    tickets.push(answer.ticket());
                }
            }
            6 => {
                house.book(table_for(size).at(&time).held()).await;
            }
            7 if !tickets.is_empty() => {
                let ticket = &tickets[fastrand::usize(..tickets.len())];
                house.change(ticket, &json!({ "startsAt": on_day(&time), "partySize": size })).await;
            }
            _ if !tickets.is_empty() => {
                house.cancel(&tickets[fastrand::usize(..tickets.len())]).await;
            }
            _ => {}
        }
    }
    tickets
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sheet_is_what_was_booked_whatever_was_booked() {
    for round in 0..4 {
        let tables = bistro().with_tables(3, 2).with_tables(2, 4).with_joined(&[0, 1], 3, 4).paced(12);
        let (house, hana) = house(tables).await;
        anything_happens(&house, 40).await;
        let sheet = sheet(&house, &hana).await;
        let now = house.now();
        let stored = house.reservations(house.restaurant(), DAY).await;
        let shown = |status: Status| !matches!(status, Status::Expired);
        let expected: BTreeMap<String, (String, u64, BTreeSet<String>)> = stored
            .iter()
            .filter(|one| shown(one.status_at(now)) && (one.guest.is_some() || one.status == Status::Held))
            .map(|one| {
                let status = serde_json::to_value(one.status_at(now)).unwrap().as_str().unwrap().to_owned();
                (
                    one.id.to_string(),
                    (status, one.revision, one.tables.iter().map(ToString::to_string).collect()),
                )
            })
            .collect();
        let found: BTreeMap<_, _> = list(&sheet.json, "reservations")
            .iter()
            .map(|line| {
                let tables = list(line, "tables").iter().map(|id| id.as_str().unwrap().to_owned()).collect();
                let status = line["status"].as_str().unwrap().to_owned();
                (
                    line["id"].as_str().unwrap().to_owned(),
                    (status, line["revision"].as_u64().unwrap(), tables),
                )
            })
            .collect();
        assert_eq!(found, expected, "round {round}");
        // The spans are the claims, cell by cell.
        let claims = table_claims(&house.items().await, house.restaurant(), day(DAY), now);
        let mut spans = BTreeMap::new();
        for table in list(&sheet.json, "tables") {
            for span in list(table, "spans") {
                let owner: ReservationId = span["reservationId"].as_str().unwrap().parse().unwrap();
                let first = Cell::starting_at(instant(&span["startsAt"])).unwrap();
                let end = Cell::starting_at(instant(&span["endsAt"])).unwrap();
                for cell in first.0..end.0 {
                    let table = table["id"].as_str().unwrap().parse().unwrap();
                    assert_eq!(spans.insert((table, Cell(cell)), owner.short()), None);
                }
            }
        }
        assert_eq!(spans, claims, "round {round}");
        let covers: u64 = list(&sheet.json, "pacing").iter().map(|one| one["covers"].as_u64().unwrap()).sum();
        let active = stored.iter().filter(|one| one.status_at(now).is_active());
        assert_eq!(covers, active.map(|one| u64::from(one.party.size())).sum::<u64>(), "round {round}");
        assert!(list(&sheet.json, "pacing").iter().all(|one| one["max"] == 12));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_has_the_sheet_is_told_so_until_something_or_time_changes_it() {
    let (house, hana) = house(bistro().with_tables(2, 2)).await;
    let mine = house.book(table_for(2)).await.is(201).ticket();
    let path = path(&house, &format!("/days/{DAY}"));
    let mut known = sheet(&house, &hana).await;
    let tag = |answer: &Answer| answer.header("etag").unwrap().to_owned();
    assert_eq!(tag(&known), format!("\"{}\"", known.json["revision"]));
    assert_eq!(line(&known, mine.id)["late"], false);
    let unchanged = house.get(&path).by(&hana).header("if-none-match", &tag(&known)).await.is(304);
    assert_eq!(unchanged.text, "");
    for (what, other) in [("another booking", "jun"), ("yet another", "sora")] {
        house.book(table_for(1).at("20:30").by(other)).await.is(201);
        let next = house.get(&path).by(&hana).header("if-none-match", &tag(&known)).await.is(200);
        assert_ne!(tag(&next), tag(&known), "{what}");
        known = next;
    }
    // From 10:00 on the first of December to sixteen minutes after their time.
    house.advance("PT561H16M").await;
    let late = house.get(&path).by(&hana).header("if-none-match", &tag(&known)).await.is(200);
    assert_eq!(line(&late, mine.id)["late"], true);
    house.get(&path).by(&hana).header("if-none-match", &tag(&late)).await.is(304);
}

/// So many reservations at the same time as `like` that came to nothing.
async fn came_to_nothing(house: &House, like: &Reservation, status: Status, count: u64) {
    let now = house.now();
    // As long as they may be: the table is read by the megabyte.
    let note = Some("가".repeat(500).parse().unwrap());
    for _ in 0..count {
        let id = ReservationId::new(now, std::array::from_fn(|_| fastrand::u8(..)));
        let nothing =
            Reservation { id, status, guest: None, diner: None, note: note.clone(), ..like.clone() };
        let transaction = Transaction::create(Claims::new(now), &nothing, None).unwrap();
        let committed = house.store().commit(&transaction, &mut RetryBudget::start()).await.unwrap();
        assert!(matches!(committed, Commit::Done(None)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn however_much_came_to_nothing_whoever_is_expected_is_on_the_sheet() {
    let (house, hana) = house(bistro().with_tables(2, 2)).await;
    let early = house.book(table_for(2).at("17:00")).await.is(201).id();
    let like = house.reservation(early).await.unwrap();
    came_to_nothing(&house, &like, Status::Expired, 1_200).await;
    came_to_nothing(&house, &like, Status::Cancelled, 1_200).await;
    let late = house.book(table_for(2).at("20:30").by("jiho")).await.is(201).id();
    let sheet = sheet(&house, &hana).await;
    assert_eq!(line(&sheet, late)["status"], "confirmed");
    let closure = path(&house, &format!("/days/{DAY}/closure"));
    let closed = house.put(&closure).by(&house.sign_in("minho")).header("if-match", "*").await.is(200);
    let stranded: Vec<_> = list(&closed.json, "stranded").iter().map(|one| one["id"].clone()).collect();
    assert_eq!(stranded, [json!(early), json!(late)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_shows_that_the_table_is_taken_and_not_by_whom() {
    let (house, hana) = house(bistro().with_tables(1, 2)).await;
    let held = house.book(table_for(2).with("hold", true).with("note", "비밀")).await.is(201);
    let sheet = sheet(&house, &hana).await;
    let line = line(&sheet, held.id());
    assert_eq!(
        (&line["status"], &line["guest"], &line["note"]),
        (&json!("held"), &Value::Null, &Value::Null)
    );
    assert_eq!(sheet.json["tables"][0]["spans"][0]["held"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sheet_tells_what_the_house_knows_of_a_guest() {
    let (house, hana) = house(bistro().with_tables(2, 2)).await;
    let id = house.book(table_for(2).with("note", "창가 자리")).await.is(201).id();
    let stranger = house.book(table_for(2).by("jun")).await.is(201).id();
    let diner = house.reservation(id).await.unwrap().diner.unwrap();
    let restaurant = house.restaurant().digits();
    put(&house, json!({ "PK": format!("GUEST#{restaurant}#{}", diner.0), "SK": "RECORD", "visits": 7, "noShows": [1, 2] })).await;
    put(
        &house,
        json!({ "PK": format!("ADDRESS#{}", diner.0), "SK": "MAIL", "stopped": "bounce", "stoppedAt": 1 }),
    )
    .await;
    let sheet = sheet(&house, &hana).await;
    let (known, new) = (line(&sheet, id), line(&sheet, stranger));
    assert_eq!(
        (&known["visits"], &known["noShows"], &known["mailStopped"]),
        (&json!(7), &json!(2), &json!(true))
    );
    assert_eq!((&new["visits"], &new["noShows"], &new["mailStopped"]), (&json!(0), &json!(0), &json!(false)));
    assert_eq!(
        (&known["guest"]["name"], &known["guest"]["phone"]),
        (&json!("minji"), &json!("+821012345678"))
    );
    assert_eq!((&known["note"], &known["channel"]), (&json!("창가 자리"), &json!("online")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_early_and_who_came_after_share_a_table_one_after_the_other() {
    let restaurant = bistro().with_tables(1, 2);
    let opening = House::open().at("2026-12-24T19:07:00+09:00").with_restaurant(restaurant);
    let house = opening.with_host("hana").await;
    let hana = house.sign_in("hana");
    let walk_in = json!({ "restaurantId": house.restaurant(), "partySize": 2, "channel": "walkIn" });
    let first = house.post("/v1/reservations").json(&walk_in).by(&hana).await.is(201).id();
    house.advance("PT20M").await;
    house.post(&format!("/v1/reservations/{first}/complete")).by(&hana).await.is(200);
    let next = house.post("/v1/reservations").json(&walk_in).by(&hana).await.is(201).id();
    let sheet = sheet(&house, &hana).await;
    assert_eq!(
        (&line(&sheet, first)["status"], &line(&sheet, next)["status"]),
        (&json!("completed"), &json!("seated"))
    );
    let spans = list(&sheet.json["tables"][0], "spans");
    let ids: Vec<&Value> = spans.iter().map(|span| &span["reservationId"]).collect();
    assert_eq!(ids, [&json!(first), &json!(next)]);
    assert!(instant(&spans[0]["endsAt"]) <= instant(&spans[1]["startsAt"]), "{spans:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_restaurants_own_people_see_its_day() {
    let (house, hana) = house(bistro().with_tables(1, 2)).await;
    let mine = house.book(table_for(2)).await.is(201).ticket();
    let path = path(&house, &format!("/days/{DAY}"));
    house.get(&path).await.refused(401, "unauthenticated");
    house.get(&path).bearing(&mine.token).await.refused(401, "unauthenticated");
    house
        .get("/v1/restaurants/rst_01jar100000000000000000001/days/2026-12-24")
        .by(&hana)
        .await
        .refused(404, "not_found");
    for date in ["2026-12-32", "tomorrow", "2026-1-1"] {
        house.get(&path.replace(DAY, date)).by(&hana).await.refused(404, "not_found");
    }
    // The past and the far future are only empty.
    for date in ["1999-12-31", "2999-12-31"] {
        let empty = house.get(&path.replace(DAY, date)).by(&hana).await.is(200);
        assert_eq!(empty.json["reservations"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_day_takes_no_booking_and_names_whom_it_strands_until_it_is_open_again() {
    let (house, hana) = house(bistro().with_tables(2, 2)).await;
    let minho = house.sign_in("minho");
    let standing = house.book(table_for(2)).await.is(201).ticket();
    let gone = house.book(table_for(2).by("jun")).await.is(201).ticket();
    house.cancel(&gone).await.is(200);
    let closure = path(&house, &format!("/days/{DAY}/closure"));
    house.put(&closure).by(&hana).json(&json!({})).await.refused(403, "forbidden");
    let closed = house.put(&closure).by(&minho).json(&json!({ "reason": "내부 수리" })).await.is(200);
    let stranded = list(&closed.json, "stranded").iter().map(|one| (&one["id"], &one["why"]));
    assert_eq!(stranded.collect::<Vec<_>>(), [(&json!(standing.id), &json!("closed"))]);
    house.book(table_for(2).by("sora")).await.refused(422, "closed");
    assert!(house.slots(DAY, 2).await.iter().all(|(_, why)| why.as_deref() == Some("closed")));
    let shown = sheet(&house, &hana).await;
    assert_eq!(shown.json["closed"]["reason"], "내부 수리");
    assert_eq!(line(&shown, standing.id)["stranded"], "closed");
    // Once more is the same; another reason is another revision.
    let again = house.put(&closure).by(&minho).json(&json!({ "reason": "내부 수리" })).await.is(200);
    assert_eq!(again.json["revision"], closed.json["revision"]);
    let other = house
        .put(&closure)
        .by(&minho)
        .json(&json!({ "reason": "휴가" }))
        .if_unchanged_since(&again)
        .await
        .is(200);
    let stale = house.put(&closure).by(&minho).json(&json!({})).if_unchanged_since(&again).await;
    assert_eq!(stale.refused(412, "stale_revision").json["current"]["reason"], "휴가");
    house.delete(&closure).by(&minho).if_unchanged_since(&other).await.is(204);
    house.delete(&closure).by(&minho).await.is(204);
    house.book(table_for(2).by("sora")).await.is(201);
    assert_eq!(sheet(&house, &hana).await.json.get("closed"), None);
    let (lines, _) = house.store().audit_log(house.restaurant(), None, 10).await.unwrap();
    let mut told: Vec<&str> = lines.iter().map(|line| line.what.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["close-day", "close-day", "open-day"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_booked_while_a_day_closes_is_on_the_sheet_and_marked() {
    let (house, hana) = house(bistro().with_tables(20, 2)).await;
    let minho = house.sign_in("minho");
    let wishes = (0..20).map(|n| house.book(table_for(2).by(&format!("guest{n}"))));
    let closure = path(&house, &format!("/days/{DAY}/closure"));
    let close = house.put(&closure).by(&minho).json(&json!({}));
    let (answers, closed) = tokio::join!(futures::future::join_all(wishes), close);
    closed.is(200);
    let booked = answers.into_iter().filter(|answer| answer.status == 201).map(|answer| answer.id());
    let sheet = sheet(&house, &hana).await;
    for id in booked {
        assert_eq!(line(&sheet, id)["stranded"], "closed");
    }
    house.book(table_for(2).by("late")).await.refused(422, "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_closed_ahead_and_not_behind() {
    let (house, _) = house(bistro().with_tables(1, 2)).await;
    let minho = house.sign_in("minho");
    for date in ["2026-11-30", "2028-01-01"] {
        let closure = path(&house, &format!("/days/{date}/closure"));
        let refused = house.put(&closure).by(&minho).json(&json!({})).await.refused(422, "invalid_fields");
        assert_eq!(refused.bad_fields(), [("/date".to_owned(), "out_of_range".to_owned())]);
        house.delete(&closure).by(&minho).await.refused(422, "invalid_fields");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_for_everybody_who_works_the_day_and_the_last_one_holds() {
    let (house, hana) = house(bistro().with_tables(1, 2)).await;
    let note = path(&house, &format!("/days/{DAY}/note"));
    let text = "7시 단체\n홀 왼쪽을 비워 주세요";
    let first =
        house.put(&note).by(&hana).json(&json!({ "text": text })).header("if-match", "\"0\"").await.is(200);
    let shown = sheet(&house, &hana).await;
    assert_eq!(
        (&shown.json["note"]["text"], &shown.json["note"]["revision"]),
        (&json!(text), &first.json["revision"])
    );
    house.put(&note).by(&hana).json(&json!({ "text": "둘째" })).if_unchanged_since(&first).await.is(200);
    let stale = house.put(&note).by(&hana).json(&json!({ "text": "" })).if_unchanged_since(&first).await;
    assert_eq!(stale.refused(412, "stale_revision").json["current"]["text"], "둘째");
    let removed = house.put(&note).by(&hana).json(&json!({ "text": " " })).await.is(200);
    assert_eq!(removed.json, json!({ "text": "", "revision": 0 }));
    assert_eq!(sheet(&house, &hana).await.json.get("note"), None);
    let long = house.put(&note).by(&hana).json(&json!({ "text": "가".repeat(1001) })).await;
    assert_eq!(
        long.refused(422, "invalid_fields").bad_fields(),
        [("/text".to_owned(), "too_long".to_owned())]
    );
    let (lines, _) = house.store().audit_log(house.restaurant(), None, 10).await.unwrap();
    assert_eq!(lines.len(), 3);
    assert!(!serde_json::to_string(&lines).unwrap().contains("둘째"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_barred_is_listed_page_by_page_and_let_in_again() {
    let (house, hana) = house(bistro().with_tables(5, 2)).await;
    let restaurant = house.restaurant().digits();
    let mut item = json!({ "PK": format!("REST#{restaurant}"), "SK": "NOSHOWS" });
    let mut diners: Vec<DinerId> = Vec::new();
    for n in 0..3 {
        let id = house.book(table_for(2).by(&format!("guest{n}"))).await.is(201).id();
        let diner = house.reservation(id).await.unwrap().diner.unwrap();
        item[&diner.0] = json!({ "since": house.now(), "reservation": id });
        diners.push(diner);
    }
    put(&house, item).await;
    let list_path = path(&house, "/barred-guests");
    let first = house.get(&format!("{list_path}?limit=2")).by(&hana).await.is(200);
    assert_eq!(list(&first.json, "items").len(), 2);
    let next = first.json["next"].as_str().unwrap();
    let second = house.get(&format!("{list_path}?limit=2&cursor={next}")).by(&hana).await.is(200);
    assert_eq!((list(&second.json, "items").len(), &second.json["next"]), (1, &Value::Null));
    let names: BTreeSet<&str> = [&first, &second]
        .into_iter()
        .flat_map(|page| list(&page.json, "items"))
        .map(|one| one["guestName"].as_str().unwrap())
        .collect();
    assert_eq!(names, BTreeSet::from(["guest0", "guest1", "guest2"]));
    let bar = format!("{list_path}/{}", diners[0].0);
    house.delete(&bar).by(&hana).await.is(204);
    house.delete(&bar).by(&hana).await.refused(404, "not_found");
    house.delete(&format!("{list_path}/nobody")).by(&hana).await.refused(404, "not_found");
    assert_eq!(list(&house.get(&list_path).by(&hana).await.is(200).json, "items").len(), 2);
    let record =
        house.items().await.into_iter().find(|item| {
            item["PK"].as_s().is_ok_and(|pk| *pk == format!("GUEST#{restaurant}#{}", diners[0].0))
        });
    assert_eq!(record.unwrap()["liftedAt"].as_n().unwrap(), &house.now().as_second().to_string());
    let (lines, _) = house.store().audit_log(house.restaurant(), None, 10).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.what.as_str()).collect::<Vec<_>>(), ["lift-bar"]);
}
