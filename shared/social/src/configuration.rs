//! The providers' configuration: one JSON object of the parameter store's, and what is made of it.
//! Only https is asked, but for this machine's own loopback, where tests have their provider.

use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{
    AuthType, AuthUrl, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, StandardRevocableToken,
    TokenUrl,
};
use openidconnect::{IssuerUrl, JsonWebKeySetUrl};
use serde::Deserialize;
use url::{Host, Url};

use crate::Provider;
use crate::code_exchange::TokenAnswer;
use crate::key_set::KeySet;

/// Why the configuration can't be used. The text never holds a value of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProvidersError {
    /// Not the object it should be: a syntax error, a field it does not have, or one that is missing.
    #[error("not the JSON object it should be, at line {line}, column {column}")]
    Malformed {
        /// From 1.
        line: usize,
        /// From 1; 0 at a line's start.
        column: usize,
    },
    /// A client id or secret is empty.
    #[error("{provider}: {field} is empty")]
    Empty {
        /// Whose.
        provider: Provider,
        /// Which.
        field: &'static str,
    },
    /// An address is none, or not https.
    #[error("{provider}: {field} is not an https address")]
    Address {
        /// Whose.
        provider: Provider,
        /// Which.
        field: &'static str,
    },
    /// The SDK was built without its HTTPS client.
    #[error("there is no HTTPS client")]
    NoClient,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    google: Option<Entry>,
    kakao: Option<Entry>,
    naver: Option<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Entry {
    client_id: String,
    client_secret: String,
    issuer: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    jwks_uri: Option<String>,
    user_info_endpoint: Option<String>,
}

/// An OAuth client that knows where to send people and where to take their code.
pub(crate) type CodeClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A provider as it is configured.
pub(crate) struct Configured {
    pub(crate) provider: Provider,
    pub(crate) client: CodeClient,
    pub(crate) identity: Identity,
}

/// How a provider says who somebody is.
pub(crate) enum Identity {
    /// By a signed ID token; `user_info` is asked for what that leaves open.
    IdToken { issuer: IssuerUrl, keys: Box<KeySet>, user_info: Option<Url> },
    /// By Naver's profile.
    NaverProfile { user_info: Url },
}

/// Reads the configuration: those providers that are in it.
pub(crate) fn read(json: &str) -> Result<Vec<Configured>, ProvidersError> {
    // serde's own text may quote what it stumbled over, which may be a secret.
    let document: Document = serde_json::from_str(json)
        .map_err(|error| ProvidersError::Malformed { line: error.line(), column: error.column() })?;
    let Document { google, kakao, naver } = document;
    let entry = [(Provider::Google, google), (Provider::Kakao, kakao), (Provider::Naver, naver)];
    entry.into_iter().filter_map(|(provider, entry)| Some(configured(provider, entry?))).collect()
}

fn configured(provider: Provider, entry: Entry) -> Result<Configured, ProvidersError> {
    for (field, value) in [("clientId", &entry.client_id), ("clientSecret", &entry.client_secret)] {
        if value.trim().is_empty() {
            return Err(ProvidersError::Empty { provider, field });
        }
    }
    let places = provider.places();
    let address = |field: &'static str, given: Option<String>, usual: Option<&str>| match given
        .as_deref()
        .or(usual)
        .map(Url::parse)
    {
        None => Ok(None),
        Some(Ok(url)) if is_safe(&url) => Ok(Some(url)),
        Some(_) => Err(ProvidersError::Address { provider, field }),
    };
    let needed = |field: &'static str, given: Option<String>, usual: Option<&str>| {
        address(field, given, usual)?.ok_or(ProvidersError::Address { provider, field })
    };
    let authorization =
        needed("authorizationEndpoint", entry.authorization_endpoint, Some(places.authorization))?;
    let token = needed("tokenEndpoint", entry.token_endpoint, Some(places.token))?;
    let user_info = address("userInfoEndpoint", entry.user_info_endpoint, places.user_info)?;
    let identity = if let (Some(issuer), Some(jwks)) = (places.issuer, places.jwks) {
        let jwks = needed("jwksUri", entry.jwks_uri, Some(jwks))?;
        // As it is written: an issuer is compared to the letter.
        let issuer = entry.issuer.unwrap_or_else(|| issuer.to_owned());
        Identity::IdToken {
            issuer: IssuerUrl::new(issuer)
                .map_err(|_| ProvidersError::Address { provider, field: "issuer" })?,
            keys: Box::new(KeySet::new(JsonWebKeySetUrl::from_url(jwks))),
            user_info,
        }
    } else {
        let field = "userInfoEndpoint";
        Identity::NaverProfile { user_info: user_info.ok_or(ProvidersError::Address { provider, field })? }
    };
    let client = Client::new(ClientId::new(entry.client_id))
        .set_client_secret(ClientSecret::new(entry.client_secret))
        // Kakao and Naver take the secret in the body only.
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::from_url(authorization))
        .set_token_uri(TokenUrl::from_url(token));
    Ok(Configured { provider, client, identity })
}

fn is_safe(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}
