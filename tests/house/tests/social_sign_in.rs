//! Signing in with Google, Kakao and Naver, from the first request to the session, against a provider on this machine.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jari_domain::{DinerId, MailTokenId};
use jari_identity::MailTokenPurpose;
use jari_operations::accounts::{Agreed, begin_social_sign_in, take_social_sign_in};
use jari_social::Provider;
use jari_tests::{Answer, House};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::provider::{self, TestProvider};

/// A provider, whose tokens are of the house's time, and a house that offers to sign in with it.
async fn open(kind: Provider, opening: jari_tests::Opening) -> (TestProvider, House) {
    let provider = TestProvider::open(kind).await;
    let house = opening.with_providers(&provider.configuration()).await;
    let seconds = house.now().as_second();
    provider.mint(move |mut claims| {
        claims["iat"] = json!(seconds);
        claims["exp"] = json!(seconds + 3600);
        provider::rs256("rsa-1", &claims)
    });
    (provider, house)
}

async fn come_back(house: &House, provider: &TestProvider, kind: Provider) -> Value {
    let start = house.post(&format!("/v1/social/{kind}")).await.is(200);
    let code = provider.consent(start.json["authorizationUrl"].as_str().unwrap());
    json!({ "code": code, "state": start.json["state"], "language": "ko" })
}

async fn finish(house: &House, kind: Provider, returned: &Value) -> Answer {
    house.post(&format!("/v1/social/{kind}/callback")).json(returned).await
}

async fn sign_in(house: &House, provider: &TestProvider, kind: Provider) -> Answer {
    let returned = come_back(house, provider, kind).await;
    finish(house, kind, &returned).await
}

/// Whose session it is.
fn account(answer: &Answer) -> String {
    let token = answer.json["accessToken"].as_str().unwrap_or_else(|| panic!("no session: {}", answer.text));
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sub"].as_str().unwrap().to_owned()
}

fn text<'a>(item: &'a jari_store::Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

async fn keys(house: &House, prefix: &str) -> Vec<String> {
    let items = house.items().await;
    let mut keys: Vec<_> =
        items.iter().map(|item| format!("{} {}", text(item, "PK"), text(item, "SK"))).collect();
    keys.retain(|key| key.starts_with(prefix));
    keys
}

#[tokio::test]
async fn a_house_without_providers_offers_none() {
    let house = House::open().await;
    assert_eq!(house.get("/v1/social").await.is(200).json, json!({ "providers": [] }));
    for provider in ["google", "facebook"] {
        house.post(&format!("/v1/social/{provider}")).await.refused(404, "not_found");
        let body = json!({ "code": "c", "state": "s" });
        let path = format!("/v1/social/{provider}/callback");
        house.post(&path).json(&body).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_verified_address_without_an_account_gets_one_and_leads_back_to_it() {
    let (google, house) = open(Provider::Google, House::open()).await;
    assert_eq!(house.get("/v1/social").await.is(200).json, json!({ "providers": ["google"] }));
    let first = sign_in(&house, &google, Provider::Google).await.is(200);
    assert_eq!(first.json["expiresIn"], 900);
    // Known by who they are, whatever becomes of the address.
    google.person(|person| {
        person["email"] = json!("moved@example.kr");
        person["email_verified"] = json!(false);
    });
    let again = sign_in(&house, &google, Provider::Google).await.is(200);
    assert_eq!(account(&first), account(&again));
    assert_eq!(keys(&house, "EMAIL#").await.len(), 1);
    assert!(keys(&house, "SIGNUP#").await.is_empty());
}

#[tokio::test]
async fn a_verified_address_leads_to_the_account_that_has_it() {
    let (google, house) = open(Provider::Google, House::open().with_diner("minji")).await;
    let minji = house.sign_in("minji");
    google.person(|person| person["email"] = json!(minji.email.to_uppercase()));
    let signed_in = sign_in(&house, &google, Provider::Google).await.is(200);
    assert_eq!(account(&signed_in), minji.access.account.to_string());
}

#[tokio::test]
async fn an_address_that_is_not_verified_never_leads_to_the_account_that_has_it() {
    for kind in Provider::ALL {
        let (provider, house) = open(kind, House::open().with_diner("minji")).await;
        let email = json!(house.sign_in("minji").email);
        provider.person(|person| {
            if kind != Provider::Naver {
                person["email"] = email.clone();
                person["email_verified"] = json!(false);
            }
        });
        provider.profile(|profile| {
            if kind == Provider::Naver {
                profile["response"]["email"] = email;
            }
        });
        for _ in 0..2 {
            let answer = sign_in(&house, &provider, kind).await.is(202);
            assert!(answer.text.is_empty(), "{}", answer.text);
        }
        assert!(keys(&house, &format!("SOCIAL#{kind}#")).await.is_empty(), "{kind}");
    }
}

#[tokio::test]
async fn an_address_that_is_not_verified_gets_a_mail_whose_link_makes_the_account() {
    let (naver, house) = open(Provider::Naver, House::open()).await;
    sign_in(&house, &naver, Provider::Naver).await.is(202);
    assert!(keys(&house, "ACCT#").await.is_empty());

    let pending = keys(&house, "SIGNUP#").await;
    let (diner, id) = pending[0].strip_prefix("SIGNUP#").unwrap().split_once(' ').unwrap();
    let (diner, id) = (DinerId(diner.to_owned()), MailTokenId::from_digits(id).unwrap());
    let key = house.local().house().mail_token_key().await.unwrap();
    let token = json!({ "token": key.token(MailTokenPurpose::VerifyEmail, &diner, id) });
    let verified = house.post("/v1/accounts/verify").json(&token).await.is(200);
    house.post("/v1/accounts/verify").json(&token).await.refused(422, "invalid_token");

    let signed_in = sign_in(&house, &naver, Provider::Naver).await.is(200);
    assert_eq!(account(&signed_in), account(&verified));
}

#[tokio::test]
async fn who_shares_no_address_is_told_that_one_is_needed() {
    let (google, house) = open(Provider::Google, House::open()).await;
    google.person(|person| drop(person.as_object_mut().unwrap().remove("email")));
    sign_in(&house, &google, Provider::Google).await.refused(422, "address_needed");
}

#[tokio::test]
async fn a_state_is_good_once_for_ten_minutes_and_one_provider() {
    let (google, house) = open(Provider::Google, House::open()).await;
    let failed = async |kind, returned: &Value| failed_at(&house, kind, returned).await;
    let returned = come_back(&house, &google, Provider::Google).await;
    finish(&house, Provider::Google, &returned).await.is(200);
    failed(Provider::Google, &returned).await;

    let mut made_up = come_back(&house, &google, Provider::Google).await;
    made_up["state"] = json!("x".repeat(43));
    failed(Provider::Google, &made_up).await;

    let late = come_back(&house, &google, Provider::Google).await;
    house.advance("PT10M").await;
    failed(Provider::Google, &late).await;

    let kakao = TestProvider::open(Provider::Kakao).await;
    let mut both = google.configuration();
    both["kakao"] = kakao.configuration()["kakao"].clone();
    let house = House::open().with_providers(&both).await;
    let googles = come_back(&house, &google, Provider::Google).await;
    failed_at(&house, Provider::Kakao, &googles).await;
    assert_eq!(kakao.asked("token"), 0);
}

/// DynamoDB takes its time, up to days, before it tidies up.
#[tokio::test]
async fn a_state_that_is_still_kept_is_over_after_ten_minutes() {
    let house = House::open().await;
    let now = house.now();
    for (state, seconds, is_good) in [("in time", 598, true), ("late", 600, false)] {
        let (state, nonce, verifier) = (state.to_owned(), "nonce".to_owned(), "verifier".to_owned());
        let agreed = Agreed { provider: "google", state: state.clone(), nonce, verifier };
        begin_social_sign_in(house.store(), agreed, now).await.unwrap();
        let then = now + SignedDuration::from_secs(seconds);
        let taken = take_social_sign_in(house.store(), "google", state, then).await;
        assert_eq!(taken.is_ok(), is_good, "{taken:?}");
    }
}

async fn failed_at(house: &House, kind: Provider, returned: &Value) {
    finish(house, kind, returned).await.refused(422, "social_sign_in_failed");
}

#[tokio::test]
async fn a_state_is_used_up_by_a_code_that_is_none_and_a_provider_that_fails_is_said_to() {
    let (google, house) = open(Provider::Google, House::open()).await;
    let returned = come_back(&house, &google, Provider::Google).await;
    let wrong = json!({ "code": "guessed", "state": returned["state"] });
    finish(&house, Provider::Google, &wrong).await.refused(422, "social_sign_in_failed");
    finish(&house, Provider::Google, &returned).await.refused(422, "social_sign_in_failed");

    google.go_wrong("token", provider::Wrong::Status(500));
    sign_in(&house, &google, Provider::Google).await.refused(502, "provider_failed");
}

#[tokio::test]
async fn nothing_that_is_kept_of_a_sign_in_names_the_state_or_the_subject() {
    let (google, house) = open(Provider::Google, House::open()).await;
    let returned = come_back(&house, &google, Provider::Google).await;
    finish(&house, Provider::Google, &returned).await.is(200);
    come_back(&house, &google, Provider::Google).await;
    let table = format!("{:?}", house.items().await);
    assert!(table.contains("SOCIAL#google#"));
    assert!(!table.contains("110169484474386276334") && !table.contains(returned["state"].as_str().unwrap()));
}
