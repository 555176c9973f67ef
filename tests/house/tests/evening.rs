//! An evening as the restaurant's own people run it: requests, phone calls, guests at the door, tables moved and swapped,
//! who leaves early and who never comes. And what happens when two of them do it at once: never two on a table.

use jari_domain::{ReservationId, TableId};
use jari_store::RestaurantPart;
use jari_tests::{Answer, Bistro, DAY, House, Person, Wish, bistro, on_day, table_for};
use serde_json::json;

/// A bistro of so many tables for two, with its host Haeun, at a time of the day that is booked.
async fn evening(tables: usize, time: &str) -> (House, Bistro, Person) {
    let bistro = bistro().with_tables(tables, 2);
    open(bistro, time).await
}

async fn open(bistro: Bistro, time: &str) -> (House, Bistro, Person) {
    let house = House::open().at(&on_day(time)).with_restaurant(bistro.clone()).with_host("haeun").await;
    let host = house.sign_in("haeun");
    (house, bistro, host)
}

/// A guest who calls: off the grid and past the cut-off, if need be.
fn call(host: &Person, time: &str, name: &str) -> Wish {
    let guest = json!({ "name": name, "email": format!("{name}@jari.test"), "language": "ko" });
    table_for(2).at(time).with("channel", "inHouse").with("guest", guest).asked_by(host)
}

async fn act(house: &House, host: &Person, id: ReservationId, action: &str) -> Answer {
    house.post(&format!("/v1/reservations/{id}/{action}")).by(host).await
}

fn tables(answer: &Answer) -> Vec<TableId> {
    serde_json::from_value(answer.json["tables"].clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_answer_requests_and_a_declined_one_blocks_nothing() {
    let (house, _, host) = open(bistro().with_tables(1, 2).on_request(), "10:00").await;
    let asked = house.book(table_for(2).by("minji")).await.is(201);
    assert_eq!(asked.reservation_status(), "requested");
    let declined = house
        .post(&format!("/v1/reservations/{}/decline", asked.id()))
        .json(&json!({ "reason": "단체 예약" }))
        .by(&host)
        .await
        .is(200);
    assert_eq!(declined.json["history"][1]["why"], "단체 예약");
    let next = house.book(table_for(2).by("jisoo")).await.is(201).id();
    let accepted = act(&house, &host, next, "accept").await.is(200);
    assert_eq!(accepted.reservation_status(), "confirmed");
    let again = act(&house, &host, next, "accept").await.refused(409, "state_conflict");
    assert_eq!(again.json["current"]["status"], "confirmed");
    // Its time to answer is past, and it holds all the same.
    house.advance("PT8H").await;
    house.assert_consistent().await;
    assert_eq!(house.reservation(next).await.unwrap().status, jari_domain::Status::Confirmed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_in_sits_at_once_from_the_quarter_hour_that_has_begun() {
    let (house, bistro, host) = evening(1, "19:07").await;
    let walk_in = json!({ "restaurantId": bistro.id(), "partySize": 2, "channel": "walkIn" });
    let seated = house.post("/v1/reservations").json(&walk_in).by(&host).await.is(201);
    assert_eq!(seated.reservation_status(), "seated");
    assert_eq!(seated.json["startsAt"], on_day("19:00"));
    assert_eq!(seated.json["endsAt"], on_day("20:30"));
    assert_eq!((&seated.json["channel"], seated.json.get("linkToken")), (&json!("walkIn"), None));
    // The only table is taken, for staff too.
    let refused = house.post("/v1/reservations").json(&walk_in).by(&host).await;
    refused.refused(409, "table_taken");
    // Who leaves early makes room for the next.
    house.advance("PT20M").await;
    let left = act(&house, &host, seated.id(), "complete").await.is(200);
    assert_eq!(left.json["endsAt"], on_day("19:30"));
    house.post("/v1/reservations").json(&walk_in).by(&host).await.is(201);
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_book_by_phone_at_any_quarter_hour_and_never_over_a_taken_table() {
    let (house, bistro, host) = evening(2, "18:50").await;
    let table = bistro.tables()[0];
    let by_hand =
        call(&host, "19:15", "phone").with("tables", json!([table])).with("endsAt", on_day("20:00"));
    let booked = house.book(by_hand.clone()).await.is(201);
    assert_eq!((booked.reservation_status(), tables(&booked)), ("confirmed", vec![table]));
    let taken = call(&host, "19:45", "other").with("tables", json!([table]));
    let taken = house.book(taken).await.refused(409, "table_taken");
    assert_eq!(taken.json["taken"], json!([table]));
    assert_eq!(taken.json["alternatives"], json!([{ "tables": [bistro.tables()[1]] }]));
    house.book(call(&host, "20:00", "next").with("tables", json!([table]))).await.is(201);
    let off = house.book(call(&host, "21:07", "odd")).await.refused(422, "invalid_fields");
    assert_eq!(off.bad_fields(), [("/startsAt".to_owned(), "out_of_range".to_owned())]);
    let unknown = call(&host, "21:00", "lost").with("tables", json!([TableId::derived([7; 16])]));
    house.book(unknown).await.refused(422, "invalid_fields");
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_restaurants_own_staff_write_into_its_book() {
    let (mut house, _, host) = evening(2, "18:00").await;
    let other = jari_tests::bistro().with_tables(1, 2);
    house.open_restaurant(&other).await;
    let stranger = house
        .introduce(jari_tests::Introduced::staff("nari", other.id(), jari_domain::StaffRole::Owner))
        .await;
    let wish = |who: &Person| call(who, "20:00", "phone");
    house.book(wish(&stranger)).await.refused(404, "not_found");
    let booked = house.book(wish(&host)).await.is(201).id();
    for action in ["seat", "complete", "no-show", "undo", "accept", "decline"] {
        act(&house, &stranger, booked, action).await.refused(404, "not_found");
    }
    // The guest's own link opens the reservation, and none of the staff's work.
    let link = house.link_to(booked);
    Answer::to(house.with_ticket(reqwest::Method::POST, &link, "/seat")).await.refused(403, "forbidden");
    let by_hand = json!({ "tables": [TableId::derived([7; 16])] });
    house.change(&link, &by_hand).await.refused(403, "forbidden");
    assert_eq!(house.look(&link).await.is(200).json.get("tables"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_is_moved_by_hand_and_two_swap_tables_though_their_times_overlap() {
    let (house, bistro, host) = evening(3, "18:50").await;
    let [one, two, three] = bistro.tables()[..] else { panic!("three tables") };
    let first = house.book(call(&host, "19:00", "a").with("tables", json!([one]))).await.is(201);
    let second = house.book(call(&host, "19:30", "b").with("tables", json!([two]))).await.is(201);
    act(&house, &host, first.id(), "seat").await.is(200);
    let swap = json!({ "with": second.id() });
    let path = format!("/v1/reservations/{}/swap", first.id());
    let swapped = house.post(&path).json(&swap).by(&host).await.is(200);
    assert_eq!(tables(&swapped), [two]);
    assert_eq!(house.reservation(second.id()).await.unwrap().tables, [one]);
    // A seated party moves too, and a stale tablet is told.
    let change = json!({ "tables": [three], "endsAt": on_day("21:00") });
    let path = format!("/v1/reservations/{}", first.id());
    let moved = house.patch(&path).json(&change).by(&host).if_unchanged_since(&swapped).await.is(200);
    assert_eq!((tables(&moved), &moved.json["endsAt"]), (vec![three], &json!(on_day("21:00"))));
    let stale = house.patch(&path).json(&change).by(&host).if_unchanged_since(&swapped).await;
    assert_eq!(stale.refused(412, "stale_revision").json["current"]["tables"], json!([three]));
    // A third party stands in the way.
    house.book(call(&host, "20:30", "c").with("tables", json!([two]))).await.is(201);
    house
        .book(call(&host, "19:00", "d").with("tables", json!([two])).with("endsAt", on_day("20:30")))
        .await
        .is(201);
    let into =
        house.patch(&path).json(&json!({ "tables": [two] })).by(&host).await.refused(409, "table_taken");
    assert_eq!(into.json["taken"], json!([two]));
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_work_with_the_restaurant_as_it_is_and_not_as_it_was_kept() {
    let (house, bistro, host) = evening(1, "18:00").await;
    let booked = house.book(call(&host, "19:00", "minji")).await.is(201).id();
    let path = format!("/v1/reservations/{booked}");
    house.patch(&path).by(&host).json(&json!({ "note": "창가" })).await.is(200);
    // Elsewhere: no function of this process has heard of it.
    let more = bistro.clone().with_tables(1, 2);
    let floor = RestaurantPart::Floor(more.restaurant.floor.clone());
    assert!(house.store().put_restaurant_part(bistro.id(), &floor, Some(1)).await.unwrap());
    let new = more.tables()[1];
    let moved = house.patch(&path).by(&host).json(&json!({ "tables": [new] })).await.is(200);
    assert_eq!(tables(&moved), [new]);
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_show_frees_the_table_and_undo_takes_it_again_unless_another_has_it() {
    let (house, bistro, host) = evening(1, "19:00").await;
    let booked = house.book(call(&host, "19:00", "minji")).await.is(201).id();
    act(&house, &host, booked, "no-show").await.refused(422, "too_early");
    house.advance("PT15M").await;
    act(&house, &host, booked, "no-show").await.is(200);
    act(&house, &host, booked, "undo").await.is(200);
    act(&house, &host, booked, "no-show").await.is(200);
    let next = house.book(call(&host, "19:30", "jisoo")).await.is(201).id();
    let refused = act(&house, &host, booked, "undo").await.refused(409, "table_taken");
    assert_eq!(refused.json["taken"], json!(bistro.tables()));
    act(&house, &host, next, "cancel").await.is(200);
    act(&house, &host, booked, "undo").await.is(200);
    house.assert_consistent().await;
    // What was sat by mistake stands up again, for a quarter of an hour.
    act(&house, &host, booked, "seat").await.is(200);
    house.advance("PT14M").await;
    act(&house, &host, booked, "undo").await.is(200);
    act(&house, &host, booked, "seat").await.is(200);
    // The clock runs on while the house works: the second itself is held by the rule's own test.
    house.advance("PT15M").await;
    act(&house, &host, booked, "undo").await.refused(422, "undo_too_late");
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fourth_no_show_bars_online_booking_and_its_undo_opens_it_again() {
    let (house, bistro, host) = evening(4, "17:00").await;
    let mut last = None;
    for time in ["17:00", "18:30", "20:00", "21:30"] {
        last = Some(house.book(call(&host, time, "minji")).await.is(201).id());
    }
    let future = "2026-12-30T19:00:00+09:00";
    house.advance("PT4H45M").await;
    let absent: Vec<_> = house.reservations(bistro.id(), DAY).await;
    for (n, reservation) in absent.iter().enumerate() {
        let ticket = house.book(table_for(2).at(future).by("minji")).await.is(201).ticket();
        house.cancel(&ticket).await.is(200);
        assert!(n < 4);
        act(&house, &host, reservation.id, "no-show").await.is(200);
    }
    house.book(table_for(2).at(future).by("minji")).await.refused(422, "no_show_limit");
    let held = house.book(table_for(2).at(future).held()).await.is(201).ticket();
    let guest = json!({ "guest": { "name": "minji", "email": "MINJI@jari.test", "language": "ko" } });
    house.confirm(&held, &guest).await.refused(422, "no_show_limit");
    // Others book, and the restaurant itself may still write them in.
    house.book(table_for(2).at(future).by("jisoo")).await.is(201);
    house.book(call(&host, "2026-12-29T19:00:00+09:00", "minji")).await.is(201);
    act(&house, &host, last.unwrap(), "undo").await.is(200);
    house.book(table_for(2).at(future).by("minji")).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_books_as_themselves_whatever_address_the_guest_has() {
    let house = House::open().with_restaurant(bistro().with_tables(3, 2)).with_diner("minji").await;
    let minji = house.sign_in("minji");
    let booked = house.book(table_for(2).by_nobody_yet().asked_by(&minji)).await.is(201);
    assert_eq!(booked.json["guest"]["email"], "minji@jari.test");
    assert_eq!(booked.json.get("linkToken"), None);
    let stored = house.reservation(booked.id()).await.unwrap();
    assert_eq!(stored.diner.as_ref(), Some(minji.diner()));
    assert_eq!(stored.history[0].by, jari_domain::Actor::Diner(minji.account()));
    // At another's address it is theirs all the same: they can't be in two places.
    let elsewhere = table_for(2).at("19:30").by("friend").asked_by(&minji);
    house.book(elsewhere).await.refused(409, "diner_busy");
    // A booking made as a guest, with the address of the account, is theirs too.
    let as_guest = house.book(table_for(2).at("21:00").by("minji")).await.is(201).id();
    house.get(&format!("/v1/reservations/{as_guest}")).by(&minji).await.is(200);
    // A hold made signed in is confirmed by the account; one made before needs its own token.
    let held = table_for(2).at("2026-12-26T19:00:00+09:00").held();
    let own = house.book(held.clone().asked_by(&minji)).await.is(201).id();
    act(&house, &minji, own, "confirm").await.is(200);
    let anonymous = house.book(held).await.is(201).id();
    act(&house, &minji, anonymous, "confirm").await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_says_once_that_they_are_coming() {
    let (house, _, host) = evening(1, "12:00").await;
    let ticket = house.book(table_for(2).by("minji")).await.is(201).ticket();
    let say = || Answer::to(house.with_ticket(reqwest::Method::POST, &ticket, "/reconfirm"));
    let said = say().await.is(200);
    assert_eq!(said.json["reconfirmedAt"], on_day("12:00"));
    house.advance("PT1H").await;
    let again = say().await.is(200);
    assert_eq!(
        (&again.json["reconfirmedAt"], &again.json["revision"]),
        (&said.json["reconfirmedAt"], &json!(2))
    );
    act(&house, &host, ticket.id, "reconfirm").await.refused(403, "forbidden");
    house.advance("PT6H").await;
    say().await.refused(409, "state_conflict");
}

/// So often is what races tried, each time in a house of its own day.
const ROUNDS: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hosts_who_seat_and_cancel_one_party_one_is_told() {
    let (house, _, host) = evening(1, "18:50").await;
    for _ in 0..ROUNDS {
        let id = house.book(call(&host, "19:00", "minji")).await.is(201).id();
        let (seat, cancel) = tokio::join!(act(&house, &host, id, "seat"), act(&house, &host, id, "cancel"));
        let mut statuses = [seat.status, cancel.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", seat.text, cancel.text);
        house.assert_consistent().await;
        if seat.status == 200 {
            act(&house, &host, id, "complete").await.is(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_swap_against_a_booking_never_puts_two_on_a_table() {
    let (house, bistro, host) = evening(2, "16:50").await;
    let [one, two] = bistro.tables()[..] else { panic!("two tables") };
    for _ in 0..ROUNDS {
        // The first would reach at table two into the time that a third asks for.
        let long = call(&host, "17:00", "a").with("tables", json!([one])).with("endsAt", on_day("20:00"));
        let first = house.book(long).await.is(201).id();
        let second = house.book(call(&host, "17:00", "b").with("tables", json!([two]))).await.is(201).id();
        let path = format!("/v1/reservations/{first}/swap");
        let swap = house.post(&path).json(&json!({ "with": second })).by(&host);
        let third = house.book(call(&host, "19:00", "c").with("tables", json!([two])));
        let (swap, third) = tokio::join!(swap, third);
        let won = (swap.status, third.status);
        assert!(matches!(won, (200, 409) | (409, 201)), "{} {}", swap.text, third.text);
        house.assert_consistent().await;
        for reservation in house.reservations(bistro.id(), DAY).await {
            if reservation.status.is_active() {
                act(&house, &host, reservation.id, "cancel").await.is(200);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undone_no_show_against_a_booking_never_puts_two_on_a_table() {
    let (house, bistro, host) = evening(1, "19:00").await;
    house.advance("PT15M").await;
    for _ in 0..ROUNDS {
        let late = house.book(call(&host, "19:00", "late")).await.is(201).id();
        act(&house, &host, late, "no-show").await.is(200);
        let (undo, next) =
            tokio::join!(act(&house, &host, late, "undo"), house.book(call(&host, "19:30", "next")));
        assert!(matches!((undo.status, next.status), (200, 409) | (409, 201)), "{} {}", undo.text, next.text);
        house.assert_consistent().await;
        for reservation in house.reservations(bistro.id(), DAY).await {
            if reservation.status.is_active() {
                act(&house, &host, reservation.id, "cancel").await.is(200);
            }
        }
    }
}
