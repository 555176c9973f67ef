//! `put-schedule`: other shifts and special days.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, openapi, respond};
use jari_domain::{Schedule, kind};
use jari_identity::Operation;
use jari_store::{RestaurantPart, StoredRestaurant};
use jari_wiring::{Endpoint, StrandedView};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    office::{Office, Shown},
    schedule::{self, NewSchedule, ScheduleChangeView},
    stranded_now::stranded_now,
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

/// The answer: the part as it is now, and what the change has left behind.
#[derive(Serialize)]
struct Changed<'a> {
    #[serde(flatten)]
    shown: Shown<'a, Schedule>,
    stranded: Vec<StrandedView>,
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
    let part = RestaurantPart::Schedule(schedule::read(body.fields())?);
    let after = office.change(&admitted, Operation::PutSchedule, part, seen, current).await?;
    let restaurant = &after.restaurant;
    let stranded = stranded_now(&office.store, restaurant, &office.clock).await?;
    let shown = Shown { part: &restaurant.schedule, revision: after.revisions.schedule };
    Ok(respond::revised(after.revisions.schedule, &Changed { shown, stranded }))
}

fn current(stored: &StoredRestaurant) -> Value {
    json!(Shown { part: &stored.restaurant.schedule, revision: stored.revisions.schedule })
}
