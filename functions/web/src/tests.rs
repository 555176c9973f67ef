//! The pages from outside, at a table that can't be reached, and rendered from values.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http_body_util::BodyExt;
use jari_domain::{
    BarredDiners, Clock, Id, Kind, Language, LocalizedText, Location, Policy, Profile, Restaurant,
    RestaurantStatus, kind,
};
use jari_identity::{LinkSigner, generate_signing_key};
use jari_settings::Settings;
use jari_wiring::House;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tower::ServiceExt;

use crate::{ENDPOINT, form_token::FormKey, page::Frame};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn now() -> Timestamp {
    at("2026-12-01T10:00:00+09:00")
}

pub(crate) fn id<K: Kind>(byte: u8) -> Id<K> {
    Id::new(now(), [byte; 10])
}

/// The function at a table out of reach, and what signs its links.
pub(crate) async fn open() -> (Router, LinkSigner) {
    let (private, public) = generate_signing_key().unwrap();
    let settings = Settings {
        stage: "test".into(),
        table: Some("jari-test".into()),
        token_keys: Some(public),
        site_url: Some("https://jari.test".into()),
        dynamodb_endpoint: Some("http://127.0.0.1:1".into()),
        ssm_endpoint: Some(parameters(&private).await),
        secrets_path: Some("/jari/test/secret".into()),
        ..Settings::default()
    };
    let aws = settings.aws_config().await;
    let house = House::new(settings, aws, Clock::from_fn(now));
    let router = (ENDPOINT.open)(house).await.unwrap();
    let signer = LinkSigner::new(&private, "test").unwrap();
    (jari_api::finish(router, &[]), signer)
}

/// Serves the stage's secrets until the test ends; says where.
async fn parameters(signing_key: &str) -> String {
    let key = STANDARD.encode([7; 32]);
    let secrets = [
        ("token-signing-key", signing_key),
        ("diner-key", &key),
        ("cursor-key", &key),
        ("mail-token-key", &key),
    ];
    let parameters =
        secrets.map(|(name, value)| json!({ "Name": format!("/jari/test/secret/{name}"), "Value": value }));
    let answer = json!({ "Parameters": parameters }).to_string();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/", axum::routing::post(async move || answer));
    tokio::spawn(async { axum::serve(listener, router).await });
    endpoint
}

pub(crate) async fn send(
    router: &Router,
    method: &str,
    path: &str,
    accept: &str,
) -> (u16, HeaderMap, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept", accept)
        .header("content-type", "application/x-www-form-urlencoded");
    answered(router, request.body(Body::from("revision=1")).unwrap()).await
}

/// Sends a form as a browser does from a page of ours: with its key, and a token made from it.
pub(crate) async fn post_form(router: &Router, path: &str, form: &str) -> (u16, HeaderMap, String) {
    let key = FormKey::new().unwrap();
    let mut given = HeaderMap::new();
    key.give(&mut given);
    let cookie = given["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let request = Request::post(path)
        .header("accept", BROWSER)
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    let body = Body::from(format!("{form}&formToken={}", key.token()));
    answered(router, request.body(body).unwrap()).await
}

async fn answered(router: &Router, request: Request<Body>) -> (u16, HeaderMap, String) {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    (parts.status.as_u16(), parts.headers, String::from_utf8(body).unwrap())
}

pub(crate) const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

#[tokio::test]
async fn an_unknown_path_is_a_page_for_people_and_a_problem_for_programs() {
    let (router, _) = open().await;
    let (status, headers, page) = send(&router, "GET", "/nowhere/at/all", BROWSER).await;
    assert_eq!((status, &headers["content-type"]), (404, &"text/html; charset=utf-8".parse().unwrap()));
    assert!(page.contains("찾으시는 페이지가 없습니다") && page.contains("There is no such page"));
    for accept in ["*/*", "application/json", ""] {
        let (status, headers, _) = send(&router, "GET", "/nowhere", accept).await;
        assert_eq!((status, &headers["content-type"]), (404, &"application/problem+json".parse().unwrap()));
    }
}

#[tokio::test]
async fn what_no_function_of_the_api_takes_is_a_problem_even_in_a_browser() {
    let (router, _) = open().await;
    for (method, path) in
        [("GET", "/v1"), ("GET", "/v1/nowhere"), ("DELETE", "/v1/reservations"), ("POST", "/v1/health")]
    {
        let (status, headers, body) = send(&router, method, path, BROWSER).await;
        assert_eq!(status, 404, "{method} {path}");
        assert_eq!(headers["content-type"], "application/problem+json");
        assert!(body.contains("\"not_found\""), "{body}");
    }
}

#[tokio::test]
async fn a_table_out_of_reach_is_told_kindly_and_kept_by_nobody() {
    let (router, signer) = open().await;
    let link = signer.sign(id(1), now() + SignedDuration::from_hours(1), now());
    for (method, path) in [
        ("GET", "/?lang=en".to_owned()),
        ("GET", format!("/r/{link}?lang=en")),
        ("POST", format!("/r/{link}/cancel?lang=en")),
    ] {
        let (status, headers, page) = match method {
            "POST" => post_form(&router, &path, "revision=1").await,
            method => send(&router, method, &path, BROWSER).await,
        };
        assert_eq!(status, 503, "{method} {path}");
        assert!(page.contains("<h1>This can’t be opened right now</h1>"));
        for (name, value) in [
            ("retry-after", "1"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-robots-tag", "noindex, nofollow"),
            ("content-language", "en"),
        ] {
            assert_eq!(headers[name], value);
        }
    }
}

#[tokio::test]
async fn a_page_runs_and_shows_only_what_this_site_serves() {
    let (router, _) = open().await;
    let (_, headers, page) = send(&router, "GET", "/nowhere", BROWSER).await;
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"));
    for refused in ["<style", " style=\"", "<script>", " onclick"] {
        assert!(!page.contains(refused), "{refused}");
    }
    let assets: Vec<&str> = page.split(['"']).filter(|address| address.starts_with("/assets/")).collect();
    assert!(assets.len() >= 3, "{page}");
    for address in assets {
        assert_eq!(send(&router, "GET", address, "*/*").await.0, 200, "{address}");
    }
}

#[tokio::test]
async fn a_form_from_elsewhere_is_not_taken() {
    let (router, _) = open().await;
    let (status, _, page) = send(&router, "POST", "/sign-out?lang=en", BROWSER).await;
    assert_eq!(status, 403);
    assert!(page.contains("This page is out of date"));
}

#[tokio::test]
async fn a_first_visit_gets_its_cookies_and_keeps_the_language_it_chose() {
    let (router, _) = open().await;
    let (_, headers, _) = send(&router, "GET", "/nowhere?lang=ko", BROWSER).await;
    let given: Vec<&str> =
        headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(given.len(), 3, "{given:?}");
    for cookie in &given {
        assert!(
            cookie.starts_with("__Host-jari-") && cookie.contains("; Path=/; Secure; HttpOnly; SameSite=Lax")
        );
    }
    let brought: Vec<&str> = given.iter().map(|cookie| cookie.split(';').next().unwrap()).collect();
    let request = Request::get("/nowhere").header("accept", BROWSER).header("cookie", brought.join("; "));
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-language"], "ko");
    assert!(!response.headers().contains_key("set-cookie"), "what the browser has is not given again");
}

#[tokio::test]
async fn pages_are_compressed() {
    let (router, _) = open().await;
    let request = Request::get("/nowhere").header("accept", BROWSER).header("accept-encoding", "gzip, br");
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
}

pub(crate) fn text(ko: &str, en: &str) -> LocalizedText {
    LocalizedText { ko: ko.to_owned(), en: en.to_owned() }
}

pub(crate) fn profile() -> Profile {
    Profile {
        name: text("온기", "Ongi"),
        address: text("서울 성동구 연무장길 47", ""),
        description: text("", "A small dining room."),
        location: Location { lat: 37.5, lng: 127.0 },
        phone: "+82200001001".parse().unwrap(),
        email: "hello@ongi.example".parse().unwrap(),
        cuisines: vec!["korean".to_owned(), "wine-bar".to_owned()],
        area: "seongsu".to_owned(),
        price_band: 3,
        time_zone: "Asia/Seoul".to_owned().try_into().unwrap(),
        currency: "KRW".to_owned().try_into().unwrap(),
        status: RestaurantStatus::Approved,
        rejection: None,
    }
}

/// Two tables for two, lunch and dinner on all days but Monday, and Christmas Day its own.
pub(crate) fn restaurant() -> Restaurant {
    Restaurant {
        id: id(1),
        profile: profile(),
        floor: serde_json::from_value(json!({
            "areas": [
                { "key": "hall", "name": { "ko": "홀", "en": "Hall" } },
                { "key": "terrace", "name": { "ko": "테라스", "en": "" } },
            ],
            "tables": [
                { "id": id::<kind::Table>(1), "name": "1", "area": "hall", "minParty": 1, "maxParty": 4 },
                { "id": id::<kind::Table>(2), "name": "2", "area": "terrace", "minParty": 1, "maxParty": 4 },
            ],
        }))
        .unwrap(),
        schedule: serde_json::from_value(json!({
            "weekly": [{
                "days": ["tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
                "shift": {
                    "name": { "ko": "저녁", "en": "Dinner" },
                    "opens": "17:30", "lastSeating": "20:00", "closes": "01:00", "stepMinutes": 30,
                },
            }],
            "specialDays": [{ "date": "2026-12-25", "name": { "ko": "크리스마스", "en": "Christmas Day" } }],
        }))
        .unwrap(),
        policy: Policy::default(),
        barred: BarredDiners::default(),
    }
}

pub(crate) fn frame(language: Language, address: &str) -> Frame {
    Frame::new(language, "https://jari.test", address, None, &FormKey::nobodys())
}
