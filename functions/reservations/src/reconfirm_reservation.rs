//! `reconfirm-reservation`: the guest says that they are coming.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::reconfirm_reservation as reconfirm;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answer::answer, counter::Counter, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "reconfirm-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(reconfirm_reservation))
}

/// Say that one is coming
///
/// Notes it on a `confirmed` reservation before it begins, as a reminder asks. Said again, it changes nothing.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/reconfirm", tag = openapi::tags::RESERVATIONS,
    operation_id = "reconfirm-reservation", security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "Noted.", body = ReservationView, headers(("ETag" = String))),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn reconfirm_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::ReconfirmReservation, id, seen, now).await?;
    answer(reconfirm(&counter.store, &counter.restaurants, asked, now).await, now)
}
