//! A token is believed for what it is and nothing else: whoever alters one, makes one or brings the wrong one is met as if
//! they were nobody.

use axum::body::Body;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
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
    // A link signs nobody in.
    let floor = format!("/v1/restaurants/{}/floor", house.restaurant());
    house.get(&floor).by(&host).await.is(200);
    house.get(&floor).bearing(&ticket.token).await.is(401);
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
    // And what a token is for counts by itself, whoever it names and although our key has signed it.
    let key = STANDARD.decode(private_key(&house).await).unwrap();
    for (kind, token) in good(&house, &host, &ticket) {
        let [header, claims, _] = parts(&token);
        let mut ours = Header::new(Algorithm::EdDSA);
        ours.kid = decoded(&header)["kid"].as_str().map(str::to_owned);
        let claims = decoded(&claims);
        let own = claims["aud"].clone();
        let audiences = [
            own.clone(),
            json!("visit"),
            json!("access"),
            json!("reservation"),
            json!([own.clone(), "visit"]),
        ];
        for audience in audiences {
            let mut claims = claims.clone();
            claims["aud"] = audience;
            let token = jsonwebtoken::encode(&ours, &claims, &EncodingKey::from_ed_der(&key)).unwrap();
            let status = if claims["aud"] == own { 200 } else { 401 };
            assert_eq!(look(&house, &ticket, &token).await.status, status, "{kind}: {claims}");
        }
    }
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

/// Signs up and follows the mail; the session.
async fn enrolled(house: &House, email: &str) -> Value {
    let token = verification(house, email).await;
    house.post("/v1/accounts/verify").json(&json!({ "token": token })).await.is(200).json
}

/// Signs up; the token of the mail.
async fn verification(house: &House, email: &str) -> String {
    let account =
        json!({ "email": email, "password": "여름밤의 국수 한그릇", "name": "김민지", "language": "ko" });
    house.post("/v1/accounts").json(&account).await.is(202);
    mailed(house, email, "/verify/").await
}

async fn reset(house: &House, email: &str) -> String {
    house.post("/v1/password-resets").json(&json!({ "email": email })).await.is(202);
    mailed(house, email, "/reset/").await
}

async fn mailed(house: &House, email: &str, page: &str) -> String {
    let mails = house.mails_to(email).await;
    let (_, token) = mails.last().unwrap().text.split_once(page).unwrap();
    token.split(|c: char| c.is_whitespace() || c == '?').next().unwrap().to_owned()
}

async fn refresh(house: &House, token: &Value) -> Answer {
    house.post("/v1/sessions/refresh").json(&json!({ "refreshToken": token })).await
}

async fn verify(house: &House, token: &str) -> Answer {
    house.post("/v1/accounts/verify").json(&json!({ "token": token })).await
}

async fn set_password(house: &House, token: &str) -> Answer {
    let body = json!({ "token": token, "password": "겨울밤의 군밤 한봉지" });
    house.post("/v1/password-resets/confirm").json(&body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_used_again_ends_the_session_for_the_thief_and_the_owner() {
    let house = House::open().await;
    let first = enrolled(&house, "minji@jari.test").await["refreshToken"].clone();
    let second = refresh(&house, &first).await.is(200).json["refreshToken"].clone();
    refresh(&house, &first).await.is(401);
    refresh(&house, &second).await.is(401);
    // Of another sign-in nothing is over.
    let password = json!({ "email": "minji@jari.test", "password": "여름밤의 국수 한그릇" });
    let other = house.post("/v1/sessions").json(&password).await.is(200).json;
    refresh(&house, &other["refreshToken"]).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_is_none_or_another_kind_of_token_is_refused() {
    let house = House::open().await;
    let session = enrolled(&house, "minji@jari.test").await;
    let other = enrolled(&house, "jiho@jari.test").await;
    let [account, family, secret] = parts(session["refreshToken"].as_str().unwrap());
    let [others_account, others_family, others_secret] = parts(other["refreshToken"].as_str().unwrap());
    for forged in [
        format!("{account}.{family}.{others_secret}"),
        format!("{others_account}.{family}.{secret}"),
        format!("{account}.{others_family}.{secret}"),
        format!("{account}.{family}."),
        session["accessToken"].as_str().unwrap().to_owned(),
    ] {
        let refused = refresh(&house, &json!(forged)).await;
        assert!([401, 422].contains(&refused.status), "{forged}: {}", refused.text);
    }
    // A refresh token signs nobody in by itself.
    house
        .ask(reqwest::Method::DELETE, "/v1/sessions")
        .bearing(session["refreshToken"].as_str().unwrap())
        .await
        .is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_reset_once_with_one_mail_and_every_session_is_over() {
    let house = House::open().await;
    let session = enrolled(&house, "minji@jari.test").await;
    let token = reset(&house, "minji@jari.test").await;
    set_password(&house, &token).await.is(204);
    set_password(&house, &token).await.is(422);
    refresh(&house, &session["refreshToken"]).await.is(401);
    // The old password is over too, the new one holds.
    let sign_in = |password: &str| {
        house.post("/v1/sessions").json(&json!({ "email": "minji@jari.test", "password": password }))
    };
    sign_in("여름밤의 국수 한그릇").await.is(401);
    sign_in("겨울밤의 군밤 한봉지").await.is(200);
    // An hour later a mail is worth nothing.
    let late = reset(&house, "minji@jari.test").await;
    house.advance("PT61M").await;
    set_password(&house, &late).await.is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_verifies_anothers_address_or_uses_a_mails_token_for_something_else() {
    let house = House::open().await;
    let own = verification(&house, "minji@jari.test").await;
    let anothers = verification(&house, "jiho@jari.test").await;
    // The first two parts say where to look, which anybody may know; only the tag is secret.
    let [own_diner, own_id, own_tag] = parts(&own);
    let [anothers_diner, anothers_id, anothers_tag] = parts(&anothers);
    for forged in [
        format!("{anothers_diner}.{anothers_id}.{own_tag}"),
        format!("{anothers_diner}.{own_id}.{own_tag}"),
        format!("{own_diner}.{own_id}.{anothers_tag}"),
        format!("{anothers_diner}.{anothers_id}.{}", "A".repeat(anothers_tag.len())),
        format!("{anothers_diner}.{anothers_id}."),
        format!("{anothers_diner}.{anothers_id}"),
        format!("{own}.{own_tag}"),
    ] {
        verify(&house, &forged).await.is(422);
        set_password(&house, &forged).await.is(422);
    }
    // To verify is not to reset.
    set_password(&house, &own).await.is(422);
    verify(&house, &own).await.is(200);
    verify(&house, &own).await.is(422);
    let reset = reset(&house, "minji@jari.test").await;
    verify(&house, &reset).await.is(422);
    let [diner, id, _] = parts(&reset);
    set_password(&house, &format!("{diner}.{id}.{own_tag}")).await.is(422);
    // Whoever it was for can still do it.
    verify(&house, &anothers).await.is(200);
}
