//! Access tokens: who has signed in, for a quarter of an hour. What somebody is at a restaurant is not in them: that is
//! read with the restaurant, so that staff who leave are out at once.

use jari_domain::{AccountId, DinerId, PlatformRole, SessionId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::tokens::{Audience, Signer, Verifier};
use crate::{KeyError, TokenError};

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who has signed in.
    pub account: AccountId,
    /// The diner that the account's address makes it: its reservations are those of this diner, however booked.
    pub diner: DinerId,
    /// What it is on the platform.
    pub platform: Option<PlatformRole>,
    /// The sign-in that the token comes from.
    pub session: SessionId,
    /// The account's generation then: once that has risen, the token is over wherever the account is read.
    pub generation: u32,
}

#[derive(Serialize, Deserialize)]
struct Further {
    diner: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    platform: Option<PlatformRole>,
    session: SessionId,
    generation: u32,
}

/// Signs access tokens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AccessSigner(Signer);

impl AccessSigner {
    /// How long a token is good: a quarter of an hour.
    pub const LIFETIME: SignedDuration = SignedDuration::from_mins(15);

    /// A signer with a private key (PKCS#8 in base64) for a stage.
    pub fn new(pkcs8_base64: &str, issuer: &str) -> Result<Self, KeyError> {
        Signer::new(pkcs8_base64, issuer).map(Self)
    }

    /// A token that says `access` from `now` on, for [`AccessSigner::LIFETIME`].
    #[must_use]
    pub fn sign(&self, access: &Access, now: Timestamp) -> String {
        let mut further = json!({
            "diner": access.diner.0,
            "session": access.session,
            "generation": access.generation,
        });
        if let Some(role) = access.platform {
            further["platform"] = json!(role);
        }
        // Saturates only thousands of years from now.
        let expires = now.checked_add(Self::LIFETIME).unwrap_or(Timestamp::MAX);
        self.0.sign_with(Audience::Access, access.account, further, expires, now)
    }
}

/// Verifies access tokens; holds no secret. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AccessVerifier(Verifier);

impl AccessVerifier {
    /// A verifier with the public keys (a JWK set) of a stage.
    pub fn new(jwks_json: &str, issuer: &str) -> Result<Self, KeyError> {
        Verifier::new(jwks_json, issuer).map(Self)
    }

    /// What a token says, if it is ours and good at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Access, TokenError> {
        let (account, further) = self.0.verify_with::<_, Further>(Audience::Access, token, now)?;
        let Further { diner, platform, session, generation } = further;
        Ok(Access { account, diner: DinerId(diner), platform, session, generation })
    }
}
