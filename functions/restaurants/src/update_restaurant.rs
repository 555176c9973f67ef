//! `update-restaurant`: other fields of the profile.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, openapi, parts, respond};
use jari_domain::kind;
use jari_identity::Operation;
use jari_store::RestaurantPart;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    office::Office,
    profile::{ProfilePatch, ProfileView},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "update-restaurant",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(update_restaurant))
}

/// Change a profile
///
/// What is left out stays as it is. An approved restaurant stays approved. Diners see the change within 10 seconds, in
/// lists kept by their browsers within 30.
#[utoipa::path(patch, path = "/v1/restaurants/{restaurantId}", tag = openapi::tags::MANAGEMENT,
    operation_id = "update-restaurant", request_body = ProfilePatch, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-Match" = String, Header, description = "The `ETag` of the profile as it was seen.")),
    responses((status = 200, description = "As it is now.", body = ProfileView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Stale,
        openapi::PreconditionRequired, openapi::Common))]
async fn update_restaurant(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    seen: IfMatch,
    body: Body,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::UpdateRestaurant, id).await?;
    let profile = parts::profile::read_patch(body.fields(), &admitted.stored.restaurant.profile)?;
    let part = RestaurantPart::Profile(profile);
    let after = office.change(&admitted, Operation::UpdateRestaurant, part, seen, ProfileView::new).await?;
    Ok(respond::revised(after.revisions.profile, &ProfileView::new(&after)))
}
