//! `lift-bar`: a diner who came too seldom may book online again.

use axum::{extract::State, http::StatusCode};
use jari_api::{Caller, Code, PathId, Problem, openapi};
use jari_domain::kind;
use jari_identity::Operation;
use jari_operations::lift_bar as lift;
use jari_wiring::{Endpoint, admission_problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::office::{Office, PathDiner};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "lift-bar",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(lift_bar))
}

/// Let a guest book online again
///
/// No-shows until now count no more. The guest can book within some seconds.
#[utoipa::path(delete, path = "/v1/restaurants/{restaurantId}/barred-guests/{dinerId}", tag = openapi::tags::DAY_SHEET,
    operation_id = "lift-bar", security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("dinerId" = String, Path, description = "As the list of barred guests has it.")),
    responses((status = 204, description = "Lifted."), openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound,
        openapi::Common))]
async fn lift_bar(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    PathDiner(diner): PathDiner,
) -> Result<StatusCode, Problem> {
    let admitted = office.admit(&caller, Operation::LiftBar, id).await?;
    let lifted =
        lift(&office.store, &admitted, &diner, office.clock.now()).await.map_err(admission_problem)?;
    if lifted { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::new(Code::NotFound)) }
}
