//! Free times through HTTP beside the raw SDK making the same read, on the same engine and the same day.

use std::sync::Arc;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::{Client, error::DisplayErrorContext, operation::query::builders::QueryInputBuilder};
use http::StatusCode;
use jari_load::calls::query;
use serde_json::Value;

use super::{AT_ONCE, Guest, TURNS, booking, raw, times};
use crate::{
    Size,
    connection::Ask,
    load::{Latencies, Worker, drain, median},
    report::{Goal, Line},
    serving::{Served, Spec},
};

const READS: usize = 8_000;
const ROUNDS: usize = 5;
/// Half booked.
const BOOKED: [usize; 2] = [0, 2];

struct Raw(Client);

impl Worker<QueryInputBuilder> for Raw {
    async fn work(&mut self, job: &QueryInputBuilder) -> Result<()> {
        let read = job.clone().send_with(&self.0).await;
        read.map_err(|error| anyhow::anyhow!("{}", DisplayErrorContext(error)))?;
        Ok(())
    }
}

pub(crate) async fn measure(size: Size) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for tables in [12, 40] {
        lines.extend(of_a_house(size, tables).await?);
    }
    Ok(lines)
}

async fn of_a_house(size: Size, tables: usize) -> Result<Vec<Line>> {
    let reads_every_day_anew = true;
    let spec = Spec { restaurants: 1, tables, recorded: true, reads_every_day_anew, ..Spec::default() };
    let mut recording = half_booked(&spec).await?;
    recording.calls().await?;
    let ask = times(recording.place.restaurants[0]);
    let guest = Guest::several(1, recording.place.address, StatusCode::OK).await?;
    drain(Arc::from(vec![ask.clone()]), guest).await?;
    let calls = recording.calls().await?;
    let read = calls.iter().find(|call| call.operation == "Query" && call.request.contains("DAY#"));
    let read: Value = serde_json::from_str(&read.context("a day is read")?.request)?;
    let reads: Arc<[QueryInputBuilder]> = vec![query(&read)?; size.of(READS)].into();
    let asks: Arc<[Ask]> = vec![ask; size.of(READS)].into();
    drop(recording);

    let served = half_booked(&Spec { recorded: false, ..spec.clone() }).await?;
    let keeping = Spec { recorded: false, reads_every_day_anew: false, ..spec };
    let keeping = half_booked(&keeping).await?;
    let client = raw(&served.place.dynamodb);
    let (mut ratios, mut ours, mut floor) = (Vec::new(), Vec::new(), Vec::new());
    let (mut kept_ratios, mut kept) = (Vec::new(), Vec::new());
    let (mut our_latencies, mut raw_latencies) = (Latencies::default(), Latencies::default());
    for _ in 0..size.rounds(ROUNDS) {
        let guests = Guest::several(AT_ONCE, served.place.address, StatusCode::OK).await?;
        let house = drain(Arc::clone(&asks), guests).await.context("the house")?;
        let workers = (0..AT_ONCE).map(|_| Raw(client.clone())).collect();
        let bare = drain(Arc::clone(&reads), workers).await.context("the raw SDK")?;
        let guests = Guest::several(AT_ONCE, keeping.place.address, StatusCode::OK).await?;
        let of_kept = drain(Arc::clone(&asks), guests).await.context("the house that keeps days")?;
        kept_ratios.push(of_kept.per_second() / bare.per_second());
        kept.push(of_kept.per_second());
        ratios.push(house.per_second() / bare.per_second());
        ours.push(house.per_second());
        floor.push(bare.per_second());
        our_latencies.merge(&house.latencies)?;
        raw_latencies.merge(&bare.latencies)?;
    }
    let floor = median(floor);
    let rate = Line::new(
        "reading",
        format!("free times/s, {tables} tables"),
        format!("{:.0}/s", median(ours.clone())),
    )
    .against(format!("raw Query {floor:.0}/s"))
    .ratio(median(ratios))
    .goal(Goal::AtLeast(0.8));
    let latency = Line::new("reading", format!("free times, {AT_ONCE} at once"), our_latencies.spoken())
        .against(format!("raw Query {}", raw_latencies.spoken()))
        .ratio(our_latencies.at(0.5) / raw_latencies.at(0.5));
    let kept = median(kept);
    // What is asked through HTTP takes at least the read and a request that reads nothing, one after the other.
    let limit = 1.0 / (1.0 / floor + 1.0 / kept);
    let of_limit = Line::new(
        "reading",
        format!("free times/s, {tables} tables, of what a read and a request can be"),
        format!("{:.0}/s", median(ours.clone())),
    )
    .against(format!("a Query, then a request that needs none: {limit:.0}/s"))
    .ratio(median(ours) / limit)
    .goal(Goal::AtLeast(0.8));
    let kept_line = Line::new(
        "reading",
        format!("free times/s, {tables} tables, the day kept for a second"),
        format!("{kept:.0}/s"),
    )
    .against(format!("raw Query {floor:.0}/s"))
    .ratio(median(kept_ratios));
    Ok(vec![rate, latency, of_limit, kept_line])
}

async fn half_booked(spec: &Spec) -> Result<Served> {
    let mut served = Served::open(spec).await?;
    let restaurant = served.place.restaurants[0];
    let turns = BOOKED.iter().flat_map(|turn| (0..spec.tables).map(move |n| (TURNS[*turn], n)));
    let asks: Vec<Ask> = turns.enumerate().map(|(n, (turn, _))| booking(restaurant, turn, n)).collect();
    let guests = Guest::several(AT_ONCE, served.place.address, StatusCode::CREATED).await?;
    drain(asks.into(), guests).await?;
    served.rest().await?;
    Ok(served)
}
