//! What each operation consumes, as DynamoDB reports it, and what a million of it costs.

use anyhow::{Context, Result};
use jari_tests::{Answer, House, Person, Wish, bistro, capacity, fault_proxy::Exchange, table_for};
use serde_json::{Value, json};

use crate::{report::Line, serving};

/// List prices in USD, us-east-1, late 2026. `infra/CAPACITY.md` has the same table, and Seoul's beside it.
mod prices {
    /// A million requests of an HTTP API.
    pub(super) const GATEWAY: f64 = 1.00;
    /// A million requests to Lambda.
    pub(super) const INVOCATION: f64 = 0.20;
    /// A GB-second of Lambda on arm64.
    pub(super) const GB_SECOND: f64 = 0.000_013_333_4;
    /// A million write units, on demand.
    pub(super) const WRITE: f64 = 0.625;
    /// A million read units, on demand.
    pub(super) const READ: f64 = 0.125;
    /// A GB of log taken in.
    pub(super) const LOG: f64 = 0.50;
    /// A million mails, and the notice of each delivery.
    pub(super) const MAIL: f64 = 100.50;
    /// A month of two instances, a load balancer and a relational database in two zones, always on.
    pub(super) const ALWAYS_ON: f64 = 412.0;
}

/// Memory of a function.
const GB: f64 = 0.5;
/// How long one runs, warm: DynamoDB answers in milliseconds, not in those of a process on the same machine. Assumed.
const READING_SECONDS: f64 = 0.03;
const WRITING_SECONDS: f64 = 0.06;
/// A line of log a call, two where something is written, of a kilobyte each.
const LOGGED: [f64; 2] = [0.001, 0.002];
/// Pages that are looked at for each booking. Assumed.
const PAGES: f64 = 20.0;

/// Units of one operation and of the mails that follow from it.
#[derive(Debug, Clone)]
struct Cost {
    what: &'static str,
    round_trips: usize,
    read: f64,
    write: f64,
    mails: usize,
    mails_read: f64,
    mails_write: f64,
}

impl Cost {
    /// Of a million operations, in USD, without their mails.
    fn million(&self) -> f64 {
        let writes = self.write > 0.0;
        let seconds = if writes { WRITING_SECONDS } else { READING_SECONDS };
        let lambda = prices::INVOCATION + seconds * GB * prices::GB_SECOND * 1e6;
        let table = self.read * prices::READ + self.write * prices::WRITE;
        prices::GATEWAY + lambda + table + LOGGED[usize::from(writes)] * prices::LOG * 1e3
    }

    /// Of the mails of a million operations: what they consume, their function, and SES.
    #[allow(clippy::cast_precision_loss, reason = "a handful")]
    fn million_mails(&self) -> f64 {
        let table = self.mails_read * prices::READ + self.mails_write * prices::WRITE;
        let lambda = prices::INVOCATION + WRITING_SECONDS * GB * prices::GB_SECOND * 1e6;
        table + self.mails as f64 * (prices::MAIL + lambda)
    }

    fn line(&self) -> Line {
        let units = format!("{} read, {} write, {} calls", self.read, self.write, self.round_trips);
        let line = Line::new("cost", self.what, format!("{units}; {:.2} USD a million", self.million()));
        if self.mails == 0 {
            return line;
        }
        line.against(format!("{} mails, {:.0} USD", self.mails, self.million_mails()))
    }
}

pub(crate) async fn measure() -> Result<Vec<Line>> {
    let ledger = Ledger::open().await;
    let costs = ledger.evening().await?;
    let find = |what: &str| costs.iter().find(|cost| cost.what == what).with_context(|| what.to_owned());
    let (book, times) = (find("book")?, find("free times")?);
    let mut lines: Vec<Line> = costs.iter().map(Cost::line).collect();
    // A booking with the pages before it, of a month: as many a day as cost what the machines cost that are always on.
    let whole = (book.million() + PAGES * times.million()) / 1e6;
    let even = prices::ALWAYS_ON / 30.0 / whole;
    lines.push(
        Line::new(
            "cost",
            "bookings a day at the price of two instances and a database",
            format!("{even:.0}"),
        )
        .against(format!("{:.0} USD a month, always on", prices::ALWAYS_ON)),
    );
    lines.push(
        Line::new("cost", "a thousand bookings a day, a month", format!("{:.0} USD", whole * 30_000.0))
            .against(format!("{:.0} USD", prices::ALWAYS_ON))
            .ratio(whole * 30_000.0 / prices::ALWAYS_ON),
    );
    lines.push(
        Line::new(
            "cost",
            "book within the plan's bound",
            format!("{} write, {} calls", book.write, book.round_trips),
        )
        .must("≤ 9 write units in 2 calls", book.write <= 9.0 && book.round_trips == 2),
    );
    Ok(lines)
}

/// A house whose every call is counted, and its people.
struct Ledger {
    house: House,
    minji: Person,
    sora: Person,
}

impl Ledger {
    async fn open() -> Self {
        let restaurant = bistro().with_tables(12, 2);
        let house = House::open()
            .reading_every_day_anew()
            .with_faults()
            .with_restaurant(restaurant)
            .with_owner("sora")
            .with_diner("minji");
        let house = house.await;
        house.proxy().ask_what_is_consumed();
        let (minji, sora) = (house.sign_in("minji"), house.sign_in("sora"));
        Self { house, minji, sora }
    }

    /// What people do, from the first look to the last guest.
    async fn evening(&self) -> Result<Vec<Cost>> {
        let house = &self.house;
        let restaurant = house.restaurant();
        let at = |time: &str, name: &str| -> Wish { table_for(2).at(time).by(name) };
        let mut costs = Vec::new();
        let path = format!("/v1/restaurants/{restaurant}");
        let day = format!("{path}/days/{}", jari_tests::DAY);
        for n in 0..6 {
            house.book(at("17:00", &format!("early{n}"))).await.is(201);
        }

        costs.push(self.cost("list of restaurants", house.get("/v1/restaurants")).await?.0);
        costs.push(self.cost("a restaurant", house.get(&path)).await?.0);
        let times = house.get(&format!("{path}/availability?partySize=2&date={}", jari_tests::DAY));
        costs.push(self.cost("free times", times).await?.0);
        let (cost, booked) = self.cost("book", house.book(at("19:00", "yuna"))).await?;
        costs.push(cost);
        let (cost, held) = self.cost("hold", house.book(table_for(2).at("20:30").held())).await?;
        costs.push(cost);
        let details = json!({ "guest": { "name": "서연", "email": "seoyeon@jari.test", "language": "ko" } });
        costs.push(self.cost("confirm", house.confirm(&held.ticket(), &details)).await?.0);
        let later = json!({ "startsAt": jari_tests::on_day("21:00") });
        costs.push(self.cost("change of time", house.change(&booked.ticket(), &later)).await?.0);
        costs.push(self.cost("look at one's own", house.look(&booked.ticket())).await?.0);
        costs.push(self.cost("cancel", house.cancel(&booked.ticket())).await?.0);
        let own = house.book(at("19:30", "minji").asked_by(&self.minji)).await.is(201);
        costs.push(self.cost("my reservations", house.get("/v1/me/reservations").by(&self.minji)).await?.0);
        costs.push(self.cost("day sheet", house.get(&day).by(&self.sora)).await?.0);
        let host = |action: &str| {
            let id = own.json["id"].as_str().unwrap_or_default();
            house
                .post(&format!("/v1/reservations/{id}/{action}"))
                .by(&self.sora)
                .json(&Value::Object(serde_json::Map::new()))
        };
        costs.push(self.cost("seat", host("seat")).await?.0);
        costs.push(self.cost("undo", host("undo")).await?.0);
        host("seat").await.is(200);
        costs.push(self.cost("complete", host("complete")).await?.0);
        Ok(costs)
    }

    /// Does it and says what it took; it must succeed.
    async fn cost(
        &self,
        what: &'static str,
        ask: impl IntoFuture<Output = Answer>,
    ) -> Result<(Cost, Answer)> {
        let house = &self.house;
        // A restaurant is read every ten seconds at most, not by each who asks: what follows must not fall on that.
        house.slots(jari_tests::DAY, 2).await;
        house.comes_to_rest().await;
        let mails = house.mails().await.len();
        house.proxy().record_from_here();
        let answer = ask.await;
        anyhow::ensure!(answer.status < 300, "{what}: {} {}", answer.status, answer.text);
        let (_, own) = split(house.proxy().exchanges());
        let items = house.items().await;
        let mut cost = Cost {
            what,
            round_trips: own.len(),
            read: 0.0,
            write: 0.0,
            mails: 0,
            mails_read: 0.0,
            mails_write: 0.0,
        };
        for exchange in &own {
            if serving::is_read(&exchange.operation) {
                cost.read += exchange.units();
            } else {
                cost.write += write_units(exchange, &items);
            }
        }
        cost.mails = house.mails().await.len() - mails;
        let (of_mails, _) = split(house.proxy().exchanges());
        for exchange in of_mails.iter().filter(|exchange| exchange.operation != "Query" || cost.mails > 0) {
            if serving::is_read(&exchange.operation) {
                cost.mails_read += exchange.units();
            } else {
                cost.mails_write += exchange.units();
            }
        }
        Ok((cost, answer))
    }
}

/// The engine's word on a write, or what the items' sizes come to, if that is more.
#[allow(clippy::cast_precision_loss, reason = "a handful")]
fn write_units(exchange: &Exchange, items: &[jari_store::Item]) -> f64 {
    let reported = exchange.units();
    if exchange.operation == "TransactWriteItems" {
        reported.max(capacity::transaction_units(&exchange.asked(), items) as f64)
    } else {
        reported
    }
}

/// What mails and schedules do beside it, and what the operation itself does.
fn split(exchanges: Vec<Exchange>) -> (Vec<Exchange>, Vec<Exchange>) {
    exchanges.into_iter().partition(|exchange| {
        let asked = String::from_utf8_lossy(&exchange.request);
        serving::is_of_mails_or_schedules(&exchange.operation, &asked)
    })
}
