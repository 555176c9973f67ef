//! A thousand people after twenty tables: exactly twenty get one, and everybody else is told what is still free. The
//! negative control takes the write conditions away, and the same check must see it.

use std::{collections::HashMap, time::Instant};

use jari_tests::{Answer, DAY, House, bistro, table_for};
use tokio::sync::Mutex;

const GUESTS: usize = 1_000;
const TABLES: usize = 20;

/// Each race has the machine to itself, also where tests of a file run side by side.
static MACHINE: Mutex<()> = Mutex::const_new(());

/// All at the same moment, each over a connection of its own.
async fn everybody_books(house: &House, guests: usize) -> Vec<Answer> {
    let all = (0..guests).map(|n| house.book(table_for(2).by(&format!("guest{n}"))));
    futures::future::join_all(all).await
}

fn by_status(answers: &[Answer]) -> HashMap<u16, usize> {
    let mut count = HashMap::new();
    for answer in answers {
        *count.entry(answer.status).or_default() += 1;
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_guests_after_twenty_tables_get_exactly_twenty() {
    let _machine = MACHINE.lock().await;
    let house = House::open().with_restaurant(bistro().with_tables(TABLES, 2)).await;

    let started = Instant::now();
    let answers = everybody_books(&house, GUESTS).await;
    eprintln!("{GUESTS} bookings answered in {:?}: {:?}", started.elapsed(), by_status(&answers));

    let expected = HashMap::from([(201, TABLES), (409, GUESTS - TABLES)]);
    let other = answers.iter().find(|answer| ![201, 409].contains(&answer.status));
    assert_eq!(by_status(&answers), expected, "{other:?}");
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(answer.code(), "slot_taken");
        assert!(!answer.alternatives().is_empty(), "the rest of the evening is free: {}", answer.text);
    }
    let mut booked: Vec<_> = answers.iter().filter(|answer| answer.status == 201).map(Answer::id).collect();
    let mut stored: Vec<_> =
        house.reservations(house.restaurant(), DAY).await.iter().map(|stored| stored.id).collect();
    booked.sort();
    stored.sort();
    assert_eq!(booked, stored, "who got a 201 has a table, and nobody else");
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_write_condition_the_same_race_overbooks_and_the_check_sees_it() {
    let _machine = MACHINE.lock().await;
    let house = House::open().with_faults().with_restaurant(bistro().with_tables(TABLES, 2)).await;
    house.proxy().without_conditions();

    let answers = everybody_books(&house, 200).await;
    let booked = answers.iter().filter(|answer| answer.status == 201).count();
    let found = house.inconsistencies().await;
    eprintln!("{booked} bookings of {TABLES} tables, {} differences", found.len());
    assert!(booked > TABLES, "the race must be a race: {booked}");
    assert!(found.iter().any(|line| line.starts_with("two have")), "it must be seen: {found:?}");
}
