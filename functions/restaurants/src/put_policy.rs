//! `put-policy`: what diners may do from now on.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, openapi, parts};
use jari_domain::{Policy, kind};
use jari_identity::Operation;
use jari_store::{RestaurantPart, StoredRestaurant};
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    office::{Office, Shown},
    policy::{NewPolicy, PolicyChangeView},
    put_part::put_part,
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "put-policy",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(put_policy))
}

/// Replace a policy
///
/// What is left out is the house's default.
///
/// Reservations that are there stay as they are: the answer lists those that no longer fit, and the day sheet marks them.
/// Diners see the change within 10 seconds.
#[utoipa::path(put, path = "/v1/restaurants/{restaurantId}/policy", tag = openapi::tags::MANAGEMENT,
    operation_id = "put-policy", request_body = NewPolicy, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-Match" = String, Header, description = "The `ETag` of the part as it was seen.")),
    responses((status = 200, description = "As it is now.", body = PolicyChangeView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Stale,
        openapi::PreconditionRequired, openapi::Common))]
async fn put_policy(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    seen: IfMatch,
    body: Body,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::PutPolicy, id).await?;
    let part = RestaurantPart::Policy(parts::policy::read(body.fields())?);
    put_part(&office, &admitted, Operation::PutPolicy, part, seen, shown).await
}

fn shown(stored: &StoredRestaurant) -> Shown<'_, Policy> {
    Shown { part: &stored.restaurant.policy, revision: stored.revisions.policy }
}
