//! `get-schedule`: shifts and special days.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfNoneMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    office::{Office, show},
    schedule::ScheduleView,
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-schedule",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(get_schedule))
}

/// Show a schedule, to change it
#[utoipa::path(get, path = "/v1/restaurants/{restaurantId}/schedule", tag = openapi::tags::MANAGEMENT,
    operation_id = "get-schedule", security(("bearer" = [])), params(("restaurantId" = String, Path)),
    responses((status = 200, description = "As it is now.", body = ScheduleView, headers(("ETag" = String))), (status = 304, description = "As the reader has it."),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Common))]
async fn get_schedule(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    known: IfNoneMatch,
) -> Result<Response, Problem> {
    let stored = office.admit(&caller, Operation::GetSchedule, id).await?.stored;
    Ok(show(&known, &stored.restaurant.schedule, stored.revisions.schedule))
}
