//! `decline-reservation`: says no to a request.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, MaybeBody, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::decline_reservation as decline;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answer::answer, counter::Counter, reason::reason, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "decline-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

/// Why it can't be.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Declination {
    /// For the guest.
    #[schema(max_length = 200, example = "그날은 단체 예약이 있습니다.")]
    reason: Option<String>,
}

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(decline_reservation))
}

/// Decline a request
///
/// Its tables are free in the same write, and its guest is mailed, with the reason if there is one. A request that is not
/// waiting any more is a 409 with its `current` state.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/decline", tag = openapi::tags::RESERVATIONS,
    operation_id = "decline-reservation", request_body = Option<Declination>, security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "Declined.", body = ReservationView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn decline_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
    body: MaybeBody,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::DeclineReservation, id, seen, now).await?;
    let reason = reason(&body)?;
    answer(decline(&counter.store, &counter.restaurants, asked, reason, now).await, now)
}
