//! `sign-in`: an address and a password for a session.

use axum::{extract::State, response::Response};
use jari_api::{Body, ClientAddress, Problem, fields, openapi};
use jari_domain::Clock;
use jari_identity::{AccessSigner, DinerKey};
use jari_operations::accounts::{Credentials, sign_in as enter};
use jari_store::Store;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    refusal::problem,
    session::{SessionView, answer},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "sign-in",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let desk = Desk {
                store: house.store()?,
                diners: house.diner_key().await?,
                signer: house.access_signer().await?,
                clock: house.clock(),
            };
            Ok(routes().with_state(desk).into())
        })
    },
};

#[derive(Clone)]
struct Desk {
    store: Store,
    diners: DinerKey,
    signer: AccessSigner,
    clock: Clock,
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct SignIn {
    #[schema(format = Email, max_length = 254, example = "minji@example.kr")]
    email: String,
    #[schema(format = Password, min_length = 8, max_length = 128, example = "여름밤의 국수 한그릇")]
    password: String,
}

fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(sign_in))
}

/// Sign in
///
/// Whatever is wrong, the answer is the same 401. After 10 of them in a quarter of an hour for one address, known or not,
/// or 100 from one client, it is a 429 for the rest of it; sessions that live go on.
#[utoipa::path(post, path = "/v1/sessions", tag = openapi::tags::ACCOUNTS, operation_id = "sign-in",
    request_body = SignIn,
    responses((status = 200, description = "Signed in.", body = SessionView),
        openapi::BadBody, openapi::Unauthenticated, openapi::TooMany, openapi::Common))]
async fn sign_in(
    State(desk): State<Desk>,
    ClientAddress(client): ClientAddress,
    body: Body,
) -> Result<Response, Problem> {
    let mut read = body.fields();
    let email = read.required("email", fields::email);
    let password = read.required("password", fields::parsed);
    let (email, password) = read.finish((email, password))?;
    let now = desk.clock.now();
    let signed_in = enter(&desk.store, &desk.diners, Credentials { email, password }, client, now).await;
    Ok(answer(&signed_in.map_err(problem)?, &desk.signer, now))
}
