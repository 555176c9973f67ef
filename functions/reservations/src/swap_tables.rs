//! `swap-tables`: two parties change tables.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, fields, openapi};
use jari_domain::{ReservationId, kind};
use jari_identity::Operation;
use jari_operations::swap_tables as swap;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{answer::answer, counter::Counter, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "swap-tables",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Counter::open(&house)?).into()) }),
};

/// With which.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Swap {
    /// Another reservation of the same restaurant and service day.
    #[schema(example = "rsv_01kc9x3v2rq8f5m7w1d6e4t0zn")]
    with: String,
    /// The revision of the other as it was seen.
    #[schema(minimum = 1)]
    with_revision: Option<u32>,
}

fn routes() -> OpenApiRouter<Counter> {
    OpenApiRouter::new().routes(routes!(swap_tables))
}

/// Swap the tables of two reservations
///
/// Both change in one write, however their times overlap; neither is without a table for a moment. A third party that
/// stands in the way is a 409 `table_taken`. `If-Match` is about the reservation of the path, `withRevision` about the
/// other; the answer shows the one of the path.
#[utoipa::path(post, path = "/v1/reservations/{reservationId}/swap", tag = openapi::tags::RESERVATIONS,
    operation_id = "swap-tables", request_body = Swap, security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` of the reservation as it was seen.")),
    responses((status = 200, description = "Swapped.", body = ReservationView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn swap_tables(
    State(counter): State<Counter>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    seen: Option<IfMatch>,
    body: Body,
) -> Result<Response, Problem> {
    let now = counter.clock.now();
    let asked = counter.admit(&caller, Operation::SwapTables, id, seen, now).await?;
    let mut fields = body.fields();
    let with = fields.required("with", fields::id);
    let with_seen = fields.optional("withRevision", fields::integer(1..=u32::MAX));
    let with: ReservationId = fields.finish(with)?;
    answer(swap(&counter.store, &counter.restaurants, asked, with, with_seen.map(u64::from), now).await, now)
}
