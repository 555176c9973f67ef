//! Ten thousand people, each on a connection of their own, after the forty tables of one slot, all within a second.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use http::StatusCode;
use tokio::task::JoinSet;

use super::booking;
use crate::{
    Size,
    connection::{Ask, Connection},
    load::Latencies,
    report::{Goal, Line},
    serving::{Served, Spec},
};

const PEOPLE: usize = 10_000;
const TABLES: usize = 40;
const SLOT: &str = "19:00";
/// In which all of them press the button.
const ARRIVAL: Duration = Duration::from_secs(1);
/// Connections opened at once: the backlog of a listening socket is not endless.
const OPENED_AT_ONCE: usize = 200;

/// How it ended for everybody.
#[derive(Debug, Default)]
struct Sale {
    winners: Latencies,
    losers: Latencies,
    /// Neither a table nor a polite no: a 5xx, a reset.
    failed: Vec<String>,
    took: Duration,
}

pub(crate) async fn measure(size: Size) -> Result<Vec<Line>> {
    let people = size.of(PEOPLE);
    let spec = Spec { restaurants: 1, tables: TABLES, ..Spec::default() };
    let mut served = Served::open(&spec).await?;
    let sale = sell(&served, people).await?;
    let wrong = served.whole_table().await?.wrong_claims;
    ensure!(wrong.is_empty(), "claims and reservations differ: {wrong:?}");
    drop(served);
    if let Some(first) = sale.failed.first() {
        eprintln!("{} failed, the first: {first}", sale.failed.len());
    }

    // Once more with every call recorded, which makes it slower and tells what was written.
    let mut served = Served::open(&Spec { recorded: true, ..spec }).await?;
    served.calls().await?;
    sell(&served, people).await?;
    let calls = served.calls().await?;
    let tries = calls
        .iter()
        .filter(|call| call.operation == "TransactWriteItems" && call.request.contains("DAY#"))
        .count();

    let won = sale.winners.count();
    #[allow(clippy::cast_precision_loss, reason = "thousands")]
    let per_winner = tries as f64 / TABLES as f64;
    let failed = sale.failed.len();
    Ok(vec![
        Line::new("flash-sale", format!("{people} at once for {TABLES} tables"), format!("{won} winners"))
            .must(format!("{TABLES}"), won == TABLES as u64),
        Line::new("flash-sale", "neither a table nor a polite no", failed.to_string()).must("0", failed == 0),
        Line::new("flash-sale", "a winner waits", sale.winners.spoken()),
        Line::new("flash-sale", "a loser waits", sale.losers.spoken())
            .against(format!("all told after {:.1} s", sale.took.as_secs_f64())),
        Line::new("flash-sale", "transactions tried", tries.to_string())
            .against(format!("{TABLES} winners"))
            .ratio(per_winner)
            .goal(Goal::AtMost(3.0)),
    ])
}

async fn sell(served: &Served, people: usize) -> Result<Sale> {
    let (address, restaurant) = (served.place.address, served.place.restaurants[0]);
    let mut connections = Vec::with_capacity(people);
    while connections.len() < people {
        let some = (0..OPENED_AT_ONCE.min(people - connections.len())).map(|_| Connection::open(address));
        for opened in futures::future::join_all(some).await {
            connections.push(opened?);
        }
    }
    let doors_open = Instant::now() + Duration::from_millis(200);
    let mut arriving = JoinSet::new();
    for (n, connection) in connections.into_iter().enumerate() {
        #[allow(clippy::cast_possible_truncation, reason = "at most ten thousand")]
        let at = doors_open + ARRIVAL * n as u32 / people as u32;
        arriving.spawn(arrive(connection, booking(restaurant, SLOT, n), at));
    }
    let mut sale = Sale::default();
    while let Some(arrived) = arriving.join_next().await {
        let (told, took) = arrived?;
        match told {
            Ok(StatusCode::CREATED) => sale.winners.record(took),
            Ok(StatusCode::CONFLICT) => sale.losers.record(took),
            Ok(status) => sale.failed.push(status.to_string()),
            Err(error) => sale.failed.push(error.to_string()),
        }
    }
    sale.took = doors_open.elapsed();
    Ok(sale)
}

/// Asks at that moment, not when there is time; what is told counts from it.
async fn arrive(mut connection: Connection, ask: Ask, at: Instant) -> (Result<StatusCode>, Duration) {
    tokio::time::sleep_until(at.into()).await;
    let answer = connection.send(&ask).await;
    (answer.map(|answer| answer.status), at.elapsed())
}
