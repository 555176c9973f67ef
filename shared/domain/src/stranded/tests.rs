use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::{
    Actor, BarredDiners, HistoryEntry, Party, Profile, ReservationId, RestaurantId, Schedule, Span, Status,
    TableId, service_day,
};

fn read<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn table(n: u8) -> TableId {
    TableId::derived([n; 16])
}

/// Two tables for two and one for four in the hall, the first two joined for four; open 17:00 to 21:00.
fn house() -> Restaurant {
    let name = json!({ "ko": "자리", "en": "Jari" });
    let seats =
        |n, max: u8| json!({ "id": table(n), "name": "t", "area": "hall", "minParty": 1, "maxParty": max });
    Restaurant {
        id: RestaurantId::derived([9; 16]),
        profile: read::<Profile>(json!({
            "name": name, "address": name, "description": name, "location": { "lat": 37.5, "lng": 127.0 },
            "phone": "+82200001234", "email": "house@jari.test", "cuisines": [], "area": "seongsu", "priceBand": 2,
            "timeZone": "Asia/Seoul", "currency": "KRW", "status": "approved",
        })),
        floor: read::<Floor>(json!({
            "areas": [{ "key": "hall", "name": name }, { "key": "terrace", "name": name }],
            "tables": [seats(1, 2), seats(2, 2), seats(3, 4)],
            "combinations": [{ "tables": [table(1), table(2)], "minParty": 3, "maxParty": 4 }],
        })),
        schedule: read::<Schedule>(json!({ "weekly": [{
            "days": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
            "shift": { "name": name, "opens": "17:00", "lastSeating": "21:00", "closes": "23:00", "stepMinutes": 30 },
        }] })),
        policy: Policy::default(),
        barred: BarredDiners::default(),
    }
}

/// At 19:00, by its diner, unless a test says otherwise.
fn reservation(tables: &[u8], party: u8) -> Reservation {
    let start: Timestamp = "2026-12-24T19:00:00+09:00".parse().unwrap();
    Reservation {
        id: ReservationId::derived([1; 16]),
        restaurant: house().id,
        date: service_day(start, house().zone()),
        span: Span::new(start, 90).unwrap(),
        party: Party::new(party).unwrap(),
        tables: tables.iter().map(|n| table(*n)).collect(),
        area: Some("hall".into()),
        guest: None,
        diner: None,
        note: None,
        status: Status::Confirmed,
        until: None,
        hold_place: None,
        paced: false,
        channel: Channel::Online,
        reminded: 0,
        reconfirmed_at: None,
        revision: 1,
        created_at: start,
        history: vec![HistoryEntry {
            at: start,
            by: Actor::Guest,
            from: None,
            to: Status::Confirmed,
            why: None,
            before: None,
        }],
    }
}

fn at(time: &str, mut reservation: Reservation) -> Reservation {
    let start: Timestamp = format!("2026-12-{time}:00+09:00").parse().unwrap();
    reservation.date = service_day(start, house().zone());
    reservation.span = Span::new(start, 90).unwrap();
    reservation
}

#[test]
fn what_could_be_booked_fits() {
    for (tables, party) in [(&[1][..], 2), (&[3], 1), (&[2, 1], 4)] {
        assert_eq!(house().misfit(&reservation(tables, party)), None);
    }
    for time in ["24T17:00", "24T19:45", "24T21:00"] {
        assert_eq!(house().misfit(&at(time, reservation(&[1], 2))), None, "{time}");
    }
}

#[test]
fn a_change_of_the_floor_strands_who_sat_there() {
    let mut changed = house();
    changed.floor.tables.remove(2);
    assert_eq!(changed.misfit(&reservation(&[3], 2)), Some(Misfit::TableGone));
    assert_eq!(changed.misfit(&reservation(&[1], 2)), None);
    let mut changed = house();
    changed.floor.tables[2].max_party = Party::new(3).unwrap();
    assert_eq!(changed.misfit(&reservation(&[3], 4)), Some(Misfit::TableTooSmall));
    assert_eq!(changed.misfit(&reservation(&[3], 3)), None);
    let mut changed = house();
    changed.floor.combinations.clear();
    assert_eq!(changed.misfit(&reservation(&[1, 2], 4)), Some(Misfit::NotJoined));
    let mut by_hand = reservation(&[1, 2], 4);
    by_hand.channel = Channel::InHouse;
    assert_eq!(changed.misfit(&by_hand), None, "staff may push tables together");
    by_hand.party = Party::new(5).unwrap();
    assert_eq!(changed.misfit(&by_hand), Some(Misfit::TableTooSmall));
    let mut changed = house();
    changed.floor.tables[2].area = "terrace".into();
    assert_eq!(changed.misfit(&reservation(&[3], 4)), Some(Misfit::AreaGone));
}

#[test]
fn a_change_of_the_schedule_strands_who_comes_when_nobody_is_seated() {
    let fits = |time: &str, restaurant: &Restaurant| restaurant.misfit(&at(time, reservation(&[1], 2)));
    let mut changed = house();
    changed.schedule.weekly[0].shift.opens = "18:00".parse().unwrap();
    changed.schedule.weekly[0].shift.last_seating = "20:00".parse().unwrap();
    changed.schedule.weekly[0].shift.step_minutes = 60;
    let outside = Some(Misfit::OutsideHours);
    assert_eq!(
        ["24T17:30", "24T18:00", "24T19:30", "24T20:15"].map(|time| fits(time, &changed)),
        [outside, None, None, outside]
    );
    let late = |channel| Reservation { channel, ..at("24T20:15", reservation(&[1], 2)) };
    assert_eq!(changed.misfit(&late(Channel::WalkIn)), None, "staff may seat guests until the house closes");
    let day = json!([{ "date": "2026-12-24", "name": { "ko": "", "en": "" }, "shifts": [] }]);
    changed.schedule.special_days = read(day);
    assert_eq!(fits("24T19:00", &changed), outside);
    assert_eq!(fits("25T19:00", &changed), None);
}

#[test]
fn after_midnight_belongs_to_the_evening_before() {
    let mut changed = house();
    changed.schedule.weekly[0].shift.last_seating = "00:30".parse().unwrap();
    changed.schedule.weekly[0].shift.closes = "02:00".parse().unwrap();
    assert_eq!(changed.misfit(&at("25T00:30", reservation(&[1], 2))), None);
    assert_eq!(changed.misfit(&at("25T00:45", reservation(&[1], 2))), Some(Misfit::OutsideHours));
}

#[test]
fn a_smaller_limit_online_concerns_only_what_diners_booked() {
    let mut changed = house();
    changed.policy.max_online_party = 3;
    assert_eq!(changed.misfit(&reservation(&[3], 4)), Some(Misfit::PartyTooLarge));
    assert_eq!(changed.misfit(&Reservation { channel: Channel::InHouse, ..reservation(&[3], 4) }), None);
}

#[test]
fn the_most_pressing_reason_is_told() {
    let mut changed = house();
    changed.floor.tables.remove(2);
    changed.policy.max_online_party = 1;
    assert_eq!(changed.misfit(&reservation(&[3], 4)), Some(Misfit::TableGone));
}

#[test]
fn a_table_that_no_party_can_ever_book_online_is_named() {
    let restaurant = house();
    let never = |policy: &Policy| -> Vec<Vec<TableId>> {
        restaurant.floor.never_online(policy).into_iter().map(|seating| seating.tables).collect()
    };
    assert!(never(&Policy::default()).is_empty());
    // For one guest only, a table for four wastes three seats, a table for two wastes one.
    let policy = Policy { max_online_party: 1, max_oversize: 1, ..Policy::default() };
    assert_eq!(never(&policy), [vec![table(3)], vec![table(1), table(2)]]);
    let policy = Policy { max_online_party: 2, max_oversize: 2, ..Policy::default() };
    assert_eq!(never(&policy), [vec![table(1), table(2)]], "too small a party for two tables");
}
