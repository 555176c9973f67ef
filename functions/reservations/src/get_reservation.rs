//! `get-reservation`: shows a reservation to its diner and to its restaurant.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfNoneMatch, PathId, Problem, openapi, respond};
use jari_domain::kind;
use jari_identity::Operation;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{counter::Counter, refusal::problem, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(get_reservation))
}

/// Show a reservation
///
/// The restaurant's staff also see its tables and what happened to it.
#[utoipa::path(get, path = "/v1/reservations/{reservationId}", tag = openapi::tags::RESERVATIONS,
    operation_id = "get-reservation", security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what the caller has.")),
    responses((status = 200, description = "The reservation.", body = ReservationView, headers(("ETag" = String))),
        (status = 304, description = "As the caller has it."),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Common))]
async fn get_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    known: IfNoneMatch,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::GetReservation, id, None, now).await?;
    let viewed = asked.view(&counter.restaurants).await.map_err(|refusal| problem(refusal, now))?;
    let view = ReservationView::new(&viewed, now);
    // A hold ends without a new revision: what has a deadline is always shown.
    if viewed.reservation.until.is_some() {
        return Ok(respond::revised(viewed.reservation.revision, &view));
    }
    Ok(respond::revised_unless_known(&known, viewed.reservation.revision, &view))
}
