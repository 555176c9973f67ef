//! Who does not come back as they should, and providers that fail.

use std::time::{Duration, Instant};

use jari_social::{Mismatch, Pending, Provider, Providers, ProvidersError, SocialError, Trouble};
use jiff::ToSpan;
use serde_json::{Value, json};

use crate::provider::{
    CLIENT_SECRET, COME_BACK, RSA, STRANGERS_EC, TestProvider, Wrong, es256, hs256, now, rs256, unsigned,
};

async fn refusal(mint: impl Fn(Value) -> String + Send + 'static) -> SocialError {
    let google = TestProvider::open(Provider::Google).await;
    let providers = google.configured();
    google.sign_in(&providers).await.expect("the same without the change is a sign-in");
    google.mint(mint);
    google.sign_in(&providers).await.unwrap_err()
}

async fn refusal_with(claim: &'static str, value: Value) -> SocialError {
    refusal(move |mut claims| {
        claims[claim] = value.clone();
        rs256("rsa-1", &claims)
    })
    .await
}

#[tokio::test]
async fn an_id_token_for_another_attempt_is_refused() {
    assert_eq!(refusal_with("nonce", json!("another")).await, Mismatch::Nonce.into());
    assert_eq!(refusal_with("nonce", Value::Null).await, Mismatch::Nonce.into());
}

#[tokio::test]
async fn an_id_token_for_another_client_is_refused() {
    assert_eq!(refusal_with("aud", json!("another")).await, Mismatch::Audience.into());
    assert_eq!(refusal_with("aud", json!(["jari-at-provider", "another"])).await, Mismatch::Audience.into());
    assert_eq!(refusal_with("aud", json!([])).await, Mismatch::Audience.into());
}

#[tokio::test]
async fn an_id_token_of_another_issuer_is_refused() {
    assert_eq!(refusal_with("iss", json!("https://accounts.google.com")).await, Mismatch::Issuer.into());
}

#[tokio::test]
async fn an_id_token_out_of_its_time_is_refused() {
    let now = now().as_second();
    assert_eq!(refusal_with("exp", json!(now)).await, Mismatch::Time.into());
    assert_eq!(refusal_with("iat", json!(now + 301)).await, Mismatch::Time.into());
    assert_eq!(refusal_with("exp", Value::Null).await, Mismatch::Malformed.into());
}

#[tokio::test]
async fn the_time_is_the_one_that_is_passed_in() {
    let google = TestProvider::open(Provider::Google).await;
    let providers = google.configured();
    for (later, good) in [(59.minutes(), true), (60.minutes(), false)] {
        let (code, pending) = google.come_back(&providers);
        let finished = providers.finish(Provider::Google, &code, COME_BACK, &pending, now() + later).await;
        assert_eq!(finished.is_ok(), good);
    }
}

#[tokio::test]
async fn an_id_token_nobody_signed_is_refused() {
    assert_eq!(refusal(|claims| unsigned(&claims)).await, Mismatch::Algorithm.into());
    let stripped = refusal(|claims| {
        let token = rs256("rsa-1", &claims);
        format!("{}.", token.rsplit_once('.').unwrap().0)
    });
    assert_eq!(stripped.await, Mismatch::Signature.into());
}

#[tokio::test]
async fn an_id_token_signed_with_what_everybody_or_we_know_is_refused() {
    use aws_lc_rs::signature::KeyPair;
    let public = RSA.public_key().as_ref();
    assert_eq!(refusal(|claims| hs256(public, "rsa-1", &claims)).await, Mismatch::Algorithm.into());
    let secret = CLIENT_SECRET.as_bytes();
    assert_eq!(refusal(|claims| hs256(secret, "rsa-1", &claims)).await, Mismatch::Algorithm.into());
}

#[tokio::test]
async fn an_id_token_signed_with_a_strangers_key_is_refused() {
    let unknown = refusal(|claims| es256(&STRANGERS_EC, "ec-2", &claims)).await;
    assert_eq!(unknown, Mismatch::Key.into());
    let under_a_known_name = refusal(|claims| es256(&STRANGERS_EC, "ec-1", &claims)).await;
    assert_eq!(under_a_known_name, Mismatch::Signature.into());
}

#[tokio::test]
async fn tokens_of_unknown_keys_do_not_make_us_ask_for_the_keys_each_time() {
    let google = TestProvider::open(Provider::Google).await;
    let providers = google.configured();
    google.mint(|claims| es256(&STRANGERS_EC, "ec-2", &claims));
    for _ in 0..5 {
        assert_eq!(google.sign_in(&providers).await, Err(Mismatch::Key.into()));
    }
    assert_eq!(google.asked("keys"), 1);
}

#[tokio::test]
async fn an_id_token_whose_claims_were_changed_is_refused() {
    let altered = refusal(|mut claims| {
        let [honest, forged] = ["minji@example.kr", "owner@jari.example"].map(|email| {
            claims["email"] = json!(email);
            rs256("rsa-1", &claims)
        });
        let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
        let (honest, forged) = (parts(&honest), parts(&forged));
        format!("{}.{}.{}", honest[0], forged[1], honest[2])
    });
    assert_eq!(altered.await, Mismatch::Signature.into());
}

#[tokio::test]
async fn what_is_no_id_token_is_refused() {
    for text in ["", "a.b.c", "null"] {
        assert_eq!(refusal(move |_| text.to_owned()).await, Mismatch::Malformed.into());
    }
    let long = |mut claims: Value| {
        claims["picture"] = json!(format!("https://p.example/{}", "x".repeat(20_000)));
        rs256("rsa-1", &claims)
    };
    assert_eq!(refusal(long).await, Mismatch::Malformed.into());
}

#[tokio::test]
async fn a_subject_that_is_none_is_refused() {
    for subject in [String::new(), "9".repeat(256), "민지".to_owned()] {
        assert_eq!(refusal_with("sub", json!(subject)).await, Mismatch::Subject.into());
    }
}

#[tokio::test]
async fn the_profile_of_another_is_refused() {
    let kakao = TestProvider::open(Provider::Kakao).await;
    kakao.profile(|profile| profile["sub"] = json!("1"));
    assert_eq!(kakao.sign_in(&kakao.configured()).await, Err(Mismatch::Subject.into()));
}

#[tokio::test]
async fn a_code_is_good_once() {
    for kind in Provider::ALL {
        let provider = TestProvider::open(kind).await;
        let providers = provider.configured();
        let (code, pending) = provider.come_back(&providers);
        let finish = || providers.finish(kind, &code, COME_BACK, &pending, now());
        assert!(finish().await.is_ok());
        assert_eq!(finish().await, Err(SocialError::Denied));
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_the_attempts_own_verifier() {
    for kind in Provider::ALL {
        let provider = TestProvider::open(kind).await;
        let providers = provider.configured();
        let (_, mine) = provider.come_back(&providers);
        let (stolen, theirs) = provider.come_back(&providers);
        let pending = Pending { verifier: mine.verifier, ..theirs };
        let finished = providers.finish(kind, &stolen, COME_BACK, &pending, now()).await;
        assert_eq!(finished, Err(SocialError::Denied));
    }
}

#[tokio::test]
async fn a_code_comes_back_to_where_it_was_sent() {
    let google = TestProvider::open(Provider::Google).await;
    let providers = google.configured();
    let (code, pending) = google.come_back(&providers);
    let elsewhere = "https://evil.example/callback";
    let finished = providers.finish(Provider::Google, &code, elsewhere, &pending, now()).await;
    assert_eq!(finished, Err(SocialError::Denied));
    let nowhere = providers.finish(Provider::Google, &code, "nowhere", &pending, now()).await;
    assert_eq!(nowhere, Err(SocialError::RedirectUri));
}

#[tokio::test]
async fn a_code_that_cannot_be_one_is_not_taken_to_the_provider() {
    let google = TestProvider::open(Provider::Google).await;
    let providers = google.configured();
    let (_, pending) = google.come_back(&providers);
    for code in [String::new(), "x".repeat(2049)] {
        let finished = providers.finish(Provider::Google, &code, COME_BACK, &pending, now()).await;
        assert_eq!(finished, Err(SocialError::Denied));
    }
    assert_eq!(google.asked("token"), 0);
}

#[tokio::test]
async fn a_provider_that_does_not_know_us_is_no_fault_of_the_persons() {
    for kind in Provider::ALL {
        let provider = TestProvider::open(kind).await;
        let mut configuration = provider.configuration();
        configuration[kind.as_str()]["clientSecret"] = json!("old");
        let providers = Providers::from_json(&configuration.to_string()).unwrap();
        assert_eq!(provider.sign_in(&providers).await, Err(Trouble::Refused.into()));
    }
}

#[tokio::test]
async fn a_provider_that_is_slow_is_not_waited_for() {
    let waited = async |wrong| {
        let google = TestProvider::open(Provider::Google).await;
        google.go_wrong("token", wrong);
        let begun = Instant::now();
        let finished = google.sign_in(&google.configured()).await;
        assert_eq!(finished, Err(Trouble::TimedOut.into()));
        begun.elapsed()
    };
    let (no_answer, no_end) = tokio::join!(waited(Wrong::NoAnswer), waited(Wrong::NoEnd));
    for waited in [no_answer, no_end] {
        assert!((Duration::from_secs(4)..Duration::from_secs(8)).contains(&waited), "{waited:?}");
    }
}

#[tokio::test]
async fn a_provider_that_answers_wrongly_is_told_from_a_person_who_does() {
    for (wrong, trouble) in [
        (Wrong::Huge, Trouble::TooLarge),
        (Wrong::Redirect, Trouble::Redirected),
        (Wrong::Status(500), Trouble::Status(500)),
        (Wrong::Status(503), Trouble::Status(503)),
        (Wrong::Status(429), Trouble::Status(429)),
        (Wrong::NotJson, Trouble::Unreadable),
    ] {
        for route in ["token", "keys", "me"] {
            let kakao = TestProvider::open(Provider::Kakao).await;
            kakao.go_wrong(route, wrong);
            assert_eq!(kakao.sign_in(&kakao.configured()).await, Err(trouble.into()), "{route}");
            assert_eq!(kakao.asked("elsewhere"), 0, "a redirect was followed");
        }
    }
}

#[tokio::test]
async fn a_naver_profile_that_failed_is_none() {
    let naver = TestProvider::open(Provider::Naver).await;
    naver.profile(|profile| profile["resultcode"] = json!("024"));
    assert_eq!(naver.sign_in(&naver.configured()).await, Err(Trouble::Unreadable.into()));
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_unreachable() {
    let google = TestProvider::open(Provider::Google).await;
    let mut configuration = google.configuration();
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    configuration["google"]["tokenEndpoint"] = json!(format!("http://{free}/token"));
    let providers = Providers::from_json(&configuration.to_string()).unwrap();
    assert_eq!(google.sign_in(&providers).await, Err(Trouble::Unreachable.into()));
}

#[test]
fn a_configuration_that_cannot_be_used_is_said_without_its_secrets() {
    let read = |json: Value| Providers::from_json(&json.to_string()).unwrap_err();
    let provider = Provider::Google;
    let entry = |field: &str, value: &str| {
        let mut entry = json!({ "clientId": "id", "clientSecret": "very-secret" });
        entry[field] = json!(value);
        json!({ "google": entry })
    };
    for json in [json!([]), json!({ "facebook": {} }), json!({ "google": { "clientId": "very-secret" } })] {
        assert!(matches!(read(json), ProvidersError::Malformed { .. }));
    }
    assert!(matches!(read(entry("clientsecret", "very-secret")), ProvidersError::Malformed { .. }));
    assert_eq!(read(entry("clientId", " ")), ProvidersError::Empty { provider, field: "clientId" });
    for address in ["http://accounts.google.com/token", "ftp://127.0.0.1/", "http://127.0.0.1.evil.kr/", "x"]
    {
        let expected = ProvidersError::Address { provider, field: "tokenEndpoint" };
        assert_eq!(read(entry("tokenEndpoint", address)), expected, "{address}");
    }
    for error in [read(json!({ "google": "very-secret" })), read(entry("very-secret", "very-secret"))] {
        assert!(!format!("{error} {error:?}").contains("very-secret"), "{error:?}");
    }
}
