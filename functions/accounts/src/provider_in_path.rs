//! The provider that a path names, and the address people come back to from it.

use axum::{extract::FromRequestParts, extract::RawPathParams, http::request::Parts};
use jari_api::{Code, Problem};
use jari_social::Provider;

/// The provider in the path, as `{provider}`. What is none names nothing: 404.
#[derive(Debug)]
pub(crate) struct ProviderInPath(pub(crate) Provider);

impl<S: Send + Sync> FromRequestParts<S> for ProviderInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let not_found = || Problem::new(Code::NotFound);
        let parameters = RawPathParams::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        let (_, name) = parameters.iter().find(|(other, _)| *other == "provider").ok_or_else(not_found)?;
        name.parse().map(Self).map_err(|_| not_found())
    }
}

/// The page that people come back to; it has to be registered with the provider.
pub(crate) fn redirect_uri(site_url: &str, provider: Provider) -> String {
    format!("{site_url}/sign-in/{provider}/callback")
}
