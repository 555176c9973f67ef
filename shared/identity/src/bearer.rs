//! [`Bearer`]: on whose word something is asked, and what verifies it.

use jari_domain::ReservationId;
use jiff::Timestamp;

use crate::{Access, AccessVerifier, KeyError, LinkVerifier, TokenError};

/// On whose word something is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer {
    /// Nobody said.
    Nobody,
    /// The holder of one reservation's private link.
    Link(ReservationId),
    /// Somebody who has signed in.
    Account(Access),
}

impl Bearer {
    /// Who has signed in, if anybody.
    #[must_use]
    pub fn access(&self) -> Option<&Access> {
        match self {
            Self::Account(access) => Some(access),
            Self::Nobody | Self::Link(_) => None,
        }
    }
}

/// Verifies what a request bears: a link's token or an access token. Holds no secret. Cheap to clone.
#[derive(Debug, Clone)]
pub struct BearerVerifier {
    links: LinkVerifier,
    access: AccessVerifier,
}

impl BearerVerifier {
    /// A verifier with the public keys (a JWK set) of a stage.
    pub fn new(jwks_json: &str, issuer: &str) -> Result<Self, KeyError> {
        Ok(Self {
            links: LinkVerifier::new(jwks_json, issuer)?,
            access: AccessVerifier::new(jwks_json, issuer)?,
        })
    }

    /// Whose token it is, if it is ours and good at `now`.
    ///
    /// # Errors
    /// [`TokenError::Expired`] for one that was; [`TokenError::Invalid`] for anything else.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Bearer, TokenError> {
        match self.access.verify(token, now) {
            Ok(access) => Ok(Bearer::Account(access)),
            Err(TokenError::Expired) => Err(TokenError::Expired),
            Err(TokenError::Invalid) => self.links.verify(token, now).map(Bearer::Link),
        }
    }
}
