//! What the house counts of its business, as CloudWatch would read it: each thing once, and nothing of anybody in it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, Once},
    time::Duration,
};

use jari_telemetry::{Metric, NAMESPACE};
use jari_tests::{Fault, House, bistro, table_for};
use serde_json::{Value, json};

const WRITE: &str = "TransactWriteItems";

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
static CAPTURED: Once = Once::new();

/// Lines are the whole process's: tests take turns, also where they share one.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn listen() {
    CAPTURED.call_once(|| {
        jari_telemetry::capture_metrics(|line| LINES.lock().unwrap().push(line.to_owned()));
    });
    LINES.lock().unwrap().clear();
}

/// The sum of each metric since [`listen`].
fn sums() -> BTreeMap<&'static str, u64> {
    let mut sums = BTreeMap::new();
    for line in LINES.lock().unwrap().iter() {
        let line: Value = serde_json::from_str(line).unwrap();
        let metric = Metric::ALL.into_iter().find(|metric| line.get(metric.name()).is_some()).unwrap();
        *sums.entry(metric.name()).or_default() += line[metric.name()].as_u64().unwrap();
    }
    sums
}

fn sum(metric: Metric) -> u64 {
    sums().get(metric.name()).copied().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_counts_once_however_often_it_is_asked_for() {
    let _turn = TURN.lock().await;
    let house = House::open().with_restaurant(bistro().with_tables(1, 2)).await;
    listen();
    for _ in 0..3 {
        house.book(table_for(2).by("minji").under_key("a-key")).await.is(201);
    }
    house.mails().await;
    assert_eq!((sum(Metric::Booked), sum(Metric::SoldOut)), (1, 0), "{:?}", sums());
    assert_eq!(sum(Metric::MailSent), 2, "to guest and restaurant: {:?}", sums());
    house.book(table_for(2).by("jisoo")).await.refused(409, "slot_taken");
    assert_eq!((sum(Metric::Booked), sum(Metric::SoldOut)), (1, 1), "{:?}", sums());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_counts_as_held_and_then_as_booked_or_as_expired() {
    let _turn = TURN.lock().await;
    let house = House::open().with_restaurant(bistro().with_tables(2, 2)).await;
    listen();
    let kept = house.book(table_for(2).held()).await.is(201).ticket();
    house.book(table_for(2).held()).await.is(201);
    assert_eq!((sum(Metric::Held), sum(Metric::Booked)), (2, 0), "{:?}", sums());
    let guest =
        json!({ "name": "김민지", "email": "minji@jari.test", "phone": "+821012345678", "language": "ko" });
    house.confirm(&kept, &json!({ "guest": guest })).await.is(200);
    house.advance("PT1H").await;
    assert_eq!((sum(Metric::Booked), sum(Metric::HoldExpired)), (1, 1), "{:?}", sums());
    assert_eq!(sum(Metric::DueWorkFailed), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_race_and_a_sold_out_answer_count() {
    let _turn = TURN.lock().await;
    let house = House::open().with_faults().with_restaurant(bistro().with_tables(1, 2)).await;
    listen();
    // Nobody may write before both have read that the table is free.
    house.proxy().always(WRITE, Fault::Throttled);
    let both_have_read = async {
        while bookings_tried(&house) < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        house.proxy().heal();
    };
    let (minji, jisoo, ()) = tokio::join!(
        house.book(table_for(2).by("minji")),
        house.book(table_for(2).by("jisoo")),
        both_have_read
    );
    assert_eq!(minji.status + jisoo.status, 201 + 409, "{} {}", minji.text, jisoo.text);
    assert_eq!((sum(Metric::Booked), sum(Metric::SoldOut)), (1, 1), "{:?}", sums());
    assert_eq!(sum(Metric::RaceLost), 1, "{:?}", sums());
}

/// How many bookings have come to write.
fn bookings_tried(house: &House) -> usize {
    let tried: BTreeSet<_> = house.proxy().writes().iter().map(|write| write.request.clone()).collect();
    tried.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_has_nothing_of_anybody_in_it() {
    let _turn = TURN.lock().await;
    let house = House::open().with_restaurant(bistro().with_tables(1, 2)).await;
    listen();
    house.book(table_for(2).by("minji")).await.is(201);
    house.mails().await;
    let lines = LINES.lock().unwrap().clone();
    assert!(lines.len() >= 3, "{lines:?}");
    for line in &lines {
        let line: Value = serde_json::from_str(line).unwrap();
        for (key, value) in line.as_object().unwrap() {
            let is_metric = Metric::ALL.iter().any(|metric| metric.name() == key) && value.is_u64();
            assert!(is_metric || ["_aws", "stage", "function", "release"].contains(&key.as_str()), "{line}");
        }
        let described = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(described["Namespace"], NAMESPACE);
        assert_eq!(described["Dimensions"], json!([["stage"]]), "each further dimension is a bill");
    }
}
