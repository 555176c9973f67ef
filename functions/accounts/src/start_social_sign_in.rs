//! `start-social-sign-in`: where to send somebody who wants to sign in with a provider.

use axum::{extract::State, response::Response};
use jari_api::{Problem, openapi, respond};
use jari_domain::Clock;
use jari_operations::accounts::{Agreed, begin_social_sign_in};
use jari_social::Providers;
use jari_store::Store;
use jari_wiring::Endpoint;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    provider_in_path::{ProviderInPath, redirect_uri},
    refusal::{problem, social_problem},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "start-social-sign-in",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let desk = Desk {
                store: house.store()?,
                providers: house.social_providers().await?,
                site_url: house.settings().site_url()?.to_owned(),
                clock: house.clock(),
            };
            Ok(routes().with_state(desk).into())
        })
    },
};

#[derive(Clone)]
struct Desk {
    store: Store,
    providers: Providers,
    site_url: String,
    clock: Clock,
}

/// Where to send somebody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SocialStart {
    /// The provider's page.
    #[schema(example = "https://kauth.kakao.com/oauth/authorize?response_type=code&client_id=…")]
    authorization_url: String,
    /// Comes back with the code. Keep it where only this browser has it, and go on only if what comes back is the same: or
    /// somebody could be signed in as another without noticing.
    state: String,
}

fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(start_social_sign_in))
}

/// Begin to sign in with a provider
///
/// Whoever consents there within 10 minutes comes back to the page `/sign-in/{provider}/callback` with a `code` and the
/// `state`.
#[utoipa::path(post, path = "/v1/social/{provider}", tag = openapi::tags::ACCOUNTS,
    operation_id = "start-social-sign-in",
    params(("provider" = String, Path, description = "One of those that are listed.", example = "kakao")),
    responses((status = 200, description = "Where to send them.", body = SocialStart),
        openapi::NotFound, openapi::Common))]
async fn start_social_sign_in(
    State(desk): State<Desk>,
    ProviderInPath(provider): ProviderInPath,
) -> Result<Response, Problem> {
    let start = desk.providers.start(provider, &redirect_uri(&desk.site_url, provider));
    let start = start.map_err(social_problem)?;
    let agreed = Agreed {
        provider: provider.as_str(),
        state: start.state.clone(),
        nonce: start.nonce,
        verifier: start.verifier,
    };
    begin_social_sign_in(&desk.store, agreed, desk.clock.now()).await.map_err(problem)?;
    Ok(respond::ok(&SocialStart { authorization_url: start.url, state: start.state }))
}
