//! `accept-reservation`: says yes to a request.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::accept_reservation as accept;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answer::answer, counter::Counter, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "accept-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(accept_reservation))
}

/// Accept a request
///
/// The request becomes `confirmed`, and its guest is mailed. One that is not waiting any more, also because its time to
/// answer is past, is a 409 with its `current` state.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/accept", tag = openapi::tags::RESERVATIONS,
    operation_id = "accept-reservation", security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "Confirmed.", body = ReservationView, headers(("ETag" = String))),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn accept_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::AcceptReservation, id, seen, now).await?;
    answer(accept(&counter.store, &counter.restaurants, asked, now).await, now)
}
