//! `approve-restaurant`: diners find it from now on.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, PathId, Problem, openapi};
use jari_domain::{RegistrationStep, kind};
use jari_identity::Operation;
use jari_wiring::Endpoint;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{office::Office, profile::ProfileView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "approve-restaurant",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(approve_restaurant))
}

/// Approve a restaurant
///
/// From now on diners find it and book.
#[utoipa::path(post, path = "/v1/restaurants/{restaurantId}/approve", tag = openapi::tags::MANAGEMENT,
    operation_id = "approve-restaurant", security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the profile as it was seen.")),
    responses((status = 200, description = "As it is now.", body = ProfileView, headers(("ETag" = String))),
        openapi::BadFields, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale,
        openapi::Common))]
async fn approve_restaurant(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    seen: Option<IfMatch>,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::ApproveRestaurant, id).await?;
    office.take_step(&admitted, Operation::ApproveRestaurant, RegistrationStep::Approve, None, seen).await
}
