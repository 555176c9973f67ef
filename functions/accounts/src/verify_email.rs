//! `verify-email`: makes the account that was signed up for, by the token of its mail.

use axum::{extract::State, response::Response};
use jari_api::{Body, Problem, fields, openapi};
use jari_operations::accounts::verify_email as verify;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    LONGEST_TOKEN,
    desks::TokenDesk,
    refusal::problem,
    session::{SessionView, answer},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "verify-email",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(TokenDesk::open(&house).await?).into()) }),
};

/// What the mail's link had.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Verification {
    #[schema(max_length = 200)]
    token: String,
}

fn routes() -> OpenApiRouter<TokenDesk> {
    OpenApiRouter::new().routes(routes!(verify_email))
}

/// Show that an address is yours
///
/// Makes the account that was signed up for, and signs in to it. The token is good once.
#[utoipa::path(post, path = "/v1/accounts/verify", tag = openapi::tags::ACCOUNTS, operation_id = "verify-email",
    request_body = Verification,
    responses((status = 200, description = "The account is there, and signed in to.", body = SessionView),
        openapi::BadBody, openapi::Common))]
async fn verify_email(State(desk): State<TokenDesk>, body: Body) -> Result<Response, Problem> {
    let mut read = body.fields();
    let token = read.required("token", fields::text(LONGEST_TOKEN));
    let (token,) = read.finish((token,))?;
    let now = desk.clock.now();
    let signed_in = verify(&desk.store, &token, now).await.map_err(problem)?;
    Ok(answer(&signed_in, &desk.signer, now))
}
