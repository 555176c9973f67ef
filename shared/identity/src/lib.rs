//! Who is asking and what they may: signed tokens that stand for an account, one reservation or one visit, the table of
//! permissions, passwords, and the keyed hashes behind a diner's id and a list's cursor.
//!
//! Tokens are Ed25519 JWTs. A function that only verifies holds public keys and no secret; which of
//! them signed is in the token's `kid`, so keys can be rotated by naming two for a while.

mod access;
mod bearer;
mod keys;
mod links;
mod mail_tokens;
mod passwords;
mod permissions;
mod refresh;
mod secret_keys;
mod tokens;
mod visits;

pub use access::{Access, AccessSigner, AccessVerifier};
pub use bearer::{Bearer, BearerVerifier};
pub use keys::{KeyError, generate_secret, generate_signing_key, jwks_of};
pub use links::{LinkSigner, LinkVerifier};
pub use mail_tokens::{MailTokenKey, MailTokenPurpose, parse_mail_token, token_hash};
pub use passwords::{InvalidPassword, Password, PasswordError, Verdict};
pub use permissions::{Operation, Who};
pub use refresh::RefreshToken;
pub use secret_keys::{CursorKey, DinerKey};
pub use tokens::TokenError;
pub use visits::{VisitSigner, VisitVerifier};
