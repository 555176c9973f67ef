//! Who comes back as they should.

use std::collections::HashMap;

use jari_social::{Provider, Providers, SocialError, SocialProfile};
use serde_json::{Value, json};

use crate::provider::{COME_BACK, EC, TestProvider, es256};

fn profile(provider: Provider, subject: &str, email_verified: bool, name: &str) -> SocialProfile {
    SocialProfile {
        provider,
        subject: subject.to_owned(),
        email: Some("minji@example.kr".parse().unwrap()),
        email_verified,
        name: Some(name.parse().unwrap()),
    }
}

#[tokio::test]
async fn google_vouches_for_an_address_in_its_id_token() {
    let google = TestProvider::open(Provider::Google).await;
    let minji = profile(Provider::Google, "110169484474386276334", true, "김민지");
    let signed_in = google.sign_in(&google.configured()).await.unwrap();
    assert!(signed_in == minji, "{signed_in:?}");

    google.person(|person| person["email_verified"] = json!(false));
    let unverified = google.sign_in(&google.configured()).await.unwrap();
    assert!(unverified == SocialProfile { email_verified: false, ..minji }, "{unverified:?}");
}

#[tokio::test]
async fn an_id_token_may_be_signed_with_es256() {
    let google = TestProvider::open(Provider::Google).await;
    google.mint(|claims| es256(&EC, "ec-1", &claims));
    assert!(google.sign_in(&google.configured()).await.unwrap().email_verified);
}

#[tokio::test]
async fn kakao_says_in_its_profile_whether_an_address_is_verified() {
    let kakao = TestProvider::open(Provider::Kakao).await;
    let minji = profile(Provider::Kakao, "2310169484", true, "민지");
    let signed_in = kakao.sign_in(&kakao.configured()).await.unwrap();
    assert!(signed_in == minji, "{signed_in:?}");

    for unsure in [json!(false), Value::Null] {
        kakao.profile(|profile| profile["email_verified"] = unsure);
        assert!(!kakao.sign_in(&kakao.configured()).await.unwrap().email_verified);
    }
}

#[tokio::test]
async fn naver_is_asked_for_a_profile_and_its_address_never_counts_as_verified() {
    let naver = TestProvider::open(Provider::Naver).await;
    naver.profile(|profile| profile["response"]["email_verified"] = json!(true));
    let signed_in = naver.sign_in(&naver.configured()).await.unwrap();
    assert!(signed_in == profile(Provider::Naver, "32742776", false, "김민지"), "{signed_in:?}");
}

#[tokio::test]
async fn somebody_who_shares_neither_address_nor_name_is_somebody_still() {
    let google = TestProvider::open(Provider::Google).await;
    google.person(|person| *person = json!({ "sub": "7", "email_verified": true }));
    let signed_in = google.sign_in(&google.configured()).await.unwrap();
    assert_eq!((signed_in.email, signed_in.email_verified, signed_in.name), (None, false, None));

    google.person(|person| *person = json!({ "sub": "7", "email": "not one", "email_verified": true }));
    let signed_in = google.sign_in(&google.configured()).await.unwrap();
    assert_eq!((signed_in.email, signed_in.email_verified), (None, false));
}

#[tokio::test]
async fn the_providers_keys_are_fetched_once_for_many_sign_ins() {
    let google = TestProvider::open(Provider::Google).await;
    let providers = google.configured();
    for _ in 0..3 {
        google.sign_in(&providers.clone()).await.unwrap();
    }
    assert_eq!(google.asked("keys"), 1);
}

#[tokio::test]
async fn everybody_is_sent_with_a_state_a_nonce_and_a_challenge_of_their_own() {
    let kakao = TestProvider::open(Provider::Kakao).await;
    let providers = kakao.configured();
    let query = |url: &str| -> HashMap<String, String> {
        url::Url::parse(url).unwrap().query_pairs().into_owned().collect()
    };
    let [one, other] = [0, 1].map(|_| providers.start(Provider::Kakao, COME_BACK).unwrap());
    let sent = query(&one.url);
    assert_eq!(sent["redirect_uri"], COME_BACK);
    assert_eq!(sent["scope"], "openid account_email profile_nickname");
    assert_eq!((&sent["state"], &sent["nonce"]), (&one.state, &one.nonce));
    // 32 random bytes in base64.
    for secret in [&one.state, &one.nonce, &one.verifier] {
        assert_eq!(secret.len(), 43);
        assert!(![&other.state, &other.nonce, &other.verifier].contains(&secret));
    }
    assert!(!one.url.contains(&one.verifier));
    assert_ne!(sent["code_challenge"], query(&other.url)["code_challenge"]);
}

#[test]
fn what_is_not_configured_is_not_offered() {
    let entry = json!({ "clientId": "id", "clientSecret": "secret" });
    let all = json!({ "google": entry, "kakao": entry, "naver": entry }).to_string();
    assert_eq!(
        Providers::from_json(&all).unwrap().offered(),
        [Provider::Kakao, Provider::Naver, Provider::Google]
    );
    let only = Providers::from_json(&json!({ "naver": entry }).to_string()).unwrap();
    assert_eq!(only.offered(), [Provider::Naver]);
    let start = only.start(Provider::Google, COME_BACK);
    assert_eq!(start.unwrap_err(), SocialError::NotOffered(Provider::Google));
    assert!(Providers::from_json("{}").unwrap().offered().is_empty());
    assert!(Providers::default().start(Provider::Naver, COME_BACK).is_err());
}

#[test]
fn people_are_sent_to_the_providers_own_pages() {
    let entry = json!({ "clientId": "id", "clientSecret": "secret" });
    let all = json!({ "google": entry, "kakao": entry, "naver": entry }).to_string();
    let providers = Providers::from_json(&all).unwrap();
    for (provider, page) in [
        (Provider::Google, "https://accounts.google.com/o/oauth2/v2/auth?"),
        (Provider::Kakao, "https://kauth.kakao.com/oauth/authorize?"),
        (Provider::Naver, "https://nid.naver.com/oauth2.0/authorize?"),
    ] {
        let url = providers.start(provider, COME_BACK).unwrap().url;
        assert!(url.starts_with(page), "{url}");
    }
}

#[tokio::test]
async fn neither_secrets_nor_personal_data_are_in_debug_output() {
    let google = TestProvider::open(Provider::Google).await;
    let providers = google.configured();
    let start = providers.start(Provider::Google, COME_BACK).unwrap();
    let signed_in = google.sign_in(&providers).await.unwrap();
    let shown = format!("{providers:?} {start:?} {:?} {signed_in:?}", start.pending());
    let hidden = [&start.state, &start.nonce, &start.verifier, &signed_in.subject];
    for secret in hidden.map(String::as_str).into_iter().chain(["kept-by-us", "minji", "민지"]) {
        assert!(!shown.contains(secret), "{shown}");
    }
}
