//! `reject-restaurant`: an admin sends it back, with a reason.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, fields, openapi};
use jari_domain::{RegistrationStep, kind};
use jari_identity::Operation;
use jari_wiring::Endpoint;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{office::Office, profile::ProfileView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "reject-restaurant",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(reject_restaurant))
}

/// Why it is sent back.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Rejection {
    /// Told to the restaurant.
    #[schema(min_length = 1, max_length = 500, example = "주소를 확인해 주세요.")]
    reason: String,
}

/// Send a restaurant back
///
/// With a reason, which its people see. They can submit it again.
#[utoipa::path(post, path = "/v1/restaurants/{restaurantId}/reject", tag = openapi::tags::MANAGEMENT,
    operation_id = "reject-restaurant", request_body = Rejection, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the profile as it was seen.")),
    responses((status = 200, description = "As it is now.", body = ProfileView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale,
        openapi::Common))]
async fn reject_restaurant(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    seen: Option<IfMatch>,
    body: Body,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::RejectRestaurant, id).await?;
    let mut fields = body.fields();
    let reason = fields.required("reason", fields::text(500));
    let (reason,) = fields.finish((reason,))?;
    office
        .take_step(&admitted, Operation::RejectRestaurant, RegistrationStep::Reject, Some(reason), seen)
        .await
}
