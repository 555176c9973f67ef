//! Keys as they are kept: private ones as PKCS#8 in base64 among the secrets, public ones as a JWK
//! set in a function's environment.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{SystemRandom, fill};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

/// Why a key can't be used. The text never holds key material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is not base64.
    #[error("the key is not base64")]
    NotBase64,
    /// A secret key of fewer than 32 bytes.
    #[error("the key is shorter than 32 bytes")]
    TooShort,
    /// Not an Ed25519 private key in PKCS#8.
    #[error("the key is not an Ed25519 key in PKCS#8")]
    NotEd25519,
    /// Not a JWK set, or one with a key that is not a public Ed25519 key with a `kid`.
    #[error("the key set is not a JWK set of Ed25519 keys")]
    NotKeySet,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
}

/// A new signing key: the private key as PKCS#8 in base64, and the JWK set of its public key.
pub fn generate_signing_key() -> Result<(String, String), KeyError> {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(|_| KeyError::NoRandomness)?;
    let private = STANDARD.encode(pkcs8.as_ref());
    let public = jwks_of(&private)?;
    Ok((private, public))
}

/// The JWK set of the public key that belongs to a private one (PKCS#8 in base64).
pub fn jwks_of(pkcs8_base64: &str) -> Result<String, KeyError> {
    let pair = key_pair(pkcs8_base64)?;
    let public = pair.public_key().as_ref();
    Ok(json!({
        "keys": [{
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": key_id(public),
            "x": URL_SAFE_NO_PAD.encode(public),
        }],
    })
    .to_string())
}

/// A new secret for [`crate::DinerKey`], [`crate::CursorKey`] or [`crate::MailTokenKey`]: 32 random bytes in base64.
pub fn generate_secret() -> Result<String, KeyError> {
    let mut bytes = [0; 32];
    fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
    Ok(STANDARD.encode(bytes))
}

pub(crate) fn key_pair(pkcs8_base64: &str) -> Result<Ed25519KeyPair, KeyError> {
    let der = STANDARD.decode(pkcs8_base64.trim()).map_err(|_| KeyError::NotBase64)?;
    Ed25519KeyPair::from_pkcs8(&der).map_err(|_| KeyError::NotEd25519)
}

/// Derived from the key itself, so that private and public halves agree without being told.
pub(crate) fn key_id(public_key: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, public_key).as_ref()[..8])
}
