//! Accounts over HTTP: who gets in, who does not, and that an answer never tells whether an address has an account.

use jari_domain::DinerId;
use jari_identity::{MailTokenKey, MailTokenPurpose, Password};
use jari_operations::accounts::{AccountRefusal, reset_password, verify_email};
use jari_store::Item;
use jari_tests::{Answer, Fault, House};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const EMAIL: &str = "minji@jari.test";
const PASSWORD: &str = "여름밤의 국수 한그릇";
const OTHER_PASSWORD: &str = "가을밤의 국수 두그릇";

async fn sign_up(house: &House, email: &str) -> Answer {
    let body = json!({ "email": email, "password": PASSWORD, "name": "김민지", "language": "ko" });
    house.post("/v1/accounts").json(&body).await
}

async fn verify(house: &House, token: &str) -> Answer {
    house.post("/v1/accounts/verify").json(&json!({ "token": token })).await
}

async fn sign_in(house: &House, email: &str, password: &str) -> Answer {
    house.post("/v1/sessions").json(&json!({ "email": email, "password": password })).await
}

async fn refresh(house: &House, session: &Answer) -> Answer {
    let body = json!({ "refreshToken": session.json["refreshToken"] });
    house.post("/v1/sessions/refresh").json(&body).await
}

async fn forgot(house: &House, email: &str) -> Answer {
    house.post("/v1/password-resets").json(&json!({ "email": email })).await
}

async fn reset(house: &House, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password });
    house.post("/v1/password-resets/confirm").json(&body).await
}

fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

/// The tokens that the mails have of all that waits for a link to be followed, oldest first.
async fn mailed(house: &House, purpose: MailTokenPurpose) -> Vec<String> {
    let prefix = match purpose {
        MailTokenPurpose::VerifyEmail => "SIGNUP#",
        MailTokenPurpose::ResetPassword => "RESET#",
    };
    let key: MailTokenKey = house.local().house().mail_token_key().await.unwrap();
    let mut waiting: Vec<(String, String)> = house
        .items()
        .await
        .iter()
        .filter(|item| item.contains_key("tokenHash"))
        .filter_map(|item| {
            Some((text(item, "SK").to_owned(), text(item, "PK").strip_prefix(prefix)?.to_owned()))
        })
        .collect();
    waiting.sort();
    let token = |(id, diner): (String, String)| {
        key.token(purpose, &DinerId(diner), jari_domain::MailTokenId::from_digits(&id).unwrap())
    };
    waiting.into_iter().map(token).collect()
}

async fn newest(house: &House, purpose: MailTokenPurpose) -> String {
    mailed(house, purpose).await.pop().expect("something waits for a link to be followed")
}

/// Somebody with an account, signed in.
async fn with_account(house: &House, email: &str) -> Answer {
    sign_up(house, email).await.is(202);
    verify(house, &newest(house, MailTokenPurpose::VerifyEmail).await).await.is(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_by_following_the_link_and_not_before() {
    let house = House::open().await;
    sign_up(&house, EMAIL).await.is(202);
    sign_in(&house, EMAIL, PASSWORD).await.refused(401, "invalid_credentials");
    let token = newest(&house, MailTokenPurpose::VerifyEmail).await;
    let session = verify(&house, &token).await.is(200);
    assert_eq!(session.json["expiresIn"], 900);
    verify(&house, &token).await.refused(422, "invalid_token");
    sign_in(&house, "MinJi@Jari.test", PASSWORD).await.is(200);
    sign_in(&house, EMAIL, OTHER_PASSWORD).await.refused(401, "invalid_credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_after_its_time() {
    let house = House::open().await;
    sign_up(&house, EMAIL).await.is(202);
    let token = newest(&house, MailTokenPurpose::VerifyEmail).await;
    house.advance("PT24H").await;
    verify(&house, &token).await.refused(422, "invalid_token");
}

/// When the only thing that waits for a link to be followed ends.
async fn ends(house: &House) -> Timestamp {
    let items = house.items().await;
    let waiting = |item: &&Item| ["SIGNUP#", "RESET#"].iter().any(|kind| text(item, "PK").starts_with(kind));
    let item = items.iter().find(waiting).expect("something waits");
    Timestamp::from_second(item["expiresAt"].as_n().unwrap().parse().unwrap()).unwrap()
}

/// DynamoDB takes its time, up to days, before it tidies up.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_over_to_the_second_though_it_is_still_kept() {
    let (house, second) = (House::open().await, SignedDuration::from_secs(1));
    sign_up(&house, EMAIL).await.is(202);
    let (token, end) = (newest(&house, MailTokenPurpose::VerifyEmail).await, ends(&house).await);
    let late = verify_email(house.store(), &token, end).await;
    assert!(matches!(late, Err(AccountRefusal::InvalidToken)), "{late:?}");
    verify_email(house.store(), &token, end - second).await.unwrap();

    forgot(&house, EMAIL).await.is(202);
    let (token, end) = (newest(&house, MailTokenPurpose::ResetPassword).await, ends(&house).await);
    let password: Password = OTHER_PASSWORD.parse().unwrap();
    let late = reset_password(house.store(), &token, password.clone(), end).await;
    assert!(matches!(late, Err(AccountRefusal::InvalidToken)), "{late:?}");
    reset_password(house.store(), &token, password, end - second).await.unwrap();
    // And once it was followed, nothing of it is kept.
    assert!(mailed(&house, MailTokenPurpose::ResetPassword).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_sign_ups_for_an_address_the_first_that_is_verified_is_the_account() {
    let house = House::open().await;
    sign_up(&house, EMAIL).await.is(202);
    sign_up(&house, EMAIL).await.is(202);
    let [first, second] = mailed(&house, MailTokenPurpose::VerifyEmail).await.try_into().unwrap();
    let (one, other) = tokio::join!(verify(&house, &first), verify(&house, &second));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guessable_password_is_refused_and_a_bad_form_names_every_field() {
    let house = House::open().await;
    let body = json!({ "email": EMAIL, "password": "password1", "name": "김민지", "language": "ko" });
    let answer = house.post("/v1/accounts").json(&body).await.refused(422, "invalid_fields");
    assert_eq!(answer.bad_fields(), [("/password".to_owned(), "too_guessable".to_owned())]);
    let body = json!({ "email": "minji", "password": "short", "phone": "010", "admin": true });
    let answer = house.post("/v1/accounts").json(&body).await.refused(422, "invalid_fields");
    assert_eq!(answer.bad_fields().len(), 6, "{}", answer.text);
}

/// What the handler asked of the table, by operation and kind of item. Who sends the mails asks too, meanwhile, but none
/// of this.
fn work(house: &House) -> Vec<String> {
    const KINDS: [&str; 5] = ["THROTTLE#", "EMAIL#", "ACCT#", "SIGNUP#", "RESET#"];
    let mut work = Vec::new();
    for exchange in house.proxy().exchanges() {
        let asked = exchange.asked();
        let (key, item) = (&asked["Key"]["PK"]["S"], &asked["Item"]["PK"]["S"]);
        let key = key.as_str().or(item.as_str()).unwrap_or_default();
        let is_write = exchange.operation != "GetItem";
        let kind = KINDS.iter().find(|kind| key.starts_with(**kind));
        if let Some(kind) = kind.filter(|kind| is_write || **kind == "EMAIL#") {
            work.push(format!("{} {kind}", exchange.operation));
        }
    }
    work
}

fn told(answer: &Answer) -> (u16, Value) {
    let mut json = answer.json.clone();
    if let Some(members) = json.as_object_mut() {
        members.remove("requestId");
    }
    (answer.status, json)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_with_an_account_is_answered_as_one_without() {
    let house = House::open().with_faults().await;
    with_account(&house, EMAIL).await;
    house.comes_to_rest().await;
    for operation in ["sign-in", "sign-up", "reset"] {
        let mut met = Vec::new();
        for email in [EMAIL, "nobody@jari.test"] {
            house.proxy().record_from_here();
            let answer = match operation {
                "sign-in" => sign_in(&house, email, OTHER_PASSWORD).await,
                "sign-up" => sign_up(&house, email).await,
                _ => forgot(&house, email).await,
            };
            let reads = house.proxy().exchanges().iter().filter(|one| one.operation == "GetItem").count();
            // Nothing is mailed of a sign-in: there all reads are the handler's.
            let reads = if operation == "sign-in" { reads } else { 0 };
            met.push((told(&answer), work(&house), reads));
            house.comes_to_rest().await;
        }
        assert_eq!(met[0], met[1], "{operation}");
        assert!(met[0].1.len() >= 3, "{operation}: {:?}", met[0].1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_used_twice_ends_the_session_for_all_who_have_one_of_it() {
    let house = House::open().await;
    let first = with_account(&house, EMAIL).await;
    let elsewhere = sign_in(&house, EMAIL, PASSWORD).await.is(200);
    let second = refresh(&house, &first).await.is(200);
    refresh(&house, &first).await.refused(401, "session_over");
    refresh(&house, &second).await.refused(401, "session_over");
    refresh(&house, &elsewhere).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_refreshes_of_one_token_one_wins() {
    let house = House::open().await;
    let session = with_account(&house, EMAIL).await;
    let answers = futures::future::join_all((0..8).map(|_| refresh(&house, &session))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lasts_a_week_from_its_last_refresh() {
    let house = House::open().await;
    let session = with_account(&house, EMAIL).await;
    house.advance("PT167H").await;
    let session = refresh(&house, &session).await.is(200);
    house.advance("PT167H").await;
    let session = refresh(&house, &session).await.is(200);
    house.advance("PT168H").await;
    refresh(&house, &session).await.refused(401, "session_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_one_thing_is_worth_nothing_for_another() {
    let house = House::open().await;
    let session = with_account(&house, EMAIL).await;
    forgot(&house, EMAIL).await.is(202);
    sign_up(&house, "other@jari.test").await.is(202);
    let reset_token = newest(&house, MailTokenPurpose::ResetPassword).await;
    let verify_token = newest(&house, MailTokenPurpose::VerifyEmail).await;
    let access = session.json["accessToken"].as_str().unwrap().to_owned();
    let refresh_token = session.json["refreshToken"].as_str().unwrap().to_owned();
    let (whose, tag) = verify_token.rsplit_once('.').unwrap();
    let altered = format!("{whose}.{}", "A".repeat(tag.len()));
    for wrong in [&reset_token, &refresh_token, &altered] {
        verify(&house, wrong).await.refused(422, "invalid_token");
    }
    for wrong in [&verify_token, &refresh_token, &format!("{reset_token}x")] {
        reset(&house, wrong, OTHER_PASSWORD).await.refused(422, "invalid_token");
    }
    for wrong in [&verify_token, &reset_token] {
        let body = json!({ "refreshToken": wrong });
        house.post("/v1/sessions/refresh").json(&body).await.refused(401, "session_over");
    }
    for wrong in [&verify_token, &reset_token, &refresh_token] {
        house.delete("/v1/sessions").bearing(wrong).await.refused(401, "unauthenticated");
    }
    house.delete("/v1/sessions/current").bearing(&access).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_guesses_ten_are_looked_at_and_who_is_signed_in_goes_on() {
    let house = House::open().await;
    let session = with_account(&house, EMAIL).await;
    for email in [EMAIL, "nobody@jari.test"] {
        let guesses = (0..50).map(|n| {
            let (house, guess) = (&house, format!("wrong guess {n}"));
            async move { sign_in(house, email, &guess).await }
        });
        let answers = futures::future::join_all(guesses).await;
        let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
        assert_eq!(looked_at, 10, "{email}");
        for answer in answers.into_iter().filter(|answer| answer.status != 401) {
            let answer = answer.refused(429, "too_many_requests");
            let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=900).contains(&wait), "{wait}");
        }
    }
    // The right password is not even looked at, and from this client not another address's either.
    sign_in(&house, EMAIL, PASSWORD).await.refused(429, "too_many_requests");
    sign_in(&house, "third@jari.test", PASSWORD).await.refused(429, "too_many_requests");
    refresh(&house, &session).await.is(200);
    house.advance("PT15M").await;
    sign_in(&house, EMAIL, PASSWORD).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_well_uses_up_no_tries() {
    let house = House::open().await;
    with_account(&house, EMAIL).await;
    for _ in 0..12 {
        sign_in(&house, EMAIL, PASSWORD).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobodys_mailbox_is_flooded() {
    let house = House::open().await;
    for _ in 0..5 {
        sign_up(&house, EMAIL).await.is(202);
        forgot(&house, EMAIL).await.is(202);
    }
    sign_up(&house, EMAIL).await.refused(429, "too_many_requests");
    forgot(&house, EMAIL).await.refused(429, "too_many_requests");
    forgot(&house, "other@jari.test").await.is(202);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_session_and_every_older_link() {
    let house = House::open().await;
    let session = with_account(&house, EMAIL).await;
    forgot(&house, EMAIL).await.is(202);
    let older = newest(&house, MailTokenPurpose::ResetPassword).await;
    house.advance("PT1M").await;
    forgot(&house, EMAIL).await.is(202);
    let token = newest(&house, MailTokenPurpose::ResetPassword).await;
    let refused = reset(&house, &token, "minji@jari.test").await.refused(422, "invalid_fields");
    assert_eq!(refused.bad_fields(), [("/password".to_owned(), "too_guessable".to_owned())]);
    reset(&house, &token, OTHER_PASSWORD).await.is(204);
    for used in [&token, &older] {
        reset(&house, used, PASSWORD).await.refused(422, "invalid_token");
    }
    refresh(&house, &session).await.refused(401, "session_over");
    sign_in(&house, EMAIL, PASSWORD).await.refused(401, "invalid_credentials");
    sign_in(&house, EMAIL, OTHER_PASSWORD).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_that_nobody_has_an_account_for_leads_nowhere() {
    let house = House::open().await;
    forgot(&house, EMAIL).await.is(202);
    let token = newest(&house, MailTokenPurpose::ResetPassword).await;
    reset(&house, &token, PASSWORD).await.refused(422, "invalid_token");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_one_session_and_everywhere_ends_all() {
    let house = House::open().await;
    let here = with_account(&house, EMAIL).await;
    let [there, elsewhere] =
        [sign_in(&house, EMAIL, PASSWORD).await.is(200), sign_in(&house, EMAIL, PASSWORD).await.is(200)];
    let access = |session: &Answer| session.json["accessToken"].as_str().unwrap().to_owned();
    house.delete("/v1/sessions/current").await.refused(401, "unauthenticated");
    for _ in 0..2 {
        house.delete("/v1/sessions/current").bearing(&access(&here)).await.is(204);
    }
    refresh(&house, &here).await.refused(401, "session_over");
    let there = refresh(&house, &there).await.is(200);
    house.delete("/v1/sessions").bearing(&access(&there)).await.is(204);
    refresh(&house, &there).await.refused(401, "session_over");
    refresh(&house, &elsewhere).await.refused(401, "session_over");
    // What was ended can't end what began since.
    let since = sign_in(&house, EMAIL, PASSWORD).await.is(200);
    house.delete("/v1/sessions").bearing(&access(&elsewhere)).await.is(204);
    refresh(&house, &since).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_dynamodb_lost_does_no_harm() {
    for fault in [Fault::LostAnswer, Fault::DoneButError] {
        let house = House::open().with_faults().await;
        house.proxy().next("PutItem", fault);
        sign_up(&house, EMAIL).await.is(202);
        let token = newest(&house, MailTokenPurpose::VerifyEmail).await;
        house.comes_to_rest().await;
        house.proxy().next("TransactWriteItems", fault);
        verify(&house, &token).await.is(200);
        house.proxy().next("PutItem", fault);
        let session = sign_in(&house, EMAIL, PASSWORD).await.is(200);
        house.proxy().next("UpdateItem", fault);
        let session = refresh(&house, &session).await.is(200);
        let session = refresh(&house, &session).await.is(200);
        forgot(&house, EMAIL).await.is(202);
        let token = newest(&house, MailTokenPurpose::ResetPassword).await;
        house.comes_to_rest().await;
        house.proxy().next("TransactWriteItems", fault);
        reset(&house, &token, OTHER_PASSWORD).await.is(204);
        refresh(&house, &session).await.refused(401, "session_over");
        sign_in(&house, EMAIL, OTHER_PASSWORD).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_keeps_no_password_and_no_token() {
    let house = House::open().await;
    let session = with_account(&house, EMAIL).await;
    forgot(&house, EMAIL).await.is(202);
    sign_up(&house, "other@jari.test").await.is(202);
    let secret = |token: &str| token.rsplit('.').next().unwrap().to_owned();
    let secrets = [
        PASSWORD.to_owned(),
        secret(session.json["refreshToken"].as_str().unwrap()),
        secret(&newest(&house, MailTokenPurpose::ResetPassword).await),
        secret(&newest(&house, MailTokenPurpose::VerifyEmail).await),
    ];
    let table = format!("{:?}", house.items().await);
    assert!(secrets.iter().all(|secret| !table.contains(secret)));
    // The address is in attributes, never in a key.
    let keys: Vec<_> = house.items().await.iter().map(|item| text(item, "PK").to_owned()).collect();
    assert!(keys.iter().all(|key| !key.contains('@')), "{keys:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demos_people_can_sign_in() {
    let house = House::open().with_demo().await;
    for who in ["diner", "owner", "manager", "host", "concierge", "admin"] {
        sign_in(&house, &format!("{who}@jari.test"), "jari-demo-2026").await.is(200);
    }
}
