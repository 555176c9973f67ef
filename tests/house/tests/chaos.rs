//! Sixty-four guests who book, hold, confirm, change, cancel and look at random, while DynamoDB conflicts, throttles,
//! loses answers and comes late, and the clock runs. Whatever happened: no seat twice, none lost, no mail twice.

mod aftermath;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use fastrand::Rng;
use jari_domain::{ReservationId, RestaurantId};
use jari_tests::{Answer, Bistro, Fault, House, Ticket, Wish, bistro, fault_proxy::A_FIFTH, table_for};
use serde_json::{Value, json};

const CLIENTS: u64 = 64;
const DINERS: u32 = 40;
const LASTS: Duration = Duration::from_secs(12);
/// Days whose evenings fill up, and are emptied again by those who cancel or never confirm.
const DAYS: [&str; 4] = ["2026-12-22", "2026-12-23", "2026-12-24", "2026-12-25"];
const TIMES: [&str; 7] = ["17:00", "17:30", "18:00", "18:30", "19:00", "19:30", "20:00"];
/// What the API's document says that these requests may be answered with.
const DOCUMENTED: [u16; 7] = [200, 201, 404, 409, 412, 422, 503];

fn instant(day: &str, time: &str) -> String {
    format!("{day}T{time}:00+09:00")
}

/// What the guests were told, to be held against what is stored.
#[derive(Default)]
struct Told {
    statuses: BTreeMap<u16, usize>,
    /// Answers that no endpoint documents for this, and refusals for now that don't say for how long.
    strange: Vec<String>,
    /// Every 201, by idempotency key.
    booked: BTreeMap<String, BTreeSet<ReservationId>>,
    cancelled: BTreeSet<ReservationId>,
    /// The visits that have held something.
    visits: Vec<String>,
}

/// A house in trouble, and what its guests were told.
struct Night {
    house: House,
    /// One that confirms at once, and one that paces its guests and answers itself.
    restaurants: [RestaurantId; 2],
    /// With room for everybody; nobody goes there before the aftermath.
    annex: RestaurantId,
    told: Mutex<Told>,
}

struct Client {
    night: Arc<Night>,
    random: Rng,
    name: u64,
    requests: u32,
    tickets: Vec<Ticket>,
    visit: Option<String>,
}

impl Client {
    fn diner(&mut self) -> String {
        format!("diner{}", self.random.u32(..DINERS))
    }

    fn time(&mut self) -> String {
        instant(self.random.choice(DAYS).unwrap(), self.random.choice(TIMES).unwrap())
    }

    fn ticket(&mut self) -> Option<Ticket> {
        // The latest most often: that is where the action is.
        let from = if self.random.u8(..4) == 0 { 0 } else { self.tickets.len().saturating_sub(4) };
        let at = self.random.usize(from..self.tickets.len().max(from + 1));
        self.tickets.get(at).cloned()
    }

    fn heard(&self, answer: &Answer) {
        let mut told = self.night.told.lock().unwrap();
        *told.statuses.entry(answer.status).or_default() += 1;
        let is_patient = answer.status != 503 || answer.header("retry-after").is_some();
        if !DOCUMENTED.contains(&answer.status) || !is_patient {
            told.strange.push(format!("{} {}", answer.status, answer.text));
        }
    }

    /// Books or holds, and asks again under the same key for as long as it is told to come again.
    async fn book(&mut self, hold: bool) {
        self.requests += 1;
        let key = format!("{}-{}", self.name, self.requests);
        let (restaurant, time) = (self.random.choice(self.night.restaurants).unwrap(), self.time());
        let party = self.random.u8(1..=4);
        let diner = self.diner();
        let wish = table_for(party).in_restaurant(restaurant).at(&time).by(&diner).under_key(&key);
        // The note tells the reservation's key.
        let wish = wish.with("note", key.clone());
        let wish = match (&self.visit, hold) {
            (_, false) => wish,
            (None, true) => wish.held(),
            (Some(visit), true) => wish.held().on_visit(visit),
        };
        let again = if self.random.u8(..8) == 0 { 2 } else { 1 };
        for _ in 0..again {
            let answer = self.book_until_told(&wish).await;
            if answer.status == 201 {
                self.booked(&key, &answer);
            }
        }
    }

    async fn book_until_told(&mut self, wish: &Wish) -> Answer {
        const TRIES: usize = 4;
        let night = Arc::clone(&self.night);
        for _ in 1..TRIES {
            let answer = night.house.book(wish.clone()).await;
            self.heard(&answer);
            if answer.status != 503 {
                return answer;
            }
        }
        let answer = night.house.book(wish.clone()).await;
        self.heard(&answer);
        answer
    }

    fn booked(&mut self, key: &str, answer: &Answer) {
        let mut told = self.night.told.lock().unwrap();
        told.booked.entry(key.to_owned()).or_default().insert(answer.id());
        if let Some(visit) = answer.header("jari-visit") {
            told.visits.push(visit.to_owned());
            self.visit = Some(visit.to_owned());
        }
        drop(told);
        self.tickets.push(answer.ticket());
    }

    async fn confirm(&mut self) {
        let Some(ticket) = self.ticket() else { return };
        let diner = self.diner();
        let guest =
            json!({ "guest": { "name": diner, "email": format!("{diner}@jari.test"), "language": "en" } });
        let answer = self.night.house.confirm(&ticket, &guest).await;
        self.heard(&answer);
    }

    async fn change(&mut self) {
        let Some(ticket) = self.ticket() else { return };
        let mut change = serde_json::Map::new();
        if self.random.bool() {
            change.insert("startsAt".into(), self.time().into());
        }
        if self.random.bool() {
            change.insert("partySize".into(), self.random.u8(1..=4).into());
        }
        let night = Arc::clone(&self.night);
        let mut request =
            night.house.with_ticket(reqwest::Method::PATCH, &ticket, "").json(&Value::Object(change));
        if self.random.u8(..4) == 0 {
            request = request.header("if-match", "\"1\"");
        }
        let answer = Answer::to(request).await;
        self.heard(&answer);
    }

    async fn cancel(&mut self) {
        let Some(ticket) = self.ticket() else { return };
        let answer = self.night.house.cancel(&ticket).await;
        self.heard(&answer);
        if answer.status == 200 {
            assert_eq!(answer.reservation_status(), "cancelled");
            self.night.told.lock().unwrap().cancelled.insert(ticket.id);
        }
    }

    async fn look(&mut self) {
        let Some(ticket) = self.ticket() else { return };
        let answer = self.night.house.look(&ticket).await;
        self.heard(&answer);
        assert!(matches!(answer.status, 200 | 503), "what a 201 told of is there: {}", answer.text);
    }

    async fn go_wild(mut self, until: Instant) {
        while Instant::now() < until {
            match self.random.u8(..10) {
                0..=1 => self.book(false).await,
                2..=3 => self.book(true).await,
                4..=5 => self.confirm().await,
                6 => self.change().await,
                7..=8 => self.cancel().await,
                _ => self.look().await,
            }
        }
    }
}

fn small(tables: usize) -> Bistro {
    let bistro =
        bistro().open("17:00", "20:00", "23:00").with_tables(tables, 2).with_tables_in("terrace", 2, 2, 4);
    bistro.with_joined(&[0, 1], 3, 4)
}

async fn open() -> Night {
    let (at_once, on_request) = (small(4), small(3).paced(6).on_request());
    let annex = bistro().open("17:00", "20:00", "23:00").with_tables(150, 2);
    let restaurants = [at_once.id(), on_request.id()];
    let house = House::open().with_faults().with_restaurant(annex.clone());
    let house = house.with_restaurant(at_once).with_restaurant(on_request).await;
    Night { house, restaurants, annex: annex.id(), told: Mutex::default() }
}

/// For longer than the retry budget every booking is done, but told as failed, and can't be looked up: who asks again
/// must find it.
async fn an_outage(house: &House, seed: u64) {
    tokio::time::sleep(LASTS / 4).await;
    house.proxy().always("TransactWriteItems", Fault::DoneButError);
    house.proxy().always("GetItem", Fault::InternalError);
    tokio::time::sleep(LASTS / 2).await;
    house.proxy().heal();
    house.proxy().mix(seed + 100, &A_FIFTH);
}

async fn a_wild_night(seed: u64) {
    let night = Arc::new(open().await);
    go_through(&night, seed).await;
    aftermath::check(&night).await;
}

async fn go_through(night: &Arc<Night>, seed: u64) {
    night.house.proxy().mix(seed, &A_FIFTH);
    let until = Instant::now() + LASTS;
    let clients = (0..CLIENTS).map(|name| {
        let random = Rng::with_seed(seed * 1_000 + name);
        let night = Arc::clone(night);
        let client = Client { night, random, name, requests: 0, tickets: Vec::new(), visit: None };
        tokio::spawn(client.go_wild(until))
    });
    let clients: Vec<_> = clients.collect();
    // Holds last five minutes: they end while others confirm them.
    let moving = async {
        while Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(300)).await;
            night.house.let_time_pass("PT70S").await;
        }
    };
    tokio::join!(moving, an_outage(&night.house, seed));
    for client in clients {
        client.await.unwrap();
    }
    // What was to arrive late has arrived.
    night.house.proxy().heal();
    tokio::time::sleep(Duration::from_secs(4)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_wild_night_every_seat_has_one_owner_and_every_fact_one_mail() {
    a_wild_night(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_another_wild_night_too() {
    a_wild_night(2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_third_wild_night_too() {
    a_wild_night(3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_write_conditions_such_a_night_is_seen_to_go_wrong() {
    let night = Arc::new(open().await);
    night.house.proxy().without_conditions();
    go_through(&night, 4).await;
    let found = night.house.inconsistencies().await;
    assert!(found.iter().any(|line| line.starts_with("two have")), "it must be seen: {found:?}");
}
