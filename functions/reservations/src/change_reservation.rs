//! `change-reservation`: another time, party, area or note.

use axum::{extract::State, response::Response};
use jari_api::fields::{area, guest_by_staff, note, tables};
use jari_api::{Body, Caller, Code, IfMatch, PathId, Problem, fields, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::{Change, StaffChange, change_by_staff, change_reservation as change};
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
    function: "change-reservation",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move { Ok(routes().with_state(DetailsCounter::open(&house).await?).into()) })
    },
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
    /// Staff only: another end, with an offset.
    #[schema(format = DateTime)]
    ends_at: Option<String>,
    /// Staff only: these tables and no others, whatever parties they are meant for; at most 6.
    #[schema(max_items = 6, example = json!(["tbl_01jar100000000000000000001"]))]
    tables: Option<Vec<String>>,
    /// Staff only: other details of a guest whom staff wrote in; a name will do.
    #[schema(value_type = Option<GuestView>)]
    guest: Option<serde_json::Value>,
}

fn routes() -> OpenApiRouter<DetailsCounter> {
    OpenApiRouter::new().routes(routes!(change_reservation))
}

/// Change a reservation
///
/// The old place is kept until the new one is certain: a 409 or 422 leaves the reservation as it was. The table and its
/// area stay where they still fit. After a move to a later day, the link in the mail about it works as long as the new
/// visit needs; the caller's own token ends when it always did.
///
/// The restaurant's staff may move it to any quarter hour and past the online limits, give it tables by hand and set its
/// end, also while the party sits (all but its beginning). A table that is taken is a 409 `table_taken`.
#[utoipa::path(patch, path = "/v1/reservations/{reservationId}", tag = openapi::tags::RESERVATIONS,
    operation_id = "change-reservation", request_body = ReservationChange, security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "As it is now.", body = ReservationView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn change_reservation(
    State(counter): State<DetailsCounter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
    body: Body,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let (store, restaurants) = (&counter.desk.store, &counter.desk.restaurants);
    let asked = admit(store, &caller, Operation::ChangeReservation, id, seen, now).await?;
    let changed = if asked.standing.is_staff() {
        let wanted = read_staff(&body)?;
        change_by_staff(store, restaurants, &counter.desk.diners, asked, &wanted, now).await
    } else {
        change(store, restaurants, asked, &read(&body)?, now).await
    };
    answer(changed, now)
}

fn read(body: &Body) -> Result<Change, Problem> {
    let mut fields = body.fields();
    if ["endsAt", "tables", "guest"].into_iter().any(|name| fields.has(name)) {
        return Err(Problem::new(Code::Forbidden));
    }
    let wanted = Change {
        starts_at: fields.optional("startsAt", fields::instant),
        party: fields.optional("partySize", fields::party),
        area: fields.clearable("area", area),
        note: fields.clearable("note", note),
    };
    fields.finish(())?;
    Ok(wanted)
}

fn read_staff(body: &Body) -> Result<StaffChange, Problem> {
    let mut fields = body.fields();
    let wanted = StaffChange {
        starts_at: fields.optional("startsAt", fields::instant),
        ends_at: fields.optional("endsAt", fields::instant),
        party: fields.optional("partySize", fields::party),
        area: fields.clearable("area", area).flatten(),
        tables: tables(&mut fields),
        note: fields.clearable("note", note),
        guest: fields.optional_object("guest", guest_by_staff),
    };
    fields.finish(())?;
    Ok(wanted)
}
