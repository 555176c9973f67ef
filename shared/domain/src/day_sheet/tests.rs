use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    Actor, BarredDiners, Channel, HistoryEntry, Party, Policy, ReservationId, RestaurantId, service_day,
};

const OPENS: &str = "2026-12-24T17:00:00+09:00";

fn read<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn table(n: u8) -> TableId {
    TableId::derived([n; 16])
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Three tables for four; open 17:00 to 21:00, six covers a quarter hour.
fn house() -> Restaurant {
    let name = json!({ "ko": "자리", "en": "Jari" });
    let table = |n: u8| json!({ "id": table(n), "name": "t", "area": "hall", "minParty": 1, "maxParty": 4 });
    Restaurant {
        id: RestaurantId::derived([9; 16]),
        profile: read(json!({
            "name": name, "address": name, "description": name, "location": { "lat": 37.5, "lng": 127.0 },
            "phone": "+82200001234", "email": "house@jari.test", "cuisines": [], "area": "seongsu", "priceBand": 2,
            "timeZone": "Asia/Seoul", "currency": "KRW", "status": "approved",
        })),
        floor: read(
            json!({ "areas": [{ "key": "hall", "name": name }], "tables": [table(1), table(2), table(3)] }),
        ),
        schedule: read(json!({ "weekly": [{
            "days": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
            "shift": { "name": name, "opens": "17:00", "lastSeating": "21:00", "closes": "23:00", "stepMinutes": 30, "pace": 6 },
        }] })),
        policy: Policy::default(),
        barred: BarredDiners::default(),
    }
}

/// So many quarter hours after opening, at these tables.
fn reservation(n: u8, status: Status, after: u32, quarters: u16, tables: &[u8]) -> Reservation {
    let start = Cell(Cell::containing(at(OPENS)).unwrap().0 + after).start();
    let entry = |at, from, to| HistoryEntry { at, by: Actor::Guest, from, to, why: None, before: None };
    let mut history = vec![entry(start, None, Status::Confirmed)];
    if status != Status::Confirmed {
        history.push(entry(start, Some(Status::Confirmed), status));
    }
    Reservation {
        id: ReservationId::derived([n; 16]),
        restaurant: house().id,
        date: service_day(start, house().zone()),
        span: Span::new(start, quarters * Cell::MINUTES).unwrap(),
        party: Party::new(2).unwrap(),
        tables: tables.iter().map(|n| table(*n)).collect(),
        area: Some("hall".into()),
        guest: None,
        diner: None,
        note: None,
        status,
        until: None,
        hold_place: None,
        paced: false,
        channel: Channel::InHouse,
        reminded: 0,
        reconfirmed_at: None,
        revision: 1,
        created_at: start,
        history,
    }
}

fn sheet<'a>(reservations: &'a [Reservation], now: &str) -> DaySheet<'a> {
    DaySheet::new(&house(), jiff::civil::date(2026, 12, 24), reservations, at(now))
}

#[test]
fn a_guest_is_late_only_once_the_policy_has_waited() {
    let all = [reservation(1, Status::Confirmed, 0, 6, &[1]), reservation(2, Status::Seated, 0, 6, &[2])];
    let late = |now| sheet(&all, now).lines.iter().map(|line| line.late).collect::<Vec<_>>();
    assert_eq!(late("2026-12-24T17:15:00+09:00"), [false, false]);
    assert_eq!(late("2026-12-24T17:15:01+09:00"), [true, false]);
}

#[test]
fn who_has_left_gave_the_rest_of_the_time_back() {
    let mut left = reservation(1, Status::Completed, 0, 6, &[1]);
    left.history[1].at = at("2026-12-24T17:50:00+09:00");
    let next = reservation(2, Status::Seated, 3, 6, &[1]);
    let all = [left, next];
    let sheet = sheet(&all, "2026-12-24T18:00:00+09:00");
    let spans: Vec<(usize, u16)> =
        sheet.tables[0].spans.iter().map(|one| (one.line, one.span.minutes())).collect();
    assert_eq!(spans, [(0, 45), (1, 90)]);
}

#[test]
fn a_table_that_is_no_longer_on_the_floor_is_shown_as_long_as_a_reservation_names_it() {
    let all = [reservation(1, Status::Confirmed, 0, 6, &[7])];
    let sheet = sheet(&all, OPENS);
    let gone = sheet.tables.last().unwrap();
    assert_eq!((gone.id, gone.on_floor, gone.spans.len()), (table(7), false, 1));
    assert_eq!(sheet.lines[0].stranded, Some(Misfit::TableGone));
}

#[test]
fn a_hold_that_came_to_nothing_is_nobodys_business() {
    let mut held = reservation(1, Status::Held, 0, 6, &[1]);
    held.until = Some(at("2026-12-24T16:00:00+09:00"));
    held.history[0].to = Status::Held;
    let mut let_go = reservation(2, Status::Cancelled, 0, 6, &[2]);
    let_go.history[0].to = Status::Held;
    let all = [held, let_go, reservation(3, Status::Cancelled, 0, 6, &[3])];
    let lines = |now| sheet(&all, now).lines.iter().map(|line| line.status).collect::<Vec<_>>();
    assert_eq!(lines("2026-12-24T15:59:59+09:00"), [Status::Held, Status::Cancelled]);
    assert_eq!(lines("2026-12-24T16:00:00+09:00"), [Status::Cancelled]);
}

#[test]
fn every_quarter_hour_of_a_shift_has_its_pace_and_an_early_guest_one_of_its_own() {
    let early = reservation(1, Status::Confirmed, 0, 6, &[1]);
    let mut early = Reservation { span: Span::new(at("2026-12-24T16:30:00+09:00"), 90).unwrap(), ..early };
    early.party = Party::new(3).unwrap();
    let all = [early, reservation(2, Status::Seated, 1, 6, &[2])];
    let sheet = sheet(&all, OPENS);
    assert_eq!(sheet.pacing.len(), 1 + 17);
    assert_eq!((sheet.pacing[0].covers, sheet.pacing[0].most), (3, None));
    assert_eq!((sheet.pacing[2].covers, sheet.pacing[2].most), (2, Some(6)));
}

fn any() -> impl Strategy<Value = Vec<Reservation>> {
    let one = (0..Status::ALL.len(), 0_u32..20, 1_u16..10, prop::collection::btree_set(1_u8..6, 1..3));
    prop::collection::vec(one, 0..14).prop_map(|all| {
        let numbered = all.into_iter().zip(1_u8..);
        numbered
            .map(|((status, after, quarters, tables), n)| {
                let tables: Vec<u8> = tables.into_iter().collect();
                reservation(n, Status::ALL[status], after, quarters, &tables)
            })
            .collect()
    })
}

proptest! {
    // Also of what can't be in the table, but may be read while an index catches up.
    #[test]
    fn no_two_spans_of_a_table_overlap_and_whoever_has_a_table_is_on_it(all in any(), minutes in 0_i64..400) {
        let now = at(OPENS) + SignedDuration::from_mins(minutes);
        let restaurant = house();
        let sheet = DaySheet::new(&restaurant, jiff::civil::date(2026, 12, 24), &all, now);
        for table in &sheet.tables {
            for pair in table.spans.windows(2) {
                prop_assert!(pair[0].span.end() <= pair[1].span.start());
            }
            let mine = |line: &&Line<'_>| line.status.is_active() && line.reservation.tables.contains(&table.id);
            for line in sheet.lines.iter().filter(mine) {
                for cell in line.reservation.span.cells() {
                    let covers = |one: &Occupied| {
                        one.span.cells().any(|other| other == cell) && sheet.lines[one.line].status.is_active()
                    };
                    prop_assert!(table.spans.iter().any(covers));
                }
            }
        }
    }

    #[test]
    fn the_covers_of_all_quarter_hours_are_those_of_everybody_who_comes_or_came(all in any()) {
        let restaurant = house();
        let sheet = DaySheet::new(&restaurant, jiff::civil::date(2026, 12, 24), &all, at(OPENS));
        let comes = |line: &&Line<'_>| line.status.is_active() || line.status == Status::Completed;
        let expected: u16 =
            sheet.lines.iter().filter(comes).map(|line| u16::from(line.reservation.party.size())).sum();
        prop_assert_eq!(sheet.pacing.iter().map(|quarter| quarter.covers).sum::<u16>(), expected);
        prop_assert!(sheet.pacing.is_sorted_by(|one, next| one.cell < next.cell));
    }
}
