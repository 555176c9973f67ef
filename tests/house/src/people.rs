//! People with accounts, and what they ask: `house.get("/v1/me").by(&minji).await.is(200)`.

use jari_domain::{
    Account, AccountId, DinerId, EmailAddress, Language, MailPreferences, PasswordHash, PlatformRole,
    RestaurantId, SessionId, StaffRole,
};
use jari_identity::{Access, DinerKey};
use jari_store::StoredAccount;
use jiff::Timestamp;
use reqwest::RequestBuilder;
use serde::Serialize;
use serde_json::{Value, json};

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

/// Who somebody is to be.
#[derive(Clone, Debug)]
pub struct Introduced {
    name: String,
    platform: Option<PlatformRole>,
    staff: Option<(RestaurantId, StaffRole)>,
    password: Option<PasswordHash>,
}

impl Introduced {
    /// Somebody who has an account and is nothing more.
    pub fn diner(name: &str) -> Self {
        Self { name: name.to_owned(), platform: None, staff: None, password: None }
    }

    /// Somebody on a restaurant's staff.
    pub fn staff(name: &str, restaurant: RestaurantId, role: StaffRole) -> Self {
        Self { staff: Some((restaurant, role)), ..Self::diner(name) }
    }

    /// Somebody of the platform.
    pub fn platform(name: &str, role: PlatformRole) -> Self {
        Self { platform: Some(role), ..Self::diner(name) }
    }

    /// Who can sign in with the password of this hash.
    pub fn with_password(self, hash: PasswordHash) -> Self {
        Self { password: Some(hash), ..self }
    }

    /// The account they get, if they have none yet.
    pub(crate) fn account(&self, diners: &DinerKey, now: Timestamp) -> StoredAccount {
        let email: EmailAddress = format!("{}@jari.test", self.name).parse().unwrap();
        let diner = diners.diner_of_email(&email);
        let account = Account {
            id: AccountId::new(now, random()),
            email,
            name: self.name.parse().unwrap(),
            phone: None,
            language: Language::Ko,
            mail: MailPreferences::default(),
            platform: self.platform,
            generation: 1,
            created_at: now,
            revision: 1,
        };
        StoredAccount { account, diner, password_hash: self.password.clone(), deleting: false }
    }

    /// The items that put them on a staff, as the store has them.
    pub(crate) fn membership(&self, person: &Person, now: Timestamp) -> Vec<Value> {
        let Some((restaurant, role)) = self.staff else { return Vec::new() };
        let (account, restaurant) = (person.account().digits(), restaurant.digits());
        let own = json!({
            "PK": format!("REST#{restaurant}"), "SK": format!("STAFF#{account}"),
            "role": role, "name": person.name, "email": person.email, "since": now.as_second(),
        });
        let inverse =
            json!({ "PK": format!("ACCT#{account}"), "SK": format!("STAFF#{restaurant}"), "role": role });
        vec![own, inverse]
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Person {
    pub(crate) fn new(stored: &StoredAccount, now: Timestamp) -> Self {
        let account = &stored.account;
        let access = Access {
            account: account.id,
            diner: stored.diner.clone(),
            platform: account.platform,
            session: SessionId::new(now, random()),
            generation: account.generation,
        };
        Self { name: account.name.as_str().to_owned(), email: account.email.as_str().to_owned(), access }
    }
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
