//! `undo-reservation`: takes a mistake back.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::undo_reservation as undo;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answer::answer, counter::Counter, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "undo-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(undo_reservation))
}

/// Undo seating or a no-show
///
/// The reservation is `confirmed` again. Seating can be undone within 15 minutes, a no-show until its service day ends;
/// later it is a 422 `undo_too_late`. A no-show taken back takes its tables again: who has them meanwhile keeps them, and
/// the answer is a 409 `table_taken` with the tables in `taken` and others that are free as `alternatives`. The guest's
/// no-show, and the bar that followed from it, are taken back too.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/undo", tag = openapi::tags::RESERVATIONS,
    operation_id = "undo-reservation", security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "Confirmed again.", body = ReservationView, headers(("ETag" = String))),
        openapi::BadFields, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn undo_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::UndoReservation, id, seen, now).await?;
    answer(undo(&counter.store, &counter.restaurants, asked, now).await, now)
}
