//! [`finish`]: what every answer of the house has around it, whether it leaves through API Gateway or
//! a socket of its own: a request id, one access line, problems in the reader's language, headers
//! that keep browsers careful, and a panic that ends with its request.
//!
//! Call it once a process, on the merged router: two finished routers can't be merged.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use futures::FutureExt;
use http_body_util::BodyExt;
use jari_telemetry::Cause;
use lambda_http::request::RequestContext;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::language::{DEFAULT_LANGUAGE, preferred_language};
use crate::request::{body_too_large, unreadable_body};
use crate::respond::IDEMPOTENT_REPLAYED;
use crate::{Code, IdempotencyKey, Problem, Visit};

/// The largest body taken: 64 KiB.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// How much of a too large body is read and thrown away, so that its sender, still sending, hears the
/// answer rather than a broken connection.
const MOST_DISCARDED_BYTES: usize = 4 * 1024 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");
/// What `CloudFront` calls a request.
const EDGE_ID: HeaderName = HeaderName::from_static("x-amz-cf-id");

/// Puts everything around a router that is not an endpoint's own business. Pages of `cors_origins`
/// may call it from a browser, and no others.
pub fn finish(router: Router, cors_origins: &[String]) -> Router {
    let router = router
        .fallback(|| async { Problem::new(Code::NotFound) })
        .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) })
        .layer(from_fn(contain));
    let router = match cors(cors_origins) {
        Some(cors) => router.layer(cors),
        None => router,
    };
    router.layer(from_fn(accompany))
}

fn cors(origins: &[String]) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> =
        origins.iter().filter_map(|origin| HeaderValue::try_from(origin).ok()).collect();
    let cors = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::ACCEPT_LANGUAGE,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            IdempotencyKey::HEADER,
            Visit::HEADER,
            REQUEST_ID,
        ])
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            IDEMPOTENT_REPLAYED,
            Visit::HEADER,
            REQUEST_ID,
        ])
        .max_age(Duration::from_hours(1));
    (!origins.is_empty()).then(|| cors.allow_origin(AllowOrigin::list(origins)))
}

/// The outer layer: whatever happens inside is told in the reader's language and logged once. The
/// line never has the query, a token or a body in it.
async fn accompany(request: Request, next: Next) -> Response {
    let cause = cause_of(&request);
    let id = cause.request_id().to_owned();
    cause.during(answer(request, next, id)).await
}

async fn answer(request: Request, next: Next, id: String) -> Response {
    let started = Instant::now();
    let language = preferred_language(request.headers()).unwrap_or(DEFAULT_LANGUAGE);
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let edge_id = edge_id(request.headers());
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        problem.render(&mut response, language, &id);
    }
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    be_careful(response.headers_mut());
    tracing::info!(
        target: "access",
        %method,
        path = path.as_ref().map_or("-", MatchedPath::as_str),
        status = response.status().as_u16(),
        edgeId = edge_id,
        milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// The inner layer: a body within bounds, and a panic that costs its own request only.
async fn contain(request: Request, next: Next) -> Response {
    let request = match bounded(request).await {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    // What was shared with the panicked handler is behind the SDK's and the store's own locks, which
    // hold through a panic.
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        // The panic hook has said where.
        Problem::internal("the handler panicked").into_response()
    })
}

/// The request with its body read, or why it won't be. Nothing here streams, so reading it at once
/// costs nothing and lets every handler rely on the bound.
async fn bounded(request: Request) -> Result<Request, Problem> {
    let (parts, mut body) = request.into_parts();
    if body.is_end_stream() {
        return Ok(Request::from_parts(parts, body));
    }
    let mut read = BytesMut::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame.map_err(drop).and_then(|frame| frame.into_data().map_err(drop)) else {
            return Err(unreadable_body());
        };
        size += frame.len();
        if size <= MAX_BODY_BYTES {
            read.extend_from_slice(&frame);
        } else if size > MOST_DISCARDED_BYTES {
            break;
        }
    }
    if size > MAX_BODY_BYTES {
        return Err(body_too_large());
    }
    Ok(Request::from_parts(parts, Body::from(read.freeze())))
}

/// The gateway's id of the request; else the caller's own, if it is one; else a new one. With the trace that Lambda says it
/// belongs to; else the one that the caller says.
fn cause_of(request: &Request) -> Cause {
    let given = match request.extensions().get::<RequestContext>() {
        Some(RequestContext::ApiGatewayV2(context)) if context.request_id.is_some() => {
            context.request_id.as_deref()
        }
        _ => text_of(request.headers(), &REQUEST_ID),
    };
    let lambda = request.extensions().get::<lambda_http::Context>();
    let trace = lambda.and_then(|context| context.xray_trace_id.as_deref());
    let trace = trace.or_else(|| text_of(request.headers(), &TRACE_ID));
    given.and_then(Cause::of_request).unwrap_or_else(Cause::new).traced(trace)
}

/// What the edge calls the request in its own log, where one is before the house.
fn edge_id(headers: &HeaderMap) -> Option<String> {
    text_of(headers, &EDGE_ID).filter(|id| Cause::is_id(id)).map(str::to_owned)
}

fn text_of<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// What keeps a browser careful, unless an endpoint (a page, say) has said otherwise.
fn be_careful(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::{Arc, Mutex};

    use axum::routing::{get, post};
    use serde_json::Value;
    use tower::ServiceExt;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;
    use crate::respond;

    const TRACE: &str = "1-5759e988-bd862e3fe1be46a994272793";

    fn open() -> Router {
        async fn panics() -> Result<&'static str, Infallible> {
            assert!(jiff::Timestamp::now() <= jiff::Timestamp::UNIX_EPOCH, "a handler's mistake");
            Ok("unreachable")
        }
        let router = Router::new()
            .route("/ok", get(|| async { "ok" }).post(|| async { "posted" }))
            .route("/things/{id}", get(|| async { "thing" }))
            .route("/panic", get(panics))
            .route("/count", post(|body: String| async move { body.len().to_string() }))
            .route("/id", get(|| async { Cause::current().unwrap().request_id().to_owned() }))
            .route("/cause", get(|| async { Cause::current().unwrap().to_string() }))
            .route(
                "/kept",
                get(|| async {
                    let mut response = "kept".into_response();
                    respond::keep(response.headers_mut(), 60);
                    response
                }),
            );
        finish(router, &["https://jari.example".to_owned()])
    }

    async fn send(router: &Router, request: axum::http::request::Builder) -> Response {
        router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn text(response: Response) -> String {
        String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    async fn problem(response: Response) -> Value {
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        serde_json::from_str(&text(response).await).unwrap()
    }

    #[tokio::test]
    async fn an_unknown_path_is_a_404_in_the_readers_language() {
        let request = Request::get("/nowhere").header("accept-language", "fr, ko-KR;q=0.9");
        let response = send(&open(), request).await;
        assert_eq!(response.status(), 404);
        assert_eq!(response.headers()["content-language"], "ko");
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let problem = problem(response).await;
        assert_eq!(problem["title"], "요청하신 정보를 찾을 수 없습니다.");
        assert_eq!(problem["requestId"], id);
    }

    #[tokio::test]
    async fn an_unknown_method_is_a_405_that_says_which_there_are() {
        let response = send(&open(), Request::delete("/ok")).await;
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "GET,HEAD,POST");
        assert_eq!(problem(response).await["code"], "method_not_allowed");
    }

    #[tokio::test]
    async fn a_panic_ends_with_its_request() {
        let router = open();
        let response = send(&router, Request::get("/panic")).await;
        assert_eq!(response.status(), 500);
        let problem = problem(response).await;
        assert_eq!(problem["code"], "internal");
        assert!(!problem.to_string().contains("mistake"));
        assert_eq!(send(&router, Request::get("/ok")).await.status(), 200);
    }

    #[tokio::test]
    async fn every_answer_keeps_browsers_careful() {
        for path in ["/ok", "/nowhere", "/panic"] {
            let response = send(&open(), Request::get(path)).await;
            let headers = response.headers();
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["referrer-policy"], "no-referrer");
            assert_eq!(headers["x-frame-options"], "DENY");
            assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
            assert_eq!(headers["cache-control"], "no-store");
            assert!(headers["strict-transport-security"].to_str().unwrap().starts_with("max-age="));
        }
        let kept = send(&open(), Request::get("/kept")).await;
        assert_eq!(kept.headers()["cache-control"], "public, max-age=60");
    }

    #[tokio::test]
    async fn a_request_keeps_its_id_or_gets_one() {
        let given = send(&open(), Request::get("/id").header("x-request-id", "abc-123")).await;
        assert_eq!(given.headers()["x-request-id"], "abc-123");
        assert_eq!(text(given).await, "abc-123");
        for bad in ["", "a b", "<script>", &"x".repeat(65)] {
            let new = send(&open(), Request::get("/id").header("x-request-id", bad)).await;
            assert_eq!(new.headers()["x-request-id"].len(), 32, "{bad}");
        }
    }

    #[tokio::test]
    async fn what_is_done_for_a_request_knows_its_id_and_its_trace() {
        let asked = || Request::get("/cause").header("x-request-id", "abc-123");
        assert_eq!(text(send(&open(), asked()).await).await, "abc-123");
        let traced = asked().header("x-amzn-trace-id", format!("Root={TRACE};Sampled=1"));
        assert_eq!(text(send(&open(), traced).await).await, format!("abc-123 {TRACE}"));
        // What Lambda says of the trace is what X-Ray knows it by.
        let mut context = lambda_http::Context::default();
        context.xray_trace_id = Some(format!("Root={TRACE}"));
        let spoofed = "Root=1-00000000-000000000000000000000000";
        let request = asked().header("x-amzn-trace-id", spoofed).extension(context);
        assert_eq!(text(send(&open(), request).await).await, format!("abc-123 {TRACE}"));
    }

    #[tokio::test]
    async fn behind_the_gateway_the_request_has_the_gateways_id() {
        let event = r#"{
            "version": "2.0", "routeKey": "GET /id", "rawPath": "/id", "rawQueryString": "",
            "headers": { "host": "x", "x-request-id": "spoofed" }, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "1", "apiId": "a", "domainName": "x", "domainPrefix": "x", "stage": "$default",
                "http": { "method": "GET", "path": "/id", "protocol": "HTTP/1.1", "sourceIp": "::1",
                          "userAgent": "t" },
                "requestId": "JKJaXmPLvHcESHA=", "routeKey": "GET /id", "time": "", "timeEpoch": 0
            }
        }"#;
        let request = lambda_http::request::from_str(event).unwrap();
        let request = request.map(|body| Body::from(body.to_vec()));
        let response = open().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["x-request-id"], "JKJaXmPLvHcESHA=");
    }

    #[tokio::test]
    async fn a_body_is_bounded_whoever_reads_it() {
        let send = |bytes: usize| {
            let request = Request::post("/count").body(Body::from(vec![b'a'; bytes])).unwrap();
            open().oneshot(request)
        };
        assert_eq!(text(send(65_536).await.unwrap()).await, "65536");
        let response = send(65_537).await.unwrap();
        assert_eq!(response.status(), 413);
        assert_eq!(problem(response).await["code"], "body_too_large");
    }

    #[tokio::test]
    async fn only_the_configured_origins_may_call_from_a_browser() {
        let ask = |origin: &'static str| {
            let request = Request::options("/things/1")
                .header("origin", origin)
                .header("access-control-request-method", "GET");
            async move { send(&open(), request).await.headers().get("access-control-allow-origin").cloned() }
        };
        assert_eq!(ask("https://jari.example").await.unwrap(), "https://jari.example");
        assert_eq!(ask("https://evil.example").await, None);
        let closed = finish(Router::new().route("/ok", get(|| async { "ok" })), &[]);
        let response = send(&closed, Request::get("/ok").header("origin", "https://jari.example")).await;
        assert!(!response.headers().contains_key("access-control-allow-origin"));
    }

    #[tokio::test]
    async fn a_browser_can_read_a_problem_too() {
        for path in ["/nowhere", "/panic"] {
            let request = Request::get(path).header("origin", "https://jari.example");
            let response = send(&open(), request).await;
            assert_eq!(response.headers()["access-control-allow-origin"], "https://jari.example");
        }
    }

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl MakeWriter<'_> for Lines {
        type Writer = Self;

        fn make_writer(&self) -> Self {
            self.clone()
        }
    }

    #[tokio::test]
    async fn one_line_is_logged_and_nothing_personal_is_in_it() {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(lines.clone()).finish();
        let guard = tracing::subscriber::set_default(subscriber);
        let request = Request::get("/things/secret-id?email=minji@example.kr")
            .header("authorization", "Bearer secret-token")
            .header("x-request-id", "r-42");
        send(&open(), request).await;
        drop(guard);
        let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(logged.lines().count(), 1, "{logged}");
        for told in ["GET", "/things/{id}", "200", "milliseconds", "r-42"] {
            assert!(logged.contains(told), "{told} in {logged}");
        }
        for hidden in ["secret", "minji", "email"] {
            assert!(!logged.contains(hidden), "{hidden} in {logged}");
        }
    }
}
