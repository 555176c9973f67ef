//! Accounts: signing up, signing in, what keeps a sign-in going, and a forgotten password.
//!
//! The one thing to know before touching one: whether an address has an account is nobody's to learn. What is asked with
//! an address and no more does the same work, makes the same calls and gets the same answer either way; the difference
//! is in the mail. And everything that guesses could be made at is counted before it is looked at.

mod erasure;
mod password_reset;
mod sessions;
mod sign_in;
mod sign_up;
mod social_sign_in;
mod throttles;

use jari_domain::{AccountId, DinerId, TokenHash};
use jari_identity::{KeyError, PasswordError, token_hash};
use jari_store::{Store, StoreError, StoredAccount};
use jiff::{SignedDuration, Timestamp};

use crate::idempotency::new_id;

pub use erasure::{Erasure, NotErased, begin_erasure, erase, finish_erasures};
pub use password_reset::{request_password_reset, reset_password};
pub use sessions::{
    Renewed, SignedIn, open_session, refresh_session, renew_session, sign_out, sign_out_everywhere,
};
pub use sign_in::{Credentials, check_password, sign_in};
pub use sign_up::{SignUp, sign_up, verify_email};
pub use social_sign_in::{Agreed, Recognised, Vouched, begin_social_sign_in, recognise, take_social_sign_in};

/// Why an operation on accounts said no. Nothing was written but the count of tries.
#[derive(Debug, thiserror::Error)]
pub enum AccountRefusal {
    /// No account has this address and this password. Which of them is wrong is not said.
    #[error("the address or the password is wrong")]
    InvalidCredentials,
    /// The token is not ours, was used, or is too old.
    #[error("the token is not valid, or not any more")]
    InvalidToken,
    /// Anybody would guess the password.
    #[error("the password is too easy to guess")]
    GuessablePassword,
    /// Whom a provider vouches for has no account here, and shares no address that one could be made with.
    #[error("the provider shares no e-mail address")]
    NoAddress,
    /// It was tried too often.
    #[error("too many tries")]
    TooMany {
        /// When the next may be made.
        retry_after: SignedDuration,
    },
    /// The store could not do it; see there.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// No token could be made.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Whether `token` is what was handed out, and its time is not over.
fn is_good(token: &str, kept: &TokenHash, expires_at: Timestamp, now: Timestamp) -> bool {
    // Of two hashes, so that how long the comparison takes tells nothing of the token.
    token_hash(token) == *kept && now < expires_at
}

/// The account of an address, by the same two reads whether there is one.
async fn account_of(
    store: &Store,
    diner: &DinerId,
    now: Timestamp,
) -> Result<Option<StoredAccount>, AccountRefusal> {
    let nobodys: AccountId = new_id(now)?;
    let id = store.account_of_diner(diner).await?;
    let account = store.account(id.unwrap_or(nobodys)).await?;
    Ok(account.filter(|_| id.is_some()))
}

/// So much after `now`.
fn after(now: Timestamp, lifetime: SignedDuration) -> Timestamp {
    // Saturates only thousands of years from now.
    now.checked_add(lifetime).unwrap_or(Timestamp::MAX)
}
