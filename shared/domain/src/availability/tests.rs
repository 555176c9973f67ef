use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::{
    Bookable, Cell, Combination, DayName, Floor, LocalizedText, Location, Policy, Profile, RestaurantId,
    RestaurantStatus, Schedule, Table, TableId, TurnTimes, WeeklyShift,
};

const EVE: Date = date(2026, 12, 24);

fn text() -> LocalizedText {
    LocalizedText { ko: "자리".into(), en: "Jari".into() }
}

fn party(size: u8) -> Party {
    Party::new(size).unwrap()
}

fn table_id(n: u8) -> TableId {
    TableId::derived([n; 16])
}

fn table(n: u8, min: u8, max: u8) -> Table {
    Table {
        id: table_id(n),
        name: n.to_string(),
        area: "hall".into(),
        min_party: party(min),
        max_party: party(max),
        bookable: Bookable::default(),
    }
}

/// A house in Seoul that seats guests from 17:00 to 21:00 every half hour.
fn house(tables: Vec<Table>) -> Restaurant {
    let shift = Shift {
        name: text(),
        opens: "17:00".parse().unwrap(),
        last_seating: "21:00".parse().unwrap(),
        closes: "23:00".parse().unwrap(),
        step_minutes: 30,
        turn_times: TurnTimes::default(),
        pace: None,
    };
    Restaurant {
        id: RestaurantId::derived([9; 16]),
        profile: Profile {
            name: text(),
            address: text(),
            description: text(),
            location: Location { lat: 37.5, lng: 127.0 },
            phone: "+82200001234".parse().unwrap(),
            email: "house@jari.test".parse().unwrap(),
            cuisines: vec![],
            area: "seongsu".into(),
            price_band: 2,
            time_zone: "Asia/Seoul".to_owned().try_into().unwrap(),
            currency: "KRW".to_owned().try_into().unwrap(),
            status: RestaurantStatus::Approved,
            rejection: None,
        },
        floor: Floor {
            areas: vec![crate::Area { key: "hall".into(), name: text() }],
            tables,
            combinations: vec![],
        },
        schedule: Schedule {
            weekly: vec![WeeklyShift { days: DayName::ALL.to_vec(), shift }],
            special_days: vec![],
        },
        policy: Policy::default(),
        barred: crate::BarredDiners::default(),
    }
}

fn request(restaurant: &Restaurant, size: u8) -> Request<'_> {
    Request {
        restaurant,
        date: EVE,
        party: party(size),
        area: None,
        channel: Channel::Online,
        now: "2026-12-20T12:00:00+09:00".parse().unwrap(),
        expected: None,
    }
}

fn seven() -> Timestamp {
    "2026-12-24T19:00:00+09:00".parse().unwrap()
}

fn at_seven(request: &Request<'_>, book: &DayBook) -> Result<Vec<Seating>, Unavailable> {
    request.seatings(&request.slot_at(seven()).unwrap(), book)
}

fn take(book: &mut DayBook, table: u8, start: &str, minutes: u16) {
    let span = Span::new(start.parse().unwrap(), minutes).unwrap();
    span.cells().for_each(|cell| book.take(table_id(table), cell));
}

#[test]
fn the_smallest_table_that_seats_the_party_comes_first() {
    let restaurant = house(vec![table(1, 2, 4), table(2, 1, 2), table(3, 2, 3)]);
    let seatings = at_seven(&request(&restaurant, 2), &DayBook::default()).unwrap();
    let order: Vec<TableId> = seatings.iter().map(|seating| seating.tables[0]).collect();
    assert_eq!(order, [table_id(2), table_id(3), table_id(1)]);
}

#[test]
fn a_table_that_wastes_too_many_seats_is_not_offered() {
    let mut restaurant = house(vec![table(1, 1, 5)]);
    assert_eq!(at_seven(&request(&restaurant, 2), &DayBook::default()), Err(Unavailable::PartyTooSmall));
    restaurant.policy.max_oversize = 3;
    assert!(at_seven(&request(&restaurant, 2), &DayBook::default()).is_ok());
}

#[test]
fn staff_may_give_any_table() {
    let restaurant = house(vec![table(1, 1, 8)]);
    let by_phone = Request { channel: Channel::InHouse, ..request(&restaurant, 2) };
    assert!(at_seven(&by_phone, &DayBook::default()).is_ok());
}

#[test]
fn single_tables_come_before_combinations() {
    let mut restaurant = house(vec![table(1, 1, 2), table(2, 1, 2), table(3, 3, 6)]);
    restaurant.floor.combinations = vec![Combination {
        tables: vec![table_id(1), table_id(2)],
        min_party: party(3),
        max_party: party(4),
        bookable: Bookable::default(),
    }];
    let seatings = at_seven(&request(&restaurant, 4), &DayBook::default()).unwrap();
    assert_eq!(seatings[0].tables, [table_id(3)]);
    assert_eq!(seatings[1].tables, [table_id(1), table_id(2)]);
}

#[test]
fn a_combination_is_blocked_by_any_of_its_members() {
    let mut restaurant = house(vec![table(1, 1, 2), table(2, 1, 2)]);
    restaurant.floor.combinations = vec![Combination {
        tables: vec![table_id(1), table_id(2)],
        min_party: party(3),
        max_party: party(4),
        bookable: Bookable::default(),
    }];
    let mut book = DayBook::default();
    assert!(at_seven(&request(&restaurant, 4), &book).is_ok());
    take(&mut book, 2, "2026-12-24T20:15:00+09:00", 90);
    assert_eq!(at_seven(&request(&restaurant, 4), &book), Err(Unavailable::Full));
    assert!(at_seven(&request(&restaurant, 2), &book).is_ok(), "the other member alone is free");
}

#[test]
fn a_table_is_free_up_to_the_minute_it_is_taken() {
    let restaurant = house(vec![table(1, 1, 2)]);
    let mut book = DayBook::default();
    take(&mut book, 1, "2026-12-24T17:30:00+09:00", 90);
    take(&mut book, 1, "2026-12-24T20:30:00+09:00", 90);
    assert!(at_seven(&request(&restaurant, 2), &book).is_ok());
    take(&mut book, 1, "2026-12-24T20:15:00+09:00", 15);
    assert_eq!(at_seven(&request(&restaurant, 2), &book), Err(Unavailable::Full));
}

#[test]
fn each_reason_is_said_when_it_is_the_reason() {
    let mut restaurant = house(vec![table(1, 1, 2), table(2, 3, 4), table(3, 5, 6)]);
    restaurant.floor.tables[2].bookable.online = false;
    let free = DayBook::default();
    let why = |request: &Request<'_>, book: &DayBook| at_seven(request, book).unwrap_err();

    let mut closed = DayBook::default();
    closed.closed = true;
    assert_eq!(why(&request(&restaurant, 2), &closed), Unavailable::Closed);
    assert_eq!(why(&request(&restaurant, 7), &free), Unavailable::PartyTooLarge);
    assert_eq!(why(&request(&restaurant, 9), &free), Unavailable::PartyTooLarge);
    assert_eq!(why(&request(&restaurant, 6), &free), Unavailable::InHouseOnly);

    let too_late: Timestamp = "2026-12-24T18:00:01+09:00".parse().unwrap();
    let in_time: Timestamp = "2026-12-24T18:00:00+09:00".parse().unwrap();
    assert_eq!(why(&Request { now: too_late, ..request(&restaurant, 2) }, &free), Unavailable::PastCutoff);
    assert!(at_seven(&Request { now: in_time, ..request(&restaurant, 2) }, &free).is_ok());

    let too_early: Timestamp = "2026-11-23T12:00:00+09:00".parse().unwrap();
    let first_day: Timestamp = "2026-11-24T12:00:00+09:00".parse().unwrap();
    assert_eq!(why(&Request { now: too_early, ..request(&restaurant, 2) }, &free), Unavailable::BeyondWindow);
    assert!(at_seven(&Request { now: first_day, ..request(&restaurant, 2) }, &free).is_ok());

    let mut full = DayBook::default();
    take(&mut full, 1, "2026-12-24T19:00:00+09:00", 90);
    assert_eq!(why(&request(&restaurant, 2), &full), Unavailable::Full);

    restaurant.floor.tables.retain(|table| table.id == table_id(2));
    assert_eq!(why(&request(&restaurant, 1), &free), Unavailable::PartyTooSmall);
}

#[test]
fn pacing_counts_whoever_arrives_in_the_same_quarter_hour() {
    let mut restaurant = house(vec![table(1, 1, 2), table(2, 1, 2), table(3, 1, 2)]);
    restaurant.schedule.weekly[0].shift.pace = Some(4);
    let mut book = DayBook::default();
    let quarter = Cell::starting_at(seven()).unwrap();
    book.expect(quarter, 2);
    assert!(at_seven(&request(&restaurant, 2), &book).is_ok());
    book.expect(quarter, 1);
    assert_eq!(at_seven(&request(&restaurant, 2), &book), Err(Unavailable::Pacing));
    book.expect_fewer(quarter, 1);
    assert!(at_seven(&request(&restaurant, 2), &book).is_ok());
}

#[test]
fn a_party_that_is_expected_already_may_shrink_when_it_could_no_longer_book() {
    let mut restaurant = house(vec![table(1, 1, 4)]);
    restaurant.schedule.weekly[0].shift.pace = Some(2);
    let late: Timestamp = "2026-12-24T18:30:00+09:00".parse().unwrap();
    let expected = Request { now: late, expected: Some(party(4)), ..request(&restaurant, 3) };
    assert!(at_seven(&expected, &DayBook::default()).is_ok());
    let new = Request { expected: None, ..expected };
    assert_eq!(at_seven(&new, &DayBook::default()), Err(Unavailable::PastCutoff));
    let growing = Request { expected: Some(party(2)), ..expected };
    assert_eq!(at_seven(&growing, &DayBook::default()), Err(Unavailable::Pacing));
}

#[test]
fn an_area_that_is_asked_for_is_the_area_that_is_given() {
    let mut restaurant = house(vec![table(1, 1, 2), table(2, 1, 2)]);
    restaurant.floor.tables[1].area = "terrace".into();
    let outside = Request { area: Some("terrace"), ..request(&restaurant, 2) };
    let seatings = at_seven(&outside, &DayBook::default()).unwrap();
    assert_eq!(seatings.len(), 1);
    assert_eq!(seatings[0].tables, [table_id(2)]);
}

#[test]
fn the_night_the_clocks_change_offers_only_times_that_exist() {
    let mut restaurant = house(vec![table(1, 1, 2)]);
    restaurant.profile.time_zone = "America/New_York".to_owned().try_into().unwrap();
    let shift = &mut restaurant.schedule.weekly[0].shift;
    shift.opens = "23:00".parse().unwrap();
    shift.last_seating = "02:30".parse().unwrap();
    shift.closes = "04:00".parse().unwrap();
    let night = |date| Request { date, ..request(&restaurant, 2) };
    let times = |date: Date| -> Vec<String> {
        let zone = restaurant.zone().clone();
        night(date)
            .slots()
            .map(|slot| slot.span.start().to_zoned(zone.clone()).strftime("%H:%M").to_string())
            .collect()
    };
    assert_eq!(times(date(2026, 3, 6)).len(), 8);
    // 02:00 and 02:30 of 8 March 2026 do not exist there.
    assert_eq!(times(date(2026, 3, 7)), ["23:00", "23:30", "00:00", "00:30", "01:00", "01:30"]);
    // 01:00 and 01:30 of 1 November come twice and are offered once.
    assert_eq!(times(date(2026, 10, 31)).len(), 8);
    let mut all: Vec<Timestamp> = night(date(2026, 10, 31)).slots().map(|slot| slot.span.start()).collect();
    assert!(all.is_sorted());
    all.dedup();
    assert_eq!(all.len(), 8);
}

proptest! {
    // Whatever was taken in whatever order: what is offered next clashes with nothing, cell by cell.
    #[test]
    fn what_is_offered_is_free(wishes in prop::collection::vec((1u8..=6, 0usize..9), 1..60)) {
        let mut restaurant = house(vec![table(1, 1, 2), table(2, 1, 2), table(3, 2, 4), table(4, 2, 4)]);
        restaurant.floor.combinations = vec![Combination {
            tables: vec![table_id(3), table_id(4)],
            min_party: party(5),
            max_party: party(8),
            bookable: Bookable::default(),
        }];
        let mut book = DayBook::default();
        let mut taken: Vec<(TableId, Span)> = Vec::new();
        for (size, nth) in wishes {
            let request = request(&restaurant, size);
            let slot = request.slots().nth(nth).unwrap();
            let Ok(seatings) = request.seatings(&slot, &book) else { continue };
            let seating = &seatings[0];
            prop_assert!(seating.min_party.size() <= size && size <= seating.max_party.size());
            for table in &seating.tables {
                for (other, span) in &taken {
                    prop_assert!(other != table || !span.overlaps(slot.span));
                }
                slot.span.cells().for_each(|cell| book.take(*table, cell));
                taken.push((*table, slot.span));
            }
        }
    }
}
