//! `reset-password`: sets a new password, by the token of the mail.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jari_api::{Body, Problem, fields, openapi};
use jari_domain::Clock;
use jari_operations::accounts::reset_password as reset;
use jari_store::Store;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{LONGEST_TOKEN, refusal::problem};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "reset-password",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let desk = Desk { store: house.store()?, clock: house.clock() };
            Ok(routes().with_state(desk).into())
        })
    },
};

#[derive(Clone)]
struct Desk {
    store: Store,
    clock: Clock,
}

/// The new password, and what allows to set it.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewPassword {
    /// What the mail's link had.
    #[schema(max_length = 200)]
    token: String,
    /// Hard to guess, also for who knows the name and the address.
    #[schema(format = Password, min_length = 8, max_length = 128, example = "여름밤의 국수 한그릇")]
    password: String,
}

fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(reset_password))
}

/// Set a new password
///
/// Ends every session of the account: whoever knew the old password is out. The token is good once, and stays good when
/// the password is refused.
#[utoipa::path(post, path = "/v1/password-resets/confirm", tag = openapi::tags::ACCOUNTS,
    operation_id = "reset-password", request_body = NewPassword,
    responses((status = 204, description = "The new password is set. Sign in with it."),
        openapi::BadBody, openapi::Common))]
async fn reset_password(State(desk): State<Desk>, body: Body) -> Result<Response, Problem> {
    let mut read = body.fields();
    let token = read.required("token", fields::text(LONGEST_TOKEN));
    let password = read.required("password", fields::parsed);
    let (token, password) = read.finish((token, password))?;
    reset(&desk.store, &token, password, desk.clock.now()).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
