//! Guessing passwords gets nobody far, and tells nobody which addresses have accounts; the true owner goes on meanwhile.

use std::time::{Duration, Instant};

use jari_domain::PasswordHash;
use jari_identity::Password;
use jari_tests::{Answer, House, Introduced};
use serde_json::json;

const PASSWORD: &str = "여름밤의 국수 한그릇";
/// A minute's worth: two cores check no more, were they let.
const GUESSES: usize = 100;
/// What is let through in a quarter of an hour.
const FAILURES_LET_THROUGH: usize = 10;

async fn hash() -> PasswordHash {
    PASSWORD.parse::<Password>().unwrap().hash().await.unwrap()
}

async fn sign_in(house: &House, email: &str, password: &str) -> Answer {
    house.post("/v1/sessions").json(&json!({ "email": email, "password": password })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_guesses_are_throttled_while_the_true_owners_session_lives_on() {
    let mut house = House::open().await;
    let minji = house.introduce(Introduced::diner("minji").with_password(hash().await)).await;
    let mut session = sign_in(&house, &minji.email, PASSWORD).await.is(200).json;
    let (mut wrong, mut throttled) = (0, 0);
    for guess in 0..GUESSES {
        let answer = sign_in(&house, &minji.email, &format!("guess number {guess}")).await;
        if answer.status == 429 {
            throttled += 1;
            let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=900).contains(&seconds), "{seconds}");
        } else {
            wrong += 1;
            let answer = answer.is(401);
            assert_eq!(throttled, 0, "let through again: {}", answer.text);
        }
        if guess % 20 == 0 {
            let token = session["refreshToken"].clone();
            let refresh = house.post("/v1/sessions/refresh").json(&json!({ "refreshToken": token })).await;
            session = refresh.is(200).json;
        }
    }
    assert_eq!((wrong, throttled), (FAILURES_LET_THROUGH, GUESSES - FAILURES_LET_THROUGH));
    // Not even the right password is tried: else the answer would tell that it is right.
    let refused = sign_in(&house, &minji.email, PASSWORD).await.is(429);
    // What was signed in stays so.
    house.get("/v1/me/restaurants").bearing(session["accessToken"].as_str().unwrap()).await.is(200);
    // And when it is said to be over, it is.
    let seconds: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    house.advance(&format!("PT{}S", seconds + 1)).await;
    sign_in(&house, &minji.email, PASSWORD).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_an_account_is_throttled_as_one_with() {
    let house = House::open().await;
    let mut statuses = Vec::new();
    for guess in 0..FAILURES_LET_THROUGH + 2 {
        statuses.push(sign_in(&house, "nobody@jari.test", &format!("guess number {guess}")).await.status);
    }
    assert_eq!(statuses, [[401; FAILURES_LET_THROUGH].as_slice(), &[429; 2]].concat());
}

/// How long sign-ins take, in microseconds.
async fn timed(house: &House, email: &str, status: u16) -> f64 {
    let started = Instant::now();
    sign_in(house, email, "not the password").await.is(status);
    started.elapsed().as_secs_f64() * 1e6
}

/// Whether times are of two kinds: ordered by rank they differ beyond chance (Mann-Whitney, five standard deviations, which
/// happens by itself once in millions of runs), and their medians lie further apart than each kind's own times do.
#[allow(clippy::cast_precision_loss, reason = "some dozens")]
fn tells_apart(some: &[f64], others: &[f64]) -> bool {
    let (n, m) = (some.len() as f64, others.len() as f64);
    let below = |one: &f64| others.iter().filter(|other| *other < one).count() as f64;
    let ranks: f64 = some.iter().map(below).sum();
    let deviation = (n * m * (n + m + 1.0) / 12.0).sqrt();
    let beyond_chance = ((ranks - n * m / 2.0) / deviation).abs() > 5.0;
    let apart = (quantile(some, 0.5) - quantile(others, 0.5)).abs();
    let noise = [some, others].map(|times| quantile(times, 0.75) - quantile(times, 0.25));
    beyond_chance && apart > noise[0].max(noise[1])
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "some dozens"
)]
fn quantile(times: &[f64], at: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * at).round() as usize]
}

#[tokio::test(flavor = "multi_thread")]
async fn how_long_a_refusal_takes_does_not_tell_whether_there_is_such_an_account() {
    const PAIRS: usize = 40;
    const EACH: usize = 8;
    let mut house = House::open().await;
    let hash = hash().await;
    for n in 0..PAIRS / EACH {
        house.introduce(Introduced::diner(&format!("known-{n}")).with_password(hash.clone())).await;
    }
    // The first request of all opens connections.
    timed(&house, "first@jari.test", 401).await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        let n = pair / EACH;
        // Side by side and in turns, so that whatever else the machine does hits both.
        for first in [pair % 2 == 0, pair % 2 == 1] {
            if first {
                known.push(timed(&house, &format!("known-{n}@jari.test"), 401).await);
            } else {
                unknown.push(timed(&house, &format!("unknown-{n}@jari.test"), 401).await);
            }
        }
    }
    let medians = (quantile(&known, 0.5), quantile(&unknown, 0.5));
    assert!(!tells_apart(&known, &unknown), "{medians:?} µs\n{known:.0?}\n{unknown:.0?}");

    // The same eye sees at once where the hash was skipped: who is throttled is not checked.
    for _ in 0..FAILURES_LET_THROUGH - EACH {
        timed(&house, "known-0@jari.test", 401).await;
    }
    let mut skipped = Vec::new();
    for _ in 0..PAIRS {
        skipped.push(timed(&house, "known-0@jari.test", 429).await);
    }
    assert!(tells_apart(&known, &skipped), "{} µs, {} µs", medians.0, quantile(&skipped, 0.5));
    let hashing = Duration::from_secs_f64(medians.0 / 1e6);
    assert!(hashing > Duration::from_millis(5), "{hashing:?} is no slow hash");
}
