//! `seat-reservation`: the party is at its table.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::seat_reservation as seat;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answer::answer, counter::Counter, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "seat-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(seat_reservation))
}

/// Seat a party
///
/// A `confirmed` reservation becomes `seated`, early or late. For a mistake there is `undo`, within 15 minutes.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/seat", tag = openapi::tags::RESERVATIONS,
    operation_id = "seat-reservation", security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "Seated.", body = ReservationView, headers(("ETag" = String))),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn seat_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::SeatReservation, id, seen, now).await?;
    answer(seat(&counter.store, &counter.restaurants, asked, now).await, now)
}
