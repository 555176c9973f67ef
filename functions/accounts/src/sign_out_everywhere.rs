//! `sign-out-everywhere`: ends all sessions of the account.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jari_api::{Caller, Problem, openapi};
use jari_operations::accounts::sign_out_everywhere as end;
use jari_store::Store;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{desks::ExitDesk, refusal::problem};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "sign-out-everywhere",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(ExitDesk::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<ExitDesk> {
    OpenApiRouter::new().routes(routes!(sign_out_everywhere))
}

/// Sign out everywhere
///
/// Ends every session of the account, this one too. Access tokens last out their quarter of an hour, but none is refreshed and none
/// changes the account any more.
#[utoipa::path(delete, path = "/v1/sessions", tag = openapi::tags::ACCOUNTS, operation_id = "sign-out-everywhere",
    security(("bearer" = [])),
    responses((status = 204, description = "All are over."), openapi::Unauthenticated, openapi::Common))]
async fn sign_out_everywhere(State(store): State<Store>, caller: Caller) -> Result<Response, Problem> {
    end(&store, caller.signed_in()?).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
