//! [`Providers`]: the two halves of a sign-in, [`Providers::start`] and [`Providers::finish`].

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jari_domain::{EmailAddress, GuestName};
use jiff::Timestamp;
use oauth2::{AccessToken, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse};
use openidconnect::Nonce;

use crate::configuration::{self, Configured, Identity};
use crate::id_token::{self, Expected};
use crate::outgoing::Outgoing;
use crate::user_info::{self, Described};
use crate::{Mismatch, Provider, ProvidersError, SocialError, Trouble};

/// All a provider is asked for one sign-in, at most three or four requests; well within a function's
/// time.
const FINISH_TIMEOUT: Duration = Duration::from_secs(10);
/// Random bytes of a state and of a nonce.
const RANDOM_BYTES: u32 = 32;
/// `OpenID` Connect Core 1.0, 2: `sub` must not exceed 255 ASCII characters.
const LONGEST_SUBJECT: usize = 255;

/// The providers of a stage. Cheap to clone; clones share connections and keys. None by default.
#[derive(Clone, Default)]
pub struct Providers(Arc<Parts>);

#[derive(Default)]
struct Parts {
    configured: Vec<Configured>,
    /// There once a provider is.
    outgoing: Option<Outgoing>,
}

/// The first half of a sign-in: where to send somebody, and what to keep until they come back.
#[derive(Clone, PartialEq, Eq)]
pub struct Start {
    /// The provider's page.
    pub url: String,
    /// Comes back with the code: what the rest is kept under. Good for one use and ten minutes.
    pub state: String,
    /// Ties the ID token to this attempt.
    pub nonce: String,
    /// Ties the code to this attempt (PKCE). Nobody but us may see it.
    pub verifier: String,
}

/// What was kept of a [`Start`].
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// As of the start, and as it came back: Naver wants it again.
    pub state: String,
    /// As of the start.
    pub nonce: String,
    /// As of the start.
    pub verifier: String,
}

/// Who came back, as the provider has it.
#[derive(Clone, PartialEq, Eq)]
pub struct SocialProfile {
    /// Who says so.
    pub provider: Provider,
    /// Who it is, to that provider and our app: 1 to 255 ASCII characters that never change.
    pub subject: String,
    /// Their address, if they let us have it and it is one that can be mailed.
    pub email: Option<EmailAddress>,
    /// Whether the provider vouches for the address being theirs. Never without an address.
    pub email_verified: bool,
    /// What they are called, if the provider says.
    pub name: Option<GuestName>,
}

impl Providers {
    /// Those of a configuration: an object with an entry for each provider that is to be offered,
    /// `{"google": {"clientId": …, "clientSecret": …}, "kakao": …, "naver": …}`. An entry may also
    /// have an `issuer`, `authorizationEndpoint`, `tokenEndpoint`, `jwksUri` and `userInfoEndpoint`
    /// in the place of the provider's own.
    pub fn from_json(json: &str) -> Result<Self, ProvidersError> {
        let configured = configuration::read(json)?;
        if configured.is_empty() {
            return Ok(Self::default());
        }
        let outgoing = Some(Outgoing::new().ok_or(ProvidersError::NoClient)?);
        Ok(Self(Arc::new(Parts { configured, outgoing })))
    }

    /// Those that are configured, in the order they are offered in.
    #[must_use]
    pub fn offered(&self) -> Vec<Provider> {
        Provider::ALL.into_iter().filter(|provider| self.find(*provider).is_ok()).collect()
    }

    /// The start of a sign-in that comes back to `redirect_uri`. Asks nobody.
    pub fn start(&self, provider: Provider, redirect_uri: &str) -> Result<Start, SocialError> {
        let (configured, _) = self.find(provider)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = Nonce::new_random_len(RANDOM_BYTES);
        let scopes = provider.places().scopes.iter().map(|scope| Scope::new((*scope).to_owned()));
        let mut request = configured
            .client
            .authorize_url(|| CsrfToken::new_random_len(RANDOM_BYTES))
            .set_redirect_uri(Cow::Owned(redirect_url(redirect_uri)?))
            .set_pkce_challenge(challenge)
            .add_scopes(scopes);
        if let Identity::IdToken { .. } = configured.identity {
            request = request.add_extra_param("nonce", nonce.secret());
        }
        let (url, state) = request.url();
        Ok(Start {
            url: url.into(),
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    /// Who came back with `code` to `redirect_uri`, which has to be that of the start. That the state
    /// which came with it is `pending`'s, of the same provider, unused and fresh, is the caller's to
    /// know. Takes ten seconds at most.
    pub async fn finish(
        &self,
        provider: Provider,
        code: &str,
        redirect_uri: &str,
        pending: &Pending,
        now: Timestamp,
    ) -> Result<SocialProfile, SocialError> {
        let (configured, outgoing) = self.find(provider)?;
        let redirect_uri = redirect_url(redirect_uri)?;
        let asking = async {
            let answer = configured.exchange(code, redirect_uri, pending, outgoing).await?;
            let id_token = answer.id_token();
            configured.describe(id_token, answer.access_token(), &pending.nonce, now, outgoing).await
        };
        let described =
            tokio::time::timeout(FINISH_TIMEOUT, asking).await.unwrap_or(Err(Trouble::TimedOut.into()))?;
        SocialProfile::new(provider, described)
    }

    fn find(&self, provider: Provider) -> Result<(&Configured, &Outgoing), SocialError> {
        let configured = self.0.configured.iter().find(|one| one.provider == provider);
        configured.zip(self.0.outgoing.as_ref()).ok_or(SocialError::NotOffered(provider))
    }
}

impl Configured {
    async fn describe(
        &self,
        id_token: Option<&str>,
        access_token: &AccessToken,
        nonce: &str,
        now: Timestamp,
        outgoing: &Outgoing,
    ) -> Result<Described, SocialError> {
        let (issuer, keys, user_info) = match &self.identity {
            Identity::NaverProfile { user_info } => {
                return user_info::of_naver(user_info, access_token, outgoing).await;
            }
            Identity::IdToken { issuer, keys, user_info } => (issuer, keys, user_info),
        };
        let expected = Expected { issuer, client_id: self.client.client_id(), nonce, now };
        let id_token = id_token.ok_or(Mismatch::Malformed)?;
        let claims = id_token::verified(id_token, &expected, keys, outgoing).await?;
        let nickname = || claims.nickname().and_then(|names| names.get(None)).map(|name| (**name).clone());
        let name = claims.name().and_then(|names| names.get(None)).map(|name| (**name).clone());
        let described = Described {
            subject: claims.subject().as_str().to_owned(),
            email: claims.email().map(|email| (**email).clone()),
            email_verified: claims.email_verified(),
            name: name.or_else(nickname),
        };
        match user_info {
            Some(url) if described.email_verified.is_none() => {
                let told = user_info::of_subject(claims.subject(), url, access_token, outgoing).await?;
                Ok(Described { name: told.name.or(described.name), ..told })
            }
            _ => Ok(described),
        }
    }
}

impl SocialProfile {
    fn new(provider: Provider, described: Described) -> Result<Self, SocialError> {
        let subject = described.subject;
        if subject.is_empty() || subject.len() > LONGEST_SUBJECT || !subject.is_ascii() {
            return Err(Mismatch::Subject.into());
        }
        // An address or a name that we could not use is as good as none.
        let email: Option<EmailAddress> = described.email.and_then(|email| email.parse().ok());
        let email_verified = email.is_some() && described.email_verified == Some(true);
        let name = described.name.and_then(|name| name.parse().ok());
        Ok(Self { provider, subject, email, email_verified, name })
    }
}

fn redirect_url(redirect_uri: &str) -> Result<RedirectUrl, SocialError> {
    RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| SocialError::RedirectUri)
}

impl Start {
    /// What is to be kept of it under the state.
    #[must_use]
    pub fn pending(&self) -> Pending {
        Pending { state: self.state.clone(), nonce: self.nonce.clone(), verifier: self.verifier.clone() }
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Providers").field(&self.offered()).finish()
    }
}

impl fmt::Debug for Start {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Start(…)")
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pending(…)")
    }
}

impl fmt::Debug for SocialProfile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { provider, email_verified, .. } = self;
        write!(formatter, "SocialProfile({provider}, email verified: {email_verified}, …)")
    }
}
