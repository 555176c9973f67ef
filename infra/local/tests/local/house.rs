//! A whole house in this process: what `/_local/` promises.

use jari_local::{
    LocalHouse, Options,
    clock::{instant, seoul},
};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

async fn open(options: Options) -> (LocalHouse, Client) {
    let house = LocalHouse::open(options).await.unwrap();
    (house, Client::builder().no_proxy().build().unwrap())
}

fn empty() -> Options {
    Options { empty: true, ..Options::throwaway() }
}

async fn ask(
    house: &LocalHouse,
    client: &Client,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let request = client.request(method, format!("{}{path}", house.url()));
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let response = request.send().await.unwrap();
    let status = response.status();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

/// A mail sent as a function would send it: by the house's own settings.
async fn send_mail(house: &LocalHouse, to: &str, html: &str) {
    use aws_sdk_sesv2::types::{Attachment, Body, Content, Destination, EmailContent, Message};
    let content = |data: &str| Content::builder().data(data).build().unwrap();
    let attachment = Attachment::builder()
        .file_name("invitation.ics")
        .content_type("text/calendar; method=REQUEST")
        .raw_content(aws_sdk_sesv2::primitives::Blob::new("BEGIN:VCALENDAR"))
        .build()
        .unwrap();
    let message = Message::builder()
        .subject(content("예약 확정"))
        .body(Body::builder().text(content("http://localhost/x")).html(content(html)).build())
        .attachments(attachment)
        .build();
    let config = aws_sdk_sesv2::config::Builder::from(house.house().aws())
        .endpoint_url(house.house().settings().ses_endpoint.clone().unwrap())
        .build();
    aws_sdk_sesv2::Client::from_conf(config)
        .send_email()
        .from_email_address("a@jari.test")
        .destination(Destination::builder().to_addresses(to).build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_lists_newest_first_and_can_be_emptied() {
    let (house, client) = open(empty()).await;
    send_mail(&house, "first@example.com", "<p>1</p>").await;
    send_mail(&house, "second@example.com", "<p>2</p>").await;
    let (status, mails) = ask(&house, &client, Method::GET, "/_local/mail", None).await;
    assert_eq!(status, 200);
    assert_eq!(mails["items"][0]["to"], "second@example.com");
    assert_eq!(mails["items"][1]["to"], "first@example.com");
    let mail = &mails["items"][0];
    assert_eq!(
        (&mail["subject"], &mail["text"], &mail["html"]),
        (&json!("예약 확정"), &json!("http://localhost/x"), &json!("<p>2</p>"))
    );
    assert_eq!(mail["attachments"][0]["fileName"], "invitation.ics");
    assert_eq!(mail["attachments"][0]["contentType"], "text/calendar; method=REQUEST");
    assert_eq!(mail["attachments"][0]["content"], "BEGIN:VCALENDAR");
    assert!(mail["sentAt"].is_string() && mail["id"].is_string());

    let page = client.get(format!("{}/_local/", house.url())).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let page = page.text().await.unwrap();
    assert!(page.find("second@example.com").unwrap() < page.find("first@example.com").unwrap());
    let mail_page = format!("{}/_local/mails/{}", house.url(), mail["id"].as_str().unwrap());
    assert!(client.get(&mail_page).send().await.unwrap().text().await.unwrap().contains("sandbox=\"\""));
    let invitation = client.get(format!("{mail_page}/attachments/0")).send().await.unwrap();
    assert_eq!(invitation.headers()["content-disposition"], "attachment; filename=\"invitation.ics\"");
    assert_eq!(invitation.text().await.unwrap(), "BEGIN:VCALENDAR");

    assert_eq!(ask(&house, &client, Method::DELETE, "/_local/mail", None).await.0, 204);
    let (_, mails) = ask(&house, &client, Method::GET, "/_local/mail", None).await;
    assert_eq!(mails, json!({ "items": [] }));
    house.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_can_be_set_advanced_and_read() {
    let start = instant("2026-12-01T10:00:00+09:00").unwrap();
    let (house, client) = open(Options { now: Some(start), ..empty() }).await;
    let (_, read) = ask(&house, &client, Method::GET, "/_local/clock", None).await;
    assert!(read["now"].as_str().unwrap().starts_with("2026-12-01T10:00:0"), "{read}");
    let (status, moved) =
        ask(&house, &client, Method::POST, "/_local/clock", Some(json!({ "advance": "PT10M" }))).await;
    assert_eq!(status, 200);
    assert!(moved["now"].as_str().unwrap().starts_with("2026-12-01T10:10:"), "{moved}");
    let now = json!({ "now": "2026-12-24T19:00:00+09:00" });
    ask(&house, &client, Method::POST, "/_local/clock", Some(now)).await;
    assert_eq!(seoul(house.clock().now()).date().to_string(), "2026-12-24");
    assert_eq!(seoul(house.house().clock().now()).date().to_string(), "2026-12-24", "functions see it");
    house.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_gets_a_problem_that_says_what_to_send() {
    let (house, client) = open(empty()).await;
    let before = house.clock().now();
    for (body, status) in [
        (json!({}), 422),
        (json!({ "advance": "PT1M", "now": "2026-12-24T19:00:00+09:00" }), 422),
        (json!({ "advance": "ten minutes" }), 422),
        (json!({ "now": "tomorrow" }), 422),
        (json!({ "advance": 10 }), 400),
        (json!({ "forward": "PT1M" }), 400),
        (json!([]), 400),
    ] {
        let (answered, problem) =
            ask(&house, &client, Method::POST, "/_local/clock", Some(body.clone())).await;
        assert_eq!(answered, status, "{body}");
        assert!(problem["detail"].as_str().unwrap().len() > 20, "{problem}");
    }
    assert!(house.clock().now().duration_since(before) < jiff::SignedDuration::from_secs(20));
    assert_eq!(ask(&house, &client, Method::GET, "/_local/nowhere", None).await.0, 404);
    let (status, problem) = ask(&house, &client, Method::GET, "/_local/reset", None).await;
    assert_eq!((status, &problem["code"]), (StatusCode::METHOD_NOT_ALLOWED, &json!("method_not_allowed")));
    house.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_can_neither_read_nor_move_anything() {
    let (house, client) = open(empty()).await;
    let before = house.clock().now();
    let url = |path: &str| format!("{}{path}", house.url());
    let rebound = client.get(url("/_local/mail")).header("host", "evil.example").send().await.unwrap();
    assert_eq!(rebound.status(), 403);
    let foreign = client
        .post(url("/_local/forms/clock"))
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("advance=P1D")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 403);
    assert!(house.clock().now().duration_since(before) < jiff::SignedDuration::from_secs(20));
    house.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_brings_back_the_demo_and_nothing_else() {
    let (house, client) = open(Options::throwaway()).await;
    assert!(house.demo_restaurants() >= 12);
    let store = house.house().store().unwrap();
    let first = store.listed_restaurants(jari_store::Listing::Public, None, 100).await.unwrap().0;
    assert_eq!(first.len(), house.demo_restaurants());
    send_mail(&house, "a@example.com", "").await;

    let dynamodb = crate::table::client(house.dynamodb_endpoint()).await;
    let (_, told) = ask(&house, &client, Method::GET, "/_local/dynamodb", None).await;
    assert_eq!(told["endpoint"], house.dynamodb_endpoint());
    let table = told["table"].as_str().unwrap().to_owned();
    let stray = ("PK", crate::table::key("STRAY"));
    dynamodb
        .put_item()
        .table_name(&table)
        .item(stray.0, stray.1.clone())
        .item("SK", stray.1.clone())
        .send()
        .await
        .unwrap();

    assert_eq!(ask(&house, &client, Method::POST, "/_local/reset", None).await.0, 204);
    let left = dynamodb
        .get_item()
        .table_name(&table)
        .key("PK", stray.1.clone())
        .key("SK", stray.1)
        .send()
        .await
        .unwrap();
    assert!(left.item().is_none());
    assert_eq!(store.listed_restaurants(jari_store::Listing::Public, None, 100).await.unwrap().0, first);
    assert!(house.mails().is_empty());
    assert_eq!(ask(&house, &client, Method::POST, "/_local/stream/drained", None).await.0, 204);
    house.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_can_be_opened_on_another_dynamodb() {
    let engine = jari_local::Engine::in_memory(jari_local::HouseClock::new()).unwrap();
    let options = Options { dynamodb_endpoint: Some(engine.endpoint().to_owned()), ..Options::throwaway() };
    let (house, client) = open(options).await;
    assert_eq!(house.dynamodb_endpoint(), engine.endpoint());
    let (status, health) = ask(&house, &client, Method::GET, "/v1/health", None).await;
    assert_eq!(status, 200, "{health}");
    house.shut_down().await;
    // The demo went there, and a second house finds it.
    let options = Options { dynamodb_endpoint: Some(engine.endpoint().to_owned()), ..Options::throwaway() };
    let (house, _) = open(options).await;
    assert_eq!(house.demo_restaurants(), 0);
    house.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_lets_a_function_of_its_own_process_join() {
    let (house, client) = open(empty()).await;
    let script =
        client.get(format!("{}/_local/environment", house.url())).send().await.unwrap().text().await.unwrap();
    for (name, value) in house.environment() {
        assert!(script.contains(&format!("export {name}='{value}'\n")), "{name}");
    }
    assert!(script.contains("JARI_TOKEN_KEYS"));
    house.shut_down().await;
}
