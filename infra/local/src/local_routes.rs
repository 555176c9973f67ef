//! `/_local/`: what a developer and the tests need and AWS does not give: the caught mail, the clock, the
//! on-failure queue, a reset, and where to find the engine. The pages over it are in [`crate::mailbox_page`].
//!
//! It answers only to this machine's own names and refuses what another site's page sends: a website that
//! is open in the developer's browser must neither read the mails nor move the clock.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Query, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    catcher::{Mail, QueuedMessage},
    clock::{ClockError, advanced, instant, seoul},
    house::{ResetError, Rooms},
    mailbox_page,
};

/// A stream that is not empty after this long is stuck on something.
const LONGEST_DRAIN: Duration = Duration::from_secs(30);
const MAX_BODY_BYTES: usize = 16 * 1024;

type House = State<Arc<Rooms>>;

pub(crate) fn open(rooms: Arc<Rooms>) -> Router {
    Router::new()
        .route("/_local", get(|| async { Redirect::permanent("/_local/") }))
        .route("/_local/mail", get(list_mail).delete(empty_mailbox))
        .route("/_local/queue", get(list_queue))
        .route("/_local/clock", get(read_clock).post(move_clock))
        .route("/_local/reset", post(reset))
        .route("/_local/stream/drained", post(drain))
        .route("/_local/dynamodb", get(dynamodb))
        .route("/_local/environment", get(environment))
        .merge(mailbox_page::routes())
        .route("/_local/{*unknown}", axum::routing::any(unknown))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(only_for_this_machine))
        .with_state(rooms)
}

/// Why `/_local/` refuses, in the same form as the API's problems.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    pub(crate) detail: String,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], problem.to_string())
            .into_response()
    }
}

impl From<ClockError> for Refusal {
    fn from(error: ClockError) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_time", error.to_string())
    }
}

impl From<ResetError> for Refusal {
    fn from(error: ResetError) -> Self {
        match error {
            ResetError::NotOurs(_) => Self::new(StatusCode::CONFLICT, "not_ours", error.to_string()),
            _ => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "reset_failed", error.to_string()),
        }
    }
}

#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct MailFilter {
    to: Option<String>,
}

/// `?to=` keeps the mails whose recipient contains it.
async fn list_mail(State(rooms): House, Query(filter): Query<MailFilter>) -> Json<Value> {
    let mails = rooms.mailbox.newest_first();
    let asked: Vec<&Mail> = mails
        .iter()
        .map(AsRef::as_ref)
        .filter(|mail: &&Mail| filter.to.as_ref().is_none_or(|to| mail.to.contains(to.as_str())))
        .collect();
    Json(json!(Items { items: asked }))
}

async fn empty_mailbox(State(rooms): House) -> Result<StatusCode, Refusal> {
    rooms.mailbox.clear().map_err(ResetError::from)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list_queue(State(rooms): House) -> Json<Value> {
    let messages = rooms.queue.newest_first();
    let messages: Vec<&QueuedMessage> = messages.iter().map(AsRef::as_ref).collect();
    Json(json!(Items { items: messages }))
}

async fn read_clock(State(rooms): House) -> Json<Value> {
    Json(clock(&rooms))
}

fn clock(rooms: &Rooms) -> Value {
    let now = rooms.clock.now();
    json!({ "now": seoul(now).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string() })
}

/// Where to move the clock: exactly one of both.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Move {
    pub(crate) advance: Option<String>,
    pub(crate) now: Option<String>,
}

async fn move_clock(State(rooms): House, body: Bytes) -> Result<Json<Value>, Refusal> {
    let wanted: Move = serde_json::from_slice(&body).map_err(|error| {
        let detail = format!(
            "send {{\"advance\": \"PT10M\"}} or {{\"now\": \"2026-12-01T10:00:00+09:00\"}} ({error})"
        );
        Refusal::new(StatusCode::BAD_REQUEST, "malformed", detail)
    })?;
    move_to(&rooms, wanted).await?;
    Ok(Json(clock(&rooms)))
}

pub(crate) async fn move_to(rooms: &Rooms, wanted: Move) -> Result<(), Refusal> {
    let target = match (wanted.advance, wanted.now) {
        (Some(duration), None) => advanced(rooms.clock.now(), duration.trim())?,
        (None, Some(now)) => instant(&now)?,
        _ => {
            let detail = "say either how far to advance or what time is now, and not both";
            return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_time", detail));
        }
    };
    rooms.schedules.move_clock_to(target).await;
    Ok(())
}

async fn reset(State(rooms): House) -> Result<StatusCode, Refusal> {
    rooms.reset().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers when everything written so far has been through `send-mail`.
async fn drain(State(rooms): House) -> Result<StatusCode, Refusal> {
    match tokio::time::timeout(LONGEST_DRAIN, rooms.stream.drained()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(_) => Err(Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "still_busy",
            "records of the table's stream are still being tried; the house's log says why",
        )),
    }
}

async fn dynamodb(State(rooms): House) -> Json<Value> {
    let (endpoint, table) = (rooms.dynamodb_endpoint(), rooms.table());
    Json(json!({
        "endpoint": endpoint,
        "table": table,
        "region": "ap-northeast-2",
        "example": format!(
            "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws dynamodb scan --region ap-northeast-2 \
             --endpoint-url {endpoint} --table-name {table}"
        ),
    }))
}

/// As lines of shell, so that `eval "$(curl -s …)"` lets a function of its own process join the house.
async fn environment(State(rooms): House) -> String {
    let exports = rooms.environment().into_iter();
    let exports =
        exports.map(|(name, value)| ["export ", name, "='", &value.replace('\'', r"'\''"), "'\n"].concat());
    exports.collect()
}

async fn unknown() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "there are /_local/, /_local/mail, /_local/clock, /_local/queue, /_local/reset, /_local/stream/drained, \
         /_local/dynamodb and /_local/environment",
    )
}

async fn only_for_this_machine(request: Request, next: Next) -> Response {
    let refusal = if !is_own_name(request.headers(), request.uri().host()) {
        Some("ask for it by localhost or a loopback address")
    } else if !request.method().is_safe() && from_another_site(request.headers()) {
        Some("pages of other sites may not change anything here")
    } else {
        None
    };
    if let Some(detail) = refusal {
        return Refusal::new(StatusCode::FORBIDDEN, "forbidden", detail).into_response();
    }
    let head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && !head {
        let allowed = response.headers().get(header::ALLOW).cloned();
        let detail = "this address has no such method; the header Allow says which it has";
        response = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).into_response();
        response.headers_mut().extend(allowed.map(|allowed| (header::ALLOW, allowed)));
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

/// A name that a foreign site has pointed at this machine (DNS rebinding) is not our own.
fn is_own_name(headers: &HeaderMap, absolute: Option<&str>) -> bool {
    let host =
        headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(absolute).unwrap_or("localhost");
    let name = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Tools send none of these headers; every browser does on a request that changes something.
fn from_another_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            text("host").is_none_or(|host| origin.split_once("://").is_none_or(|(_, own)| own != host))
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_loopback_names_are_own() {
        for own in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "localhost", "jari.localhost:3000"] {
            assert!(is_own_name(&headers(&[("host", own)]), None), "{own}");
        }
        for foreign in ["evil.example:3000", "10.0.0.7:3000", "localhost.evil.example", "[fe80::1]:3000"] {
            assert!(!is_own_name(&headers(&[("host", foreign)]), None), "{foreign}");
        }
    }

    #[test]
    fn a_page_of_another_site_is_told_apart_from_a_tool() {
        assert!(!from_another_site(&headers(&[("host", "localhost:3000")])));
        assert!(!from_another_site(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!from_another_site(&headers(&[
            ("host", "localhost:3000"),
            ("origin", "http://localhost:3000")
        ])));
        assert!(from_another_site(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(from_another_site(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(from_another_site(&headers(&[("host", "localhost:3000"), ("origin", "null")])));
        assert!(from_another_site(&headers(&[
            ("host", "localhost:3000"),
            ("origin", "http://evil.example")
        ])));
    }
}
