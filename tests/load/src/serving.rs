//! The house that is measured, in a process of its own: ten thousand connections are ten thousand open files on either side,
//! and whoever asks must not share a scheduler with whoever answers.
//!
//! The child opens it, says where it is, and then answers orders, a line of JSON each, until its standard input ends.

use std::{net::SocketAddr, process::Stdio};

use anyhow::{Context, Result, ensure};
use jari_domain::{Reservation, RestaurantId, Status};
use jari_store::reservation_to_item;
use jari_tests::{Bistro, House, bistro, claims::wrong_claims, house::reservations_among, past_reservation};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines, stdin},
    process::{Child, ChildStdin, ChildStdout, Command},
};

/// Items that are loaded in one step.
const LOADED_AT_ONCE: usize = 10_000;

/// The house to open.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Spec {
    /// So many restaurants, the same ones each time.
    pub(crate) restaurants: usize,
    /// Tables for two in each.
    pub(crate) tables: usize,
    /// Whether what goes to its DynamoDB is recorded, which takes time.
    pub(crate) recorded: bool,
    /// Whether its data is in a folder, and not in its memory.
    pub(crate) on_disk: bool,
    /// Whether each who asks for times has the day read for them alone.
    pub(crate) reads_every_day_anew: bool,
}

/// Where it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) address: SocketAddr,
    /// Its DynamoDB, past whatever records.
    pub(crate) dynamodb: String,
    pub(crate) restaurants: Vec<RestaurantId>,
}

/// A call that went to DynamoDB.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) operation: String,
    pub(crate) request: String,
    pub(crate) answer: String,
}

#[derive(Debug, Serialize, Deserialize)]
enum Order {
    /// Wait until no mail is on its way.
    Rest,
    /// Tell what was recorded since the last time.
    Calls,
    /// Look through the whole table.
    WholeTable,
    /// Tell how much memory is in use, in bytes.
    Memory,
    /// Make an access token for somebody.
    Token(String),
    /// Store so many reservations of years past.
    Remember(usize),
    /// Move the clock on.
    Advance(String),
}

/// The whole table, looked through.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WholeTable {
    /// Where claims and reservations differ.
    pub(crate) wrong_claims: Vec<String>,
    /// Reservations, however they ended.
    pub(crate) reservations: usize,
    /// Those that are held, whether or not their time is over.
    pub(crate) held: usize,
    /// Those that were held and confirmed.
    pub(crate) confirmed_holds: usize,
}

/// The running child. Dropping it ends it.
pub(crate) struct Served {
    pub(crate) place: Place,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Served {
    pub(crate) async fn open(spec: &Spec) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(serde_json::to_string(spec)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let orders = child.stdin.take().context("the child has an input")?;
        let mut answers = BufReader::new(child.stdout.take().context("the child has an output")?).lines();
        let place = answered(&mut answers).await?;
        Ok(Self { place, orders, answers, _child: child })
    }

    pub(crate) async fn rest(&mut self) -> Result<()> {
        self.order(&Order::Rest).await
    }

    pub(crate) async fn calls(&mut self) -> Result<Vec<Call>> {
        self.order(&Order::Calls).await
    }

    pub(crate) async fn memory(&mut self) -> Result<u64> {
        self.order(&Order::Memory).await
    }

    /// An access token of `minji`, a diner, or of `sora`, who owns the first restaurant.
    pub(crate) async fn token(&mut self, name: &str) -> Result<String> {
        self.order(&Order::Token(name.to_owned())).await
    }

    pub(crate) async fn remember(&mut self, count: usize) -> Result<()> {
        self.order(&Order::Remember(count)).await
    }

    pub(crate) async fn advance(&mut self, by: &str) -> Result<()> {
        self.order(&Order::Advance(by.to_owned())).await
    }

    pub(crate) async fn whole_table(&mut self) -> Result<WholeTable> {
        self.order(&Order::WholeTable).await
    }

    async fn order<T: DeserializeOwned>(&mut self, order: &Order) -> Result<T> {
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        self.orders.write_all(&line).await?;
        answered(&mut self.answers).await
    }
}

async fn answered<T: DeserializeOwned>(answers: &mut Lines<BufReader<ChildStdout>>) -> Result<T> {
    let line = answers.next_line().await?.context("the house that is measured has ended")?;
    Ok(serde_json::from_str(&line)?)
}

/// What the child does.
pub(crate) async fn serve(spec: &Spec) -> Result<()> {
    // The same restaurants in every run of the same measure: what was recorded in one can be played to another.
    fastrand::seed(20_261_224);
    let bistros: Vec<Bistro> = (0..spec.restaurants).map(|_| bistro().with_tables(spec.tables, 2)).collect();
    let restaurants: Vec<RestaurantId> = bistros.iter().map(Bistro::id).collect();
    let mut opening = House::open();
    for (n, bistro) in bistros.into_iter().enumerate() {
        opening = opening.with_restaurant(bistro);
        if n == 0 {
            opening = opening.with_owner("sora");
        }
    }
    opening = opening.with_diner("minji");
    if spec.reads_every_day_anew {
        opening = opening.reading_every_day_anew();
    }
    if spec.on_disk {
        opening = opening.on_disk();
    }
    let house = if spec.recorded { opening.with_faults().await } else { opening.await };
    if spec.recorded {
        house.proxy().ask_what_is_consumed();
    }
    let port = house.url().rsplit(':').next().and_then(|port| port.parse().ok()).context("a port")?;
    let place = Place {
        address: SocketAddr::from(([127, 0, 0, 1], port)),
        dynamodb: house.engine_endpoint().to_owned(),
        restaurants,
    };
    say(&place)?;
    let mut orders = BufReader::new(stdin()).lines();
    while let Some(line) = orders.next_line().await? {
        match serde_json::from_str(&line)? {
            Order::Rest => {
                house.local().stream_drained().await;
                say(&())?;
            }
            Order::Calls => {
                ensure!(spec.recorded, "nothing is recorded");
                let calls = house.proxy().exchanges().into_iter().map(|exchange| Call {
                    operation: exchange.operation,
                    request: String::from_utf8_lossy(&exchange.request).into_owned(),
                    answer: String::from_utf8_lossy(&exchange.answer).into_owned(),
                });
                say(&calls.collect::<Vec<_>>())?;
                house.proxy().record_from_here();
            }
            Order::Memory => say(&memory()?)?,
            Order::Token(name) => say(&house.token_of(&house.sign_in(&name)))?,
            Order::Remember(count) => {
                remember(&house, count)?;
                say(&())?;
            }
            Order::Advance(by) => {
                house.advance(&by).await;
                house.comes_to_rest().await;
                say(&())?;
            }
            Order::WholeTable => say(&whole_table(&house).await)?,
        }
    }
    Ok(())
}

async fn whole_table(house: &House) -> WholeTable {
    let items = house.items().await;
    let all = reservations_among(&items);
    let was_held = |one: &Reservation| one.history.first().is_some_and(|first| first.to == Status::Held);
    let was_confirmed = |one: &Reservation| one.history.iter().any(|entry| entry.to == Status::Confirmed);
    WholeTable {
        wrong_claims: wrong_claims(&items, &all, house.now()),
        reservations: all.len(),
        held: all.iter().filter(|one| one.status == Status::Held).count(),
        confirmed_holds: all.iter().filter(|one| was_held(one) && was_confirmed(one)).count(),
    }
}

#[allow(clippy::print_stdout, reason = "how parent and child speak")]
fn say(what: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(what)?);
    Ok(())
}

/// Its own resident memory, in bytes, as Linux tells it.
fn memory() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1_024)
}

/// Reservations of the year before, at a thousand restaurants.
fn remember(house: &House, count: usize) -> Result<()> {
    let restaurants: Vec<RestaurantId> = (0..1_000).map(|_| bistro().id()).collect();
    let engine = house.engine().context("an engine of the house's own")?;
    for begun in (0..count).step_by(LOADED_AT_ONCE) {
        let numbers = begun..count.min(begun + LOADED_AT_ONCE);
        let items = numbers.map(|n| reservation_to_item(&past_reservation(restaurants[n % 1_000], n)));
        engine.load(house.table(), items.collect::<Result<_, _>>()?)?;
    }
    Ok(())
}

/// What mails and schedules ask for, beside whatever is measured.
pub(crate) fn is_of_mails_or_schedules(operation: &str, asked: &str) -> bool {
    let mails = ["MAIL#", "MAILED#", "ADDRESS#"].iter().any(|key| asked.contains(key));
    mails || (asked.contains("DUE#") && operation == "Query")
}

/// Whether a call only reads.
pub(crate) fn is_read(operation: &str) -> bool {
    ["Query", "GetItem", "BatchGetItem", "TransactGetItems"].contains(&operation)
}

impl Call {
    pub(crate) fn is_of_mails_or_schedules(&self) -> bool {
        is_of_mails_or_schedules(&self.operation, &self.request)
    }

    /// A restaurant is read every ten seconds at most, not by each who asks.
    pub(crate) fn is_of_a_restaurant(&self) -> bool {
        self.operation == "Query" && self.request.contains("\"REST#")
    }

    pub(crate) fn is_read(&self) -> bool {
        is_read(&self.operation)
    }

    /// What DynamoDB says that it consumed.
    pub(crate) fn units(&self) -> Result<f64> {
        let answer: Value = serde_json::from_str(&self.answer)?;
        let of = |capacity: &Value| capacity["CapacityUnits"].as_f64().unwrap_or_default();
        Ok(match &answer["ConsumedCapacity"] {
            Value::Array(all) => all.iter().map(of).sum(),
            one => of(one),
        })
    }
}
