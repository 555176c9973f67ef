//! The code for a token: the one request in which we show who we are and that it was us who asked.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType, BasicTokenType};
use oauth2::{
    AccessToken, AuthorizationCode, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    TokenResponse,
};
use serde::{Deserialize, Serialize};

use crate::configuration::Configured;
use crate::outgoing::Outgoing;
use crate::{Pending, Provider, SocialError, Trouble};

/// Longest code taken; the providers' have at most a few hundred bytes.
const LONGEST_CODE: usize = 2048;

/// What we read of the answer. Not the crate's own type, which Naver's `"expires_in": "3600"` breaks;
/// and an ID token that is none is to be told from an answer that is none.
#[derive(Deserialize, Serialize)]
pub(crate) struct TokenAnswer {
    access_token: AccessToken,
    token_type: BasicTokenType,
    #[serde(default)]
    id_token: Option<String>,
}

impl TokenAnswer {
    pub(crate) fn id_token(&self) -> Option<&str> {
        self.id_token.as_deref()
    }
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenAnswer(…)")
    }
}

impl TokenResponse for TokenAnswer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

impl Configured {
    /// Takes the code to the provider.
    pub(crate) async fn exchange(
        &self,
        code: &str,
        redirect_uri: RedirectUrl,
        pending: &Pending,
        outgoing: &Outgoing,
    ) -> Result<TokenAnswer, SocialError> {
        if code.is_empty() || code.len() > LONGEST_CODE {
            return Err(SocialError::Denied);
        }
        let mut request = self
            .client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_redirect_uri(Cow::Owned(redirect_uri))
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()));
        if self.provider == Provider::Naver {
            // Required there, and by no standard.
            request = request.add_extra_param("state", pending.state.clone());
        }
        let answer = request.request_async(outgoing).await.map_err(|error| match error {
            RequestTokenError::Request(trouble) => trouble.into(),
            RequestTokenError::ServerResponse(refusal) => self.refused(&refusal),
            // Naver says no with a 200.
            RequestTokenError::Parse(_, body) => serde_json::from_slice(&body)
                .map_or(Trouble::Unreadable.into(), |refusal| self.refused(&refusal)),
            RequestTokenError::Other(_) => Trouble::Unreadable.into(),
        })?;
        if answer.token_type.as_ref().eq_ignore_ascii_case("bearer") {
            Ok(answer)
        } else {
            Err(Trouble::Unreadable.into())
        }
    }

    fn refused(&self, refusal: &BasicErrorResponse) -> SocialError {
        match refusal.error() {
            BasicErrorResponseType::InvalidGrant => SocialError::Denied,
            // What Naver says of a code that was used.
            BasicErrorResponseType::InvalidRequest if self.provider == Provider::Naver => SocialError::Denied,
            _ => Trouble::Refused.into(),
        }
    }
}
