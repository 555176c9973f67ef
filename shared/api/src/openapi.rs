//! What every endpoint's description has in common: who we are, how callers are known, and what a
//! problem looks like. A handler names the refusals it may give by these types:
//!
//! ```ignore
//! #[utoipa::path(get, path = "/v1/things/{thingId}", tag = tags::RESTAURANTS,
//!     responses((status = 200, body = Thing), NotFound, Common))]
//! ```

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jari_domain::Language;
use serde::Serialize;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder,
    Ref, RefOr, Response, ResponseBuilder, Type,
};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use crate::{Code, FieldCode};

/// The groups endpoints are shown in.
pub mod tags {
    /// Finding a restaurant and a time.
    pub const RESTAURANTS: &str = "restaurants";
    /// Booking, and what follows.
    pub const RESERVATIONS: &str = "reservations";
    /// A restaurant's evening, for its staff.
    pub const DAY_SHEET: &str = "day sheet";
    /// A restaurant's own parts and people, for its managers and owners.
    pub const MANAGEMENT: &str = "management";
    /// Signing up and signing in.
    pub const ACCOUNTS: &str = "accounts";
    /// One's own reservations and profile.
    pub const ME: &str = "me";
    /// The house itself.
    pub const PLATFORM: &str = "platform";
}

/// The name of the security scheme, for a handler's `security`.
pub const BEARER: &str = "bearer";

/// The document without a path in it: what all endpoints' descriptions are merged into.
#[must_use]
pub fn base() -> OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "An access token from signing in, good for a quarter of an hour; or a guest's link token: the `linkToken` of the \
             reservation, good for that one reservation.",
        ))
        .build();
    let components = ComponentsBuilder::new()
        .schema(ProblemDocument::name(), ProblemDocument::schema())
        .schema(BadFieldDocument::name(), BadFieldDocument::schema())
        .security_scheme(BEARER, SecurityScheme::Http(bearer))
        .build();
    let tag =
        |name: &str, description: &str| TagBuilder::new().name(name).description(Some(description)).build();
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Jari")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Restaurant reservations: find a time, book a table, change or cancel it.\n\n\
                     식당 예약: 시간을 찾고, 자리를 잡고, 바꾸거나 취소합니다.",
                ))
                .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
                .build(),
        )
        .tags(Some([
            tag(tags::RESTAURANTS, "Find a restaurant and a time. 식당과 시간을 찾습니다."),
            tag(tags::RESERVATIONS, "Book, confirm, change, cancel. 예약하고, 확정하고, 바꾸고, 취소합니다."),
            tag(tags::PLATFORM, "The house itself. 서비스 상태와 이 문서."),
        ]))
        .components(Some(components))
        .build()
}

/// One entry of a problem's `errors`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BadField, example = json!({
    "pointer": "/partySize", "code": "out_of_range", "detail": "Must be between 1 and 20."
}))]
pub struct BadFieldDocument {
    /// A JSON pointer (RFC 6901) into the body, or `/name` for a query parameter.
    pub pointer: String,
    /// What is wrong.
    #[schema(schema_with = field_codes)]
    pub code: String,
    /// How to mend it, in the language of `Accept-Language`.
    pub detail: String,
}

/// What every refusal and failure is told by (RFC 9457), in the language of `Accept-Language`. Some
/// codes come with further members: `slot_taken` and `pacing` with `alternatives`, `state_conflict`
/// and `stale_revision` with `current`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/docs#invalid_fields",
    "title": "Some fields need your attention.",
    "status": 422,
    "code": "invalid_fields",
    "errors": [{ "pointer": "/partySize", "code": "out_of_range", "detail": "Must be between 1 and 20." }],
    "requestId": "5f2b8a60c0de4ad5a9d1c2b3a4f5e607"
}))]
#[serde(rename_all = "camelCase")]
pub struct ProblemDocument {
    /// Where the code is explained, relative to this API.
    pub r#type: String,
    /// The same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is special about this one, and how to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Stable; choose by this.
    #[schema(schema_with = codes)]
    pub code: String,
    /// The bad fields: all of them, not the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<BadFieldDocument>,
    /// For our logs, when you ask us about it; also in the header `X-Request-Id`.
    pub request_id: String,
}

/// A text in both languages, as it is shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LocalizedText)]
pub struct LocalizedTextDocument {
    /// Korean; empty when there is none.
    #[schema(example = "무쇠와 나물")]
    pub ko: String,
    /// English; empty when there is none.
    #[schema(example = "Musoe & Namul")]
    pub en: String,
}

fn codes() -> utoipa::openapi::Object {
    let table: Vec<String> = Code::ALL
        .iter()
        .map(|code| {
            format!("- `{}` ({}): {}", code.as_str(), code.status().as_u16(), code.title(Language::En))
        })
        .collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(table.join("\n")))
        .enum_values(Some(Code::ALL.iter().map(|code| code.as_str())))
        .build()
}

fn field_codes() -> utoipa::openapi::Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(FieldCode::ALL.iter().map(|code| code.as_str())))
        .build()
}

/// The answer of one status, which lists the codes it may have.
fn refusal(status: StatusCode) -> (String, RefOr<Response>) {
    let codes: Vec<String> = Code::ALL
        .iter()
        .filter(|code| code.status() == status)
        .map(|code| format!("`{}`", code.as_str()))
        .collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemDocument::name()))).build();
    let mut response =
        ResponseBuilder::new().description(codes.join(", ")).content("application/problem+json", content);
    if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        let seconds = HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
            .description(Some("Seconds to wait before the next try."))
            .build();
        response = response.header("Retry-After", seconds);
    }
    (status.as_u16().to_string(), response.build().into())
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $($status:ident)+;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                [$(StatusCode::$status),+].into_iter().map(refusal).collect()
            }
        }
    )* };
}

refusals! {
    /// What every endpoint may answer: 400, 500, 503.
    Common: BAD_REQUEST INTERNAL_SERVER_ERROR SERVICE_UNAVAILABLE;
    /// What an endpoint with a body may answer: 413, 415, 422.
    BadBody: PAYLOAD_TOO_LARGE UNSUPPORTED_MEDIA_TYPE UNPROCESSABLE_ENTITY;
    /// What an endpoint with parameters may answer: 422.
    BadFields: UNPROCESSABLE_ENTITY;
    /// What an endpoint for known callers may answer: 401.
    Unauthenticated: UNAUTHORIZED;
    /// What an endpoint for some callers may answer: 403.
    Forbidden: FORBIDDEN;
    /// What an endpoint about one thing may answer: 404.
    NotFound: NOT_FOUND;
    /// What an endpoint that meets others may answer: 409.
    Conflict: CONFLICT;
    /// What an endpoint that honours `If-Match` may answer: 412.
    Stale: PRECONDITION_FAILED;
    /// What an endpoint that requires `If-Match` may answer: 428.
    PreconditionRequired: PRECONDITION_REQUIRED;
    /// What an endpoint that counts its callers may answer: 429.
    TooMany: TOO_MANY_REQUESTS;
    /// What an endpoint that asks others than AWS may answer: 502.
    ProviderFailed: BAD_GATEWAY;
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_document_lists_every_code() {
        let document: Value = serde_json::to_value(base()).unwrap();
        let schemas = &document["components"]["schemas"];
        let listed = schemas["Problem"]["properties"]["code"]["enum"].as_array().unwrap();
        assert_eq!(listed.len(), Code::ALL.len());
        assert_eq!(schemas["Problem"]["required"], json!(["type", "title", "status", "code", "requestId"]));
        assert!(schemas["BadField"].is_object());
    }

    #[test]
    fn a_refusal_names_its_codes_and_refers_to_the_problem() {
        let responses = serde_json::to_value(Common::responses()).unwrap();
        assert_eq!(responses["503"]["description"], "`unavailable`");
        assert!(responses["503"]["headers"]["Retry-After"].is_object());
        assert_eq!(
            responses["400"]["content"]["application/problem+json"]["schema"]["$ref"],
            "#/components/schemas/Problem"
        );
    }
}
