//! Five thousand people for a minute in the mix of a real evening: most look, some book, a few think again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use http::{Method, StatusCode};
use jari_domain::RestaurantId;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::TURNS;
use crate::{
    Size,
    connection::{Ask, Connection},
    load::Latencies,
    report::Line,
    serving::{Served, Spec},
};

const PEOPLE: usize = 5_000;
const TABLES: usize = 40;
const RESTAURANTS: usize = 50;
const MINUTE: Duration = Duration::from_mins(1);
/// How long somebody looks at a page before the next; with it five thousand people are five hundred requests a second.
const THOUGHT: Duration = Duration::from_secs(10);
const OPENED_AT_ONCE: usize = 200;

/// What the people of an evening saw.
#[derive(Debug, Default)]
pub(crate) struct Evening {
    pub(crate) latencies: Latencies,
    /// Requests that no answer of the document came to.
    pub(crate) failed: Vec<String>,
    pub(crate) booked: u64,
    pub(crate) sold_out: u64,
    pub(crate) took: Duration,
}

pub(crate) async fn measure(size: Size) -> Result<Vec<Line>> {
    let spec = Spec { restaurants: RESTAURANTS, tables: TABLES, ..Spec::default() };
    let mut lines = Vec::new();
    for (how, thought) in [("without a pause", Duration::ZERO), ("a thought of 10 s between", THOUGHT)] {
        let served = Served::open(&spec).await?;
        let span = if size.quick { MINUTE / 10 } else { MINUTE };
        let people = size.of(PEOPLE);
        let evening = people_come(&served, people, span, thought).await?;
        if let Some(first) = evening.failed.first() {
            eprintln!("{} failed, the first: {first}", evening.failed.len());
        }
        #[allow(clippy::cast_precision_loss, reason = "thousands")]
        let rate = evening.latencies.count() as f64 / evening.took.as_secs_f64();
        let what = format!("{people} people, {how}");
        let failed = evening.failed.len();
        let line = Line::new("evening", what, format!("{rate:.0}/s, {}", evening.latencies.spoken()))
            .against(format!("{} booked, {} refused, {failed} errors", evening.booked, evening.sold_out));
        lines.push(line.must("0 errors", failed == 0));
    }
    // What published student systems of this kind report; another machine, so no ratio and no goal.
    let others =
        "285/s at 5,000 users; 400/s seat claims; 866/s reads with 43.67 % errors; 120 ms on average";
    lines.push(Line::new("evening", "for orientation: published student systems", "").against(others));
    Ok(lines)
}

/// Lets so many people ask for so long.
pub(crate) async fn people_come(
    served: &Served,
    people: usize,
    span: Duration,
    thought: Duration,
) -> Result<Evening> {
    let address = served.place.address;
    let restaurants: Arc<[RestaurantId]> = served.place.restaurants.clone().into();
    let mut connections = Vec::with_capacity(people);
    while connections.len() < people {
        let some = (0..OPENED_AT_ONCE.min(people - connections.len())).map(|_| Connection::open(address));
        for opened in futures::future::join_all(some).await {
            connections.push(opened?);
        }
    }
    let began = Instant::now();
    let mut asking = JoinSet::new();
    for (n, connection) in connections.into_iter().enumerate() {
        let person = Person {
            connection,
            restaurants: Arc::clone(&restaurants),
            number: n,
            asked: 0,
            own: Vec::new(),
            seen: Evening::default(),
        };
        asking.spawn(person.ask_until(began + span, thought));
    }
    let mut evening = Evening::default();
    while let Some(seen) = asking.join_next().await {
        let seen = seen?;
        evening.latencies.merge(&seen.latencies)?;
        evening.failed.extend(seen.failed);
        evening.booked += seen.booked;
        evening.sold_out += seen.sold_out;
    }
    evening.took = began.elapsed();
    Ok(evening)
}

struct Person {
    connection: Connection,
    restaurants: Arc<[RestaurantId]>,
    number: usize,
    asked: usize,
    /// Where their reservations are, and the bearer for each.
    own: Vec<(String, String)>,
    seen: Evening,
}

impl Person {
    async fn ask_until(mut self, end: Instant, thought: Duration) -> Evening {
        // Not everybody at the same moment.
        tokio::time::sleep(thought.mul_f64(fastrand::f64())).await;
        while Instant::now() < end {
            let began = Instant::now();
            let asked = self.ask().await;
            self.seen.latencies.record(began.elapsed());
            if let Err(error) = asked {
                self.seen.failed.push(format!("{error:#}"));
                // A connection that broke stays broken.
                return self.seen;
            }
            tokio::time::sleep(thought.mul_f64(2.0 * fastrand::f64())).await;
        }
        self.seen
    }

    async fn ask(&mut self) -> Result<()> {
        self.asked += 1;
        let restaurant = self.restaurants[fastrand::usize(..self.restaurants.len())];
        match fastrand::u8(..100) {
            0..10 => self.look(Ask::get("/v1/restaurants?limit=20")).await,
            10..20 => self.look(Ask::get(format!("/v1/restaurants/{restaurant}"))).await,
            20..70 => {
                let date = &instant()[..10].to_owned();
                let path = format!("/v1/restaurants/{restaurant}/availability?partySize=2&date={date}");
                self.look(Ask::get(path)).await
            }
            70..90 => self.book(restaurant).await,
            _ => match self.own.pop() {
                Some(own) => self.think_again(own).await,
                None => self.book(restaurant).await,
            },
        }
    }

    async fn look(&mut self, ask: Ask) -> Result<()> {
        let answer = self.connection.send(&ask).await?;
        ensure!(answer.status == StatusCode::OK, "{}: {}", ask.path, answer.status);
        Ok(())
    }

    async fn book(&mut self, restaurant: RestaurantId) -> Result<()> {
        let body = json!({
            "restaurantId": restaurant,
            "startsAt": instant(),
            "partySize": fastrand::u8(1..=2),
            "guest": {
                "name": "김민지",
                "email": format!("guest{}-{}@load.test", self.number, self.asked),
                "phone": "+821012345678",
                "language": "ko",
            },
        });
        let answer = self.connection.send(&Ask::post("/v1/reservations", body)).await?;
        match answer.status {
            StatusCode::CREATED => {
                let made = answer.json()?;
                let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
                self.own.push((text("id"), text("linkToken")));
                self.seen.booked += 1;
            }
            StatusCode::CONFLICT => self.seen.sold_out += 1,
            status => bail!("booking: {status} {}", String::from_utf8_lossy(&answer.body)),
        }
        Ok(())
    }

    /// Another time, or none at all.
    async fn think_again(&mut self, (id, token): (String, String)) -> Result<()> {
        let path = format!("/v1/reservations/{id}");
        let changes = fastrand::bool();
        let ask = if changes {
            Ask { method: Method::PATCH, ..Ask::post(path, json!({ "startsAt": instant() })) }
        } else {
            Ask::post(format!("{path}/cancel"), Value::Object(serde_json::Map::new()))
        };
        let answer = self.connection.send(&ask.bearing(&token)).await?;
        match answer.status {
            StatusCode::OK | StatusCode::CONFLICT => {}
            status => bail!("thinking again: {status} {}", String::from_utf8_lossy(&answer.body)),
        }
        if changes {
            self.own.push((id, token));
        }
        Ok(())
    }
}

/// A turn of an evening of December.
pub(super) fn instant() -> String {
    let (day, turn) = (fastrand::u8(5..=28), TURNS[fastrand::usize(..TURNS.len())]);
    format!("2026-12-{day:02}T{turn}:00+09:00")
}
