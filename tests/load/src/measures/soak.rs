//! Mixed load for a long time: memory stays where it is, and no hold leaks.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;

use super::evening::people_come;
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
/// Whoever holds a table and goes away, in each stretch.
const LEFT_BEHIND: usize = 20;
/// The house's own data is on disk, and of what it shows (mails) it keeps so many only. What is left to grow is what leaks.
const GROWTH: f64 = 1.2;

#[allow(clippy::cast_precision_loss, reason = "megabytes")]
pub(crate) async fn measure(minutes: u64) -> Result<Vec<Line>> {
    let spec = Spec { restaurants: RESTAURANTS, tables: TABLES, on_disk: true, ..Spec::default() };
    let mut served = Served::open(&spec).await?;
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    let mut memory = Vec::new();
    let (mut asked, mut booked, mut left_behind, mut failed) = (0, 0, 0, Vec::new());
    while Instant::now() < end {
        let evening = people_come(&served, PEOPLE, STRETCH, THOUGHT).await?;
        asked += evening.latencies.count();
        booked += evening.booked;
        failed.extend(evening.failed);
        left_behind += hold_and_leave(&served).await?;
        memory.push(served.memory().await?);
        eprintln!("{asked} asked, {booked} booked, {} MiB", memory.last().unwrap_or(&0) / 1_048_576);
    }
    if let Some(first) = failed.first() {
        eprintln!("{} failed, the first: {first}", failed.len());
    }
    // Long after every hold has ended: nothing is claimed that nobody has.
    served.advance("PT1H").await?;
    let mut leaked = 0;
    for restaurant in served.place.restaurants.clone() {
        for day in 5..=28 {
            let date = format!("2026-12-{day:02}");
            leaked +=
                served.differences(restaurant, &date).await?.len() + served.held(restaurant, &date).await?;
        }
    }
    ensure!(!memory.is_empty(), "it went on for no time at all");
    // The first fifth is spent on getting to know everything: caches, pools, the heap. A look by itself says little.
    let fifth = memory.len().div_ceil(5);
    let settled = median(&memory[memory.len().min(2 * fifth) - fifth..memory.len().min(2 * fifth)]);
    let last = median(&memory[memory.len() - fifth..]);
    let tried = LEFT_BEHIND * memory.len();
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
        Line::new("soak", "holds that nobody came back for", left_behind.to_string())
            .against(format!("of {tried} tried"))
            .must("one a minute at least", left_behind >= memory.len()),
        Line::new("soak", "holds and claims left over", leaked.to_string()).must("0", leaked == 0),
    ])
}

/// Of a few looks, the one in the middle.
#[allow(clippy::cast_precision_loss, reason = "megabytes")]
fn median(looks: &[u64]) -> f64 {
    let mut looks = looks.to_vec();
    looks.sort_unstable();
    looks.get(looks.len() / 2).copied().unwrap_or_default() as f64
}

/// Some hold a table and never come back: how many had one to hold.
async fn hold_and_leave(served: &Served) -> Result<usize> {
    let mut held = 0;
    let mut connection = Connection::open(served.place.address).await?;
    for _ in 0..LEFT_BEHIND {
        let restaurant = served.place.restaurants[fastrand::usize(..served.place.restaurants.len())];
        let starts_at = format!("2026-12-{:02}T19:00:00+09:00", fastrand::u8(5..=28));
        let body = json!({ "restaurantId": restaurant, "startsAt": starts_at, "partySize": 2, "hold": true });
        let answer = connection.send(&Ask::post("/v1/reservations", body)).await?;
        ensure!([201, 409].contains(&answer.status.as_u16()), "a hold: {}", answer.status);
        held += usize::from(answer.status.as_u16() == 201);
    }
    Ok(held)
}
