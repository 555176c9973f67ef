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
    runtime_api::{RuntimeApi, Said},
    workspace,
};
use tokio::process::Command;

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

pub(crate) async fn measure(size: Size, folder: &Path) -> Result<Vec<Line>> {
    let house = House::open().with_demo().at_the_machines_time().await;
    let functions = functions()?;
    let mut figures = BTreeMap::new();
    for name in [HELLO, DYNAMODB].iter().map(|name| (*name).to_owned()).chain(functions) {
        let binary = folder.join(&name);
        ensure!(
            binary.is_file(),
            "{} is missing; build what is deployed first: cargo build --release --workspace --bins",
            binary.display()
        );
        figures.insert(name.clone(), of_one(size, &house, &name, binary).await?);
    }
    let bare = *figures.get(DYNAMODB).context("the bare one")?;
    let hello = *figures.get(HELLO).context("the barest one")?;
    figures.retain(|name, _| name != HELLO && name != DYNAMODB);
    let mut lines = vec![
        Line::new("functions", "bare lambda_http", spoken(&hello)),
        Line::new("functions", "bare lambda_http with the DynamoDB client", spoken(&bare)),
    ];
    lines.extend(figures.iter().map(|(name, one)| {
        let line =
            Line::new("functions", name, spoken(one)).against("bare with DynamoDB, to the first answer");
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
    let (name, one) = worst(|one| one.first).context("functions")?;
    lines.push(
        Line::new(
            "functions",
            format!("start to first answer, slowest of {count}: {name}"),
            format!("{:.1} ms", one.first),
        )
        .against(format!("bare with DynamoDB {:.1} ms", bare.first))
        .ratio(one.first / bare.first)
        .goal(Goal::AtMost(1.3)),
    );
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

async fn of_one(size: Size, house: &House, name: &str, binary: PathBuf) -> Result<Figures> {
    let event = match name {
        HELLO | DYNAMODB => workspace::text("events/get-health.json"),
        name => workspace::text(&format!("events/{name}.json")),
    };
    let (mut ready, mut first, mut warm, mut memory) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..size.rounds(STARTS) {
        let mut runtime = RuntimeApi::open(vec![event.clone(); 1 + WARM]).await;
        let began = Instant::now();
        let mut process = Command::new(&binary)
            .env_clear()
            .envs(runtime.environment(name))
            .envs(house.local().environment())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut moments = Vec::new();
        while moments.len() <= WARM {
            let answered = runtime.answer(PATIENCE).await;
            let answered = answered.with_context(|| format!("{name} does not answer"))?;
            ensure!(matches!(answered.said, Said::Response(_)), "{name} fails: {:?}", answered.said);
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
    let size = std::fs::metadata(&binary)?.len() as f64 / 1_048_576.0;
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
