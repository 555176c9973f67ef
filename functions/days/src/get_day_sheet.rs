//! `get-day-sheet`: everything a host needs of a service day, in one call.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfNoneMatch, PathId, Problem, openapi, respond};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::read_day;
use jari_wiring::{Endpoint, store_problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    office::{Office, PathDate},
    sheet::SheetView,
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-day-sheet",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(get_day_sheet))
}

/// Show the day sheet
///
/// A service day begins and ends at 05:00: what is served past midnight stands on the day before. Days that are over can be
/// looked up too. Poll with `If-None-Match`: 304 as long as nothing is otherwise, and a guest becoming late is. What was
/// booked or moved in the last moment (well below a second, as a rule) may be missing still.
#[utoipa::path(get, path = "/v1/restaurants/{restaurantId}/days/{date}", tag = openapi::tags::DAY_SHEET,
    operation_id = "get-day-sheet", security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("date" = String, Path, description = "The service day.", example = "2026-12-24"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what the caller has.")),
    responses((status = 200, description = "The sheet.", body = SheetView, headers(("ETag" = String))),
        (status = 304, description = "As the caller has it."),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Common))]
async fn get_day_sheet(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    PathDate(date): PathDate,
    known: IfNoneMatch,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::GetDaySheet, id).await?;
    let restaurant = &admitted.stored.restaurant;
    let read = read_day(&office.store, restaurant, date).await.map_err(store_problem)?;
    let view = SheetView::new(restaurant, date, &read, office.clock.now())?;
    Ok(respond::revised_unless_known(&known, view.revision(), &view))
}
