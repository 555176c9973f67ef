//! `cancel-reservation`: calls a reservation off, or lets a hold go.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, MaybeBody, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::cancel_reservation as cancel;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answer::answer, counter::Counter, reason::reason, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "cancel-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

/// Why it is called off.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Cancellation {
    /// For the other side: the restaurant, or its guest.
    #[schema(max_length = 200, example = "일정이 바뀌었습니다.")]
    reason: Option<String>,
}

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(cancel_reservation))
}

/// Cancel a reservation
///
/// Its tables are free again in the same write. A reservation that is no longer active is a 409 with its `current`
/// state; after the restaurant's deadline it is a 422 for its diner. The restaurant's staff may cancel until the party
/// sits, with a reason for the guest.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/cancel", tag = openapi::tags::RESERVATIONS,
    operation_id = "cancel-reservation", request_body = Option<Cancellation>, security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "Cancelled.", body = ReservationView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn cancel_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
    body: MaybeBody,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::CancelReservation, id, seen, now).await?;
    let reason = reason(&body)?;
    answer(cancel(&counter.store, &counter.restaurants, asked, reason, now).await, now)
}
