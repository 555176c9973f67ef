//! `get-policy`: what diners may do.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfNoneMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    office::{Office, show},
    policy::BookingPolicyView,
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-policy",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(get_policy))
}

/// Show a policy, to change it
#[utoipa::path(get, path = "/v1/restaurants/{restaurantId}/policy", tag = openapi::tags::MANAGEMENT,
    operation_id = "get-policy", security(("bearer" = [])), params(("restaurantId" = String, Path)),
    responses((status = 200, description = "As it is now.", body = BookingPolicyView, headers(("ETag" = String))), (status = 304, description = "As the reader has it."),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Common))]
async fn get_policy(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    known: IfNoneMatch,
) -> Result<Response, Problem> {
    let stored = office.admit(&caller, Operation::GetPolicy, id).await?.stored;
    Ok(show(&known, &stored.restaurant.policy, stored.revisions.policy))
}
