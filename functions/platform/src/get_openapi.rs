//! `get-openapi`: the API's description, for programs at `/openapi.json` and for people at `/docs`.
//!
//! The document is the committed `openapi.json`, made from every function's own description; a test
//! of the whole house holds the two together. Both answers are made once a process.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jari_api::{IfNoneMatch, Problem, openapi, respond};
use jari_wiring::Endpoint;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::docs_page;

/// The API's description as it is committed.
pub const DOCUMENT: &str = include_str!("../openapi.json");

/// How long a reader may keep either, in seconds.
const KEPT_SECONDS: u32 = 300;

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-openapi",
    describe: || routes().into_openapi(),
    open: |_| Box::pin(async { Ok(routes().with_state(Shelf::default()).into()) }),
};

/// Both answers, made when first asked for.
#[derive(Clone, Default)]
struct Shelf {
    page: Arc<std::sync::OnceLock<String>>,
}

fn routes() -> OpenApiRouter<Shelf> {
    OpenApiRouter::new().routes(routes!(get_openapi)).routes(routes!(get_docs))
}

/// Get this description
///
/// An OpenAPI 3.1 document. `/docs` shows the same to people.
#[utoipa::path(get, path = "/openapi.json", tag = openapi::tags::PLATFORM, operation_id = "get-openapi",
    responses(
        (status = 200, description = "The document.", content_type = "application/json", body = Object),
        (status = 304, description = "It is what `If-None-Match` names."),
    ))]
async fn get_openapi(known: IfNoneMatch) -> Response {
    kept(&known, "application/json", DOCUMENT)
}

/// Read this description
///
/// The page you may be looking at.
#[utoipa::path(get, path = "/docs", tag = openapi::tags::PLATFORM, operation_id = "get-docs",
    responses(
        (status = 200, description = "The page.", content_type = "text/html", body = String),
        (status = 304, description = "It is what `If-None-Match` names."),
    ))]
async fn get_docs(State(shelf): State<Shelf>, known: IfNoneMatch) -> Result<Response, Problem> {
    let page = if let Some(page) = shelf.page.get() {
        page
    } else {
        let page = docs_page::render(DOCUMENT).map_err(Problem::internal)?;
        shelf.page.get_or_init(|| page)
    };
    let mut response = kept(&known, "text/html; charset=utf-8", page);
    // Nothing runs and nothing is fetched; the one style is allowed by its hash.
    let style = STANDARD.encode(digest(&SHA256, docs_page::STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    set(&mut response, header::CONTENT_SECURITY_POLICY, &policy);
    Ok(response)
}

fn kept(known: &IfNoneMatch, content_type: &'static str, content: &str) -> Response {
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest(&SHA256, content.as_bytes()).as_ref()[..12]));
    let mut response = if known.has(&etag) {
        respond::not_modified(HeaderValue::from_static(""))
    } else {
        ([(header::CONTENT_TYPE, content_type)], content.to_owned()).into_response()
    };
    set(&mut response, header::ETAG, &etag);
    respond::keep(response.headers_mut(), KEPT_SECONDS);
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use jari_domain::Clock;
    use jari_settings::Settings;
    use jari_wiring::House;
    use tower::ServiceExt;

    use super::*;

    async fn open() -> Router {
        let settings = Settings { ssm_endpoint: Some("http://127.0.0.1:1".into()), ..Settings::default() };
        let aws = settings.aws_config().await;
        let router = (ENDPOINT.open)(House::new(settings, aws, Clock::system())).await.unwrap();
        jari_api::finish(router, &[])
    }

    async fn get(router: &Router, path: &str, known: &str) -> (u16, axum::http::HeaderMap, String) {
        let request = Request::get(path).header("if-none-match", known).body(Body::empty()).unwrap();
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        (parts.status.as_u16(), parts.headers, String::from_utf8(body).unwrap())
    }

    #[tokio::test]
    async fn both_are_served_without_any_setting_and_kept_a_while() {
        let router = open().await;
        for (path, content_type) in
            [("/openapi.json", "application/json"), ("/docs", "text/html; charset=utf-8")]
        {
            let (status, headers, body) = get(&router, path, "\"other\"").await;
            assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, content_type));
            assert_eq!(headers["cache-control"], "public, max-age=300");
            assert!(!body.is_empty());
            let etag = headers["etag"].to_str().unwrap();
            let (status, headers, body) = get(&router, path, etag).await;
            assert_eq!((status, body.as_str()), (304, ""));
            assert_eq!(headers["etag"], etag);
        }
    }

    #[tokio::test]
    async fn the_page_runs_nothing_and_fetches_nothing() {
        let (_, headers, page) = get(&open().await, "/docs", "").await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(page.contains(docs_page::STYLE), "the style that the policy allows is the one in the page");
        for refused in ["<script", " style=\"", "src=\"http", "@import", " onclick"] {
            assert!(!page.contains(refused), "{refused}");
        }
    }

    #[test]
    fn the_document_is_openapi() {
        let document: utoipa::openapi::OpenApi = serde_json::from_str(DOCUMENT).unwrap();
        assert!(!document.paths.paths.is_empty());
    }
}
