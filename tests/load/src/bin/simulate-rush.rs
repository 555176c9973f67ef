//! A rush that no test can make: a million people after one restaurant's day, second by second, against the quotas of the
//! gateway, of Lambda and of one DynamoDB partition. `cargo run --release -p jari-load --bin simulate-rush`.
//!
//! Where `infra/CAPACITY.md` reckons, each quota stands alone; here they act on each other, and on people who try again. What is
//! assumed of AWS is in [`Plan`]; what is assumed of the house is what `cargo bench-house` and `tests/house/tests/cost.rs` measure.
//! The same seed gives the same rush.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};

use clap::Parser;
use fastrand::Rng;

/// Simulates a flash sale against the quotas of AWS, in several configurations
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How many people
    #[arg(long, default_value_t = 1_000_000)]
    people: u32,
    /// Within how many seconds they come
    #[arg(long, default_value_t = 60)]
    within: u32,
    /// How many tables there are
    #[arg(long, default_value_t = 40)]
    tables: u8,
    /// Of the same seed comes the same rush
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Microseconds since the sale began.
type Time = u64;
const MILLISECOND: Time = 1_000;
const SECOND: Time = 1_000 * MILLISECOND;

/// How the house is deployed, and what AWS gives it.
#[derive(Debug, Clone, Copy)]
struct Plan {
    name: &'static str,
    /// Requests a second that the gateway lets in, and how many at once.
    rate: u32,
    burst: u32,
    /// Environments that are warm when it begins, of each function.
    provisioned: u32,
    /// Environments that the account may have at work at once.
    concurrency: u32,
    /// How long a function that looks shows the day as it read it.
    days_kept: Time,
}

/// Lambda adds so many environments to a function at once every ten seconds.
const ADDED: u64 = 1_000;
const COLD_START: Time = 250 * MILLISECOND;
/// In a function, warm: looking, and booking without the write.
const LOOK: Time = 10 * MILLISECOND;
const READ: Time = 5 * MILLISECOND;
const WRITE: Time = 15 * MILLISECOND;
/// One partition of a table, a second.
const READ_UNITS: u32 = 3_000;
const WRITE_UNITS: u32 = 1_000;
/// The day of forty tables, when it is full; twice as much consistently.
const UNITS_OF_A_DAY: u32 = 5;
/// A table's item in a transaction.
const UNITS_OF_A_CLAIM: u32 = 2;
/// The SDK's attempts at a read.
const ATTEMPTS: u8 = 3;
/// Whoever has no answer by then has gone.
const PATIENCE: Time = 600 * SECOND;

const PLANS: [Plan; 4] = [
    Plan {
        name: "as deployed",
        rate: 500,
        burst: 1_000,
        provisioned: 0,
        concurrency: 1_000,
        days_kept: SECOND,
    },
    Plan {
        name: "gateway opened, no day kept",
        rate: 10_000,
        burst: 5_000,
        provisioned: 0,
        concurrency: 1_000,
        days_kept: 0,
    },
    Plan {
        name: "gateway opened",
        rate: 10_000,
        burst: 5_000,
        provisioned: 0,
        concurrency: 1_000,
        days_kept: SECOND,
    },
    Plan {
        name: "gateway at 40,000, 1,000 warm, 5,000 in all",
        rate: 40_000,
        burst: 20_000,
        provisioned: 1_000,
        concurrency: 5_000,
        days_kept: SECOND,
    },
];

/// So many a second, and never more than a second's at once unless said.
#[derive(Debug)]
struct Bucket {
    rate: f64,
    most: f64,
    left: f64,
    at: Time,
}

impl Bucket {
    fn new(rate: u32, most: u32) -> Self {
        Self { rate: f64::from(rate), most: f64::from(most), left: f64::from(most), at: 0 }
    }

    fn take(&mut self, units: u32, now: Time) -> bool {
        self.left = (self.left + seconds(now - self.at) * self.rate).min(self.most);
        self.at = now;
        let enough = self.left >= f64::from(units);
        if enough {
            self.left -= f64::from(units);
        }
        enough
    }
}

#[allow(clippy::cast_precision_loss, reason = "some minutes")]
fn seconds(time: Time) -> f64 {
    time as f64 / SECOND as f64
}

/// What happens next to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// The request comes to the gateway.
    Ask(Wish),
    /// The function, in that environment, reads the day; so many attempts failed.
    Read(Wish, u32, u8),
    /// It has looked, and saw so many free tables.
    Looked(u32, u8),
    /// It writes its claim on a table, after so many losses.
    Claim(u32, u8, u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wish {
    Look,
    /// After so many lost races.
    Book(u8),
}

/// A function's environments.
#[derive(Debug, Default)]
struct Pool {
    /// The one used last is used next, as Lambda does.
    free: Vec<u32>,
    /// When each read the day, and how many tables were free.
    days: Vec<Option<(Time, u8)>>,
}

impl Pool {
    /// What counts against the account's concurrency: those that are at work.
    fn in_use(&self) -> usize {
        self.days.len() - self.free.len()
    }
}

#[derive(Debug, Default)]
struct Outcome {
    sold_out_at: Option<Time>,
    won: u32,
    /// How long each waited for the last word.
    waited: Vec<Time>,
    gone: u32,
    refused_by_gateway: u64,
    refused_by_lambda: u64,
    throttled_reads: u64,
    failed: u64,
    claims_tried: u32,
    read_units: u64,
    environments: usize,
}

struct Rush {
    plan: Plan,
    random: Rng,
    queue: BinaryHeap<Reverse<(Time, u32, Step)>>,
    gateway: Bucket,
    reads: Bucket,
    writes: Bucket,
    lookers: Pool,
    bookers: Pool,
    free: BTreeSet<u8>,
    /// When each came, and how often they were sent away.
    people: Vec<(Time, u8)>,
    outcome: Outcome,
}

impl Rush {
    fn new(plan: Plan, arguments: &Arguments) -> Self {
        let mut random = Rng::with_seed(arguments.seed);
        let within = u64::from(arguments.within) * SECOND;
        let people: Vec<_> = (0..arguments.people).map(|_| (random.u64(..within), 0)).collect();
        let queue = (0..).zip(&people).map(|(who, (at, _))| Reverse((*at, who, Step::Ask(Wish::Look))));
        let warm =
            || Pool { free: (0..plan.provisioned).collect(), days: vec![None; plan.provisioned as usize] };
        Self {
            plan,
            random,
            queue: queue.collect(),
            gateway: Bucket::new(plan.rate, plan.burst),
            reads: Bucket::new(READ_UNITS, READ_UNITS),
            writes: Bucket::new(WRITE_UNITS, WRITE_UNITS),
            lookers: warm(),
            bookers: warm(),
            free: (0..arguments.tables).collect(),
            people,
            outcome: Outcome::default(),
        }
    }

    fn run(mut self) -> Outcome {
        while let Some(Reverse((now, who, step))) = self.queue.pop() {
            match step {
                Step::Ask(_) if now - self.people[who as usize].0 > PATIENCE => self.outcome.gone += 1,
                Step::Ask(wish) => self.ask(now, who, wish),
                Step::Read(wish, environment, failed) => self.read(now, who, wish, environment, failed),
                Step::Looked(environment, free) => self.looked(now, who, environment, free),
                Step::Claim(environment, table, losses) => self.claim(now, who, environment, table, losses),
            }
        }
        self.outcome
    }

    fn pool(&mut self, wish: Wish) -> &mut Pool {
        if wish == Wish::Look { &mut self.lookers } else { &mut self.bookers }
    }

    fn at(&mut self, time: Time, who: u32, step: Step) {
        self.queue.push(Reverse((time, who, step)));
    }

    fn ask(&mut self, now: Time, who: u32, wish: Wish) {
        if !self.gateway.take(1, now) {
            self.outcome.refused_by_gateway += 1;
            return self.try_again(now, who, wish);
        }
        let in_use = self.lookers.in_use() + self.bookers.in_use();
        let most = u64::from(self.plan.provisioned) + ADDED * (1 + now / (10 * SECOND));
        let concurrency = self.plan.concurrency as usize;
        let pool = self.pool(wish);
        let (environment, ready) = if in_use >= concurrency {
            self.outcome.refused_by_lambda += 1;
            return self.try_again(now, who, wish);
        } else if let Some(environment) = pool.free.pop() {
            (environment, now)
        } else if (pool.days.len() as u64) < most {
            pool.days.push(None);
            (u32::try_from(pool.days.len() - 1).unwrap_or(u32::MAX), now + COLD_START)
        } else {
            self.outcome.refused_by_lambda += 1;
            return self.try_again(now, who, wish);
        };
        self.outcome.environments = self.outcome.environments.max(in_use + 1);
        self.at(ready, who, Step::Read(wish, environment, 0));
    }

    /// As the pages and any decent client do: after a second, then two, at most a minute, never all at once.
    fn try_again(&mut self, now: Time, who: u32, wish: Wish) {
        let sent_away = &mut self.people[who as usize].1;
        let pause = (SECOND << (*sent_away).min(6)).min(60 * SECOND);
        *sent_away += 1;
        let pause = pause / 2 + self.random.u64(..pause);
        self.at(now + pause, who, Step::Ask(wish));
    }

    fn read(&mut self, now: Time, who: u32, wish: Wish, environment: u32, failed: u8) {
        if wish == Wish::Look
            && let Some((read_at, free)) = self.lookers.days[environment as usize]
            && now < read_at + self.plan.days_kept
        {
            return self.at(now + LOOK, who, Step::Looked(environment, free));
        }
        // After a lost race the day is read consistently.
        let units = if matches!(wish, Wish::Book(1..)) { 2 * UNITS_OF_A_DAY } else { UNITS_OF_A_DAY };
        if !self.reads.take(units, now) {
            self.outcome.throttled_reads += 1;
            if failed + 1 < ATTEMPTS {
                let pause = self.random.u64(..((100 * MILLISECOND) << failed));
                return self.at(now + pause, who, Step::Read(wish, environment, failed + 1));
            }
            self.outcome.failed += 1;
            self.pool(wish).free.push(environment);
            return self.try_again(now, who, wish);
        }
        self.outcome.read_units += u64::from(units);
        let free = u8::try_from(self.free.len()).unwrap_or(u8::MAX);
        match wish {
            Wish::Look => {
                self.lookers.days[environment as usize] = Some((now, free));
                self.at(now + READ + LOOK, who, Step::Looked(environment, free));
            }
            Wish::Book(losses) => {
                let chosen = self.random.usize(..usize::from(free).max(1));
                if let Some(table) = self.free.iter().nth(chosen).copied() {
                    self.at(now + READ + WRITE, who, Step::Claim(environment, table, losses));
                } else {
                    self.bookers.free.push(environment);
                    self.told(now + READ, who);
                }
            }
        }
    }

    fn looked(&mut self, now: Time, who: u32, environment: u32, free: u8) {
        self.lookers.free.push(environment);
        if free == 0 {
            return self.told(now, who);
        }
        // Whoever sees a table needs some seconds to take it.
        let thought = self.random.u64(SECOND..5 * SECOND);
        self.at(now + thought, who, Step::Ask(Wish::Book(0)));
    }

    fn claim(&mut self, now: Time, who: u32, environment: u32, table: u8, losses: u8) {
        if !self.writes.take(UNITS_OF_A_CLAIM, now) {
            let pause = self.random.u64(..100 * MILLISECOND);
            return self.at(now + pause, who, Step::Claim(environment, table, losses));
        }
        self.outcome.claims_tried += 1;
        if self.free.remove(&table) {
            self.bookers.free.push(environment);
            self.outcome.won += 1;
            if self.free.is_empty() {
                self.outcome.sold_out_at = Some(now);
            }
            return self.told(now, who);
        }
        let aside = self.random.u64(..((50 * MILLISECOND) << (losses + 1).min(4)));
        self.at(now + aside, who, Step::Read(Wish::Book(losses + 1), environment, 0));
    }

    fn told(&mut self, now: Time, who: u32) {
        self.outcome.waited.push(now - self.people[who as usize].0);
    }
}

impl Outcome {
    fn line(&mut self, name: &str, people: u32) -> String {
        self.waited.sort_unstable();
        let told = self.waited.len();
        let at =
            |part: usize| self.waited.get(told.saturating_sub(1) * part / 100).copied().unwrap_or_default();
        let within = |bound: Time| self.waited.partition_point(|waited| *waited <= bound);
        let share = |count: usize| format!("{} %", count as u64 * 100 / u64::from(people));
        let sold_out = self.sold_out_at.map_or_else(|| "never".into(), |at| format!("{:.1} s", seconds(at)));
        format!(
            "| {name} | {sold_out} | {} | {} | {} | {:.1} s / {:.0} s | {} | {} | {} | {} | {} | {:.1} |",
            self.won,
            share(within(10 * SECOND)),
            share(within(60 * SECOND)),
            seconds(at(50)),
            seconds(at(99)),
            share(self.gone as usize),
            self.refused_by_gateway / 1_000,
            self.refused_by_lambda / 1_000,
            self.failed / 1_000,
            self.environments,
            f64::from(self.claims_tried) / f64::from(self.won.max(1)),
        )
    }
}

#[allow(clippy::print_stdout, reason = "what it is for")]
fn main() {
    let arguments = Arguments::parse();
    println!("{} people within {} s, {} tables\n", arguments.people, arguments.within, arguments.tables);
    println!(
        "| | sold out at | winners | answered within 10 s | 60 s | wait p50 / p99 | gone after 10 min | refused by the gateway, thousands | by Lambda | failed at the table | at work at once | writes a winner |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for plan in PLANS {
        let mut outcome = Rush::new(plan, &arguments).run();
        println!("{}", outcome.line(plan.name, arguments.people));
    }
}
