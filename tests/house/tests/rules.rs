//! What a restaurant's rules make of its times: why a time can't be had, what a booking is told, and how tables,
//! joined tables, pace and midnight work out.

use jari_domain::Bookable;
use jari_tests::{Bistro, DAY, House, bistro, on_day, restaurants::party, table_for};
use serde_json::{Value, json};

async fn house(bistro: Bistro) -> House {
    House::open().with_restaurant(bistro).await
}

/// Availability and booking say the same.
async fn is_refused(house: &House, size: u8, at: &str, reason: &str, status: u16, code: &str) {
    let (date, time) = (&on_day(at)[..10], &on_day(at)[11..16]);
    let slots = house.slots(date, size.into()).await;
    let why = slots.into_iter().find(|(slot, _)| slot == time).expect("one of the day's times").1;
    assert_eq!(why.as_deref(), Some(reason), "{size} at {at}");
    house.book(table_for(size).at(at)).await.refused(status, code);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reason_is_told_by_availability_and_by_booking() {
    let ongi = bistro().with_tables_in("hall", 1, 2, 4).with_policy(|policy| policy.max_online_party = 6);
    let ongi = ongi.with_tables_in("hall", 1, 6, 6).with_tables_in("hall", 1, 5, 5);
    let ongi = ongi.with(|restaurant| {
        restaurant.floor.tables[2].bookable = Bookable { online: false, in_house: true, walk_in: true };
    });
    let house = House::open().at("2026-12-24T17:10:00+09:00").with_restaurant(ongi).await;
    is_refused(&house, 2, "18:00", "pastCutoff", 422, "past_cutoff").await;
    is_refused(&house, 2, "2027-01-24T19:00:00+09:00", "beyondWindow", 422, "outside_booking_window").await;
    is_refused(&house, 7, "20:00", "partyTooLarge", 422, "party_too_large").await;
    is_refused(&house, 1, "20:00", "partyTooSmall", 422, "party_too_small").await;
    house.book(table_for(4).at("20:00").by("jun")).await.is(201);
    is_refused(&house, 2, "20:00", "full", 409, "slot_taken").await;
    house.book(table_for(6).at("20:00").by("sora")).await.is(201);
    is_refused(&house, 5, "20:00", "inHouseOnly", 422, "in_house_only").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_day_has_no_times_and_takes_no_booking() {
    let closed = json!([{ "date": DAY, "name": { "ko": "쉬는 날", "en": "Closed" }, "shifts": [] }]);
    let ongi = bistro().with_tables(2, 2);
    let house =
        house(ongi.with(|one| one.schedule.special_days = serde_json::from_value(closed).unwrap())).await;
    let path = format!("/v1/restaurants/{}/availability?partySize=2&date={DAY}", house.restaurant());
    let day = &house.get(&path).await.is(200).json["days"][0];
    assert_eq!((&day["closed"], &day["slots"]), (&json!(true), &json!([])));
    house.book(table_for(2)).await.refused(422, "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_slot_names_the_nearest_free_times_first() {
    let house = house(bistro().with_tables(1, 2)).await;
    house.book(table_for(2).at("19:00").by("jun")).await.is(201);
    let lost = house.book(table_for(2).at("19:30")).await.refused(409, "slot_taken");
    assert_eq!(
        lost.alternatives(),
        [on_day("20:30"), on_day("21:00"), on_day("17:30"), on_day("21:30"), on_day("17:00")]
    );
    assert_eq!(lost.json["alternatives"][0]["restaurantId"], json!(house.restaurant()));
    for time in lost.alternatives() {
        house.book(table_for(2).at(time).by(&format!("g{}", &time[11..13]))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_availability_offers_a_booking_accepts() {
    let house = house(bistro().with_tables(1, 2).with_tables(1, 4).with_joined(&[0, 1], 5, 6).paced(6)).await;
    for (n, size) in [2, 4, 5, 2, 1, 6, 3].into_iter().enumerate() {
        let free: Vec<_> = house.slots(DAY, size.into()).await;
        for (time, why) in free.iter().rev().step_by(3) {
            let answer = house.book(table_for(size).at(time).by(&format!("guest{n}-{}", &time[..2]))).await;
            assert_eq!(answer.status == 201, why.is_none(), "{size} at {time}: {why:?}, {}", answer.text);
            if answer.status == 201 {
                break;
            }
        }
    }
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn joined_tables_block_their_members_and_members_block_the_joined() {
    let house = house(bistro().with_tables(2, 2).with_joined(&[0, 1], 3, 4)).await;
    let four = house.book(table_for(4).at("19:00").by("jun")).await.is(201).ticket();
    // Two hours: 105 minutes for four, on both tables.
    house.book(table_for(2).at("20:30")).await.refused(409, "slot_taken");
    house.book(table_for(2).at("21:00")).await.is(201);
    house.cancel(&four).await.is(200);
    house.book(table_for(1).at("19:00").by("sora")).await.is(201);
    house.book(table_for(3).at("19:00").by("jun")).await.refused(409, "slot_taken");
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_fitting_table_goes_first_and_an_oversized_one_not_at_all() {
    let ongi = bistro().with_tables(1, 2).with_tables(1, 4).with_tables(1, 8);
    let tables = ongi.tables();
    let house = house(ongi).await;
    for (guest, table) in [("a", tables[0]), ("b", tables[1])] {
        let id = house.book(table_for(2).by(guest)).await.is(201).id();
        assert_eq!(house.reservation(id).await.unwrap().tables, [table]);
    }
    house.book(table_for(2).by("c")).await.refused(409, "slot_taken");
    house.book(table_for(6).by("c")).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn parties_follow_each_other_back_to_back() {
    let house = house(bistro().with_tables(1, 2)).await;
    for (guest, time) in [("a", "18:30"), ("b", "17:00"), ("c", "20:00"), ("d", "21:30")] {
        house.book(table_for(2).at(time).by(guest)).await.is(201);
    }
    assert!(house.slots(DAY, 2).await.iter().all(|(_, why)| why.as_deref() == Some("full")));
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn past_midnight_belongs_to_the_evening_before() {
    let house = house(bistro().open("20:00", "02:30", "04:00").with_tables(1, 2)).await;
    let after = "2026-12-25T00:30:00+09:00";
    let slots = house.slots(DAY, 2).await;
    assert_eq!(slots.iter().filter(|(time, _)| time.as_str() < "05:00").count(), 6, "{slots:?}");
    let across = house.book(table_for(2).at("23:30")).await.is(201).ticket();
    house.book(table_for(2).at(after).by("jun")).await.refused(409, "slot_taken");
    house.assert_consistent().await;
    house.change(&across, &json!({ "startsAt": after })).await.is(200);
    house.book(table_for(2).at("23:00").by("jun")).await.is(201);
    assert_eq!(house.reservations(house.restaurant(), DAY).await.len(), 2);
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pace_counts_live_holds_and_forgets_those_that_ended() {
    let house = house(bistro().with_tables(10, 2).paced(4)).await;
    let held = house.book(table_for(2).held()).await.is(201).ticket();
    let booked = house.book(table_for(2).by("jun")).await.is(201).ticket();
    is_refused(&house, 2, "19:00", "pacing", 409, "pacing").await;
    assert_eq!(house.why_not("19:30", 2).await, None);
    house.cancel(&booked).await.is(200);
    house.book(table_for(2).by("sora")).await.is(201);
    is_refused(&house, 1, "19:00", "pacing", 409, "pacing").await;
    house.advance("PT5M1S").await;
    // The hold has ended; its covers are nobody's, though no sweeper has been at the counter.
    house.book(table_for(2).by("hana")).await.is(201);
    is_refused(&house, 1, "19:00", "pacing", 409, "pacing").await;
    assert_eq!(house.look(&held).await.reservation_status(), "expired");
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_keeps_the_old_place_until_the_new_one_is_certain() {
    let house = house(bistro().with_tables(1, 2)).await;
    let mine = house.book(table_for(2).at("17:00")).await.is(201).ticket();
    house.book(table_for(2).at("20:00").by("jun")).await.is(201);
    house.change(&mine, &json!({ "startsAt": on_day("19:00") })).await.refused(409, "slot_taken");
    assert_eq!(house.look(&mine).await.json["startsAt"], json!(on_day("17:00")));
    house.change(&mine, &json!({ "startsAt": on_day("17:30") })).await.is(200);
    house.change(&mine, &json!({ "partySize": 7 })).await.refused(422, "party_too_large");
    assert_eq!(house.look(&mine).await.json["partySize"], json!(2));
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_shows_the_first_free_times_of_each_day() {
    let house = house(bistro().with_tables(1, 2)).await;
    let path = format!("/v1/restaurants/{}/availability?partySize=2", house.restaurant());
    let window = house.get(&format!("{path}&from=2026-12-05&to=2027-01-03")).await.is(200);
    let days = window.json["days"].as_array().unwrap();
    assert_eq!(days.len(), 30);
    let free = |day: &Value| day["slots"].as_array().unwrap().len();
    assert!(days[..27].iter().all(|day| free(day) == 6), "{}", window.text);
    assert_eq!(free(&days[27]), 0, "beyond the booking window");
    let too_long =
        house.get(&format!("{path}&from=2026-12-05&to=2027-01-04")).await.refused(422, "invalid_fields");
    assert_eq!(too_long.bad_fields()[0].0, "/to");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_is_asked_for_by_its_key() {
    let house = house(bistro().with_tables(1, 2).with_tables_in("terrace", 1, 1, 2)).await;
    let outside = house.book(table_for(2).in_area("terrace")).await.is(201);
    assert_eq!(outside.json["area"], "terrace");
    house.book(table_for(2).by("jun").in_area("terrace")).await.refused(409, "slot_taken");
    house.book(table_for(2).by("jun").in_area("cellar")).await.refused(422, "invalid_fields");
    assert_eq!(house.book(table_for(2).by("jun")).await.is(201).json["area"], "hall");
}

#[tokio::test(flavor = "multi_thread")]
async fn turn_times_follow_the_size_of_the_party() {
    let house = house(bistro().with_tables(3, 8).with_policy(|policy| policy.max_oversize = 10)).await;
    for (size, ends) in [(2, "20:30"), (4, "20:45"), (6, "21:00")] {
        let booked = house.book(table_for(size).by(&format!("guest{size}"))).await.is(201);
        assert_eq!(booked.json["endsAt"], json!(on_day(ends)), "{:?}", party(size));
    }
}
