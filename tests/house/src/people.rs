//! People with accounts, and what they ask: `house.get("/v1/me").by(&minji).await.is(200)`.

use jari_domain::{AccountId, DinerId, PlatformRole, RestaurantId, SessionId, StaffRole};
use jari_identity::{Access, DinerKey};
use jari_store::Item;
use jiff::Timestamp;
use reqwest::RequestBuilder;
use serde::Serialize;
use serde_json::json;

use crate::{Answer, House};

/// Somebody with an account who is signed in, for as long as the test goes on: whatever they ask bears a token made at
/// that moment, as an app would have refreshed it.
#[derive(Clone, Debug)]
pub struct Person {
    /// As they were introduced: `minji`.
    pub name: String,
    /// Their verified address: `minji@jari.test`.
    pub email: String,
    /// What their tokens say.
    pub access: Access,
}

impl Person {
    /// Their account.
    pub fn account(&self) -> AccountId {
        self.access.account
    }

    /// The diner that their address makes them.
    pub fn diner(&self) -> &DinerId {
        &self.access.diner
    }
}

/// Who is to be there when the house opens.
#[derive(Clone, Debug)]
pub(crate) struct Introduced {
    name: String,
    platform: Option<PlatformRole>,
    staff: Option<(RestaurantId, StaffRole)>,
}

impl Introduced {
    pub(crate) fn diner(name: &str) -> Self {
        Self { name: name.to_owned(), platform: None, staff: None }
    }

    pub(crate) fn staff(name: &str, restaurant: RestaurantId, role: StaffRole) -> Self {
        Self { staff: Some((restaurant, role)), ..Self::diner(name) }
    }

    pub(crate) fn platform(name: &str, role: PlatformRole) -> Self {
        Self { platform: Some(role), ..Self::diner(name) }
    }
}

/// The people introduced, each once, and the items that make them what they are.
pub(crate) fn settle(
    introduced: &[Introduced],
    diners: &DinerKey,
    now: Timestamp,
) -> (Vec<Person>, Vec<Item>) {
    let mut people: Vec<Person> = Vec::new();
    let mut items = Vec::new();
    for one in introduced {
        let known = people.iter().position(|person| person.name == one.name);
        let known = known.unwrap_or_else(|| {
            let email = format!("{}@jari.test", one.name);
            let diner = diners.diner_of_email(&email.parse().unwrap());
            let access = Access {
                account: AccountId::new(now, random()),
                diner,
                platform: None,
                session: SessionId::new(now, random()),
                generation: 0,
            };
            people.push(Person { name: one.name.clone(), email, access });
            people.len() - 1
        });
        let person = &mut people[known];
        if one.platform.is_some() {
            person.access.platform = one.platform;
        }
        if let Some((restaurant, role)) = one.staff {
            let (account, restaurant) = (person.account().digits(), restaurant.digits());
            items.push(item(&json!({
                "PK": format!("REST#{restaurant}"), "SK": format!("STAFF#{account}"),
                "role": role, "name": person.name, "email": person.email, "since": now.as_second(),
            })));
            items.push(item(&json!({
                "PK": format!("ACCT#{account}"), "SK": format!("STAFF#{restaurant}"), "role": role,
            })));
        }
    }
    (people, items)
}

fn item(value: &serde_json::Value) -> Item {
    serde_dynamo::to_item(value).unwrap()
}

fn random() -> [u8; 10] {
    std::array::from_fn(|_| fastrand::u8(..))
}

/// A question to the house: await it for the answer.
#[must_use = "nothing is asked until it is awaited"]
pub struct Ask<'house> {
    house: &'house House,
    request: RequestBuilder,
}

impl<'house> Ask<'house> {
    pub(crate) fn new(house: &'house House, request: RequestBuilder) -> Self {
        Self { house, request }
    }

    /// Asked by somebody who has signed in.
    pub fn by(self, person: &Person) -> Self {
        let token = self.house.token_of(person);
        self.bearing(&token)
    }

    /// Asked by whoever has this token.
    pub fn bearing(self, token: &str) -> Self {
        Self { request: self.request.bearer_auth(token), ..self }
    }

    /// With this body.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self { request: self.request.json(body), ..self }
    }

    /// With this header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    /// Only if what it is about is still at the revision that this answer showed.
    pub fn if_unchanged_since(self, answer: &Answer) -> Self {
        let tag = answer.header("etag").expect("an answer with an ETag").to_owned();
        self.header("if-match", &tag)
    }
}

impl IntoFuture for Ask<'_> {
    type Output = Answer;
    type IntoFuture = futures::future::BoxFuture<'static, Answer>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(Answer::to(self.request))
    }
}
