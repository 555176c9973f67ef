//! The one shape all our tokens have: a JWT signed with Ed25519, from one issuer (the stage), for one
//! audience (what it is good for), about one subject, until one moment.
//!
//! A token for one audience is worth nothing to another.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::KeyError;
use crate::keys::{key_id, key_pair};

/// Ours are about 350 bytes; nobody makes us parse a megabyte.
const LONGEST_TOKEN: usize = 2048;

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was ours and good, and its time is over.
    #[error("the token has expired")]
    Expired,
    /// Anything else: altered, signed by another key, for another stage or purpose, or no token.
    #[error("the token is not valid")]
    Invalid,
}

/// What a token is good for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Audience {
    Reservation,
    Visit,
    Access,
}

impl Audience {
    const fn name(self) -> &'static str {
        match self {
            Self::Reservation => "reservation",
            Self::Visit => "visit",
            Self::Access => "access",
        }
    }
}

#[derive(Clone)]
pub(crate) struct Signer {
    pair: Arc<Ed25519KeyPair>,
    header: Arc<str>,
    issuer: Arc<str>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Signer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Signer {
    pub(crate) fn new(pkcs8_base64: &str, issuer: &str) -> Result<Self, KeyError> {
        let pair = key_pair(pkcs8_base64)?;
        let kid = key_id(pair.public_key().as_ref());
        let header = json!({ "typ": "JWT", "alg": "EdDSA", "kid": kid }).to_string();
        Ok(Self {
            pair: Arc::new(pair),
            header: URL_SAFE_NO_PAD.encode(header).into(),
            issuer: issuer.into(),
        })
    }

    pub(crate) fn sign(
        &self,
        audience: Audience,
        subject: impl fmt::Display,
        expires: Timestamp,
        now: Timestamp,
    ) -> String {
        self.sign_with(audience, subject, json!({}), expires, now)
    }

    /// Signs further claims (an object) too.
    pub(crate) fn sign_with(
        &self,
        audience: Audience,
        subject: impl fmt::Display,
        further: Value,
        expires: Timestamp,
        now: Timestamp,
    ) -> String {
        let mut claims = json!({
            "iss": &*self.issuer,
            "aud": audience.name(),
            "sub": subject.to_string(),
            "iat": now.as_second(),
            "exp": expires.as_second(),
        });
        if let (Some(claims), Value::Object(further)) = (claims.as_object_mut(), further) {
            claims.extend(further);
        }
        let message = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }
}

#[derive(Clone)]
pub(crate) struct Verifier {
    keys: Arc<HashMap<String, DecodingKey>>,
    issuer: Arc<str>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Verifier")
            .field("issuer", &self.issuer)
            .field("keys", &self.keys.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    exp: i64,
    #[serde(flatten)]
    further: Value,
}

impl Verifier {
    pub(crate) fn new(jwks_json: &str, issuer: &str) -> Result<Self, KeyError> {
        let set: JwkSet = serde_json::from_str(jwks_json).map_err(|_| KeyError::NotKeySet)?;
        let mut keys = HashMap::new();
        for key in set.keys {
            let AlgorithmParameters::OctetKeyPair(pair) = &key.algorithm else {
                return Err(KeyError::NotKeySet);
            };
            let public = URL_SAFE_NO_PAD.decode(&pair.x).map_err(|_| KeyError::NotKeySet)?;
            if pair.curve != EllipticCurve::Ed25519 || public.len() != 32 {
                return Err(KeyError::NotKeySet);
            }
            let kid = key.common.key_id.ok_or(KeyError::NotKeySet)?;
            keys.insert(kid, DecodingKey::from_ed_der(&public));
        }
        if keys.is_empty() {
            return Err(KeyError::NotKeySet);
        }
        Ok(Self { keys: Arc::new(keys), issuer: issuer.into() })
    }

    /// The subject of a token that is ours, for `audience`, and good at `now`.
    pub(crate) fn verify<Subject: FromStr>(
        &self,
        audience: Audience,
        token: &str,
        now: Timestamp,
    ) -> Result<Subject, TokenError> {
        self.verify_with::<Subject, Value>(audience, token, now).map(|(subject, _)| subject)
    }

    /// The subject, and what further claims say.
    pub(crate) fn verify_with<Subject: FromStr, Further: DeserializeOwned>(
        &self,
        audience: Audience,
        token: &str,
        now: Timestamp,
    ) -> Result<(Subject, Further), TokenError> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenError::Invalid);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
        if header.alg != Algorithm::EdDSA || header.crit.is_some() {
            return Err(TokenError::Invalid);
        }
        let key = header.kid.and_then(|kid| self.keys.get(&kid)).ok_or(TokenError::Invalid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        // The library would ask the system's clock; ours can be moved and is asked below.
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&*self.issuer]);
        validation.set_audience(&[audience.name()]);
        let claims: Claims =
            jsonwebtoken::decode(token, key, &validation).map_err(|_| TokenError::Invalid)?.claims;
        // Again by hand: the library lets a list through of which one fits.
        if claims.iss != *self.issuer || claims.aud != audience.name() {
            return Err(TokenError::Invalid);
        }
        let subject = claims.sub.parse().map_err(|_| TokenError::Invalid)?;
        let further = serde_json::from_value(claims.further).map_err(|_| TokenError::Invalid)?;
        if claims.exp <= now.as_second() { Err(TokenError::Expired) } else { Ok((subject, further)) }
    }
}
