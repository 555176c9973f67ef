//! Mixed load for a long time: memory stays where it is, and no hold leaks.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use http::StatusCode;
use serde_json::json;

use super::evening::{instant, people_come};
use crate::{
    connection::{Ask, Connection},
    report::{Goal, Line},
    serving::{Served, Spec},
};

const PEOPLE: usize = 64;
const RESTAURANTS: usize = 50;
const TABLES: usize = 40;
/// Between two looks at the memory.
const STRETCH: Duration = Duration::from_mins(1);
/// With it some two hundred requests a second: an evening, not a test of strength.
const THOUGHT: Duration = Duration::from_millis(300);
/// Whoever holds a table after each stretch. Every other one of them goes away.
const HOLDERS: usize = 40;
/// The house's own data is on disk, and of what it shows (mails) it keeps so many only. What is left to grow is what leaks.
const GROWTH: f64 = 1.2;

#[allow(clippy::cast_precision_loss, reason = "megabytes")]
pub(crate) async fn measure(minutes: u64) -> Result<Vec<Line>> {
    let spec = Spec { restaurants: RESTAURANTS, tables: TABLES, on_disk: true, ..Spec::default() };
    let mut served = Served::open(&spec).await?;
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    let mut memory = Vec::new();
    let (mut asked, mut booked, mut failed) = (0, 0, Vec::new());
    let mut holds = Holds::default();
    while Instant::now() < end {
        let evening = people_come(&served, PEOPLE, STRETCH, THOUGHT).await?;
        asked += evening.latencies.count();
        booked += evening.booked;
        failed.extend(evening.failed);
        holds.add(&served).await?;
        memory.push(served.memory().await?);
        eprintln!("{asked} asked, {booked} booked, {} MiB", memory.last().unwrap_or(&0) / 1_048_576);
    }
    if let Some(first) = failed.first() {
        eprintln!("{} failed, the first: {first}", failed.len());
    }
    // Mails may lag behind on a slow machine: how far is told, and no failure.
    let ended = Instant::now();
    served.rest().await?;
    let behind = ended.elapsed();
    // Long after every hold has ended: nothing is claimed that nobody has.
    served.advance("PT1H").await?;
    let table = served.whole_table().await?;
    if let Some(first) = table.wrong_claims.first() {
        eprintln!("{} wrong claims, the first: {first}", table.wrong_claims.len());
    }
    ensure!(!memory.is_empty(), "it went on for no time at all");
    // The first fifth is spent on getting to know everything: caches, pools, the heap. A look by itself says little.
    let fifth = memory.len().div_ceil(5);
    let settled = median(&memory[memory.len().min(2 * fifth) - fifth..memory.len().min(2 * fifth)]);
    let last = median(&memory[memory.len() - fifth..]);
    Ok(vec![
        Line::new(
            "soak",
            format!("{minutes} minutes of mixed load"),
            format!("{asked} asked, {booked} booked"),
        )
        .against(format!("{} errors", failed.len()))
        .must("0 errors", failed.is_empty()),
        Line::new("soak", "memory at the end", format!("{:.0} MiB", last / 1_048_576.0))
            .against(format!("in the second fifth {:.0} MiB", settled / 1_048_576.0))
            .ratio(last / settled)
            .goal(Goal::AtMost(GROWTH)),
        Line::new("soak", "holds that somebody came back for", holds.confirmed.to_string())
            .against(format!("{} are reservations now", table.confirmed_holds))
            .must("every one of them", holds.confirmed == table.confirmed_holds && holds.confirmed > 0),
        Line::new("soak", "holds that nobody came back for", holds.left_behind.to_string())
            .against(format!("{} are held still", table.held))
            .must("none of some", table.held == 0 && holds.left_behind > 0),
        Line::new("soak", "wrong claims", table.wrong_claims.len().to_string())
            .against(format!("of {} reservations", table.reservations))
            .must("0", table.wrong_claims.is_empty()),
        Line::new("soak", "until the last mail was out", format!("{:.0} s", behind.as_secs_f64())),
    ])
}

/// Of a few looks, the one in the middle.
#[allow(clippy::cast_precision_loss, reason = "megabytes")]
fn median(looks: &[u64]) -> f64 {
    let mut looks = looks.to_vec();
    looks.sort_unstable();
    looks.get(looks.len() / 2).copied().unwrap_or_default() as f64
}

/// What became of the holds so far.
#[derive(Debug, Default)]
struct Holds {
    confirmed: usize,
    left_behind: usize,
}

impl Holds {
    /// Some hold a table each, and every other one confirms it.
    async fn add(&mut self, served: &Served) -> Result<()> {
        let mut connection = Connection::open(served.place.address).await?;
        for n in 0..HOLDERS {
            let restaurant = served.place.restaurants[fastrand::usize(..served.place.restaurants.len())];
            let starts_at = instant();
            let body =
                json!({ "restaurantId": restaurant, "startsAt": starts_at, "partySize": 2, "hold": true });
            let answer = connection.send(&Ask::post("/v1/reservations", body)).await?;
            match answer.status {
                StatusCode::CREATED => {}
                StatusCode::CONFLICT => continue,
                status => bail!("a hold: {status} {}", String::from_utf8_lossy(&answer.body)),
            }
            if n % 2 == 0 {
                self.left_behind += 1;
                continue;
            }
            let made = answer.json()?;
            let text = |name: &str| made[name].as_str().context("the reservation's id and its bearer");
            let email = format!("holder{}@load.test", self.confirmed);
            let guest = json!({ "guest": { "name": "김민지", "email": email, "language": "ko" } });
            let path = format!("/v1/reservations/{}/confirm", text("id")?);
            let answer = connection.send(&Ask::post(path, guest).bearing(text("linkToken")?)).await?;
            ensure!(answer.status == StatusCode::OK, "confirming: {}", String::from_utf8_lossy(&answer.body));
            self.confirmed += 1;
        }
        Ok(())
    }
}
