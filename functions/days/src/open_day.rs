//! `open-day`: a closed day is open again.

use axum::{extract::State, http::StatusCode};
use jari_api::{Caller, IfMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::open_day as open;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    closure::current,
    office::{Office, PathDate, problem},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "open-day",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(open_day))
}

/// Open a day again
///
/// A day that is open stays so.
#[utoipa::path(delete, path = "/v1/restaurants/{restaurantId}/days/{date}/closure", tag = openapi::tags::DAY_SHEET,
    operation_id = "open-day", security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("date" = String, Path, description = "The service day, from today on.", example = "2026-12-24"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the closure as it was seen.")),
    responses((status = 204, description = "Open."), openapi::BadFields, openapi::Unauthenticated, openapi::Forbidden,
        openapi::NotFound, openapi::Stale, openapi::Common))]
async fn open_day(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    PathDate(date): PathDate,
    seen: Option<IfMatch>,
) -> Result<StatusCode, Problem> {
    let admitted = office.admit(&caller, Operation::OpenDay, id).await?;
    let (now, seen) = (office.clock.now(), seen.and_then(IfMatch::revision));
    let opened = open(&office.store, &admitted, date, seen, now).await;
    opened.map_err(|refusal| problem(refusal, current))?;
    Ok(StatusCode::NO_CONTENT)
}
