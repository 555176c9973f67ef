//! Answers that are more than a body: where a new thing is, which revision it has, how long it keeps.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Serialize;

use crate::{IfNoneMatch, Problem};

/// Says that an answer is the stored one of an earlier request with the same idempotency key.
pub const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// 200 with a body of no revision.
#[must_use]
pub fn ok(body: &impl Serialize) -> Response {
    Json(body).into_response()
}

/// 201 with the new thing, where it is, and its revision as `ETag`.
pub fn created(location: &str, revision: u64, body: &impl Serialize) -> Result<Response, Problem> {
    let mut response = revised(revision, body);
    *response.status_mut() = StatusCode::CREATED;
    let location = HeaderValue::try_from(location).map_err(Problem::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// 200 with a thing and its revision as `ETag`.
#[must_use]
pub fn revised(revision: u64, body: &impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    response.headers_mut().insert(header::ETAG, etag(revision));
    response
}

/// 200 with a thing and its revision as `ETag`, or 304 with none if the reader has it already.
#[must_use]
pub fn revised_unless_known(known: &IfNoneMatch, revision: u64, body: &impl Serialize) -> Response {
    let etag = etag(revision);
    if etag.to_str().is_ok_and(|etag| known.has(etag)) { not_modified(etag) } else { revised(revision, body) }
}

/// 304: what the reader has is what there is.
#[must_use]
pub fn not_modified(etag: HeaderValue) -> Response {
    (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response()
}

/// A revision as an `ETag`: `"7"`.
#[must_use]
pub fn etag(revision: u64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{revision}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// Lets anyone keep an answer with nothing personal in it, for so many seconds. Without this, no
/// answer is kept anywhere.
pub fn keep(headers: &mut HeaderMap, seconds: u32) {
    if let Ok(value) = HeaderValue::try_from(format!("public, max-age={seconds}")) {
        headers.insert(header::CACHE_CONTROL, value);
    }
}

/// Marks the answer to a repeat that created nothing.
pub fn replayed(response: &mut Response) {
    response.headers_mut().insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
}

/// An instant as the wire shows it: RFC 3339 with the restaurant's own offset, to the second.
#[must_use]
pub fn instant(at: Timestamp, zone: &TimeZone) -> String {
    zoned(&at.to_zoned(zone.clone()))
}

/// A zoned instant as the wire shows it: RFC 3339 with its offset, to the second.
#[must_use]
pub fn zoned(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_new_thing_says_where_it_is_and_which_revision() {
        let response = created("/v1/reservations/rsv_1", 1, &json!({})).unwrap();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["location"], "/v1/reservations/rsv_1");
        assert_eq!(response.headers()["etag"], "\"1\"");
    }

    #[tokio::test]
    async fn who_has_the_revision_gets_no_body() {
        use axum::extract::FromRequestParts;

        let request = axum::http::Request::get("/").header("if-none-match", "W/\"7\"").body(()).unwrap();
        let Ok(known) = IfNoneMatch::from_request_parts(&mut request.into_parts().0, &()).await;
        let same = revised_unless_known(&known, 7, &json!({}));
        assert_eq!((same.status().as_u16(), &same.headers()["etag"]), (304, &etag(7)));
        assert_eq!(revised_unless_known(&known, 8, &json!({})).status(), 200);
    }

    #[test]
    fn instants_are_shown_in_the_restaurants_offset() {
        let at: Timestamp = "2026-12-24T10:00:00.5Z".parse().unwrap();
        assert_eq!(instant(at, &TimeZone::get("Asia/Seoul").unwrap()), "2026-12-24T19:00:00+09:00");
        assert_eq!(instant(at, &TimeZone::UTC), "2026-12-24T10:00:00+00:00");
    }
}
