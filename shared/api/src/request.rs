//! What a handler takes out of a request. Every extractor refuses with a [`Problem`], and none lets
//! something through that it could not read.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jari_domain::{Id, Kind};
use serde_json::{Map, Value};

use crate::finish::MAX_BODY_BYTES;
use crate::{BadField, Code, FieldCode, Fields, Problem, Text};

/// A JSON body, ready for [`Fields`]. 415 unless it says `application/json`, 413 over 64 KiB, 400 if
/// it is empty or not JSON.
#[derive(Debug, Clone)]
pub struct Body(pub Value);

impl Body {
    /// The body's fields.
    #[must_use]
    pub fn fields(&self) -> Fields<'_> {
        Fields::new(&self.0)
    }
}

impl<S: Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (headers, bytes) = read(request).await?;
        if bytes.is_empty() {
            return Err(Problem::new(Code::MalformedJson)
                .with_detail(Text::fixed("요청 본문이 비어 있습니다.", "The request body is empty.")));
        }
        parse(&headers, &bytes).map(Self)
    }
}

/// Like [`Body`], but no body at all is an object without fields: for actions whose fields are all
/// optional.
#[derive(Debug, Clone)]
pub struct MaybeBody(pub Value);

impl MaybeBody {
    /// The body's fields.
    #[must_use]
    pub fn fields(&self) -> Fields<'_> {
        Fields::new(&self.0)
    }
}

impl<S: Sync> FromRequest<S> for MaybeBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (headers, bytes) = read(request).await?;
        if bytes.is_empty() {
            return Ok(Self(Value::Object(Map::new())));
        }
        parse(&headers, &bytes).map(Self)
    }
}

async fn read(request: Request) -> Result<(HeaderMap, Bytes), Problem> {
    let (parts, body) = request.into_parts();
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(body) => Ok((parts.headers, body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Err(body_too_large()),
        Err(_) => Err(unreadable_body()),
    }
}

pub(crate) fn body_too_large() -> Problem {
    Problem::new(Code::BodyTooLarge)
        .with_detail(Text::fixed("본문은 64KiB 이하여야 합니다.", "The body must be at most 64 KiB."))
}

pub(crate) fn unreadable_body() -> Problem {
    Problem::new(Code::MalformedRequest).with_detail(Text::fixed(
        "요청 본문을 끝까지 읽지 못했습니다.",
        "The request body could not be read to its end.",
    ))
}

fn parse(headers: &HeaderMap, bytes: &[u8]) -> Result<Value, Problem> {
    if !is_json(headers) {
        return Err(Problem::new(Code::UnsupportedMediaType).with_detail(Text::fixed(
            "Content-Type은 application/json이어야 합니다.",
            "The Content-Type must be application/json.",
        )));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Problem::new(Code::MalformedJson)
            .with_detail(Text::new(
                format!("{line}번째 줄 {column}번째 칸에서 JSON을 해석할 수 없습니다."),
                format!("The JSON cannot be parsed at line {line}, column {column}."),
            ))
            .with("line", line)
            .with("column", column)
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = content_type.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.filter(|parameter| !parameter.is_empty()).all(|parameter| {
            parameter.split_once('=').is_some_and(|(name, value)| {
                !name.trim().eq_ignore_ascii_case("charset")
                    || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            })
        })
}

/// The parameters of the query string, ready for [`Fields`]. One that stands there twice is refused.
#[derive(Debug, Clone)]
pub struct QueryFields(Value);

impl QueryFields {
    /// The parameters as fields; numbers and booleans are read from their text.
    #[must_use]
    pub fn fields(&self) -> Fields<'_> {
        Fields::of_query(&self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for QueryFields {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut read = BTreeMap::new();
        let mut twice = Vec::new();
        for (name, value) in url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            if read.insert(name.to_string(), Value::from(value.into_owned())).is_some() {
                twice.push(BadField {
                    pointer: format!("/{}", name.replace('~', "~0").replace('/', "~1")),
                    code: FieldCode::InvalidFormat,
                    detail: Text::fixed("한 번만 지정할 수 있습니다.", "May be given only once."),
                });
            }
        }
        if twice.is_empty() {
            Ok(Self(Value::Object(read.into_iter().collect())))
        } else {
            Err(Problem::invalid_fields(twice))
        }
    }
}

/// The id of one kind in the path, under that kind's name (`restaurantId`, `reservationId`, …). What
/// is no id of that kind names nothing: 404.
#[derive(Debug)]
pub struct PathId<K: Kind>(pub Id<K>);

impl<K: Kind, S: Send + Sync> FromRequestParts<S> for PathId<K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let not_found = || Problem::new(Code::NotFound);
        let name = match K::PREFIX {
            "rst" => "restaurantId",
            "rsv" => "reservationId",
            "tbl" => "tableId",
            "acc" => "accountId",
            other => other,
        };
        let parameters = RawPathParams::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        let (_, text) = parameters.iter().find(|(other, _)| *other == name).ok_or_else(not_found)?;
        text.parse().map(Self).map_err(|_| not_found())
    }
}

/// The caller's own name for a creation, so that a repeat creates nothing; take it as an `Option`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The header's name.
    pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

    /// The key: 1 to 255 visible ASCII characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        let malformed = || {
            Problem::new(Code::MalformedRequest).with_detail(Text::fixed(
                "Idempotency-Key는 공백 없는 ASCII 문자 1~255자여야 합니다.",
                "The Idempotency-Key must be 1 to 255 visible ASCII characters.",
            ))
        };
        let Some(value) = only(&parts.headers, &Self::HEADER, malformed)? else {
            return Ok(None);
        };
        let fits = (1..=255).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Some(Self(value.to_owned()))) } else { Err(malformed()) }
    }
}

/// Which revision a change is meant for. Take it as an `Option` where it is honoured, bare where it
/// is required: then its absence is a 428.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: whatever it is.
    Any,
    /// `"7"`: only that one.
    Revision(u64),
}

impl IfMatch {
    /// The revision that is asked for, if one is.
    #[must_use]
    pub const fn revision(self) -> Option<u64> {
        match self {
            Self::Any => None,
            Self::Revision(revision) => Some(revision),
        }
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        let malformed = || {
            Problem::new(Code::MalformedRequest).with_detail(Text::fixed(
                "If-Match는 앞서 받은 ETag 값이어야 합니다. 예: \"7\"",
                "The If-Match must be an ETag as it was given, such as \"7\".",
            ))
        };
        let Some(value) = only(&parts.headers, &header::IF_MATCH, malformed)? else {
            return Ok(None);
        };
        match value.trim() {
            "*" => Ok(Some(Self::Any)),
            tag => read_etag(tag).map(|revision| Some(Self::Revision(revision))).ok_or_else(malformed),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        <Self as OptionalFromRequestParts<S>>::from_request_parts(parts, state)
            .await?
            .ok_or_else(|| Problem::new(Code::PreconditionRequired))
    }
}

/// Which version a reader has already; one that can't be read counts as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfNoneMatch(Vec<String>);

impl IfNoneMatch {
    /// Whether the reader has the version of this `ETag` (with its quotes).
    #[must_use]
    pub fn has(&self, etag: &str) -> bool {
        self.0.iter().any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
    }
}

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let values = parts.headers.get_all(header::IF_NONE_MATCH);
        let tags = values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
        Ok(Self(tags.map(|tag| tag.trim().to_owned()).collect()))
    }
}

/// The revision in `"7"` or `W/"7"`; a gateway that compresses makes the second of the first.
fn read_etag(tag: &str) -> Option<u64> {
    let digits = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn only<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
    malformed: impl Fn() -> Problem,
) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(malformed());
    }
    value.to_str().map(Some).map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body as RawBody;
    use axum::http::StatusCode;
    use axum::response::Response;
    use axum::routing::{get, post};
    use jari_domain::{ReservationId, kind};
    use serde_json::json;
    use tower::ServiceExt;

    use super::*;
    use crate::fields;

    fn router() -> Router {
        let echo = |Body(value): Body| async move { value.to_string() };
        let maybe = |MaybeBody(value): MaybeBody| async move { value.to_string() };
        let query = |query: QueryFields| async move {
            let mut fields = query.fields();
            let party = fields.required("partySize", fields::integer(1_u8..=20));
            let q = fields.optional("q", fields::text(20));
            fields.finish((party,)).map(|(party,)| format!("{party} {q:?}"))
        };
        let path = |PathId(id): PathId<kind::Reservation>| async move { id.to_string() };
        let key = |key: Option<IdempotencyKey>| async move { format!("{key:?}") };
        let maybe_match = |tag: Option<IfMatch>| async move { format!("{tag:?}") };
        let must_match = |tag: IfMatch| async move { format!("{tag:?}") };
        let none_match = |tags: IfNoneMatch| async move { tags.has("\"7\"").to_string() };
        crate::finish(
            Router::new()
                .route("/echo", post(echo))
                .route("/maybe", post(maybe))
                .route("/query", get(query))
                .route("/day/{date}/reservations/{reservationId}", get(path))
                .route("/key", get(key))
                .route("/maybe-match", get(maybe_match))
                .route("/must-match", get(must_match))
                .route("/none-match", get(none_match)),
            &[],
        )
    }

    async fn send(request: axum::http::request::Builder, body: impl Into<RawBody>) -> (StatusCode, Value) {
        let response = router().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        (response.status(), body_of(response).await)
    }

    async fn body_of(response: Response) -> Value {
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8(bytes.to_vec()).unwrap().into())
    }

    async fn post_as(content_type: &str, body: impl Into<RawBody>) -> (u16, Value) {
        let request = Request::post("/echo").header("content-type", content_type);
        let (status, body) = send(request, body).await;
        (status.as_u16(), body)
    }

    async fn get_with(path: &str, header: &str, value: &str) -> (u16, Value) {
        let (status, body) = send(Request::get(path).header(header, value), RawBody::empty()).await;
        (status.as_u16(), body)
    }

    #[tokio::test]
    async fn a_json_body_is_read_whatever_its_charset_is_called() {
        for content_type in ["application/json", "Application/JSON; charset=UTF-8", "application/json;"] {
            assert_eq!(post_as(content_type, r#"{"a":"자리"}"#).await, (200, json!({ "a": "자리" })));
        }
    }

    #[tokio::test]
    async fn another_content_type_is_a_415() {
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/json; charset=euc-kr",
            "json",
            "",
        ] {
            let (status, body) = post_as(content_type, "{}").await;
            assert_eq!((status, &body["code"]), (415, &json!("unsupported_media_type")), "{content_type}");
        }
        let (status, _) = send(Request::post("/echo"), "{}").await;
        assert_eq!(status, 415);
    }

    #[tokio::test]
    async fn malformed_json_is_a_400_that_says_where() {
        let (status, body) = post_as("application/json", "{\n  \"a\": }").await;
        assert_eq!((status, &body["code"]), (400, &json!("malformed_json")));
        assert_eq!((&body["line"], &body["column"]), (&json!(2), &json!(8)));
        for bad in ["", "{", "{\"a\":1}x", "\u{feff}{}", &"[".repeat(10_000), "{\"a\":1e999}"] {
            let (status, body) = post_as("application/json", bad.to_owned()).await;
            assert_eq!((status, &body["code"]), (400, &json!("malformed_json")), "{bad:.20}");
        }
        let (status, _) = post_as("application/json", vec![b'"', 0xff, b'"']).await;
        assert_eq!(status, 400);
    }

    #[tokio::test]
    async fn no_body_is_an_empty_form_only_where_all_is_optional() {
        let (status, body) = send(Request::post("/maybe"), RawBody::empty()).await;
        assert_eq!((status.as_u16(), body), (200, json!({})));
        let (status, _) = send(Request::post("/maybe"), "{}").await;
        assert_eq!(status, 415);
        let (status, body) = post_as("application/json", "").await;
        assert_eq!((status, &body["detail"]), (400, &json!("The request body is empty.")));
    }

    #[tokio::test]
    async fn sixty_four_kibibytes_fit_and_one_byte_more_is_a_413() {
        let body = |bytes: usize| format!("\"{}\"", "a".repeat(bytes - 2));
        assert_eq!(post_as("application/json", body(65_536)).await.0, 200);
        let (status, problem) = post_as("application/json", body(65_537)).await;
        assert_eq!((status, &problem["code"]), (413, &json!("body_too_large")));
        let frames = (0..70).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 1024])));
        let endless = RawBody::from_stream(futures::stream::iter(frames));
        assert_eq!(post_as("application/json", endless).await.0, 413);
    }

    #[tokio::test]
    async fn query_parameters_are_fields_too() {
        let ok = |path: &'static str| async move { send(Request::get(path), RawBody::empty()).await };
        assert_eq!(ok("/query?partySize=4&q=12").await, (StatusCode::OK, json!("4 Some(\"12\")")));
        assert_eq!(ok("/query?q=%EC%9E%90%EB%A6%AC&partySize=4").await.1, json!("4 Some(\"자리\")"));
        let (status, problem) = ok("/query?partySize=many&page=2").await;
        assert_eq!(status, 422);
        let found: Vec<_> =
            problem["errors"].as_array().unwrap().iter().map(|e| (&e["pointer"], &e["code"])).collect();
        assert_eq!(
            found,
            [(&json!("/partySize"), &json!("wrong_type")), (&json!("/page"), &json!("unknown_field"))]
        );
        for query in ["/query", "/query?partySize=", "/query?partySize=0", "/query?partySize=1&partySize=2"] {
            assert_eq!(ok(query).await.0, 422, "{query}");
        }
    }

    #[tokio::test]
    async fn what_is_no_id_of_the_kind_names_nothing() {
        let id = ReservationId::new(jiff::Timestamp::UNIX_EPOCH, [9; 10]).to_string();
        let ask = |id: String| async move {
            let path = format!("/day/2026-12-24/reservations/{id}");
            send(Request::get(path), RawBody::empty()).await
        };
        assert_eq!(ask(id.clone()).await, (StatusCode::OK, json!(id)));
        for bad in [id.to_uppercase(), id.replace("rsv", "rst"), "1".into(), "%FF".into(), "%2e%2e".into()] {
            let (status, problem) = ask(bad.clone()).await;
            assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("not_found")), "{bad}");
        }
    }

    #[tokio::test]
    async fn an_idempotency_key_is_visible_ascii() {
        assert_eq!(send(Request::get("/key"), RawBody::empty()).await.1, json!("None"));
        let longest = "k".repeat(255);
        assert_eq!(get_with("/key", "idempotency-key", &longest).await.0, 200);
        for bad in ["", "a b", "a\tb", &"k".repeat(256)] {
            let (status, problem) = get_with("/key", "idempotency-key", bad).await;
            assert_eq!((status, &problem["code"]), (400, &json!("malformed_request")), "{bad}");
        }
        let twice = Request::get("/key").header("idempotency-key", "a").header("idempotency-key", "b");
        assert_eq!(send(twice, RawBody::empty()).await.0, 400);
    }

    #[tokio::test]
    async fn if_match_is_a_revision_or_anything() {
        for (value, read) in
            [("\"7\"", "Some(Revision(7))"), ("W/\"7\"", "Some(Revision(7))"), ("*", "Some(Any)")]
        {
            assert_eq!(get_with("/maybe-match", "if-match", value).await, (200, json!(read)));
        }
        for bad in ["7", "\"\"", "\"x\"", "\"+7\"", "\"7", "\"1\", \"2\"", "\"99999999999999999999\""] {
            assert_eq!(get_with("/maybe-match", "if-match", bad).await.0, 400, "{bad}");
        }
        assert_eq!(send(Request::get("/maybe-match"), RawBody::empty()).await.1, json!("None"));
    }

    #[tokio::test]
    async fn where_if_match_is_required_its_absence_is_a_428() {
        let (status, problem) = send(Request::get("/must-match"), RawBody::empty()).await;
        assert_eq!((status.as_u16(), &problem["code"]), (428, &json!("precondition_required")));
        assert_eq!(get_with("/must-match", "if-match", "\"0\"").await.0, 200);
    }

    #[tokio::test]
    async fn a_reader_may_name_several_versions() {
        for value in ["\"7\"", "W/\"7\"", "\"6\", \"7\"", "*"] {
            assert_eq!(get_with("/none-match", "if-none-match", value).await.1, json!(true), "{value}");
        }
        assert_eq!(get_with("/none-match", "if-none-match", "\"77\"").await.1, json!(false));
    }
}
