//! The evening rendered from values: what the table of the timeline promises, and what the page says.

use std::collections::HashMap;

use jari_domain::{
    Actor, BarredDiners, Channel, DaySheet, Floor, Guest, HistoryEntry, Id, Kind, Language, LocalizedText,
    Party, Policy, Profile, Reservation, Restaurant, Schedule, Span, Status, TableId,
};
use jari_operations::DayRead;
use jari_store::{Closure, DayMarks, DayNote, GuestStanding};
use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

use super::{
    Day, Evening, View,
    board::Board,
    panel::Wanted,
    timeline::{Slot, Timeline},
};
use crate::{form_token::FormKey, page::Frame, texts::Texts};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A time of the evening; after midnight of the next calendar day.
fn on(time: &str) -> Timestamp {
    let day = if time < "05:00" { "2026-12-25" } else { "2026-12-24" };
    at(&format!("{day}T{time}:00+09:00"))
}

fn date() -> Date {
    "2026-12-24".parse().unwrap()
}

fn id<K: Kind>(byte: u8) -> Id<K> {
    Id::new(Timestamp::UNIX_EPOCH, [byte; 10])
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Three tables in two areas, open from 17:30 to 01:00, at most six covers a quarter hour.
fn restaurant() -> Restaurant {
    let table = |n: u8, area: &str| {
        let id: TableId = id(n);
        json!({ "id": id, "name": n.to_string(), "area": area, "minParty": 1, "maxParty": 4 })
    };
    let profile: Profile = read(json!({
        "name": { "ko": "온기", "en": "Ongi" }, "address": { "ko": "서울", "en": "Seoul" },
        "description": { "ko": "", "en": "" }, "location": { "lat": 37.5, "lng": 127.0 },
        "phone": "+82200001001", "email": "hello@ongi.example", "cuisines": ["korean"], "area": "seongsu",
        "priceBand": 3, "timeZone": "Asia/Seoul", "currency": "KRW", "status": "approved",
    }));
    let floor: Floor = read(json!({
        "areas": [{ "key": "hall", "name": { "ko": "홀", "en": "Hall" } }, { "key": "bar", "name": { "ko": "바", "en": "Bar" } }],
        "tables": [table(1, "hall"), table(2, "hall"), table(3, "bar")],
    }));
    let schedule: Schedule = read(json!({ "weekly": [{
        "days": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
        "shift": { "name": { "ko": "저녁", "en": "Dinner" }, "opens": "17:30", "lastSeating": "23:30",
            "closes": "01:00", "stepMinutes": 30, "pace": 6 },
    }] }));
    Restaurant {
        id: id(100),
        profile,
        floor,
        schedule,
        policy: Policy::default(),
        barred: BarredDiners::default(),
    }
}

/// A party of two, expected at `start` for `minutes`.
fn party(n: u8, start: &str, minutes: u16, tables: &[u8]) -> Reservation {
    Reservation {
        id: id(n),
        restaurant: id(100),
        date: date(),
        span: Span::new(on(start), minutes).unwrap(),
        party: Party::new(2).unwrap(),
        tables: tables.iter().map(|table| id(*table)).collect(),
        area: None,
        guest: Some(Guest {
            name: format!("손님 {n}").parse().unwrap(),
            email: None,
            phone: None,
            language: Language::Ko,
        }),
        diner: None,
        note: None,
        status: Status::Confirmed,
        until: None,
        hold_place: None,
        paced: true,
        channel: Channel::InHouse,
        reminded: 0,
        reconfirmed_at: None,
        revision: 7,
        created_at: on("12:00"),
        history: vec![HistoryEntry {
            at: on("12:00"),
            by: Actor::Staff(id(101)),
            from: None,
            to: Status::Confirmed,
            why: None,
            before: None,
        }],
    }
}

fn day_read(reservations: Vec<Reservation>) -> DayRead {
    DayRead { reservations, marks: DayMarks { closure: None, note: None }, guests: HashMap::new() }
}

fn timeline(reservations: &[Reservation], now: &str) -> Timeline {
    let restaurant = restaurant();
    let sheet = DaySheet::new(&restaurant, date(), reservations, on(now));
    Timeline::new(&restaurant, date(), &sheet, on(now)).unwrap()
}

fn board(read: &DayRead, now: &str, language: Language) -> Board {
    let (restaurant, day) = (restaurant(), "/office/rst_1/days/2026-12-24");
    Board::new(&restaurant, date(), read, on(now), day, Texts(language)).unwrap()
}

fn evening(read: DayRead, now: &str) -> Evening {
    let day = Day { restaurant: id(100), date: date() };
    Evening { day, restaurant: restaurant(), read, now: on(now), may_close: false }
}

fn panel(read: DayRead, now: &str, wanted: Wanted) -> String {
    let frame = Frame::new(Language::En, "https://jari.test", "/", None, &FormKey::nobodys());
    evening(read, now).panel(wanted, &frame, View::Timeline).unwrap().unwrap()
}

/// How many columns a slot takes.
fn width(slot: &Slot) -> usize {
    match slot {
        Slot::Free(_) => 1,
        Slot::Taken { columns, .. } => *columns,
    }
}

#[test]
fn every_row_is_as_wide_as_the_columns_whatever_is_booked() {
    for _ in 0..200 {
        let quarters = ["17:30", "18:00", "18:45", "19:15", "20:00", "21:30", "23:30", "00:15"];
        let reservations: Vec<Reservation> = (10..10 + fastrand::u8(0..30))
            .map(|n| {
                let start = quarters[fastrand::usize(..quarters.len())];
                let mut one = party(n, start, fastrand::u16(1..=12) * 15, &[fastrand::u8(1..=4)]);
                one.status = [Status::Confirmed, Status::Seated, Status::Requested, Status::Cancelled]
                    [fastrand::usize(..4)];
                one
            })
            .collect();
        let timeline = timeline(&reservations, "19:20");
        let columns = timeline.columns.len();
        let rows = timeline.waiting.iter().chain(timeline.groups.iter().flat_map(|group| &group.rows));
        for row in rows {
            assert_eq!(row.slots.iter().map(width).sum::<usize>(), columns, "{row:?}");
            let mut next = 0;
            for slot in &row.slots {
                if let Slot::Free(column) = slot {
                    assert_eq!(*column, next, "a free quarter hour says which it is");
                }
                next += width(slot);
            }
        }
        assert_eq!(timeline.hours.iter().map(|hour| hour.columns).sum::<usize>(), columns);
        assert_eq!(timeline.covers.len(), columns);
    }
}

#[test]
fn a_partys_cell_is_as_wide_as_its_stay_also_past_midnight() {
    let timeline = timeline(&[party(10, "23:30", 120, &[1])], "19:20");
    assert_eq!(timeline.columns[0].at, on("17:00"), "whole hours");
    assert_eq!(timeline.columns.last().unwrap().at, on("01:45"), "as long as somebody sits there");
    let hours: Vec<usize> = timeline.hours.iter().map(|hour| hour.columns).collect();
    assert_eq!(hours, [4; 9]);
    let row = &timeline.groups[0].rows[0];
    let taken = row.slots.iter().position(|slot| matches!(slot, Slot::Taken { .. })).unwrap();
    assert_eq!(timeline.columns[taken].at, on("23:30"));
    assert_eq!(row.slots[taken], Slot::Taken { line: 0, columns: 8 });
}

#[test]
fn tables_stand_by_area_and_one_that_is_gone_still_shows_who_is_booked_on_it() {
    let timeline = timeline(&[party(10, "18:00", 90, &[9])], "19:20");
    let areas: Vec<(Option<usize>, usize)> =
        timeline.groups.iter().map(|group| (group.area, group.rows.len())).collect();
    assert_eq!(areas, [(Some(0), 2), (Some(1), 1), (None, 1)]);
}

#[test]
fn who_needs_an_answer_or_a_table_waits_on_top_in_rows_that_do_not_overlap() {
    let mut request = party(10, "18:00", 90, &[1]);
    (request.status, request.until) = (Status::Requested, Some(on("18:30")));
    let mut crowd = party(11, "18:30", 90, &[2]);
    crowd.party = Party::new(5).unwrap();
    let gone = party(12, "19:30", 90, &[9]);
    let well = party(13, "20:00", 90, &[3]);
    let timeline = timeline(&[request, crowd, gone, well], "17:40");
    let lines: Vec<Vec<usize>> = timeline
        .waiting
        .iter()
        .map(|row| {
            let taken = row.slots.iter().filter_map(|slot| match slot {
                Slot::Taken { line, .. } => Some(*line),
                Slot::Free(_) => None,
            });
            taken.collect()
        })
        .collect();
    assert_eq!(lines, [vec![0, 2], vec![1]]);
}

#[test]
fn covers_are_counted_where_they_arrive_and_told_where_the_pace_is_full() {
    let reservations: Vec<Reservation> = (10..13).map(|n| party(n, "19:00", 90, &[n - 9])).collect();
    let timeline = timeline(&reservations, "17:40");
    let at = |time: &str| timeline.columns.iter().position(|column| column.at == on(time)).unwrap();
    let covers = |time: &str| timeline.covers[at(time)];
    assert_eq!((covers("19:00").arriving, covers("19:00").most), (6, Some(6)));
    assert!(covers("19:00").is_full() && !covers("19:15").is_full());
    assert_eq!(covers("17:00").most, None, "before the shift there is no pace");
}

#[test]
fn the_quarter_hour_that_has_begun_is_now_and_no_other() {
    let now = timeline(&[], "19:20");
    let marked: Vec<Timestamp> =
        now.columns.iter().filter(|column| column.is_now).map(|column| column.at).collect();
    assert_eq!(marked, [on("19:15")]);
    assert!(timeline(&[], "09:00").columns.iter().all(|column| !column.is_now));
}

#[test]
fn a_day_without_shifts_and_guests_has_no_timeline() {
    let mut closed = restaurant();
    closed.schedule.weekly.clear();
    let none: [Reservation; 0] = [];
    let sheet = DaySheet::new(&closed, date(), &none, on("19:00"));
    assert_eq!(Timeline::new(&closed, date(), &sheet, on("19:00")), None);
    let one = [party(10, "19:00", 60, &[1])];
    let sheet = DaySheet::new(&closed, date(), &one, on("19:00"));
    assert_eq!(Timeline::new(&closed, date(), &sheet, on("19:00")).unwrap().columns.len(), 4);
}

#[test]
fn a_late_guest_is_told_after_the_policys_minutes_and_the_revision_is_another_then() {
    let read = day_read(vec![party(10, "19:00", 90, &[1])]);
    let waits = Policy::default().late_after_minutes;
    let on_time = board(&read, &format!("19:{waits:02}"), Language::Ko);
    assert!(!on_time.html.contains("늦음"));
    let late = board(&read, &format!("19:{:02}", waits + 1), Language::Ko);
    assert!(late.html.contains("늦음"));
    assert_ne!(on_time.revision, late.revision);
    let same = board(&read, &format!("19:{:02}", waits + 1), Language::Ko);
    assert_eq!((late.revision, late.html), (same.revision, same.html));
}

#[test]
fn the_table_of_the_page_has_cells_for_every_column() {
    let read = day_read(vec![
        party(10, "17:30", 90, &[1, 2]),
        party(11, "19:30", 105, &[1]),
        party(12, "23:45", 60, &[3]),
    ]);
    let html = board(&read, "19:20", Language::En).html;
    let table = html.split("<table class=\"timeline\">").nth(1).unwrap().split("</table>").next().unwrap();
    let span = |cell: &str, name: &str| {
        let rest = cell.split(&format!(" {name}=\"")).nth(1);
        rest.map_or(1, |rest| rest.split('"').next().unwrap().parse::<usize>().unwrap())
    };
    let columns = table.matches("<col").count() - table.matches("<colgroup").count();
    let rows: Vec<&str> = table.split("<tr").skip(1).collect();
    assert_eq!(rows.len(), 2 + 2 + 3 + 1, "heads, areas, tables, covers");
    for row in rows {
        let cells = row.split("<t").skip(1).filter(|cell| cell.starts_with('d') || cell.starts_with('h'));
        let width: usize = cells.map(|cell| span(cell.split('>').next().unwrap(), "colspan")).sum();
        assert_eq!(width, columns, "{row}");
    }
    assert_eq!(html.matches("<form").count(), 0, "what is compared has no token");
    let mut ids: Vec<&str> =
        html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands once");
}

#[test]
fn what_a_host_should_know_of_a_guest_and_of_the_day_is_told() {
    let mut one = party(10, "19:00", 90, &[1]);
    one.diner = Some(jari_domain::DinerId("d".to_owned()));
    one.note = Some("<b>창가</b>".parse().unwrap());
    let mut read = day_read(vec![one]);
    let standing = GuestStanding { visits: 3, no_shows: 1, mail_stopped: true };
    read.guests.insert(jari_domain::DinerId("d".to_owned()), standing);
    read.marks.note = Some(DayNote { text: "생선은 도미".to_owned(), revision: 1 });
    read.marks.closure = Some(Closure { reason: Some("내부 공사".to_owned()), revision: 1 });
    let korean = board(&read, "18:00", Language::Ko).html;
    for told in [
        "방문 3회",
        "노쇼 1회",
        "메일이 반송됨",
        "휴무일",
        "생선은 도미",
        "내부 공사",
        "&#60;b&#62;창가",
    ] {
        assert!(korean.contains(told), "{told}\n{korean}");
    }
    assert!(!korean.contains("<b>창가"));
    let english = board(&read, "18:00", Language::En).html;
    for told in ["3 visits", "1 no-show", "please call", "Day is closed"] {
        assert!(english.contains(told), "{told}\n{english}");
    }
}

#[test]
fn only_what_can_be_done_now_has_a_button_and_it_names_the_revision_it_shows() {
    let with = |status: Status, seated: Option<&str>| {
        let mut one = party(10, "19:00", 90, &[1]);
        one.status = status;
        if status == Status::Requested {
            one.until = Some(on("23:00"));
        }
        if let Some(time) = seated {
            let (by, from) = (Actor::House, Some(Status::Confirmed));
            one.history.push(HistoryEntry { at: on(time), by, from, to: status, why: None, before: None });
        }
        one
    };
    for (one, now, steps) in [
        (with(Status::Requested, None), "18:00", &["accept", "decline", "move", "change"][..]),
        (with(Status::Confirmed, None), "19:10", &["seat", "cancel", "move", "change"]),
        (with(Status::Confirmed, None), "19:15", &["seat", "no-show", "cancel", "move", "change"]),
        (with(Status::Seated, Some("19:05")), "19:10", &["complete", "undo", "move", "change"]),
        (with(Status::Seated, Some("19:05")), "19:21", &["complete", "move", "change"]),
        (with(Status::NoShow, Some("19:20")), "20:00", &["undo"]),
        (with(Status::Completed, Some("20:00")), "20:10", &[]),
        (with(Status::Cancelled, Some("18:00")), "20:10", &[]),
    ] {
        let html = panel(day_read(vec![one.clone()]), now, Wanted::Reservation(one.id));
        for step in ["accept", "decline", "seat", "complete", "no-show", "undo", "cancel", "move", "change"] {
            let leads = html.contains(&format!("/reservations/{}/{step}\"", one.id));
            assert_eq!(leads, steps.contains(&step), "{:?} at {now}: {step}\n{html}", one.status);
        }
        let forms = html.matches("<form").count();
        assert_eq!(html.matches("name=\"revision\" value=\"7\"").count(), forms);
    }
}

#[test]
fn a_walk_in_is_offered_the_table_that_is_free_for_so_many() {
    // Two of three tables are taken now, and nothing seats more than four.
    let read = day_read(vec![party(10, "19:00", 90, &[1]), party(11, "18:30", 120, &[2])]);
    let html = panel(read, "19:20", Wanted::Booking(Channel::WalkIn));
    let third: TableId = id(3);
    assert!(html.contains(&format!("name=\"suggested2\" value=\"{third}\"")), "{html}");
    assert!(html.contains("name=\"suggested4\"") && !html.contains("name=\"suggested5\""), "{html}");
    assert!(html.contains("Now (19:15)"));
}

#[test]
fn who_is_behind_sees_what_is_written_meanwhile_and_each_room_its_own_language() {
    let texts = LocalizedText { ko: "홀".to_owned(), en: "Hall".to_owned() };
    let read = day_read(vec![party(10, "19:00", 90, &[1])]);
    assert!(board(&read, "18:00", Language::Ko).html.contains(&texts.ko));
    assert!(board(&read, "18:00", Language::En).html.contains(&texts.en));
    let mut evening = evening(read, "18:00");
    let moved = Reservation { revision: 8, ..party(10, "20:00", 90, &[2]) };
    evening.put(moved);
    assert_eq!(evening.read.reservations.len(), 1);
    assert_eq!(evening.read.reservations[0].revision, 8);
    let gone = Reservation { date: "2026-12-25".parse().unwrap(), ..party(10, "20:00", 90, &[2]) };
    evening.put(gone);
    assert!(evening.read.reservations.is_empty(), "it is another day's now");
}
