//! `finish-social-sign-in`: what a provider sent somebody back with, for a session.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jari_api::{Body, ClientAddress, Preferred, Problem, fields, openapi};
use jari_domain::{Clock, Language};
use jari_identity::{AccessSigner, DinerKey, MailTokenKey};
use jari_operations::accounts::{Recognised, Vouched, recognise, take_social_sign_in};
use jari_social::{Pending, Providers, SocialError};
use jari_store::Store;
use jari_wiring::Endpoint;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    provider_in_path::{ProviderInPath, redirect_uri},
    refusal::{attempt_problem, problem, social_problem},
    session::{SessionView, answer},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "finish-social-sign-in",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let desk = Desk {
                store: house.store()?,
                diners: house.diner_key().await?,
                mail_tokens: house.mail_token_key().await?,
                signer: house.access_signer().await?,
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
    diners: DinerKey,
    mail_tokens: MailTokenKey,
    signer: AccessSigner,
    providers: Providers,
    site_url: String,
    clock: Clock,
}

/// What somebody came back with.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct SocialReturn {
    /// As the provider gave it.
    #[schema(max_length = 2048)]
    code: String,
    /// As it was given at the start, and the same that came back.
    #[schema(max_length = 100)]
    state: String,
    /// Of the mails and the pages, where an account is made; else as `Accept-Language` has it.
    #[schema(pattern = "^(ko|en)$", example = "ko")]
    language: Option<String>,
}

fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(finish_social_sign_in))
}

/// Sign in with what a provider sent somebody back with
///
/// Who has signed in like this before is signed in. Anybody else is known by an address that the provider has verified: it
/// leads to its account, or makes one. To an address that is not verified goes a mail, as on signing up, and there is no
/// session yet. A state and its code are good once.
#[utoipa::path(post, path = "/v1/social/{provider}/callback", tag = openapi::tags::ACCOUNTS,
    operation_id = "finish-social-sign-in",
    params(("provider" = String, Path, description = "As at the start.", example = "kakao")),
    request_body = SocialReturn,
    responses((status = 200, description = "Signed in.", body = SessionView),
        (status = 202, description = "A mail is on its way."),
        openapi::NotFound, openapi::BadBody, openapi::TooMany, openapi::ProviderFailed, openapi::Common))]
async fn finish_social_sign_in(
    State(desk): State<Desk>,
    ProviderInPath(provider): ProviderInPath,
    ClientAddress(client): ClientAddress,
    Preferred(preferred): Preferred,
    body: Body,
) -> Result<Response, Problem> {
    if !desk.providers.offered().contains(&provider) {
        return Err(social_problem(SocialError::NotOffered(provider)));
    }
    let mut read = body.fields();
    let code = read.required("code", fields::text(2048));
    let state = read.required("state", fields::text(100));
    let language = read.optional("language", fields::language);
    let (code, state) = read.finish((code, state))?;
    let now = desk.clock.now();

    let agreed = take_social_sign_in(&desk.store, provider.as_str(), state, now).await;
    let agreed = agreed.map_err(attempt_problem)?;
    let pending = Pending { state: agreed.state, nonce: agreed.nonce, verifier: agreed.verifier };
    let redirect_uri = redirect_uri(&desk.site_url, provider);
    let profile = desk.providers.finish(provider, &code, &redirect_uri, &pending, now).await;
    let profile = profile.map_err(social_problem)?;
    let vouched = Vouched {
        provider: provider.as_str(),
        subject: profile.subject,
        email: profile.email,
        email_verified: profile.email_verified,
        name: profile.name,
        language: language.or(preferred).unwrap_or(Language::Ko),
    };
    let recognised = recognise(&desk.store, &desk.diners, &desk.mail_tokens, vouched, client, now).await;
    Ok(match recognised.map_err(problem)? {
        Recognised::SignedIn(signed_in) => answer(&signed_in, &desk.signer, now),
        Recognised::MailFollows => StatusCode::ACCEPTED.into_response(),
    })
}
