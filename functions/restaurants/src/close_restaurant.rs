//! `close-restaurant`: out of business here.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, MaybeBody, PathId, Problem, fields, openapi};
use jari_domain::{RegistrationStep, kind};
use jari_identity::Operation;
use jari_wiring::Endpoint;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{office::Office, profile::ProfileView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "close-restaurant",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(close_restaurant))
}

/// Why it closes.
#[derive(Serialize, ToSchema)]
#[schema(as = RestaurantClosing)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Closing {
    /// For the audit log.
    #[schema(min_length = 1, max_length = 500)]
    reason: Option<String>,
}

/// Close a restaurant for good
///
/// Nobody finds or books it any more; one that was not approved yet is given up. Reservations that are there stay as they are: cancel those that can't be kept.
#[utoipa::path(post, path = "/v1/restaurants/{restaurantId}/close", tag = openapi::tags::MANAGEMENT,
    operation_id = "close-restaurant", request_body = Option<Closing>, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the profile as it was seen.")),
    responses((status = 200, description = "As it is now.", body = ProfileView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale,
        openapi::Common))]
async fn close_restaurant(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    seen: Option<IfMatch>,
    body: MaybeBody,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::CloseRestaurant, id).await?;
    let mut fields = body.fields();
    let reason = fields.optional("reason", fields::text(500));
    fields.finish(())?;
    office.take_step(&admitted, Operation::CloseRestaurant, RegistrationStep::Close, reason, seen).await
}
