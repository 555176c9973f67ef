//! `change-reservation`: another time, party, area or note.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, fields, openapi, respond};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::{Change, admit_to_reservation, change_reservation as change};
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    counter::Counter,
    fields::{area, note},
    refusal::problem,
    view::ReservationView,
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "change-reservation",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

/// What is to be otherwise; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
struct ReservationChange {
    /// Another of the restaurant's times, with an offset.
    #[schema(format = DateTime, example = "2026-12-24T19:30:00+09:00")]
    starts_at: Option<String>,
    #[schema(minimum = 1, maximum = 99, example = 3)]
    party_size: Option<u8>,
    /// Another area, by key; null: any.
    #[schema(max_length = 40)]
    area: Option<String>,
    /// Another note; null: none.
    #[schema(max_length = 500)]
    note: Option<String>,
}

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(change_reservation))
}

/// Change a reservation
///
/// The old place is kept until the new one is certain: a 409 or 422 leaves the reservation as it was. The table and its
/// area stay where they still fit. After a move to a later day, the link in the mail about it works as long as the new
/// visit needs; the caller's own token ends when it always did.
#[utoipa::path(patch, path = "/v1/reservations/{reservationId}", tag = openapi::tags::RESERVATIONS,
    operation_id = "change-reservation", request_body = ReservationChange, security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "As it is now.", body = ReservationView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn change_reservation(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
    body: Body,
) -> Result<Response, Problem> {
    let admitted = admit_to_reservation(&counter.store, &caller.0, Operation::ChangeReservation, id).await;
    admitted.map_err(|refusal| problem(refusal, counter.clock.now()))?;
    let mut fields = body.fields();
    let wanted = Change {
        starts_at: fields.optional("startsAt", fields::instant),
        party: fields.optional("partySize", fields::party),
        area: fields.clearable("area", area),
        note: fields.clearable("note", note),
    };
    fields.finish(())?;
    let now = counter.clock.now();
    let seen = seen.and_then(IfMatch::revision);
    let changed = change(&counter.store, &counter.restaurants, id, &wanted, seen, now).await;
    let changed = changed.map_err(|refusal| problem(refusal, now))?;
    Ok(respond::revised(changed.reservation.revision, &ReservationView::new(&changed, now)))
}
