//! The whole house in the test's own process, in memory, on free ports:
//! `House::open().with_restaurant(bistro().with_tables(20, 2)).await`.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use jari_domain::{PlatformRole, Reservation, ReservationId, RestaurantId, StaffRole};
use jari_identity::{AccessSigner, DinerKey, LinkSigner};
use jari_local::{Engine, HouseClock, LocalHouse, Options, catcher::Mail};
use jari_store::{Created, Item, Store, reservation_from_item};
use jiff::{Timestamp, civil::Date};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Answer, Ask, Bistro, FaultProxy, Introduced, Person, Ticket, Wish, claims::wrong_claims};

/// When the house's clock starts: a Tuesday morning in Seoul.
pub const NOW: &str = "2026-12-01T10:00:00+09:00";
/// The day that is booked unless said otherwise: inside the booking window, far from every cut-off.
pub const DAY: &str = "2026-12-24";

const TABLE: &str = "jari-test";

/// A house that is about to open: await it.
pub struct Opening {
    restaurants: Vec<Bistro>,
    people: Vec<Introduced>,
    faults: bool,
    demo: bool,
    on_disk: bool,
    /// None: the machine's own time.
    now: Option<Timestamp>,
    /// How long a day is shown as it was read, in milliseconds.
    days_kept_ms: u64,
    /// Whom people can sign in with: the parameter `social-providers`.
    providers: Option<Value>,
    prepare: Option<Box<dyn FnOnce(Store) -> BoxFuture<'static, ()> + Send>>,
}

/// An open house and its guests' way in.
pub struct House {
    local: LocalHouse,
    proxy: Option<FaultProxy>,
    store: Store,
    engine_endpoint: String,
    client: reqwest::Client,
    restaurants: Vec<RestaurantId>,
    people: Vec<Person>,
    signer: AccessSigner,
    links: LinkSigner,
    diners: DinerKey,
    // Last: they go when nobody needs them any more.
    engine: Option<Engine>,
    _folder: TempDir,
}

impl House {
    /// An empty house at [`NOW`].
    pub fn open() -> Opening {
        let now = Some(NOW.parse().unwrap());
        let (restaurants, people) = (Vec::new(), Vec::new());
        Opening {
            restaurants,
            people,
            faults: false,
            days_kept_ms: Options::default().days_kept_ms,
            demo: false,
            on_disk: false,
            now,
            providers: None,
            prepare: None,
        }
    }

    /// Its own address.
    pub fn url(&self) -> &str {
        self.local.url()
    }

    /// The house itself.
    pub fn local(&self) -> &LocalHouse {
        &self.local
    }

    /// What stands between it and its DynamoDB.
    pub fn proxy(&self) -> &FaultProxy {
        self.proxy.as_ref().expect("the house was opened with_faults()")
    }

    /// Its table, past the proxy.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The first restaurant it was opened with.
    pub fn restaurant(&self) -> RestaurantId {
        self.restaurants[0]
    }

    /// The time of its clock.
    pub fn now(&self) -> Timestamp {
        self.local.clock().now()
    }

    /// A request, to be completed and sent by [`Answer::to`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url())).header("accept-language", "en")
    }

    /// Somebody it was opened with, by name or address.
    pub fn sign_in(&self, who: &str) -> Person {
        let person = self.people.iter().find(|person| person.name == who || person.email == who);
        person.unwrap_or_else(|| panic!("{who} was not introduced")).clone()
    }

    /// An access token of theirs, fresh.
    pub fn token_of(&self, person: &Person) -> String {
        self.signer.sign(&person.access, self.now())
    }

    /// What whoever has a reservation's private link keeps.
    pub fn link_to(&self, id: ReservationId) -> Ticket {
        let month = jiff::SignedDuration::from_hours(30 * 24);
        Ticket { id, token: self.links.sign(id, self.now() + month, self.now()) }
    }

    /// Asks anything.
    pub fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        Ask::new(self, self.request(method, path))
    }

    /// Asks for something to see.
    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    /// Asks for something to be done.
    pub fn post(&self, path: &str) -> Ask<'_> {
        self.ask(Method::POST, path)
    }

    /// Asks for something to be put in place.
    pub fn put(&self, path: &str) -> Ask<'_> {
        self.ask(Method::PUT, path)
    }

    /// Asks for something to be changed.
    pub fn patch(&self, path: &str) -> Ask<'_> {
        self.ask(Method::PATCH, path)
    }

    /// Asks for something to be gone.
    pub fn delete(&self, path: &str) -> Ask<'_> {
        self.ask(Method::DELETE, path)
    }

    /// Books, or holds.
    pub async fn book(&self, wish: Wish) -> Answer {
        let mut body = wish.body;
        if body.get("restaurantId").is_none() {
            body["restaurantId"] = json!(wish.restaurant.unwrap_or_else(|| self.restaurant()));
        }
        let ask = self.post("/v1/reservations").json(&body);
        let ask = wish.person.iter().fold(ask, Ask::by);
        wish.headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).await
    }

    /// Looks at a reservation.
    pub async fn look(&self, ticket: &Ticket) -> Answer {
        Answer::to(self.with_ticket(Method::GET, ticket, "")).await
    }

    /// Changes a reservation.
    pub async fn change(&self, ticket: &Ticket, change: &Value) -> Answer {
        Answer::to(self.with_ticket(Method::PATCH, ticket, "").json(change)).await
    }

    /// Cancels a reservation.
    pub async fn cancel(&self, ticket: &Ticket) -> Answer {
        Answer::to(self.with_ticket(Method::POST, ticket, "/cancel")).await
    }

    /// Confirms a hold.
    pub async fn confirm(&self, ticket: &Ticket, details: &Value) -> Answer {
        Answer::to(self.with_ticket(Method::POST, ticket, "/confirm").json(details)).await
    }

    /// A request about a reservation by whoever has its token.
    pub fn with_ticket(&self, method: Method, ticket: &Ticket, action: &str) -> RequestBuilder {
        self.request(method, &format!("/v1/reservations/{}{action}", ticket.id)).bearer_auth(&ticket.token)
    }

    /// The slots of a day at the first restaurant: wall-clock time and, if it can't be had, why.
    pub async fn slots(&self, date: &str, party: u16) -> Vec<(String, Option<String>)> {
        let path =
            format!("/v1/restaurants/{}/availability?partySize={party}&date={date}", self.restaurant());
        let answer = self.get(&path).await.is(200);
        let slots = answer.json["days"][0]["slots"].as_array().cloned().unwrap_or_default();
        let slot = |slot: &Value| {
            let starts_at = slot["startsAt"].as_str().unwrap();
            let reason = slot["reason"].as_str().map(str::to_owned);
            assert_eq!(slot["available"], reason.is_none(), "{slot}");
            (starts_at[11..16].to_owned(), reason)
        };
        slots.iter().map(slot).collect()
    }

    /// Why a time of [`DAY`] can't be had; none if it can.
    pub async fn why_not(&self, time: &str, party: u16) -> Option<String> {
        let slots = self.slots(DAY, party).await;
        let slot = slots.into_iter().find(|(at, _)| at == time);
        slot.unwrap_or_else(|| panic!("{time} is not a time of the day")).1
    }

    /// Moves the clock on, and lets happen what falls due.
    pub async fn advance(&self, by: &str) {
        let by: jiff::SignedDuration = by.parse().unwrap();
        self.local.move_clock_to(self.now() + by).await;
    }

    /// Moves the clock on under load, where nothing comes to rest.
    pub async fn let_time_pass(&self, by: &str) {
        let by: jiff::SignedDuration = by.parse().unwrap();
        self.local.let_time_pass_to(self.now() + by).await;
    }

    /// Waits until everything written so far has been through `send-mail`.
    pub async fn comes_to_rest(&self) {
        let drained = tokio::time::timeout(Duration::from_mins(1), self.local.stream_drained()).await;
        drained.expect("the stream comes to rest");
    }

    /// The mails so far, oldest first, after everything written so far has been through `send-mail`.
    pub async fn mails(&self) -> Vec<Arc<Mail>> {
        self.comes_to_rest().await;
        let mut mails = self.local.mails();
        mails.reverse();
        mails
    }

    /// The mails to one address so far, oldest first.
    pub async fn mails_to(&self, address: &str) -> Vec<Arc<Mail>> {
        let mut mails = self.mails().await;
        mails.retain(|mail| mail.to.contains(address));
        mails
    }

    /// A reservation as it is stored.
    pub async fn reservation(&self, id: ReservationId) -> Option<Reservation> {
        self.store.reservation(id).await.unwrap().map(|stored| stored.reservation)
    }

    /// Every reservation there is, also those that a day does not show because nobody came of them.
    pub async fn every_reservation(&self) -> Vec<Reservation> {
        reservations_among(&self.items().await)
    }

    /// The reservations that a restaurant's day shows.
    pub async fn reservations(&self, restaurant: RestaurantId, date: &str) -> Vec<Reservation> {
        let stored = self.store.reservations_of_day(restaurant, day(date)).await.unwrap();
        stored.into_iter().map(|stored| stored.reservation).collect()
    }

    /// Every item of the table as it is stored.
    pub async fn items(&self) -> Vec<Item> {
        crate::local_process::every_item(&self.dynamodb(), TABLE).await
    }

    /// Writes an item that nothing of ours writes as such, past the proxy.
    pub async fn put_item(&self, item: &Value) {
        let item = Some(serde_dynamo::to_item(item).unwrap());
        self.dynamodb().put_item().table_name(TABLE).set_item(item).send().await.unwrap();
    }

    /// Where its DynamoDB is, past the proxy.
    pub fn engine_endpoint(&self) -> &str {
        &self.engine_endpoint
    }

    /// Its engine, if it has one of its own: with faults, or with something written before it opened.
    pub fn engine(&self) -> Option<&Engine> {
        self.engine.as_ref()
    }

    /// The name of its table.
    pub fn table(&self) -> &str {
        TABLE
    }

    /// Its DynamoDB, past the proxy.
    fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let config = aws_sdk_dynamodb::config::Builder::from(self.local.house().aws());
        aws_sdk_dynamodb::Client::from_conf(config.endpoint_url(&self.engine_endpoint).build())
    }

    /// One more restaurant.
    pub async fn open_restaurant(&mut self, restaurant: &Bistro) {
        restaurant.write(&self.store).await;
        self.restaurants.push(restaurant.id());
    }

    /// One more person; or one who is there already gets one more role at a restaurant.
    pub async fn introduce(&mut self, one: Introduced) -> Person {
        let now = self.now();
        let known = self.people.iter().position(|person| person.name == one.name());
        let person = if let Some(known) = known {
            self.people[known].clone()
        } else {
            let account = one.account(&self.diners, now);
            assert_eq!(self.store.create_account(&account).await.unwrap(), Created::Done);
            self.people.push(Person::new(&account, now));
            self.people[self.people.len() - 1].clone()
        };
        for item in one.membership(&person, now) {
            self.put_item(&item).await;
        }
        person
    }

    /// Where claims and reservations differ now, as [`wrong_claims`] has it.
    pub async fn inconsistencies(&self) -> Vec<String> {
        let items = self.items().await;
        wrong_claims(&items, &reservations_among(&items), self.now())
    }

    /// Claims equal active reservations, cell by cell.
    pub async fn assert_consistent(&self) {
        let found = self.inconsistencies().await;
        assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
    }
}

/// The reservations among a table's items.
pub fn reservations_among(items: &[Item]) -> Vec<Reservation> {
    let is_one = |item: &&Item| item["SK"].as_s().is_ok_and(|key| key == "RSV");
    items.iter().filter(is_one).map(|item| reservation_from_item(item.clone()).unwrap()).collect()
}

/// A date as it is written.
pub fn day(date: &str) -> Date {
    date.parse().unwrap()
}

impl Opening {
    /// With this restaurant.
    pub fn with_restaurant(mut self, restaurant: Bistro) -> Self {
        self.restaurants.push(restaurant);
        self
    }

    /// With somebody who has an account and is nothing more.
    pub fn with_diner(self, name: &str) -> Self {
        self.with_person(Introduced::diner(name))
    }

    /// With somebody on the staff of the restaurant named last.
    pub fn with_host(self, name: &str) -> Self {
        self.with_staff(name, StaffRole::Host)
    }

    /// With a manager of the restaurant named last.
    pub fn with_manager(self, name: &str) -> Self {
        self.with_staff(name, StaffRole::Manager)
    }

    /// With an owner of the restaurant named last.
    pub fn with_owner(self, name: &str) -> Self {
        self.with_staff(name, StaffRole::Owner)
    }

    /// With one of the platform's admins.
    pub fn with_admin(self, name: &str) -> Self {
        self.with_person(Introduced::platform(name, PlatformRole::Admin))
    }

    /// With one of the platform's concierges.
    pub fn with_concierge(self, name: &str) -> Self {
        self.with_person(Introduced::platform(name, PlatformRole::Concierge))
    }

    /// With an owner of this restaurant, such as one of the demo's.
    pub fn with_owner_of(self, name: &str, restaurant: RestaurantId) -> Self {
        self.with_person(Introduced::staff(name, restaurant, StaffRole::Owner))
    }

    fn with_staff(self, name: &str, role: StaffRole) -> Self {
        let restaurant = self.restaurants.last().expect("a restaurant before its staff").id();
        self.with_person(Introduced::staff(name, restaurant, role))
    }

    fn with_person(mut self, person: Introduced) -> Self {
        self.people.push(person);
        self
    }

    /// With a proxy before its DynamoDB.
    pub fn with_faults(mut self) -> Self {
        self.faults = true;
        self
    }

    /// Showing nobody a day as it was read a moment ago.
    pub fn reading_every_day_anew(mut self) -> Self {
        self.days_kept_ms = 0;
        self
    }

    /// With these providers to sign in with, as the parameter has them.
    pub fn with_providers(mut self, configuration: &Value) -> Self {
        self.providers = Some(configuration.clone());
        self
    }

    /// With its data in a folder that goes with it, and not in memory.
    pub fn on_disk(mut self) -> Self {
        self.on_disk = true;
        self
    }

    /// With the demo's restaurants.
    pub fn with_demo(mut self) -> Self {
        self.demo = true;
        self
    }

    /// With its clock starting then.
    pub fn at(mut self, now: &str) -> Self {
        self.now = Some(now.parse().unwrap());
        self
    }

    /// With the machine's own time, which processes beside it have too.
    pub fn at_the_machines_time(mut self) -> Self {
        self.now = None;
        self
    }

    /// With what this writes into the table before the house opens.
    pub fn after<F>(mut self, prepare: impl FnOnce(Store) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.prepare = Some(Box::new(move |store| Box::pin(prepare(store))));
        self
    }

    async fn open(self) -> House {
        let mut options =
            Options { empty: !self.demo, now: self.now, table: TABLE.into(), ..Options::throwaway() };
        options.days_kept_ms = self.days_kept_ms;
        let folder = tempfile::tempdir().unwrap();
        if self.on_disk {
            options = Options { memory: false, data: folder.path().join("data"), ..options };
        }
        if let Some(providers) = &self.providers {
            let file = folder.path().join("social-providers.json");
            std::fs::write(&file, providers.to_string()).unwrap();
            options.social_providers = Some(file);
        }
        let (mut engine, mut proxy) = (None, None);
        if self.faults || self.prepare.is_some() {
            let own = Engine::in_memory(HouseClock::new()).unwrap();
            let between = FaultProxy::open(own.endpoint()).await;
            options.dynamodb_endpoint = Some(between.endpoint().to_owned());
            if let Some(prepare) = self.prepare {
                let store = Store::new(&local_aws().await, Some(own.endpoint()), TABLE);
                store.create_table().await.unwrap();
                prepare(store).await;
            }
            (engine, proxy) = (Some(own), Some(between));
        }
        let local = LocalHouse::open(options).await.unwrap();
        let endpoint = engine.as_ref().map_or(local.dynamodb_endpoint(), Engine::endpoint);
        let endpoint = endpoint.to_owned();
        let store = Store::new(local.house().aws(), Some(&endpoint), TABLE);
        for restaurant in &self.restaurants {
            restaurant.write(&store).await;
        }
        let signer = local.house().access_signer().await.unwrap();
        let links = local.house().link_signer().await.unwrap();
        let diners = local.house().diner_key().await.unwrap();
        let mut house = House {
            local,
            proxy,
            store,
            engine_endpoint: endpoint,
            client: reqwest::Client::builder().timeout(Duration::from_mins(1)).build().unwrap(),
            restaurants: self.restaurants.iter().map(Bistro::id).collect(),
            people: Vec::new(),
            signer,
            links,
            diners,
            engine,
            _folder: folder,
        };
        for person in self.people {
            house.introduce(person).await;
        }
        if let Some(proxy) = &house.proxy {
            proxy.record_from_here();
        }
        house
    }
}

impl IntoFuture for Opening {
    type Output = House;
    type IntoFuture = BoxFuture<'static, House>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.open())
    }
}

pub(crate) async fn local_aws() -> aws_config::SdkConfig {
    let endpoint = Some("http://127.0.0.1".to_owned());
    jari_settings::Settings { dynamodb_endpoint: endpoint, ..jari_settings::Settings::default() }
        .aws_config()
        .await
}
