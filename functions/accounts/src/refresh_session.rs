//! `refresh-session`: keeps a sign-in going.

use axum::{extract::State, response::Response};
use jari_api::{Body, Code, Problem, fields, openapi};
use jari_operations::accounts::refresh_session as refresh;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    LONGEST_TOKEN,
    desks::TokenDesk,
    refusal::session_problem,
    session::{SessionView, answer},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "refresh-session",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(TokenDesk::open(&house).await?).into()) }),
};

/// What keeps the sign-in going.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Refresh {
    /// As the last answer had it.
    #[schema(max_length = 200)]
    refresh_token: String,
}

fn routes() -> OpenApiRouter<TokenDesk> {
    OpenApiRouter::new().routes(routes!(refresh_session))
}

/// Refresh a session
///
/// Each refresh token is good once, within seven days, and gives the next. One that was used before ends the session for
/// everybody who has a token of it: one of the two is a thief.
#[utoipa::path(post, path = "/v1/sessions/refresh", tag = openapi::tags::ACCOUNTS, operation_id = "refresh-session",
    request_body = Refresh,
    responses((status = 200, description = "The session goes on.", body = SessionView),
        openapi::BadBody, openapi::Unauthenticated, openapi::Common))]
async fn refresh_session(State(desk): State<TokenDesk>, body: Body) -> Result<Response, Problem> {
    let mut read = body.fields();
    let token = read.required("refreshToken", fields::text(LONGEST_TOKEN));
    let (token,) = read.finish((token,))?;
    let used = token.parse().map_err(|_| Problem::new(Code::SessionOver))?;
    let now = desk.clock.now();
    let signed_in = refresh(&desk.store, &used, now).await.map_err(session_problem)?;
    Ok(answer(&signed_in, &desk.signer, now))
}
