//! Visit tokens: an anonymous browser's signed name, so that the limit on live holds has somebody to
//! count for. It authorises nothing.

use jari_domain::VisitId;
use jiff::{SignedDuration, Timestamp};

use crate::tokens::{Audience, Signer, Verifier};
use crate::{KeyError, TokenError};

/// Signs visit tokens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct VisitSigner(Signer);

impl VisitSigner {
    /// How long a visit lasts: a day.
    pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

    /// A signer with a private key (PKCS#8 in base64) for a stage.
    pub fn new(pkcs8_base64: &str, issuer: &str) -> Result<Self, KeyError> {
        Signer::new(pkcs8_base64, issuer).map(Self)
    }

    /// The token of a visit that begins `now` and lasts [`VisitSigner::LIFETIME`].
    #[must_use]
    pub fn sign(&self, visit: VisitId, now: Timestamp) -> String {
        // Saturates only thousands of years from now.
        let expires = now.checked_add(Self::LIFETIME).unwrap_or(Timestamp::MAX);
        self.0.sign(Audience::Visit, visit, expires, now)
    }
}

/// Verifies visit tokens; holds no secret. Cheap to clone.
#[derive(Debug, Clone)]
pub struct VisitVerifier(Verifier);

impl VisitVerifier {
    /// A verifier with the public keys (a JWK set) of a stage.
    pub fn new(jwks_json: &str, issuer: &str) -> Result<Self, KeyError> {
        Verifier::new(jwks_json, issuer).map(Self)
    }

    /// The visit a token names, if it is ours and good at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<VisitId, TokenError> {
        self.0.verify(Audience::Visit, token, now)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;
    use crate::{LinkSigner, generate_signing_key};

    #[test]
    fn a_visit_lasts_a_day_and_is_no_link() {
        let (private, public) = generate_signing_key().unwrap();
        let now: Timestamp = "2026-12-01T10:00:00Z".parse().unwrap();
        let visit = VisitId::new(now, [3; 10]);
        let token = VisitSigner::new(&private, "test").unwrap().sign(visit, now);
        let verifier = VisitVerifier::new(&public, "test").unwrap();
        assert_eq!(verifier.verify(&token, now + 23.hours()), Ok(visit));
        assert_eq!(verifier.verify(&token, now + 24.hours()), Err(TokenError::Expired));
        let link = LinkSigner::new(&private, "test").unwrap().sign(
            jari_domain::ReservationId::new(now, [3; 10]),
            now + 1.hour(),
            now,
        );
        assert_eq!(verifier.verify(&link, now), Err(TokenError::Invalid));
    }
}
