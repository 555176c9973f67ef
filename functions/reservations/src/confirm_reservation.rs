//! `confirm-reservation`: turns a hold into a reservation, with the guest's details.

use axum::{extract::State, response::Response};
use jari_api::fields::{guest, note};
use jari_api::{Caller, IfMatch, MaybeBody, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::{Details, confirm_reservation as confirm};
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    answer::answer,
    counter::{DetailsCounter, admit},
    view::{GuestView, ReservationView},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "confirm-reservation",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move { Ok(routes().with_state(DetailsCounter::open(&house).await?).into()) })
    },
};

/// The details that a hold still lacks.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Confirmation {
    /// Required unless the hold was made with it, or by the account that confirms: then its profile says who comes.
    #[schema(value_type = Option<GuestView>)]
    guest: Option<serde_json::Value>,
    /// What the restaurant should know.
    #[schema(max_length = 500)]
    note: Option<String>,
}

fn routes() -> OpenApiRouter<DetailsCounter> {
    OpenApiRouter::new().routes(routes!(confirm_reservation))
}

/// Confirm a hold
///
/// The hold becomes `confirmed`, or `requested` where the restaurant answers itself. A hold whose time has passed is
/// a 409 whose `current` says `expired`. A hold that was made without signing in is confirmed with its `linkToken`, one
/// that was made signed in by its account. Whom the restaurant has barred after no-shows gets a 422 `no_show_limit`.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/confirm", tag = openapi::tags::RESERVATIONS,
    operation_id = "confirm-reservation", request_body = Option<Confirmation>, security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the hold as it was seen.")),
    responses((status = 200, description = "Confirmed or requested.", body = ReservationView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn confirm_reservation(
    State(counter): State<DetailsCounter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
    body: MaybeBody,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = admit(&counter.desk.store, &caller, Operation::ConfirmReservation, id, seen, now).await?;
    let mut fields = body.fields();
    let guest = fields.optional_object("guest", guest);
    let note = fields.optional("note", note);
    fields.finish(())?;
    let details = Details { guest, note };
    answer(confirm(&counter.desk, asked, details, now).await, now)
}
