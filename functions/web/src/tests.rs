//! The pages from outside, at a table that can't be reached, and rendered from values.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http_body_util::BodyExt;
use jari_domain::{
    Actor, Clock, Floor, Guest, HistoryEntry, Id, Kind, Language, LocalizedText, Location, Party, Policy,
    Profile, Reservation, Restaurant, RestaurantStatus, Schedule, Span, Status,
};
use jari_identity::{LinkSigner, generate_signing_key};
use jari_operations::Viewed;
use jari_settings::Settings;
use jari_wiring::House;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tower::ServiceExt;

use crate::{ENDPOINT, booking::Page, form_token::FormKey, page::Frame, words::Notice};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-12-01T10:00:00+09:00")
}

fn id<K: Kind>(byte: u8) -> Id<K> {
    Id::new(now(), [byte; 10])
}

/// The function at a table out of reach, and what signs its links.
async fn open() -> (Router, LinkSigner) {
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

async fn send(router: &Router, method: &str, path: &str, accept: &str) -> (u16, HeaderMap, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept", accept)
        .header("content-type", "application/x-www-form-urlencoded");
    let request = request.body(Body::from("revision=1")).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    (parts.status.as_u16(), parts.headers, String::from_utf8(body).unwrap())
}

const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

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
async fn a_link_that_is_not_good_opens_nothing_and_cancels_nothing() {
    let (router, signer) = open().await;
    let (_, stranger) = open().await;
    let hour = SignedDuration::from_hours(1);
    let foreign = stranger.sign(id(1), now() + hour, now());
    let expired = signer.sign(id(1), now() - hour, now() - hour - hour);
    for (token, expected) in
        [("nonsense", 404), ("%FF", 404), (foreign.as_str(), 404), (expired.as_str(), 401)]
    {
        for (method, rest) in [("GET", ""), ("GET", "/cancel"), ("POST", "/cancel")] {
            let (status, headers, page) =
                send(&router, method, &format!("/r/{token}{rest}?lang=ko"), BROWSER).await;
            assert_eq!(status, expected, "{method} {token}{rest}");
            assert_eq!(headers.contains_key("www-authenticate"), expected == 401);
            assert!(page.starts_with("<!doctype html>\n<html lang=\"ko\">"));
            assert!(page.contains("<section class=\"trouble\" lang=\"en\">"));
        }
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
        let (status, headers, page) = send(&router, method, &path, BROWSER).await;
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
async fn a_page_shown_in_answer_to_the_form_leads_back_when_opened_again() {
    let (router, signer) = open().await;
    let link = signer.sign(id(1), now() + SignedDuration::from_hours(1), now());
    let (status, headers, _) = send(&router, "GET", &format!("/r/{link}/cancel?lang=en"), BROWSER).await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (303, format!("/r/{link}").as_str()));
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
    assert!(page.contains("This page has grown old"));
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
    assert_eq!(response.headers()["content-encoding"], "br");
}

fn text(ko: &str, en: &str) -> LocalizedText {
    LocalizedText { ko: ko.to_owned(), en: en.to_owned() }
}

fn profile() -> Profile {
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

/// Christmas Eve at seven for two; may be cancelled until five.
fn reservation(status: Status) -> Viewed {
    let restaurant = Restaurant {
        id: id(1),
        profile: profile(),
        floor: Floor { areas: vec![], tables: vec![], combinations: vec![] },
        schedule: Schedule { weekly: vec![], special_days: vec![] },
        policy: Policy::default(),
        barred: jari_domain::BarredDiners::default(),
    };
    let waits = matches!(status, Status::Held | Status::Requested);
    let reservation = Reservation {
        id: id(2),
        restaurant: restaurant.id,
        date: "2026-12-24".parse().unwrap(),
        span: Span::new(at("2026-12-24T19:00:00+09:00"), 90).unwrap(),
        party: Party::new(2).unwrap(),
        tables: vec![],
        area: None,
        guest: Some(Guest {
            name: "<b>김민지</b>".parse().unwrap(),
            email: Some("minji@example.kr".parse().unwrap()),
            phone: None,
            language: Language::Ko,
        }),
        diner: None,
        note: Some("<script>창가</script>".parse().unwrap()),
        status,
        until: waits.then(|| at("2026-12-02T10:00:00+09:00")),
        hold_place: None,
        paced: false,
        channel: jari_domain::Channel::Online,
        reminded: 0,
        reconfirmed_at: None,
        revision: 7,
        created_at: now(),
        history: vec![HistoryEntry {
            at: now(),
            by: Actor::Staff(id(3)),
            from: None,
            to: status,
            why: Some("주방 공사".to_owned()),
            before: None,
        }],
    };
    Viewed { reservation, restaurant: Arc::new(restaurant), for_staff: false }
}

fn frame(language: Language, address: &str) -> Frame {
    Frame::new(language, "https://jari.test", address, None, &FormKey::nobodys())
}

fn show(viewed: &Viewed, language: Language, notice: Option<Notice>, now: Timestamp) -> String {
    Page::new(viewed, "t0k.en", frame(language, "/r/t0k.en").private(), notice, now).render().unwrap()
}

#[test]
fn a_reservation_is_told_in_the_restaurants_time_and_the_readers_language() {
    let viewed = reservation(Status::Confirmed);
    let korean = show(&viewed, Language::Ko, None, now());
    for shown in [
        "<html lang=\"ko\">",
        "예약이 확정되었습니다",
        "2026년 12월 24일 (목)<br>오후 7:00 · 2명",
        "방문 2시간 전인 12월 24일 (목) 오후 5:00까지",
        "href=\"tel:+82200001001\">02-0000-1001<",
        "href=\"/r/t0k.en?lang=en\" lang=\"en\"",
    ] {
        assert!(korean.contains(shown), "{shown}\n{korean}");
    }
    let english = show(&viewed, Language::En, None, now());
    for shown in [
        "<html lang=\"en\">",
        "Thursday 24 December 2026<br>19:00 · 2 people",
        "until Thursday 24 December, 17:00, 2 hours before",
        "<dd lang=\"ko\">서울 성동구",
    ] {
        assert!(english.contains(shown), "{shown}\n{english}");
    }
}

#[test]
fn only_what_can_be_cancelled_has_a_form_and_it_names_the_revision_it_shows() {
    let form = "<form method=\"post\" action=\"/r/t0k.en/cancel\">";
    let revision = "<input type=\"hidden\" name=\"revision\" value=\"7\">";
    for (status, now, has_form) in [
        (Status::Held, now(), true),
        (Status::Held, at("2026-12-02T10:00:00+09:00"), false),
        (Status::Requested, now(), true),
        (Status::Confirmed, now(), true),
        (Status::Confirmed, at("2026-12-24T17:00:00+09:00"), true),
        (Status::Confirmed, at("2026-12-24T17:00:01+09:00"), false),
        (Status::Seated, now(), false),
        (Status::Completed, now(), false),
        (Status::NoShow, now(), false),
        (Status::Cancelled, now(), false),
        (Status::Declined, now(), false),
        (Status::Expired, now(), false),
    ] {
        let page = show(&reservation(status), Language::Ko, None, now);
        assert_eq!(page.contains(form), has_form, "{status:?} {now}");
        assert_eq!(page.contains(revision), has_form, "{status:?} {now}");
    }
}

#[test]
fn after_the_deadline_the_page_says_to_call() {
    let late = at("2026-12-24T18:00:00+09:00");
    let page = show(&reservation(Status::Confirmed), Language::En, Some(Notice::TooLate), late);
    assert!(page.contains("role=\"alert\">It is too late to cancel here."));
    assert!(page.contains("It was possible to change or cancel until Thursday 24 December, 17:00."));
}

#[test]
fn who_cancelled_and_why_is_told_and_a_note_of_another_time_is_not() {
    let page = show(&reservation(Status::Cancelled), Language::Ko, None, now());
    assert!(page.contains("식당 사정으로 취소되었습니다.") && page.contains("주방 공사"));
    assert!(page.contains("<s>2026년 12월 24일"));
    let page = show(&reservation(Status::Confirmed), Language::Ko, None, now());
    assert!(!page.contains("주방 공사"));
}

#[test]
fn what_a_guest_wrote_is_never_markup() {
    let page = show(&reservation(Status::Confirmed), Language::Ko, None, now());
    assert!(page.contains("&#60;b&#62;김민지&#60;/b&#62;"), "{page}");
    assert!(!page.contains("<b>") && !page.contains("<script>"));
}
