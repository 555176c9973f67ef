//! `refresh-session`: keeps a sign-in going.

use axum::{extract::State, response::Response};
use jari_api::{Body, Code, Problem, fields, openapi};
use jari_domain::Clock;
use jari_identity::AccessSigner;
use jari_operations::accounts::refresh_session as refresh;
use jari_store::Store;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    LONGEST_TOKEN,
    refusal::session_problem,
    session::{SessionView, answer},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "refresh-session",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let desk =
                Desk { store: house.store()?, signer: house.access_signer().await?, clock: house.clock() };
            Ok(routes().with_state(desk).into())
        })
    },
};

#[derive(Clone)]
struct Desk {
    store: Store,
    signer: AccessSigner,
    clock: Clock,
}

/// What keeps the sign-in going.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Refresh {
    /// As the last answer had it.
    #[schema(max_length = 200)]
    refresh_token: String,
}

fn routes() -> OpenApiRouter<Desk> {
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
async fn refresh_session(State(desk): State<Desk>, body: Body) -> Result<Response, Problem> {
    let mut read = body.fields();
    let token = read.required("refreshToken", fields::text(LONGEST_TOKEN));
    let (token,) = read.finish((token,))?;
    let used = token.parse().map_err(|_| Problem::new(Code::SessionOver))?;
    let now = desk.clock.now();
    let signed_in = refresh(&desk.store, &used, now).await.map_err(session_problem)?;
    Ok(answer(&signed_in, &desk.signer, now))
}
