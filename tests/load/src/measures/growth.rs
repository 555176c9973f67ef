//! The same operations with a thousand, a hundred thousand and a million reservations stored: the history must cost nothing.

use std::sync::Arc;

use anyhow::{Context, Result};
use http::StatusCode;
use jari_tests::DAY;

use super::{Guest, TURNS, booking, times};
use crate::{
    Size,
    connection::Ask,
    load::{Latencies, drain},
    report::{Goal, Line},
    serving::{Call, Served, Spec},
};

const STORED: [usize; 3] = [1_000, 100_000, 1_000_000];
const TABLES: usize = 40;
/// Each round books on a day of its own, so that all rounds find it empty.
const ROUNDS: usize = 6;
const READS: usize = 300;
const AT_ONCE: usize = 4;
const WHAT: [&str; 4] = ["book", "free times", "my reservations", "day sheet"];

/// What one house showed for one operation.
#[derive(Debug, Default)]
struct Seen {
    latencies: Latencies,
    read_units: f64,
    write_units: f64,
}

pub(crate) async fn measure(size: Size) -> Result<Vec<Line>> {
    // All at once, and in turn: what disturbs the machine for a moment disturbs all of them.
    let mut houses = Vec::new();
    for stored in STORED {
        let reads_every_day_anew = true;
        let spec =
            Spec { restaurants: 1, tables: TABLES, recorded: true, reads_every_day_anew, ..Spec::default() };
        let mut served = Served::open(&spec).await?;
        prepare(&mut served).await?;
        served.remember(size.of(stored)).await.with_context(|| format!("{stored} can't be stored"))?;
        houses.push((served, WHAT.map(|_| Seen::default())));
    }
    for round in 0..size.rounds(ROUNDS) {
        for (served, seen) in &mut houses {
            look_and_book(served, seen, round).await?;
        }
    }
    let mut lines = Vec::new();
    for (n, what) in WHAT.iter().enumerate() {
        let all: Vec<&Seen> = houses.iter().map(|(_, seen)| &seen[n]).collect();
        let p50 = all.iter().map(|seen| format!("{:.2}", seen.latencies.at(0.5))).collect::<Vec<_>>();
        let ratio = all[2].latencies.at(0.5) / all[0].latencies.at(0.5);
        lines.push(
            Line::new(
                "growth",
                format!("{what}, with {} stored", size.of(STORED[2])),
                format!("p50 {} ms", p50[2]),
            )
            .against(format!(
                "with {} {} ms, with {} {} ms",
                size.of(STORED[0]),
                p50[0],
                size.of(STORED[1]),
                p50[1]
            ))
            .ratio(ratio)
            .goal(Goal::AtMost(1.2)),
        );
        let units = |seen: &Seen| (seen.read_units, seen.write_units);
        let same = all.iter().all(|seen| units(seen) == units(all[0]));
        let (read, write) = units(all[2]);
        lines.push(
            Line::new("growth", format!("{what}, units"), format!("{read} read, {write} write"))
                .against(format!("{:?}", units(all[0])))
                .must("identical", same),
        );
    }
    Ok(lines)
}

/// A day half booked, and some reservations of Minji's.
async fn prepare(served: &mut Served) -> Result<()> {
    let restaurant = served.place.restaurants[0];
    let turns = [TURNS[0], TURNS[2]].into_iter().flat_map(|turn| (0..TABLES).map(move |_| turn));
    let asks: Vec<Ask> = turns.enumerate().map(|(n, turn)| booking(restaurant, turn, n)).collect();
    let guests = Guest::several(AT_ONCE, served.place.address, StatusCode::CREATED).await?;
    drain(asks.into(), guests).await?;
    let token = served.token("minji").await?;
    let own = (5..15).map(|day| {
        let at = format!("2026-12-{day:02}T19:00:00+09:00");
        booking(restaurant, &at, 0).bearing(&token)
    });
    let guests = Guest::several(1, served.place.address, StatusCode::CREATED).await?;
    drain(own.collect::<Vec<_>>().into(), guests).await?;
    served.rest().await
}

async fn look_and_book(served: &mut Served, seen: &mut [Seen; 4], round: usize) -> Result<()> {
    let restaurant = served.place.restaurants[0];
    let (minji, sora) = (served.token("minji").await?, served.token("sora").await?);
    let date = format!("2026-12-{:02}", 16 + round);
    let turns = TURNS.into_iter().flat_map(|turn| (0..TABLES - 1).map(move |_| turn));
    let bookings = turns
        .enumerate()
        .map(|(n, turn)| booking(restaurant, &format!("{date}T{turn}:00+09:00"), 1_000 * (round + 1) + n));
    let own = Ask::get("/v1/me/reservations?when=upcoming").bearing(&minji);
    let sheet = Ask::get(format!("/v1/restaurants/{restaurant}/days/{DAY}")).bearing(&sora);
    let asks: [Vec<Ask>; 4] =
        [bookings.collect(), vec![times(restaurant); READS], vec![own; READS], vec![sheet; READS]];
    for (n, asks) in asks.into_iter().enumerate() {
        let expected = if n == 0 { StatusCode::CREATED } else { StatusCode::OK };
        let first: Arc<[Ask]> = Arc::from(vec![asks[0].clone()]);
        let rest: Arc<[Ask]> = asks[1..].into();
        // One alone first, for what it consumes.
        served.rest().await?;
        served.calls().await?;
        drain(first, Guest::several(1, served.place.address, expected).await?).await?;
        let calls = served.calls().await?;
        if round == 0 {
            (seen[n].read_units, seen[n].write_units) = units(&calls)?;
        }
        let guests = Guest::several(AT_ONCE, served.place.address, expected).await?;
        seen[n].latencies.merge(&drain(rest, guests).await?.latencies)?;
    }
    Ok(())
}

/// What was consumed, without the mails that follow.
fn units(calls: &[Call]) -> Result<(f64, f64)> {
    let (mut read, mut write) = (0.0, 0.0);
    for call in calls.iter().filter(|call| !call.is_of_mails_or_schedules() && !call.is_of_a_restaurant()) {
        let units = call.units()?;
        if call.is_read() { read += units } else { write += units }
    }
    Ok((read, write))
}
