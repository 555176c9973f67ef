//! What a browser shows when it can't reach us: a page that it fetched before, kept by a small worker.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jari_api::respond;
use jari_domain::Language;

use crate::{
    Desk, assets,
    form_token::FormKey,
    page::{Frame, answer},
    texts::Texts,
};

/// How long anyone may keep the page, in seconds; the worker asks anew when it is installed.
const KEPT_SECONDS: u32 = 3_600;

const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

const WORKER: &str = include_str!("../assets/service-worker.js");

#[derive(Template)]
#[template(path = "offline.html")]
struct Page {
    frame: Frame,
    texts: [Texts; 2],
}

/// In both languages, for nobody in particular: it is shown to whoever uses the browser then.
pub(crate) async fn show(State(desk): State<Desk>) -> Response {
    let frame = Frame::new(Language::Ko, &desk.site, "/offline", None, &FormKey::nobodys()).passing();
    let page = Page { frame, texts: [Texts(Language::Ko), Texts(Language::En)] };
    let mut response = answer(StatusCode::OK, &page.frame, &page);
    respond::keep(response.headers_mut(), KEPT_SECONDS);
    response
}

/// The worker, with the addresses of what the page needs.
pub(crate) async fn service_worker() -> Response {
    let needs = format!("const NEEDS = [\"/offline\", \"{}\"];\n", assets::STYLE.address());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        // A worker goes by its own policy: under the one of answers that are no pages it could not fetch a thing.
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY)),
    ];
    (headers, needs + WORKER).into_response()
}
