//! `get-profile`: the profile as the restaurant's own people see it, whatever its status.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfNoneMatch, PathId, Problem, openapi, respond};
use jari_domain::kind;
use jari_identity::Operation;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{office::Office, profile::ProfileView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-profile",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(get_profile))
}

/// Show a profile, to change it
///
/// Whatever its status, with the reason where it was sent back.
#[utoipa::path(get, path = "/v1/restaurants/{restaurantId}/profile", tag = openapi::tags::MANAGEMENT,
    operation_id = "get-profile", security(("bearer" = [])), params(("restaurantId" = String, Path)),
    responses((status = 200, description = "As it is now.", body = ProfileView, headers(("ETag" = String))), (status = 304, description = "As the reader has it."),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Common))]
async fn get_profile(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    known: IfNoneMatch,
) -> Result<Response, Problem> {
    let stored = office.admit(&caller, Operation::GetProfile, id).await?.stored;
    Ok(respond::revised_unless_known(&known, stored.revisions.profile, &ProfileView::new(&stored)))
}
