//! A token is believed for what it is and nothing else: whoever alters one, makes one or brings the wrong one is met as if
//! they were nobody.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use axum::body::Body;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jari_identity::{AccessSigner, LinkSigner, VisitSigner, generate_signing_key, jwks_of};
use jari_settings::{Settings, names};
use jari_tests::{Answer, House, Person, Ticket, bistro, table_for};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A house with a reservation of Minji's, a host who may see it, and the link to it.
async fn house() -> (House, Person, Ticket) {
    let house = House::open().with_restaurant(bistro().with_tables(2, 2)).with_host("minji").await;
    let ticket = house.book(table_for(2).by("jiho")).await.is(201).ticket();
    let host = house.sign_in("minji");
    (house, host, ticket)
}

async fn private_key(house: &House) -> String {
    let secrets = house.local().house().secrets().unwrap();
    secrets.get(names::TOKEN_SIGNING_KEY).await.unwrap().to_string()
}

async fn look(house: &House, ticket: &Ticket, token: &str) -> Answer {
    house.get(&format!("/v1/reservations/{}", ticket.id)).bearing(token).await
}

/// Both kinds of token that let somebody see the reservation.
fn good(house: &House, host: &Person, ticket: &Ticket) -> [(&'static str, String); 2] {
    [("access", house.token_of(host)), ("link", ticket.token.clone())]
}

fn parts(token: &str) -> [String; 3] {
    let mut parts = token.split('.').map(str::to_owned);
    std::array::from_fn(|_| parts.next().unwrap())
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_token_is_refused() {
    let (house, host, ticket) = house().await;
    for (kind, token) in good(&house, &host, &ticket) {
        look(&house, &ticket, &token).await.is(200);
        let [header, claims, signature] = parts(&token);
        let mut other_claims = decoded(&claims);
        other_claims["exp"] = json!(other_claims["exp"].as_i64().unwrap() + 3600);
        let flipped = |part: &str, at: usize| {
            let mut bytes = URL_SAFE_NO_PAD.decode(part).unwrap();
            bytes[at] ^= 1;
            URL_SAFE_NO_PAD.encode(bytes)
        };
        let altered = [
            format!("{header}.{}.{signature}", encoded(&other_claims)),
            format!("{header}.{claims}.{}", flipped(&signature, 0)),
            format!("{header}.{claims}.{}", flipped(&signature, 63)),
            format!("{}.{claims}.{signature}", flipped(&header, 9)),
            format!("{header}.{claims}."),
            format!("{header}.{claims}"),
            format!("{token}.{signature}"),
            format!("{token} {token}"),
            token[..token.len() - 2].to_owned(),
        ];
        for token in altered {
            let answer = look(&house, &ticket, &token).await;
            assert_eq!((answer.status, answer.code()), (401, "unauthenticated"), "{kind}: {token}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_is_over_after_a_quarter_of_an_hour() {
    let (house, host, ticket) = house().await;
    let token = house.token_of(&host);
    house.advance("PT14M59S").await;
    look(&house, &ticket, &token).await.is(200);
    house.advance("PT1S").await;
    look(&house, &ticket, &token).await.refused(401, "token_expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_our_key_did_not_sign_is_refused() {
    let (house, host, ticket) = house().await;
    let now = house.now();
    let (foreign, _) = generate_signing_key().unwrap();
    let stage = &house.local().house().settings().stage;
    let access = AccessSigner::new(&foreign, stage).unwrap().sign(&host.access, now);
    let link = LinkSigner::new(&foreign, stage).unwrap().sign(ticket.id, jiff::Timestamp::MAX, now);
    // Under its own key's name, which nobody knows, and under the name of ours.
    for (forged, good) in [(access, house.token_of(&host)), (link, ticket.token.clone())] {
        let [_, claims, signature] = parts(&forged);
        let [our_header, ..] = parts(&good);
        for token in [forged, format!("{our_header}.{claims}.{signature}")] {
            look(&house, &ticket, &token).await.refused(401, "unauthenticated");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_a_signature_is_refused() {
    let (house, host, ticket) = house().await;
    for (kind, token) in good(&house, &host, &ticket) {
        let [header, claims, signature] = parts(&token);
        for none in ["none", "None", "NONE", "nOnE", ""] {
            let mut unsigned = decoded(&header);
            unsigned["alg"] = json!(none);
            for signature in ["", &signature] {
                let token = format!("{}.{claims}.{signature}", encoded(&unsigned));
                let answer = look(&house, &ticket, &token).await;
                assert_eq!((answer.status, answer.code()), (401, "unauthenticated"), "{kind}, {none}");
            }
        }
    }
}

/// Who takes the public key, which is no secret, for a shared one would believe anybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_signed_with_the_public_key_as_a_shared_secret_is_refused() {
    let (house, host, ticket) = house().await;
    let jwks = house.local().house().settings().token_keys.clone().unwrap();
    let key = serde_json::from_str::<Value>(&jwks).unwrap()["keys"][0].clone();
    let x = key["x"].as_str().unwrap();
    let secrets = [
        URL_SAFE_NO_PAD.decode(x).unwrap(),
        x.as_bytes().to_vec(),
        jwks.clone().into_bytes(),
        key.to_string().into_bytes(),
        Vec::new(),
    ];
    for (kind, token) in good(&house, &host, &ticket) {
        let [_, claims, _] = parts(&token);
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            for secret in &secrets {
                let mut header = Header::new(algorithm);
                header.kid = key["kid"].as_str().map(str::to_owned);
                let forged =
                    jsonwebtoken::encode(&header, &decoded(&claims), &EncodingKey::from_secret(secret))
                        .unwrap();
                let answer = look(&house, &ticket, &forged).await;
                assert_eq!((answer.status, answer.code()), (401, "unauthenticated"), "{kind}, {algorithm:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_stages_token_is_refused_even_under_our_key() {
    let (house, host, ticket) = house().await;
    let (key, now) = (private_key(&house).await, house.now());
    let settings = house.local().house().settings();
    let signer = |stage: &str| AccessSigner::new(&key, stage).unwrap();
    look(&house, &ticket, &signer(&settings.stage).sign(&host.access, now)).await.is(200);
    for stage in ["", "prod", &format!("{}-2", settings.stage), &settings.stage.to_uppercase()] {
        look(&house, &ticket, &signer(stage).sign(&host.access, now)).await.refused(401, "unauthenticated");
        let link = LinkSigner::new(&key, stage).unwrap().sign(ticket.id, jiff::Timestamp::MAX, now);
        look(&house, &ticket, &link).await.refused(401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_one_thing_is_worth_nothing_to_another() {
    let (house, host, ticket) = house().await;
    // An access token is no link: the page that opens with one does not open with the other.
    house.get(&format!("/r/{}", ticket.token)).await.is(200);
    let page = house.get(&format!("/r/{}", house.token_of(&host))).await;
    assert!((400..500).contains(&page.status), "{}", page.status);
    assert!(!page.text.contains("jiho"), "{}", page.text);
    // A visit's token is neither.
    let visits =
        VisitSigner::new(&private_key(&house).await, &house.local().house().settings().stage).unwrap();
    let visit = jari_domain::VisitId::new(house.now(), [7; 10]);
    look(&house, &ticket, &visits.sign(visit, house.now())).await.refused(401, "unauthenticated");
}

/// `get-reservation` as a function of its own, deployed with other settings.
async fn look_under_keys(house: &House, keys: &[&str], ticket: &Ticket, token: &str) -> u16 {
    let keys: Vec<Value> = keys
        .iter()
        .map(|private| {
            let set: Value = serde_json::from_str(&jwks_of(private).unwrap()).unwrap();
            set["keys"][0].clone()
        })
        .collect();
    let whole = house.local().house();
    let token_keys = Some(json!({ "keys": keys }).to_string());
    let settings = Settings { token_keys, ..whole.settings().clone() };
    let deployed = jari_wiring::House::new(settings, whole.aws().clone(), whole.clock());
    let endpoint = jari_local::endpoints().find(|one| one.function == "get-reservation").unwrap();
    let router = (endpoint.open)(deployed).await.unwrap();
    let request = axum::http::Request::get(format!("/v1/reservations/{}", ticket.id))
        .header("authorization", format!("Bearer {token}"));
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_key_is_changed_for_another_both_hold_and_then_only_the_new_one() {
    let (house, host, ticket) = house().await;
    let old = private_key(&house).await;
    let (new, _) = generate_signing_key().unwrap();
    let (now, stage) = (house.now(), &house.local().house().settings().stage);
    let tokens = |key: &str| {
        let link = LinkSigner::new(key, stage).unwrap().sign(ticket.id, jiff::Timestamp::MAX, now);
        [AccessSigner::new(key, stage).unwrap().sign(&host.access, now), link]
    };
    for (deployed, old_holds, new_holds) in [
        (vec![&*old], 200, 401),
        (vec![&*old, &*new], 200, 200),
        (vec![&*new, &*old], 200, 200),
        (vec![&*new], 401, 200),
    ] {
        for token in tokens(&old) {
            assert_eq!(look_under_keys(&house, &deployed, &ticket, &token).await, old_holds);
        }
        for token in tokens(&new) {
            assert_eq!(look_under_keys(&house, &deployed, &ticket, &token).await, new_holds);
        }
    }
}
