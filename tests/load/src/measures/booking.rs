//! Bookings through HTTP beside the raw SDK making the same two calls, on the same engine.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws_sdk_dynamodb::{Client, error::DisplayErrorContext};
use http::StatusCode;

use super::{AT_ONCE, Guest, TURNS, booking, raw};
use crate::{
    Size,
    connection::Ask,
    load::{Latencies, Measured, Worker, drain, median},
    recorded::{self, Booking},
    report::{Goal, Line},
    serving::{Served, Spec},
};

const TABLES: usize = 40;
/// With forty tables and four turns each: 3,200 bookings.
const RESTAURANTS: usize = 20;
const ROUNDS: usize = 5;

struct Raw(Client);

impl Worker<Booking> for Raw {
    async fn work(&mut self, job: &Booking) -> Result<()> {
        let day = job.day.clone().send_with(&self.0).await;
        day.map_err(|error| anyhow::anyhow!("{}", DisplayErrorContext(error)))?;
        let written = job.write.clone().send_with(&self.0).await;
        written.map_err(|error| anyhow::anyhow!("{}", DisplayErrorContext(error)))?;
        Ok(())
    }
}

pub(crate) async fn measure(size: Size) -> Result<Vec<Line>> {
    let spec = Spec { restaurants: size.of(RESTAURANTS), tables: TABLES, ..Spec::default() };
    let calls = {
        let mut served = Served::open(&Spec { recorded: true, ..spec.clone() }).await?;
        through_the_house(&served, &spec).await?;
        served.calls().await?
    };
    let recorded: Arc<[Booking]> = recorded::bookings(&calls)?.into();
    let expected = spec.restaurants * TABLES * TURNS.len();
    ensure!(recorded.len() == expected, "{} bookings were recorded, not {expected}", recorded.len());
    drop(calls);

    let (mut ratios, mut ours, mut floor) = (Vec::new(), Vec::new(), Vec::new());
    let (mut our_latencies, mut raw_latencies) = (Latencies::default(), Latencies::default());
    for _ in 0..size.rounds(ROUNDS) {
        let house = through_the_house(&Served::open(&spec).await?, &spec).await?;
        let served = Served::open(&spec).await?;
        let client = raw(&served.place.dynamodb);
        let workers = (0..AT_ONCE).map(|_| Raw(client.clone())).collect();
        let bare = drain(Arc::clone(&recorded), workers).await.context("the raw SDK")?;
        ratios.push(house.per_second() / bare.per_second());
        ours.push(house.per_second());
        floor.push(bare.per_second());
        our_latencies.merge(&house.latencies)?;
        raw_latencies.merge(&bare.latencies)?;
    }
    let rate = Line::new("booking", "bookings/s", format!("{:.0}/s", median(ours)))
        .against(format!("raw SDK {:.0}/s", median(floor)))
        .ratio(median(ratios))
        .goal(Goal::AtLeast(0.8));
    let latency = Line::new("booking", format!("a booking, {AT_ONCE} at once"), our_latencies.spoken())
        .against(format!("raw SDK {}", raw_latencies.spoken()))
        .ratio(our_latencies.at(0.5) / raw_latencies.at(0.5));
    Ok(vec![rate, latency])
}

async fn through_the_house(served: &Served, spec: &Spec) -> Result<Measured> {
    let restaurants = &served.place.restaurants;
    let mut asks: Vec<Ask> = Vec::new();
    for turn in TURNS {
        for _ in 0..spec.tables {
            for restaurant in restaurants {
                asks.push(booking(*restaurant, turn, asks.len()));
            }
        }
    }
    let guests = Guest::several(AT_ONCE, served.place.address, StatusCode::CREATED).await?;
    drain(asks.into(), guests).await.context("the house")
}
