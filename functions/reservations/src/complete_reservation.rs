//! `complete-reservation`: the party has left.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::complete_reservation as complete;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answer::answer, counter::Counter, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "complete-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(complete_reservation))
}

/// Complete a visit
///
/// A `seated` reservation becomes `completed`: its table can be given away at once, what was left of its time is given
/// back (`endsAt` is the end of the quarter hour that has begun), and it counts as one of the guest's visits.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/complete", tag = openapi::tags::RESERVATIONS,
    operation_id = "complete-reservation", security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "Completed.", body = ReservationView, headers(("ETag" = String))),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn complete_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::CompleteReservation, id, seen, now).await?;
    answer(complete(&counter.store, &counter.restaurants, asked, now).await, now)
}
