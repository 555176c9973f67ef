//! `request-password-reset`: asks for a link by which a new password can be set.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jari_api::{Body, ClientAddress, Problem, fields, openapi};
use jari_operations::accounts::request_password_reset as ask;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{desks::LinkDesk, refusal::problem};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "request-password-reset",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(LinkDesk::open(&house).await?).into()) }),
};

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct Forgotten {
    #[schema(format = Email, max_length = 254, example = "minji@example.kr")]
    email: String,
}

fn routes() -> OpenApiRouter<LinkDesk> {
    OpenApiRouter::new().routes(routes!(request_password_reset))
}

/// Ask for a new password
///
/// Where the address has an account, a mail follows with a link that is good for an hour. The answer is the same where it
/// has none.
#[utoipa::path(post, path = "/v1/password-resets", tag = openapi::tags::ACCOUNTS,
    operation_id = "request-password-reset", request_body = Forgotten,
    responses((status = 202, description = "If there is such an account, a mail is on its way."),
        openapi::BadBody, openapi::TooMany, openapi::Common))]
async fn request_password_reset(
    State(desk): State<LinkDesk>,
    ClientAddress(client): ClientAddress,
    body: Body,
) -> Result<Response, Problem> {
    let mut read = body.fields();
    let email = read.required("email", fields::email);
    let (email,) = read.finish((email,))?;
    let asked = ask(&desk.store, &desk.diners, &desk.mail_tokens, &email, client, desk.clock.now()).await;
    asked.map_err(problem)?;
    Ok(StatusCode::ACCEPTED.into_response())
}
