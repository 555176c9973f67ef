//! Why a sign-in with a provider came to nothing. None of it holds a code, a token, a secret or
//! anything about the person: it can be logged as it is.

use crate::Provider;

/// Why somebody was not recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SocialError {
    /// This provider is not configured.
    #[error("sign-in with {0} is not offered")]
    NotOffered(Provider),
    /// The address to come back to is no URL: our own site's address is wrong.
    #[error("the address to come back to is not a URL")]
    RedirectUri,
    /// The provider does not take the code: it was used, has expired or belongs to another attempt.
    /// Signing in anew may work.
    #[error("the provider does not accept the code")]
    Denied,
    /// The provider could not be asked or gave no proper answer.
    #[error("the provider failed: {0}")]
    Provider(#[from] Trouble),
    /// What came back does not fit what was asked for: mixed up or forged.
    #[error("the provider's answer does not hold: {0}")]
    Invalid(#[from] Mismatch),
}

/// What is wrong with a provider, as far as we see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No connection.
    #[error("it can't be reached")]
    Unreachable,
    /// No whole answer in time.
    #[error("it took too long")]
    TimedOut,
    /// An answer with this status.
    #[error("it answered {0}")]
    Status(u16),
    /// It sent us elsewhere; we don't follow.
    #[error("it redirected")]
    Redirected,
    /// More than an answer may have.
    #[error("its answer was too large")]
    TooLarge,
    /// Not the JSON it should be.
    #[error("its answer could not be read")]
    Unreadable,
    /// It does not take our client id, secret or request: the configuration is wrong.
    #[error("it refused us as a client")]
    Refused,
}

/// What of an answer did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// There is no ID token, or it is none.
    #[error("no readable ID token")]
    Malformed,
    /// Another issuer's.
    #[error("issuer")]
    Issuer,
    /// For another client.
    #[error("audience")]
    Audience,
    /// Not signed with RS256 or ES256.
    #[error("algorithm")]
    Algorithm,
    /// Signed with a key the provider does not publish.
    #[error("key")]
    Key,
    /// The signature is not that of its contents.
    #[error("signature")]
    Signature,
    /// Its time is over, or has not come.
    #[error("time")]
    Time,
    /// Made for another attempt.
    #[error("nonce")]
    Nonce,
    /// No subject, or the profile is of another than the ID token.
    #[error("subject")]
    Subject,
}
