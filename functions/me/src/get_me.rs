//! `get-me`: one's own account.

use axum::{extract::State, response::Response};
use jari_api::{Caller, IfNoneMatch, Problem, openapi, respond};
use jari_operations::own_account;
use jari_wiring::{Endpoint, MeView, admission_problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::mirror::Mirror;

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-me",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Mirror::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Mirror> {
    OpenApiRouter::new().routes(routes!(get_me))
}

/// Show one's own account
#[utoipa::path(get, path = "/v1/me", tag = openapi::tags::ME, operation_id = "get-me", security(("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The `ETag` of what the caller has.")),
    responses((status = 200, description = "The account.", body = MeView, headers(("ETag" = String))),
        (status = 304, description = "As the caller has it."), openapi::Unauthenticated, openapi::Common))]
async fn get_me(
    State(mirror): State<Mirror>,
    caller: Caller,
    known: IfNoneMatch,
) -> Result<Response, Problem> {
    caller.signed_in()?;
    let own = own_account(&mirror.store, &caller.0).await.map_err(admission_problem)?;
    Ok(respond::revised_unless_known(&known, own.account.revision, &MeView::new(&own)))
}
