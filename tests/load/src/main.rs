//! How the house performs, each figure beside its limit or its alternative in the same run: `cargo bench-house`.
//!
//! A figure alone says how fast the machine is; a ratio from one run says how much of it the house leaves on the way. So every
//! measure runs both sides in turn, on the same engine, and goals are set for ratios.

mod connection;
mod load;
mod measures;
mod recorded;
mod report;
mod serving;

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand, ValueEnum};
use serde_json::json;

use crate::report::{Line, table};

/// As `jari-local` has it: each look at a day is some thousand small objects; glibc's allocator hands them from thread to thread under a lock, which
/// takes a third of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the house and prints a table; each line holds a figure of the house beside the same machine's limit.
#[derive(Debug, Parser)]
#[command(name = "cargo bench-house --", version)]
struct Arguments {
    #[command(subcommand)]
    hidden: Option<Hidden>,

    /// What to measure; everything but `soak` unless named
    #[arg(value_enum)]
    measures: Vec<Measure>,

    /// A tenth of the work, to see that it runs; its figures mean little
    #[arg(long)]
    quick: bool,

    /// Also write what was measured here, as JSON
    #[arg(long, value_name = "FILE", default_value = "target/bench-house.json")]
    json: PathBuf,

    /// Where the functions' binaries are, as they would be deployed
    #[arg(long, value_name = "FOLDER", default_value = "target/release")]
    functions: PathBuf,

    /// How long `soak` goes on, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 30)]
    minutes: u64,
}

#[derive(Debug, Subcommand)]
enum Hidden {
    /// The house that is measured, as a process of its own
    #[command(hide = true)]
    Serve { spec: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// Bookings beside the raw SDK making the same two calls
    Booking,
    /// Free times beside the raw SDK making the same read
    Reading,
    /// Ten thousand at once for forty tables
    FlashSale,
    /// Five thousand people for a minute, as on a real evening
    Evening,
    /// A thousand, a hundred thousand and a million reservations stored
    Growth,
    /// Cold start, memory and size of every function
    Functions,
    /// What each operation consumes, and what a million of it costs
    Cost,
    /// Mixed load for half an hour: memory stays, no hold leaks
    Soak,
}

impl Measure {
    const USUAL: [Self; 7] = [
        Self::Booking,
        Self::Reading,
        Self::FlashSale,
        Self::Evening,
        Self::Growth,
        Self::Functions,
        Self::Cost,
    ];
}

/// How much work a measure does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    quick: bool,
}

impl Size {
    /// So much, or a tenth of it.
    pub(crate) fn of(self, whole: usize) -> usize {
        if self.quick { (whole / 10).max(1) } else { whole }
    }

    /// So often, or once.
    pub(crate) fn rounds(self, whole: usize) -> usize {
        if self.quick { 1 } else { whole }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(Hidden::Serve { spec }) = &arguments.hidden {
        return serving::serve(&serde_json::from_str(spec)?).await;
    }
    let size = Size { quick: arguments.quick };
    let wanted =
        if arguments.measures.is_empty() { Measure::USUAL.to_vec() } else { arguments.measures.clone() };
    let mut lines: Vec<Line> = Vec::new();
    for measure in wanted {
        let began = Instant::now();
        let measured = match measure {
            Measure::Booking => measures::booking::measure(size).await,
            Measure::Reading => measures::reading::measure(size).await,
            Measure::FlashSale => measures::flash_sale::measure(size).await,
            Measure::Evening => measures::evening::measure(size).await,
            Measure::Growth => measures::growth::measure(size).await,
            Measure::Functions => measures::functions::measure(size, &arguments.functions).await,
            Measure::Cost => measures::cost::measure().await,
            Measure::Soak => measures::soak::measure(arguments.minutes).await,
        };
        let measured = measured.with_context(|| format!("{measure:?} could not be measured"))?;
        tell(&format!("\n{measure:?}, {} s\n\n{}", began.elapsed().as_secs(), table(&measured)));
        lines.extend(measured);
    }
    let missed = lines.iter().filter(|line| line.met == Some(false)).count();
    tell(&format!(
        "\n{}\n{} of {} goals missed",
        machine(),
        missed,
        lines.iter().filter(|line| line.met.is_some()).count()
    ));
    let report = json!({ "machine": machine(), "quick": arguments.quick, "lines": lines });
    std::fs::write(&arguments.json, serde_json::to_vec_pretty(&report)?)
        .with_context(|| format!("{} can't be written", arguments.json.display()))?;
    let broken: Vec<&str> = lines.iter().filter(|line| line.broken).map(|line| line.what.as_str()).collect();
    ensure!(broken.is_empty(), "what must be so is not: {}", broken.join("; "));
    Ok(())
}

/// The machine, as Linux tells of it.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = read("/proc/meminfo");
    let kilobytes = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")).unwrap_or_default();
    let kilobytes: u64 = kilobytes.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    format!("{cores} cores of {model}, {} GiB, {}", kilobytes / 1_048_576, std::env::consts::OS)
}

#[allow(clippy::print_stdout, reason = "what it is for")]
fn tell(text: &str) {
    println!("{text}");
}
