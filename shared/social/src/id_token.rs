//! ID tokens: whether one is the provider's, for us, for this attempt, and good now.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use jiff::{SignedDuration, Timestamp};
use oauth2::ClientId;
use openidconnect::core::{
    CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{ClaimsVerificationError, IssuerUrl, Nonce, SignatureVerificationError};

use crate::key_set::KeySet;
use crate::outgoing::Outgoing;
use crate::{Mismatch, SocialError};

/// The providers' are about 1 KiB.
const LONGEST_ID_TOKEN: usize = 16 * 1024;
/// How far a provider's clock may be ahead of ours.
const MOST_AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// What an ID token has to be for.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a IssuerUrl,
    pub(crate) client_id: &'a ClientId,
    pub(crate) nonce: &'a str,
    pub(crate) now: Timestamp,
}

/// The claims of a token that holds in every respect.
pub(crate) async fn verified(
    text: &str,
    expected: &Expected<'_>,
    keys: &KeySet,
    outgoing: &Outgoing,
) -> Result<CoreIdTokenClaims, SocialError> {
    if text.len() > LONGEST_ID_TOKEN {
        return Err(Mismatch::Malformed.into());
    }
    let token = CoreIdToken::from_str(text).map_err(|_| Mismatch::Malformed)?;
    match claims(&token, expected, keys.keys(outgoing).await?) {
        // The provider may have taken a new key since we asked.
        Err(Mismatch::Key) => Ok(claims(&token, expected, keys.keys_anew(outgoing).await?)?),
        outcome => Ok(outcome?),
    }
}

fn claims(
    token: &CoreIdToken,
    expected: &Expected<'_>,
    keys: CoreJsonWebKeySet,
) -> Result<CoreIdTokenClaims, Mismatch> {
    let now = expected.now;
    // All of jiff's time is in chrono's; were it not, everything would have expired.
    let chrono_now = DateTime::from_timestamp(now.as_second(), 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let latest_issue = now.as_second().saturating_add(MOST_AHEAD.as_secs());
    // As a public client, as whom it takes no HMAC whatever the algorithms allowed.
    let verifier =
        CoreIdTokenVerifier::new_public_client(expected.client_id.clone(), expected.issuer.clone(), keys)
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            ])
            .set_time_fn(move || chrono_now)
            .set_issue_time_verifier_fn(move |issued| {
                if issued.timestamp() <= latest_issue { Ok(()) } else { Err("issued later".to_owned()) }
            });
    let nonce = Nonce::new(expected.nonce.to_owned());
    token.claims(&verifier, &nonce).cloned().map_err(|error| match error {
        ClaimsVerificationError::Expired(_) => Mismatch::Time,
        ClaimsVerificationError::InvalidIssuer(_) => Mismatch::Issuer,
        ClaimsVerificationError::InvalidAudience(_) => Mismatch::Audience,
        ClaimsVerificationError::InvalidNonce(_) => Mismatch::Nonce,
        ClaimsVerificationError::SignatureVerification(error) => match error {
            SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::UnsupportedAlg(_)
            | SignatureVerificationError::NoSignature => Mismatch::Algorithm,
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::AmbiguousKeyId(_) => {
                Mismatch::Key
            }
            _ => Mismatch::Signature,
        },
        _ => Mismatch::Malformed,
    })
}
