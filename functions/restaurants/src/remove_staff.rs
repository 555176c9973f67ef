//! `remove-staff`: somebody works at a restaurant no longer.

use axum::{extract::State, http::StatusCode};
use jari_api::{Caller, IfMatch, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::{admit, remove_staff as remove};
use jari_wiring::{Endpoint, admission_problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::staff::{StaffOffice, problem};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "remove-staff",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(StaffOffice::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<StaffOffice> {
    OpenApiRouter::new().routes(routes!(remove_staff))
}

/// Take somebody off the staff
///
/// They are out at once. The last owner stays (409 `last_owner`).
#[utoipa::path(delete, path = "/v1/restaurants/{restaurantId}/staff/{accountId}", tag = openapi::tags::MANAGEMENT,
    operation_id = "remove-staff", security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("accountId" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the staff as it was seen.")),
    responses((status = 204, description = "Works there no longer."), openapi::Unauthenticated, openapi::Forbidden,
        openapi::NotFound, openapi::Conflict, openapi::Stale, openapi::Common))]
async fn remove_staff(
    State(office): State<StaffOffice>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    PathId(account): PathId<kind::Account>,
    seen: Option<IfMatch>,
) -> Result<StatusCode, Problem> {
    let admitted = admit(&office.store, &caller.0, Operation::RemoveStaff, id).await;
    let admitted = admitted.map_err(admission_problem)?;
    let (now, seen) = (office.clock.now(), seen.and_then(IfMatch::revision));
    let removed = remove(&office.store, &admitted, account, seen, now).await;
    removed.map_err(|refusal| problem(refusal, &admitted.stored.restaurant))?;
    Ok(StatusCode::NO_CONTENT)
}
