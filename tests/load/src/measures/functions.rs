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

/// A function, and what it is held against.
struct Measured {
    name: String,
    own: Figures,
    /// Of the table, for its first answer.
    calls: usize,
    /// A bare one with as many calls; with one, where the function makes none.
    as_many: Figures,
    /// A bare one that makes the same calls, where it makes any.
    same: Option<Figures>,
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
    let bare = bare_of(DYNAMODB, reading(1)).await?;
    let mut bares = BTreeMap::from([(0, bare), (1, bare)]);
    let mut functions = Vec::new();
    for name in names()? {
        let (binary, event) = (binary(folder, &name)?, workspace::text(&format!("events/{name}.json")));
        let started = Started { name: &name, binary: &binary, event: &event, bare: Bare::default() };
        let called = calls_of(&counting, &started).await?;
        let calls = called.len();
        let as_many = match bares.get(&calls) {
            Some(known) => *known,
            None => bare_of(DYNAMODB, reading(calls)).await?,
        };
        bares.insert(calls, as_many);
        let same = match calls {
            0 => None,
            _ => Some(bare_of(CALLS, Bare { reads: 0, calls: called }).await?),
        };
        let own = of_one(size, &house, &started).await?;
        functions.push(Measured { name, own, calls, as_many, same });
    }
    let mut lines = vec![
        Line::new("functions", "bare lambda_http", spoken(&hello)),
        Line::new("functions", "bare lambda_http with the DynamoDB client", spoken(&bare)),
    ];
    lines.extend(functions.iter().map(Measured::line));
    lines.extend(goals(&bare, &functions)?);
    Ok(lines)
}

impl Measured {
    /// Its first answer by that of a bare one with as many calls.
    fn ratio(&self) -> f64 {
        self.own.first / self.as_many.first
    }

    fn line(&self) -> Line {
        let same = self.same.map_or_else(String::new, |same| {
            format!("; making the same: {:.1} ms ({:.2})", same.first, self.own.first / same.first)
        });
        Line::new("functions", &self.name, spoken(&self.own))
            .against(format!(
                "first answer of a bare one with as many calls ({}): {:.1} ms{same}",
                self.calls.max(1),
                self.as_many.first
            ))
            .ratio(self.ratio())
    }
}

/// The functions that are furthest from the goals, and how many keep them.
fn goals(bare: &Figures, functions: &[Measured]) -> Result<Vec<Line>> {
    let count = functions.len();
    let most = |of: fn(&Measured) -> f64| {
        functions.iter().max_by(|a, b| of(a).total_cmp(&of(b))).context("there are functions")
    };
    let within = |holds: &dyn Fn(&Measured) -> bool| functions.iter().filter(|one| holds(one)).count();
    let slow = most(|one| one.own.ready)?;
    let far = most(Measured::ratio)?;
    let heavy = most(|one| one.own.memory)?;
    let large = most(|one| one.own.size)?;
    Ok(vec![
        Line::new(
            "functions",
            format!("start to ready, the table reached, slowest of {count}: {}", slow.name),
            format!("{:.1} ms", slow.own.ready),
        )
        // The bare one first reaches the table in its first answer, and does nothing else in it.
        .against(format!("bare with DynamoDB, the table reached, {:.1} ms", bare.first))
        .ratio(slow.own.ready / bare.first)
        .goal(Goal::AtMost(1.3)),
        Line::new(
            "functions",
            format!("start to first answer, furthest from its limit of {count}: {}", far.name),
            format!("{:.1} ms", far.own.first),
        )
        .against(format!("bare with as many calls {:.1} ms", far.as_many.first))
        .ratio(far.ratio())
        .goal(Goal::AtMost(1.3)),
        Line::new(
            "functions",
            format!("of {count}, within the goals"),
            format!(
                "{} ready, {} first answer ({} beside the same calls), {} memory, {} bootstrap",
                within(&|one| one.own.ready <= 1.3 * bare.first),
                within(&|one| one.ratio() <= 1.3),
                within(&|one| one.own.first <= 1.3 * one.same.unwrap_or(one.as_many).first),
                within(&|one| one.own.memory <= 20.0),
                within(&|one| one.own.size <= 8.0),
            ),
        ),
        Line::new(
            "functions",
            format!("memory, most of {count}: {}", heavy.name),
            format!("{:.1} MiB", heavy.own.memory),
        )
        .against(format!("bare with DynamoDB {:.1} MiB", bare.memory))
        .ratio(heavy.own.memory / bare.memory)
        .holds(heavy.own.memory, Goal::AtMost(20.0)),
        Line::new(
            "functions",
            format!("bootstrap, largest of {count}: {}", large.name),
            format!("{:.1} MiB", large.own.size),
        )
        .against(format!("bare with DynamoDB {:.1} MiB", bare.size))
        .ratio(large.own.size / bare.size)
        .holds(large.own.size, Goal::AtMost(8.0)),
    ])
}

fn spoken(one: &Figures) -> String {
    format!(
        "ready {:.1} ms, first answer {:.1} ms, warm {:.2} ms, {:.1} MiB, {:.1} MiB on disk",
        one.ready, one.first, one.warm, one.memory, one.size
    )
}

/// The functions, by their events.
fn names() -> Result<Vec<String>> {
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
