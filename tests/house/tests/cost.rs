//! What a booking costs, read from what DynamoDB reports as consumed and reckoned again from the items' sizes. The
//! history's size must not matter.

use std::time::Instant;

use futures::{StreamExt, stream};
use jari_domain::{Guest, Language, Party, Reservation, RestaurantId, TableId};
use jari_operations::{Booker, Booking, BookingKind, Desk, RestaurantCache, book};
use jari_store::{Claims, Commit, RetryBudget, Store, Transaction};
use jari_tests::{
    Bistro, DAY, House, bistro, capacity, fault_proxy::Exchange, on_day, past_reservation, table_for,
};

#[derive(Debug, PartialEq)]
struct Cost {
    round_trips: usize,
    read_units: f64,
    write_units: f64,
}

/// Twelve hours of service: eight turns of ninety minutes.
fn all_day(tables: usize) -> Bistro {
    bistro().open("10:00", "20:30", "22:00").with_tables(tables, 2)
}

const TURNS: [&str; 8] = ["10:00", "11:30", "13:00", "14:30", "16:00", "17:30", "19:00", "20:30"];

/// Books so many tables at each turn.
async fn fill(house: &House, at_each: impl Fn(&str) -> usize) {
    let wishes = TURNS.iter().flat_map(|turn| (0..at_each(turn)).map(move |n| (turn, n)));
    let wishes: Vec<_> = wishes.collect();
    stream::iter(wishes)
        .for_each_concurrent(16, |(turn, n)| async move {
            house.book(table_for(2).at(turn).by(&format!("guest{}-{n}", &turn[..2]))).await.is(201);
        })
        .await;
}

/// Asks for times until the restaurant has just been read again: it is then known for the next ten seconds, and what
/// is measured after this can't fall on the end of them.
async fn know_the_restaurant_anew(house: &House) {
    for _ in 0..150 {
        house.proxy().record_from_here();
        assert_eq!(house.why_not("19:00", 2).await, None);
        let read = |exchange: &Exchange| String::from_utf8_lossy(&exchange.request).contains("REST#");
        if house.proxy().exchanges().iter().any(read) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the restaurant is never read again");
}

/// Books at 19:00, as anybody would, and says what it took.
async fn cost_of_a_booking(house: &House) -> Cost {
    house.mails().await;
    know_the_restaurant_anew(house).await;
    house.proxy().record_from_here();
    house
        .book(table_for(2).with("note", "창가 자리 부탁드려요.").under_key(&fastrand::u64(..).to_string()))
        .await
        .is(201);
    // Mails and schedules go on beside it.
    let others = |exchange: &Exchange| {
        let asked = String::from_utf8_lossy(&exchange.request).into_owned();
        asked.contains("MAIL#") || (asked.contains("DUE#") && exchange.operation == "Query")
    };
    let exchanges: Vec<_> =
        house.proxy().exchanges().into_iter().filter(|exchange| !others(exchange)).collect();
    let units =
        |of: &str| exchanges.iter().filter(|one| one.operation == of).map(Exchange::units).sum::<f64>();
    let transaction =
        exchanges.iter().find(|one| one.operation == "TransactWriteItems").expect("a transaction");
    let reckoned = capacity::transaction_units(&transaction.asked(), &house.items().await);
    #[allow(clippy::cast_precision_loss, reason = "a handful")]
    let cost = Cost {
        round_trips: exchanges.len(),
        read_units: units("Query") + units("GetItem"),
        write_units: units("TransactWriteItems").max(reckoned as f64),
    };
    eprintln!("{cost:?}; the engine says {} write units, the sizes {reckoned}", units("TransactWriteItems"));
    cost
}

#[track_caller]
fn is_within(cost: &Cost, read_units: f64) {
    assert_eq!(cost.round_trips, 2, "{cost:?}");
    assert!(cost.read_units > 0.0 && cost.read_units <= read_units, "{cost:?}");
    assert!(cost.write_units > 0.0 && cost.write_units <= 9.0, "{cost:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_in_a_house_of_twelve_half_booked_costs_one_read_unit_and_nine_write_units() {
    let house = House::open().with_faults().with_restaurant(all_day(12)).await;
    fill(&house, |_| 6).await;
    is_within(&cost_of_a_booking(&house).await, 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_among_forty_tables_booked_out_costs_five_read_units() {
    let house = House::open().with_faults().with_restaurant(all_day(40)).await;
    fill(&house, |turn| if turn == "19:00" { 39 } else { 40 }).await;
    is_within(&cost_of_a_booking(&house).await, 5.0);
    house.assert_consistent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_costs_nothing() {
    let mut costs = Vec::new();
    for stored in [10, 2_000] {
        let restaurant = all_day(12);
        let (id, tables) = (restaurant.id(), restaurant.tables());
        let house = House::open()
            .after(move |store| remember(store, id, tables, stored))
            .with_restaurant(restaurant)
            .await;
        fill(&house, |_| 3).await;
        costs.push(cost_of_a_booking(&house).await);
        let kept = house.items().await.iter().filter(|item| item.contains_key("dayKey")).count();
        assert!(kept > stored, "{kept}");
    }
    is_within(&costs[0], 1.0);
    assert_eq!(costs[0], costs[1], "with ten and with two thousand reservations");
}

/// Reservations of the months before, as they stay in the table.
async fn remember(store: Store, restaurant: RestaurantId, tables: Vec<TableId>, count: usize) {
    stream::iter(0..count)
        .for_each_concurrent(16, |n| {
            let (store, table) = (&store, tables[n % tables.len()]);
            async move {
                let reservation = Reservation { tables: vec![table], ..past_reservation(restaurant, n) };
                let transaction =
                    Transaction::create(Claims::new(reservation.created_at), &reservation, None).unwrap();
                assert!(matches!(
                    store.commit(&transaction, &mut RetryBudget::start()).await.unwrap(),
                    Commit::Done(None)
                ));
            }
        })
        .await;
}

/// How often a day is read for a hundred who look at it at once, and again, and in how many seconds.
async fn reads_for_a_crowd(house: &House) -> (usize, u64) {
    assert_eq!(house.why_not("19:00", 2).await, None);
    house.proxy().record_from_here();
    let began = Instant::now();
    for _ in 0..2 {
        futures::future::join_all((0..50).map(|_| house.why_not("19:00", 2))).await;
    }
    let day = |exchange: &Exchange| String::from_utf8_lossy(&exchange.request).contains("DAY#");
    let exchanges = house.proxy().exchanges();
    let reads = exchanges.iter().filter(|exchange| exchange.operation == "Query" && day(exchange)).count();
    (reads, began.elapsed().as_secs())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_looks_at_a_day_reads_it_once_a_second() {
    let house = || House::open().with_faults().with_restaurant(all_day(12));
    let (reads, seconds) = reads_for_a_crowd(&house().await).await;
    assert!(reads <= 2 + usize::try_from(seconds).unwrap(), "{reads} reads in {seconds} s");
    assert_eq!(reads_for_a_crowd(&house().reading_every_day_anew().await).await.0, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_house_knows_to_be_taken_it_never_shows_as_free() {
    let house = House::open().with_restaurant(all_day(1)).with_manager("mina").await;
    let mina = house.sign_in("mina");
    let closure = format!("/v1/restaurants/{}/days/{DAY}/closure", house.restaurant());
    for _ in 0..5 {
        assert_eq!(house.why_not("19:00", 2).await, None);
        let booked = house.book(table_for(2).at("19:00")).await.is(201).ticket();
        assert_eq!(house.why_not("19:00", 2).await.as_deref(), Some("full"));
        house.cancel(&booked).await.is(200);
        assert_eq!(house.why_not("19:00", 2).await, None);
        house.put(&closure).by(&mina).header("if-match", "*").await.is(200);
        assert_eq!(house.why_not("19:00", 2).await.as_deref(), Some("closed"));
        house.delete(&closure).by(&mina).header("if-match", "*").await.is(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_books_is_shown_a_second_later() {
    let house = House::open().with_restaurant(all_day(1)).await;
    assert_eq!(house.why_not("19:00", 2).await, None);
    // Another store is another process's.
    let another = Desk {
        store: house.store().clone(),
        restaurants: RestaurantCache::new(house.store().clone()),
        diners: house.local().house().diner_key().await.unwrap(),
    };
    let guest = Guest { name: "minji".parse().unwrap(), email: None, phone: None, language: Language::En };
    let booking = Booking {
        restaurant: house.restaurant(),
        starts_at: on_day("19:00").parse().unwrap(),
        party: Party::new(2).unwrap(),
        area: None,
        note: None,
        kind: BookingKind::Direct(Some(guest)),
        booker: Booker::Anonymous,
        key: None,
    };
    book(&another, &booking, house.now()).await.unwrap();
    house.advance("PT1S").await;
    assert_eq!(house.why_not("19:00", 2).await.as_deref(), Some("full"));
}
