//! `put-schedule`: other shifts and special days.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, openapi, parts};
use jari_domain::{Schedule, kind};
use jari_identity::Operation;
use jari_store::{RestaurantPart, StoredRestaurant};
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    office::{Office, Shown},
    put_part::put_part,
    schedule::{NewSchedule, ScheduleChangeView},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "put-schedule",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(put_schedule))
}

/// Replace a schedule
///
/// Who has booked before a pace was set is counted among those that arrive.
///
/// Reservations that are there stay as they are: the answer lists those that no longer fit, and the day sheet marks them.
/// Diners see the change within 10 seconds.
#[utoipa::path(put, path = "/v1/restaurants/{restaurantId}/schedule", tag = openapi::tags::MANAGEMENT,
    operation_id = "put-schedule", request_body = NewSchedule, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-Match" = String, Header, description = "The `ETag` of the part as it was seen.")),
    responses((status = 200, description = "As it is now.", body = ScheduleChangeView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Stale,
        openapi::PreconditionRequired, openapi::Common))]
async fn put_schedule(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    seen: IfMatch,
    body: Body,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::PutSchedule, id).await?;
    let part = RestaurantPart::Schedule(parts::schedule::read(body.fields())?);
    put_part(&office, &admitted, Operation::PutSchedule, part, seen, shown).await
}

fn shown(stored: &StoredRestaurant) -> Shown<'_, Schedule> {
    Shown { part: &stored.restaurant.schedule, revision: stored.revisions.schedule }
}
