//! `put-floor`: other tables, areas and combinations.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, openapi, parts};
use jari_domain::{Floor, kind};
use jari_identity::Operation;
use jari_operations::new_table;
use jari_store::{RestaurantPart, StoredRestaurant};
use jari_wiring::{Endpoint, admission_problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    floor::{FloorChangeView, NewFloor},
    office::{Office, Shown},
    put_part::put_part,
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "put-floor",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(put_floor))
}

/// Replace a floor
///
/// A table that is sent with its id stays that table; one without gets an id. A combination names tables by id.
///
/// Reservations that are there stay as they are: the answer lists those that no longer fit, and the day sheet marks them.
/// Diners see the change within 10 seconds.
#[utoipa::path(put, path = "/v1/restaurants/{restaurantId}/floor", tag = openapi::tags::MANAGEMENT,
    operation_id = "put-floor", request_body = NewFloor, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-Match" = String, Header, description = "The `ETag` of the part as it was seen.")),
    responses((status = 200, description = "As it is now.", body = FloorChangeView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Stale,
        openapi::PreconditionRequired, openapi::Common))]
async fn put_floor(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    seen: IfMatch,
    body: Body,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::PutFloor, id).await?;
    let now = office.clock.now();
    let floor = parts::floor::read(body.fields(), || new_table(now).map_err(admission_problem))?;
    let part = RestaurantPart::Floor(floor);
    put_part(&office, &admitted, Operation::PutFloor, part, seen, shown).await
}

fn shown(stored: &StoredRestaurant) -> Shown<'_, Floor> {
    Shown { part: &stored.restaurant.floor, revision: stored.revisions.floor }
}
