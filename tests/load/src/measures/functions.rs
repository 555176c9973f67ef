//! Every function's built binary under a runtime API of our own, beside the least that a function can be.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use jari_tests::{
    House,
    runtime_api::{Answered, RuntimeApi, Said},
    workspace,
};
use serde_json::Value;
use tokio::process::{Child, Command};

use crate::{
    Size,
    load::median,
    report::{Goal, Line},
};

const STARTS: usize = 9;
/// Events that each start answers after its first.
const WARM: usize = 20;
const PATIENCE: Duration = Duration::from_secs(20);
const HELLO: &str = "bare-hello";
const DYNAMODB: &str = "bare-dynamodb";
const CALLS: &str = "bare-calls";

/// Medians of several starts. A function greets its table before it asks for the first event, so that nobody waits for that: its
/// start ends where a bare one's first answer does.
#[derive(Debug, Clone, Copy)]
struct Figures {
    /// From the start of the process to its asking for the first event, in milliseconds.
    ready: f64,
    /// And to the answer to it.
    first: f64,
    /// An answer after that.
    warm: f64,
    /// The most memory it had, in MiB.
    memory: f64,
    /// Of the file, in MiB.
    size: f64,
}

/// What is started.
struct Started<'a> {
    name: &'a str,
    binary: &'a Path,
    event: &'a str,
    /// For the bare ones.
    bare: Bare,
}

/// What a bare one does for each event.
#[derive(Debug, Default)]
struct Bare {
    /// So many reads of what isn't there.
    reads: usize,
    /// Calls as a function made them.
    calls: Vec<(String, Value)>,
}

pub(crate) async fn measure(size: Size, folder: &Path) -> Result<Vec<Line>> {
    let house = House::open().with_demo().at_the_machines_time().await;
    let counting = House::open().with_demo().with_faults().at_the_machines_time().await;
    let bare_event = workspace::text("events/get-health.json");
    let bare_of = async |name: &str, bare: Bare| {
        let binary = binary(folder, name)?;
        of_one(size, &house, &Started { name, binary: &binary, event: &bare_event, bare }).await
    };
    let reading = |reads: usize| Bare { reads, calls: Vec::new() };
    let hello = bare_of(HELLO, reading(0)).await?;
    let mut bares = BTreeMap::from([(1, bare_of(DYNAMODB, reading(1)).await?)]);
    let (mut figures, mut calls, mut same) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for name in functions()? {
        let (binary, event) = (binary(folder, &name)?, workspace::text(&format!("events/{name}.json")));
        let started = Started { name: &name, binary: &binary, event: &event, bare: Bare::default() };
        let called = calls_of(&counting, &started).await?;
        let count = called.len();
        if !bares.contains_key(&count) && count > 0 {
            bares.insert(count, bare_of(DYNAMODB, reading(count)).await?);
        }
        if count > 0 {
            same.insert(name.clone(), bare_of(CALLS, Bare { reads: 0, calls: called }).await?);
        }
        figures.insert(name.clone(), of_one(size, &house, &started).await?);
        calls.insert(name, count);
    }
    let bare = *bares.get(&1).context("the bare one")?;
    // Of a function that asks nothing of the table, beside the one that asks once.
    let beside = |name: &str| calls.get(name).and_then(|calls| bares.get(calls)).copied().unwrap_or(bare);
    let mut lines = vec![
        Line::new("functions", "bare lambda_http", spoken(&hello)),
        Line::new("functions", "bare lambda_http with the DynamoDB client", spoken(&bare)),
    ];
    lines.extend(figures.iter().map(|(name, one)| {
        let (calls, bare) = (calls.get(name).copied().unwrap_or_default(), beside(name));
        let limit = same.get(name).map_or_else(String::new, |same| {
            format!("; making the same: {:.1} ms ({:.2})", same.first, one.first / same.first)
        });
        let line = Line::new("functions", name, spoken(one)).against(format!(
            "first answer of a bare one with as many calls ({}): {:.1} ms{limit}",
            calls.max(1),
            bare.first
        ));
        line.ratio(one.first / bare.first)
    }));
    let worst = |of: fn(&Figures) -> f64| figures.iter().max_by(|a, b| of(a.1).total_cmp(&of(b.1)));
    let count = figures.len();
    let (name, one) = worst(|one| one.ready).context("functions")?;
    lines.push(
        Line::new(
            "functions",
            format!("start to ready, the table reached, slowest of {count}: {name}"),
            format!("{:.1} ms", one.ready),
        )
        // The bare one first reaches the table in its first answer, and does nothing else in it.
        .against(format!("bare with DynamoDB, the table reached, {:.1} ms", bare.first))
        .ratio(one.ready / bare.first)
        .goal(Goal::AtMost(1.3)),
    );
    let ratio = |(name, one): &(&String, &Figures)| one.first / beside(name).first;
    let (name, one) = figures.iter().max_by(|a, b| ratio(a).total_cmp(&ratio(b))).context("functions")?;
    lines.push(
        Line::new(
            "functions",
            format!("start to first answer, furthest from its limit of {count}: {name}"),
            format!("{:.1} ms", one.first),
        )
        .against(format!("bare with as many calls {:.1} ms", beside(name).first))
        .ratio(ratio(&(name, one)))
        .goal(Goal::AtMost(1.3)),
    );
    let within = |holds: fn(&Figures, f64) -> bool| {
        figures.iter().filter(|(name, one)| holds(one, beside(name).first)).count()
    };
    lines.push(Line::new(
        "functions",
        format!("of {count}, within the goals"),
        format!(
            "{} ready, {} first answer, {} memory, {} bootstrap",
            figures.values().filter(|one| one.ready <= 1.3 * bare.first).count(),
            within(|one, bare| one.first <= 1.3 * bare),
            within(|one, _| one.memory <= 20.0),
            within(|one, _| one.size <= 8.0),
        ),
    ));
    let (name, one) = worst(|one| one.memory).context("functions")?;
    lines.push(
        Line::new("functions", format!("memory, most of {count}: {name}"), format!("{:.1} MiB", one.memory))
            .against(format!("bare with DynamoDB {:.1} MiB", bare.memory))
            .ratio(one.memory / bare.memory)
            .holds(one.memory, Goal::AtMost(20.0)),
    );
    let (name, one) = worst(|one| one.size).context("functions")?;
    lines.push(
        Line::new(
            "functions",
            format!("bootstrap, largest of {count}: {name}"),
            format!("{:.1} MiB", one.size),
        )
        .against(format!("bare with DynamoDB {:.1} MiB", bare.size))
        .ratio(one.size / bare.size)
        .holds(one.size, Goal::AtMost(8.0)),
    );
    Ok(lines)
}

fn spoken(one: &Figures) -> String {
    format!(
        "ready {:.1} ms, first answer {:.1} ms, warm {:.2} ms, {:.1} MiB, {:.1} MiB on disk",
        one.ready, one.first, one.warm, one.memory, one.size
    )
}

/// The functions, by their events.
fn functions() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(workspace::root().join("events"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn binary(folder: &Path, name: &str) -> Result<PathBuf> {
    let binary = folder.join(name);
    ensure!(
        binary.is_file(),
        "{} is missing; build what is deployed first: cargo build --release --workspace --bins",
        binary.display()
    );
    Ok(binary)
}

impl Started<'_> {
    fn start(&self, house: &House, runtime: &RuntimeApi) -> Result<Child> {
        let process = Command::new(self.binary)
            .env_clear()
            .envs(runtime.environment(self.name))
            .envs(house.local().environment())
            .env("JARI_BARE_READS", self.bare.reads.to_string())
            .env("JARI_BARE_CALLS", serde_json::to_string(&self.bare.calls)?)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        Ok(process)
    }

    /// The next answer, which must be none of failure.
    async fn answer(&self, runtime: &mut RuntimeApi) -> Result<Answered> {
        let answered = runtime.answer(PATIENCE).await;
        let answered = answered.with_context(|| format!("{} does not answer", self.name))?;
        ensure!(matches!(answered.said, Said::Response(_)), "{} fails: {:?}", self.name, answered.said);
        Ok(answered)
    }
}

/// The calls of the table that the first answer is made of, without the greeting before it.
async fn calls_of(counting: &House, started: &Started<'_>) -> Result<Vec<(String, Value)>> {
    counting.proxy().record_from_here();
    let mut runtime = RuntimeApi::open(vec![started.event.to_owned()]).await;
    let mut process = started.start(counting, &runtime)?;
    started.answer(&mut runtime).await?;
    process.kill().await?;
    let exchanges = counting.proxy().exchanges();
    let calls = exchanges.iter().skip(1);
    calls.map(|call| Ok((call.operation.clone(), serde_json::from_slice(&call.request)?))).collect()
}

async fn of_one(size: Size, house: &House, started: &Started<'_>) -> Result<Figures> {
    let (mut ready, mut first, mut warm, mut memory) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..size.rounds(STARTS) {
        let mut runtime = RuntimeApi::open(vec![started.event.to_owned(); 1 + WARM]).await;
        let began = Instant::now();
        let mut process = started.start(house, &runtime)?;
        let mut moments = Vec::new();
        while moments.len() <= WARM {
            let answered = started.answer(&mut runtime).await?;
            moments.push((answered.given.context("it asked before it answered")?, answered.told));
        }
        memory.push(peak_memory(process.id().context("it runs")?)?);
        process.kill().await?;
        let since = |moment: Instant| moment.duration_since(began).as_secs_f64() * 1_000.0;
        ready.push(since(moments[0].0));
        first.push(since(moments[0].1));
        warm.extend(
            moments[1..].iter().map(|(given, told)| told.duration_since(*given).as_secs_f64() * 1_000.0),
        );
    }
    #[allow(clippy::cast_precision_loss, reason = "megabytes")]
    let size = std::fs::metadata(started.binary)?.len() as f64 / 1_048_576.0;
    Ok(Figures {
        ready: median(ready),
        first: median(first),
        warm: median(warm),
        memory: median(memory),
        size,
    })
}

/// The most memory that a process ever had, in MiB, as Linux tells it.
fn peak_memory(process: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1_024.0)
}
