//! `sign-up`: asks for an account. There is one when the link in the mail has been followed.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jari_api::{Body, ClientAddress, Problem, fields, openapi};
use jari_operations::accounts::{SignUp, sign_up as ask};
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{desks::LinkDesk, refusal::problem};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "sign-up",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(LinkDesk::open(&house).await?).into()) }),
};

/// Who signs up.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what `read` reads")]
struct NewAccount {
    #[schema(format = Email, max_length = 254, example = "minji@example.kr")]
    email: String,
    /// Hard to guess, also for who knows the name and the address.
    #[schema(format = Password, min_length = 8, max_length = 128, example = "여름밤의 국수 한그릇")]
    password: String,
    #[schema(min_length = 1, max_length = 80, example = "김민지")]
    name: String,
    /// E.164, with its country's code.
    #[schema(example = "+821012345678")]
    phone: Option<String>,
    /// Of the mails and the pages.
    #[schema(pattern = "^(ko|en)$", example = "ko")]
    language: String,
}

fn routes() -> OpenApiRouter<LinkDesk> {
    OpenApiRouter::new().routes(routes!(sign_up))
}

/// Sign up
///
/// A mail follows, with a link that is good for 24 hours; the account is made when it is followed. An address that has an
/// account gets a mail that says so. The answer is the same.
#[utoipa::path(post, path = "/v1/accounts", tag = openapi::tags::ACCOUNTS, operation_id = "sign-up",
    request_body = NewAccount,
    responses((status = 202, description = "A mail is on its way."),
        openapi::BadBody, openapi::TooMany, openapi::Common))]
async fn sign_up(
    State(desk): State<LinkDesk>,
    ClientAddress(client): ClientAddress,
    body: Body,
) -> Result<Response, Problem> {
    let new = read(&body)?;
    let asked = ask(&desk.store, &desk.diners, &desk.mail_tokens, new, client, desk.clock.now()).await;
    asked.map_err(problem)?;
    Ok(StatusCode::ACCEPTED.into_response())
}

fn read(body: &Body) -> Result<SignUp, Problem> {
    let mut read = body.fields();
    let email = read.required("email", fields::email);
    let password = read.required("password", fields::parsed);
    let name = read.required("name", fields::parsed);
    let phone = read.optional("phone", fields::phone);
    let language = read.required("language", fields::language);
    let (email, password, name, language) = read.finish((email, password, name, language))?;
    Ok(SignUp { email, password, name, phone, language })
}
