//! `no-show-reservation`: the party did not come.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::no_show_reservation as mark;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answer::answer, counter::Counter, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "no-show-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(no_show_reservation))
}

/// Mark as a no-show
///
/// Possible from 15 minutes after its time; before, it is a 422 `too_early`. Its table is free in the same write. The
/// fourth no-show of a guest within twelve months closes online booking here to them until staff lift it.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/no-show", tag = openapi::tags::RESERVATIONS,
    operation_id = "no-show-reservation", security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "Marked.", body = ReservationView, headers(("ETag" = String))),
        openapi::BadFields, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn no_show_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::NoShowReservation, id, seen, now).await?;
    answer(mark(&counter.store, &counter.restaurants, asked, now).await, now)
}
