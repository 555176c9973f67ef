//! [`Provider`]: who can vouch for somebody, and where each is asked. The addresses are those of the
//! providers' own discovery documents; they are written down so that no cold start fetches them.

use std::fmt;
use std::str::FromStr;

/// Who vouches for somebody who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provider {
    /// Google: `OpenID` Connect.
    Google,
    /// Kakao: `OpenID` Connect, which its app has to have switched on.
    Kakao,
    /// Naver: OAuth 2.0 and a profile.
    Naver,
}

/// No provider has that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such provider: google, kakao and naver are")]
pub struct UnknownProvider;

/// Where a provider is asked, unless the configuration says otherwise.
pub(crate) struct Places {
    pub(crate) authorization: &'static str,
    pub(crate) token: &'static str,
    /// Both for a provider that signs ID tokens.
    pub(crate) issuer: Option<&'static str>,
    pub(crate) jwks: Option<&'static str>,
    pub(crate) user_info: Option<&'static str>,
    pub(crate) scopes: &'static [&'static str],
}

impl Provider {
    /// All there are, in the order they are offered in.
    pub const ALL: [Self; 3] = [Self::Kakao, Self::Naver, Self::Google];

    /// Its name in paths and in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Kakao => "kakao",
            Self::Naver => "naver",
        }
    }

    pub(crate) const fn places(self) -> Places {
        match self {
            // https://accounts.google.com/.well-known/openid-configuration. Its ID token says
            // `email_verified`, so the profile is never asked for.
            Self::Google => Places {
                authorization: "https://accounts.google.com/o/oauth2/v2/auth",
                token: "https://oauth2.googleapis.com/token",
                issuer: Some("https://accounts.google.com"),
                jwks: Some("https://www.googleapis.com/oauth2/v3/certs"),
                user_info: None,
                scopes: &["openid", "email", "profile"],
            },
            // https://kauth.kakao.com/.well-known/openid-configuration. Its ID token has the address
            // and not whether it is verified; the profile says so. The scopes are consent items that
            // its app has to have.
            Self::Kakao => Places {
                authorization: "https://kauth.kakao.com/oauth/authorize",
                token: "https://kauth.kakao.com/oauth/token",
                issuer: Some("https://kauth.kakao.com"),
                jwks: Some("https://kauth.kakao.com/.well-known/jwks.json"),
                user_info: Some("https://kapi.kakao.com/v1/oidc/userinfo"),
                scopes: &["openid", "account_email", "profile_nickname"],
            },
            // https://developers.naver.com/docs/login/api/api.md: no scopes, what a profile has is
            // set in its app. PKCE is not in that document; parameters it does not know it ignores.
            Self::Naver => Places {
                authorization: "https://nid.naver.com/oauth2.0/authorize",
                token: "https://nid.naver.com/oauth2.0/token",
                issuer: None,
                jwks: None,
                user_info: Some("https://openapi.naver.com/v1/nid/me"),
                scopes: &[],
            },
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Provider {
    type Err = UnknownProvider;

    fn from_str(name: &str) -> Result<Self, UnknownProvider> {
        Self::ALL.into_iter().find(|one| one.as_str() == name).ok_or(UnknownProvider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_read_from_its_own_name_only() {
        for provider in Provider::ALL {
            assert_eq!(provider.as_str().parse(), Ok(provider));
        }
        for other in ["", "Google", "facebook", "google "] {
            assert_eq!(other.parse::<Provider>(), Err(UnknownProvider));
        }
    }
}
