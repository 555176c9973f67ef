//! `list-staff`: who works at a restaurant.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfNoneMatch, PathId, Problem, openapi, respond};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::admit;
use jari_wiring::{Endpoint, admission_problem, store_problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::staff::{StaffOffice, StaffView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "list-staff",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(StaffOffice::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<StaffOffice> {
    OpenApiRouter::new().routes(routes!(list_staff))
}

/// List a restaurant's staff
///
/// All of them, at most 50.
#[utoipa::path(get, path = "/v1/restaurants/{restaurantId}/staff", tag = openapi::tags::MANAGEMENT,
    operation_id = "list-staff", security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what the caller has.")),
    responses((status = 200, description = "The staff.", body = StaffView, headers(("ETag" = String))),
        (status = 304, description = "As the caller has it."),
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Common))]
async fn list_staff(
    State(office): State<StaffOffice>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    known: IfNoneMatch,
) -> Result<Response, Problem> {
    let admitted = admit(&office.store, &caller.0, Operation::ListStaff, id).await;
    let restaurant = admitted.map_err(admission_problem)?.stored.restaurant;
    let staff = office.store.staff(id).await.map_err(store_problem)?;
    Ok(respond::revised_unless_known(&known, staff.revision, &StaffView::new(&staff, &restaurant)))
}
