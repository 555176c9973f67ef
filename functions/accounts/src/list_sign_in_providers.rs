//! `list-sign-in-providers`: whom people can sign in with here.

use axum::{extract::State, response::Response};
use jari_api::{openapi, respond};
use jari_social::{Provider, Providers};
use jari_wiring::Endpoint;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "list-sign-in-providers",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(house.social_providers().await?).into()) }),
};

/// Whom people can sign in with.
#[derive(Serialize, ToSchema)]
struct SignInProviders {
    /// In the order to show them in; empty where there are none.
    #[schema(example = json!(["kakao", "naver", "google"]))]
    providers: Vec<&'static str>,
}

fn routes() -> OpenApiRouter<Providers> {
    OpenApiRouter::new().routes(routes!(list_sign_in_providers))
}

/// List whom people can sign in with
///
/// Show no button for anybody who is not in the list.
#[utoipa::path(get, path = "/v1/social", tag = openapi::tags::ACCOUNTS, operation_id = "list-sign-in-providers",
    responses((status = 200, description = "Whom people can sign in with.", body = SignInProviders),
        openapi::Common))]
async fn list_sign_in_providers(State(providers): State<Providers>) -> Response {
    let providers = providers.offered().into_iter().map(Provider::as_str).collect();
    respond::ok(&SignInProviders { providers })
}
