//! The evening's page: who may see it, what its forms do, and that a tablet that was behind is told how things are and
//! loses nothing.

use jari_domain::{ReservationId, Status, TableId};
use jari_tests::{
    Bistro, House, Person, bistro,
    browser::{Browser, Form, Shown},
};
use reqwest::{Method, header};
use serde_json::{Value, json};

/// Tonight: the day of the house's clock.
const TONIGHT: &str = "2026-12-01";

/// Two tables for two and one for four, from the morning on, so that a party can be seated now.
fn tables() -> Bistro {
    bistro().with_tables(2, 2).with_tables(1, 4).open("08:00", "21:30", "23:30")
}

async fn house(bistro: Bistro) -> (House, Person) {
    let house = House::open()
        .with_restaurant(bistro)
        .with_diner("minji")
        .with_host("hana")
        .with_manager("minho")
        .await;
    let hana = house.sign_in("hana");
    (house, hana)
}

fn day(house: &House) -> String {
    format!("/office/{}/days/{TONIGHT}", house.restaurant())
}

/// A time of today.
fn at(time: &str) -> String {
    format!("{TONIGHT}T{time}:00+09:00")
}

/// Writes a party into the book, for a time of today.
async fn booked(
    house: &House,
    by: &Person,
    time: &str,
    size: u8,
    table: usize,
    tables: &Bistro,
) -> ReservationId {
    let body = json!({
        "restaurantId": house.restaurant(), "channel": "inHouse", "startsAt": at(time),
        "partySize": size, "guest": { "name": format!("손님 {time}") }, "tables": [tables.tables()[table]],
    });
    let booked = house.post("/v1/reservations").json(&body).by(by).await.is(201);
    booked.json["id"].as_str().unwrap().parse().unwrap()
}

/// The panel's form for a step, wherever its address stands: on the form or on one of its buttons.
fn form(page: &Shown, reservation: ReservationId, step: &str) -> Form {
    let address = format!("/reservations/{reservation}/{step}");
    let panel =
        page.html.split("<section id=\"panel\"").nth(1).unwrap_or_else(|| panic!("no panel\n{}", page.html));
    let panel = panel.split("</section>").next().unwrap();
    let at = panel.find(&address).unwrap_or_else(|| panic!("nothing leads to {step}\n{panel}"));
    let opens = panel[..at].rfind("<form").unwrap();
    let shown = Shown { html: panel[opens..].to_owned(), ..page.clone() };
    let mut form = shown.forms().remove(0);
    let starts = panel[..at].rfind('"').unwrap() + 1;
    form.action = panel[starts..].split('"').next().unwrap().replace("&#38;", "&");
    form
}

/// The form, with this table and no other.
fn at_table(mut form: Form, table: TableId) -> Form {
    form.inputs.retain(|(name, _)| !name.starts_with("tables/"));
    form.with("tables/0", &table.to_string())
}

async fn shown(browser: &Browser<'_>, house: &House, reservation: ReservationId) -> Shown {
    browser.open(&format!("{}?reservation={reservation}", day(house))).await.is(200)
}

async fn status(house: &House, id: ReservationId) -> Status {
    house.reservation(id).await.unwrap().status
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evening_is_for_who_works_there() {
    let (house, hana) = house(tables()).await;
    let tonight = format!("/office/{}/tonight", house.restaurant());
    let host = Browser::new(&house).signed_in_as(&hana);
    let led = host.ask(Method::GET, &tonight, &[]).await;
    assert_eq!(led.redirects_to(), Some(day(&house)));
    host.open(&day(&house)).await.is(200).says(&["2026년 12월 1일", "온기"]);

    let nobody = Browser::new(&house).ask(Method::GET, &day(&house), &[]).await;
    assert!(nobody.redirects_to().unwrap().starts_with("/sign-in?next=%2Foffice%2F"));
    let stranger = Browser::new(&house).signed_in_as(&house.sign_in("minji"));
    for path in [tonight, day(&house), format!("{}/sheet", day(&house))] {
        stranger.open(&path).await.is(404);
    }
    for nonsense in ["/days/2026-13-01", "/days/tomorrow"] {
        host.open(&format!("/office/{}{nonsense}", house.restaurant())).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_or_of_a_stranger_does_nothing() {
    let tables = tables();
    let (house, hana) = house(tables.clone()).await;
    let id = booked(&house, &hana, "10:00", 2, 0, &tables).await;
    let host = Browser::new(&house).signed_in_as(&hana);
    let seat = form(&shown(&host, &house, id).await, id, "seat");
    host.send(&seat.clone().without("formToken")).await.is(403);
    let stranger = Browser::new(&house).signed_in_as(&house.sign_in("minji"));
    let home = stranger.open("/").await.is(200);
    let token = home.form("/sign-out").value("formToken").to_owned();
    stranger.send(&seat.clone().with("formToken", &token)).await.is(404);
    // Opened as a page, the form's address leads back and does nothing.
    let opened = host.ask(Method::GET, &seat.action, &[]).await;
    assert_eq!(opened.redirects_to(), Some(day(&house)));
    assert_eq!(status(&house, id).await, Status::Confirmed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_is_seated_unseated_seated_and_leaves() {
    let tables = tables();
    let (house, hana) = house(tables.clone()).await;
    let id = booked(&house, &hana, "10:00", 2, 0, &tables).await;
    let host = Browser::new(&house).signed_in_as(&hana);
    for (step, then) in [
        ("seat", Status::Seated),
        ("undo", Status::Confirmed),
        ("seat", Status::Seated),
        ("complete", Status::Completed),
    ] {
        let page = shown(&host, &house, id).await;
        let after = host.send(&form(&page, id, step)).await.is(200);
        assert_eq!(after.address, format!("{}?reservation={id}", day(&house)), "posted, led away, opened");
        assert_eq!(status(&house, id).await, then);
    }
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_does_not_come_frees_its_table_and_may_come_after_all() {
    let tables = tables();
    let (house, hana) = house(tables.clone()).await;
    let id = booked(&house, &hana, "10:00", 2, 0, &tables).await;
    let host = Browser::new(&house).signed_in_as(&hana);
    let page = shown(&host, &house, id).await;
    assert!(!page.html.contains("/no-show"), "it is too early to say");
    house.advance("PT16M").await;
    // A sign-in by hand is good for a quarter of an hour.
    let host = host.signed_in_as(&hana);
    let page = shown(&host, &house, id).await.says(&["늦음"]);
    let page = host.send(&form(&page, id, "no-show")).await.is(200);
    assert_eq!(status(&house, id).await, Status::NoShow);

    // Somebody else gets the table, so that it can't be had back; the page says what is free.
    let other = booked(&house, &hana, "10:15", 2, 0, &tables).await;
    let refused =
        host.send(&form(&page, id, "undo")).await.is(409).says(&["role=\"alert\"", "비어 있는 테이블: 2, 3"]);
    assert_eq!(status(&house, id).await, Status::NoShow);
    let page = shown(&host, &house, other).await;
    host.send(&form(&page, other, "cancel").with("reason", "전화로 취소"))
        .await
        .is(200)
        .says(&["전화로 취소"]);
    host.send(&form(&refused, id, "undo")).await.is(200);
    assert_eq!(status(&house, id).await, Status::Confirmed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_is_behind_is_shown_how_it_is_and_overwrites_nothing() {
    let tables = tables();
    let (house, hana) = house(tables.clone()).await;
    let id = booked(&house, &hana, "18:00", 2, 0, &tables).await;
    let (one, other) = (Browser::new(&house).signed_in_as(&hana), Browser::new(&house).signed_in_as(&hana));
    let (page, behind) = (shown(&one, &house, id).await, shown(&other, &house, id).await);
    one.send(&at_table(form(&page, id, "move"), tables.tables()[1])).await.is(200);

    let change = form(&behind, id, "change").with("note", "생일 케이크").with("partySize", "1");
    let told =
        other.send(&change).await.is(409).says(&["그사이 다른 곳에서 바뀌어", "생일 케이크", "테이블 2"]);
    let stored = house.reservation(id).await.unwrap();
    assert_eq!((stored.tables, stored.note), (vec![tables.tables()[1]], None));
    // What was typed is still there, with the revision of what is shown now: once more, knowingly.
    other.send(&form(&told, id, "change")).await.is(200);
    let stored = house.reservation(id).await.unwrap();
    assert_eq!(stored.note.unwrap().as_str(), "생일 케이크");
    assert_eq!(stored.tables, [tables.tables()[1]]);

    // Seated on one, cancelled on the other: the second is told.
    let (page, behind) = (shown(&one, &house, id).await, shown(&other, &house, id).await);
    one.send(&form(&page, id, "seat")).await.is(200);
    other.send(&form(&behind, id, "cancel")).await.is(409).says(&["그사이 다른 곳에서 바뀌어"]);
    assert_eq!(status(&house, id).await, Status::Seated);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_is_moved_to_another_table_and_time_and_never_onto_a_taken_one() {
    let tables = tables();
    let (house, hana) = house(tables.clone()).await;
    let id = booked(&house, &hana, "18:00", 2, 0, &tables).await;
    booked(&house, &hana, "19:00", 2, 1, &tables).await;
    let host = Browser::new(&house).signed_in_as(&hana);
    let page = shown(&host, &house, id).await;
    // As a drag posts it: nothing but the place and the revision.
    let place = form(&page, id, "move").without("endsAt").with("startsAt", &at("18:30"));
    let onto = |n: usize| at_table(place.clone(), tables.tables()[n]);
    host.send(&onto(1))
        .await
        .is(409)
        .says(&["그 시간에 2 테이블은 이미 찼습니다.", "비어 있는 테이블: 1, 3"]);
    let before = house.reservation(id).await.unwrap();
    assert_eq!((before.revision, before.tables), (1, vec![tables.tables()[0]]));
    host.send(&onto(2)).await.is(200).says(&["18:30–20:00"]);
    let moved = house.reservation(id).await.unwrap();
    assert_eq!((moved.tables, moved.span.minutes()), (vec![tables.tables()[2]], 90));
    assert_eq!(moved.span.start(), at("18:30").parse().unwrap());
    house.assert_consistent().await;

    // A time that is none is told beside its input.
    let page = shown(&host, &house, id).await;
    host.send(&form(&page, id, "move").with("startsAt", "later")).await.is(422).says(&["class=\"fault\""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_parties_change_tables() {
    let tables = tables();
    let (house, hana) = house(tables.clone()).await;
    let one = booked(&house, &hana, "18:00", 2, 0, &tables).await;
    let other = booked(&house, &hana, "18:30", 2, 2, &tables).await;
    let host = Browser::new(&house).signed_in_as(&hana);
    let page = shown(&host, &house, one).await;
    let swap = form(&page, one, "swap");
    assert_eq!(swap.value("with"), format!("{other}.1"));
    host.send(&swap).await.is(200);
    let table = |reservation: jari_domain::Reservation| reservation.tables[0];
    assert_eq!(table(house.reservation(one).await.unwrap()), tables.tables()[2]);
    assert_eq!(table(house.reservation(other).await.unwrap()), tables.tables()[0]);
    host.send(&swap).await.is(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_in_sits_down_in_one_form_and_twice_sent_is_once_seated() {
    let (house, hana) = house(tables()).await;
    let host = Browser::new(&house).signed_in_as(&hana);
    let page = host.open(&format!("{}?open=walk-in", day(&house))).await.is(200);
    let walk_in = page.form(&format!("{}/bookings/walk-in", day(&house)));
    host.send(&walk_in).await.is(422).says(&["인원을 골라 주세요."]);
    let walk_in = walk_in.with("partySize", "2");
    let seated = host.send(&walk_in).await.is(200).says(&["워크인", "착석", "10:00–11:30"]);
    let again = host.send(&walk_in).await.is(200);
    assert_eq!(seated.address, again.address);
    let all = house.reservations(house.restaurant(), TONIGHT).await;
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].status, all[0].party.size(), all[0].guest.is_none()), (Status::Seated, 2, true));

    // Larger than any button, and than any table: told, with what was typed.
    let page = host.open(&format!("{}?open=walk-in", day(&house))).await.is(200);
    let crowd = page.form(&format!("{}/bookings/walk-in", day(&house))).with("larger", "11");
    host.send(&crowd).await.is(422).says(&["이 인원이 앉을 수 있는 테이블이 없습니다.", "value=\"11\""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_calls_is_written_in_with_a_number_as_it_is_dialled() {
    let (house, hana) = house(tables()).await;
    let host = Browser::new(&house).signed_in_as(&hana);
    let page = host.open(&format!("{}?open=phone", day(&house))).await.is(200);
    let call = page.form(&format!("{}/bookings/phone", day(&house)));
    let missing = host.send(&call.clone().with("partySize", "2")).await.is(422);
    assert_eq!(missing.html.matches("class=\"fault\"").count(), 1, "the name");
    let call = call.with("partySize", "2").with("startsAt", &at("19:15"));
    let call = call.with("guest/name", "김민지").with("guest/phone", "010-1234-5678");
    host.send(&call).await.is(200).says(&["김민지", "tel:+821012345678", "19:15–20:45"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_on_the_page() {
    let (house, hana) = house(tables().on_request()).await;
    let mut ids = Vec::new();
    for (n, time) in ["18:00", "18:30"].into_iter().enumerate() {
        let body = json!({
            "restaurantId": house.restaurant(), "startsAt": at(time), "partySize": 2,
            "guest": { "name": "김민지", "email": format!("minji{n}@jari.test"), "language": "ko" },
        });
        ids.push(house.post("/v1/reservations").json(&body).await.is(201).ticket().id);
    }
    let host = Browser::new(&house).signed_in_as(&hana);
    host.open(&day(&house)).await.is(200).says(&["확인 필요"]);
    let page = shown(&host, &house, ids[0]).await;
    host.send(&form(&page, ids[0], "accept")).await.is(200);
    let page = shown(&host, &house, ids[1]).await;
    host.send(&form(&page, ids[1], "decline").with("reason", "만석입니다")).await.is(200);
    assert_eq!(status(&house, ids[0]).await, Status::Confirmed);
    assert_eq!(status(&house, ids[1]).await, Status::Declined);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_sheet_is_told_so_until_it_is_another() {
    let tables = tables();
    let (house, hana) = house(tables.clone()).await;
    let host = Browser::new(&house).signed_in_as(&hana).in_english();
    let path = format!("{}/sheet", day(&house));
    let page = host.open(&day(&house)).await.is(200);
    let revision = page.html.split("data-revision=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let ask = async |known: &str| {
        let cookie = format!("__Host-jari-access={}", house.token_of(&hana));
        let request = house.request(Method::GET, &path).header(header::COOKIE, cookie);
        request.header(header::IF_NONE_MATCH, known).send().await.unwrap()
    };
    let same = ask(&format!("\"{revision}\"")).await;
    assert_eq!(same.status(), 304, "the page has it already");
    assert_eq!(same.text().await.unwrap(), "");
    let id = booked(&house, &hana, "18:00", 2, 0, &tables).await;
    let fresh = ask(&format!("\"{revision}\"")).await;
    assert_eq!(fresh.status(), 200);
    let tag = fresh.headers()["etag"].to_str().unwrap().to_owned();
    let html = fresh.text().await.unwrap();
    assert!(html.contains(&id.to_string()) && !html.contains("<form") && !html.contains("<html"));
    assert_eq!(ask(&tag).await.status(), 304);
    let look = host.open(&format!("{}?reservation={id}", day(&house))).await;
    host.send(&form(&look, id, "seat")).await.is(200);
    assert_eq!(ask(&tag).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_days_note_is_everybodys_and_its_writers_do_not_overwrite_each_other() {
    let (house, hana) = house(tables()).await;
    let (one, other) = (Browser::new(&house).signed_in_as(&hana), Browser::new(&house).signed_in_as(&hana));
    let (path, post) = (format!("{}?open=note", day(&house)), format!("{}/note", day(&house)));
    let (first, second) = (one.open(&path).await.form(&post), other.open(&path).await.form(&post));
    one.send(&first.with("text", "생선은 도미")).await.is(200).says(&["생선은 도미"]);
    let told = other.send(&second.with("text", "단체 8시")).await.is(409);
    let told = told.says(&["그사이 다른 곳에서 바뀌어", "생선은 도미", "단체 8시"]);
    other.send(&told.form(&post)).await.is(200).says(&["단체 8시"]);
    other.send(&other.open(&path).await.form(&post).with("text", "")).await.is(200);
    assert!(!other.open(&day(&house)).await.html.contains("단체 8시"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_closes_a_day_and_opens_it_and_a_host_does_not() {
    let (house, hana) = house(tables()).await;
    let minho = Browser::new(&house).signed_in_as(&house.sign_in("minho"));
    let post = format!("{}/closure", day(&house));
    let open = format!("{}?open=closure", day(&house));
    let close = minho.open(&open).await.form(&post).with("reason", "내부 공사").with("step", "close");
    minho.send(&close).await.is(200).says(&["휴무로 닫은 날입니다.", "내부 공사"]);
    let slots: Value = house
        .get(&format!("/v1/restaurants/{}/availability?partySize=2&date={TONIGHT}", house.restaurant()))
        .await
        .json;
    assert!(slots.to_string().contains("closed"), "{slots}");
    let host = Browser::new(&house).signed_in_as(&hana);
    let page = host.open(&day(&house)).await.is(200);
    assert!(!page.has_form(&post));
    let token = page.form("/sign-out").value("formToken").to_owned();
    let revision = minho.open(&open).await.form(&post).value("revision").to_owned();
    let forged = [("formToken", token), ("revision", revision), ("step", "open".to_owned())];
    let forged: Vec<(String, String)> = forged.map(|(name, value)| (name.to_owned(), value)).to_vec();
    assert_eq!(host.ask(Method::POST, &post, &forged).await.status, 403);
    let again = minho.open(&open).await.form(&post).with("step", "open");
    let page = minho.send(&again).await.is(200);
    assert!(!page.html.contains("휴무로 닫은 날입니다."));
}
