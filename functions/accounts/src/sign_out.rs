//! `sign-out`: ends the session that the access token comes from.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jari_api::{Caller, Problem, openapi};
use jari_operations::accounts::sign_out as end;
use jari_store::Store;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{desks::ExitDesk, refusal::problem};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "sign-out",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(ExitDesk::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<ExitDesk> {
    OpenApiRouter::new().routes(routes!(sign_out))
}

/// Sign out
///
/// Ends this session: its refresh token is worth nothing from now on. The access token lasts out its quarter of an hour.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = openapi::tags::ACCOUNTS, operation_id = "sign-out",
    security(("bearer" = [])),
    responses((status = 204, description = "It is over."), openapi::Unauthenticated, openapi::Common))]
async fn sign_out(State(store): State<Store>, caller: Caller) -> Result<Response, Problem> {
    end(&store, caller.signed_in()?).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
