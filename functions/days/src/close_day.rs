//! `close-day`: nothing is booked on a day any more.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfMatch, MaybeBody, PathId, Problem, fields, openapi, respond};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::close_day as close;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    closure::{ClosureView, current},
    office::{Office, PathDate, problem},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "close-day",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

/// Why the day is closed.
#[derive(Deserialize, ToSchema)]
#[schema(as = DayClosing)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Closing {
    /// For the staff; shown on the day sheet.
    #[schema(max_length = 200, example = "내부 수리")]
    reason: Option<String>,
}

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(close_day))
}

/// Close a day
///
/// From then on nobody books that service day: 422 `closed`. Reservations stay as they are; those that still stand are
/// listed, to be called. One that was booked in the very moment may show on the day sheet first. A closed day may be
/// closed again, as with another reason.
#[utoipa::path(put, path = "/v1/restaurants/{restaurantId}/days/{date}/closure", tag = openapi::tags::DAY_SHEET,
    operation_id = "close-day", request_body = Option<Closing>, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("date" = String, Path, description = "The service day, from today on, at most a year ahead.", example = "2026-12-24"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the closure as it was seen; `\"0\"`: the day was open.")),
    responses((status = 200, description = "Closed.", body = ClosureView, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Stale, openapi::Common))]
async fn close_day(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    PathDate(date): PathDate,
    seen: Option<IfMatch>,
    body: MaybeBody,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::CloseDay, id).await?;
    let mut fields = body.fields();
    let reason = fields.optional("reason", fields::text(200));
    fields.finish(())?;
    let (now, seen) = (office.clock.now(), seen.and_then(IfMatch::revision));
    let closed = close(&office.store, &admitted, date, reason.as_deref(), seen, now).await;
    let (closure, stranded) = closed.map_err(|refusal| problem(refusal, current))?;
    let revision = closure.revision;
    let view = ClosureView::new(date, closure, &stranded, &admitted.stored.restaurant, now);
    Ok(respond::revised(revision, &view))
}
