//! Signing in with a password.

use std::net::IpAddr;

use jari_domain::EmailAddress;
use jari_identity::{DinerKey, Password, Verdict};
use jari_store::{Store, StoredAccount};
use jiff::Timestamp;

use super::{AccountRefusal, SignedIn, account_of, open_session, throttles::Throttles};

/// What somebody signs in with. Debug output shows none of it.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The address.
    pub email: EmailAddress,
    /// The password.
    pub password: Password,
}

/// Signs in. `client` is the network address that asks.
///
/// # Errors
/// [`AccountRefusal::InvalidCredentials`] whatever is wrong, after the same work; [`AccountRefusal::TooMany`] after too
/// many of those, before any work, also for an address without an account.
pub async fn sign_in(
    store: &Store,
    diners: &DinerKey,
    credentials: Credentials,
    client: IpAddr,
    now: Timestamp,
) -> Result<SignedIn, AccountRefusal> {
    let diner = diners.diner_of_email(&credentials.email);
    let throttles = Throttles::of_sign_in(diners, client, &diner);
    throttles.count(store, now).await?;

    let account = account_of(store, &diner, now).await?;
    let kept = account.as_ref().and_then(|account| account.password_hash.clone());
    let verdict = credentials.password.clone().verify(kept).await?;
    let account = account.filter(|account| verdict != Verdict::Wrong && !account.deleting);
    let account = account.ok_or(AccountRefusal::InvalidCredentials)?;

    let account = if verdict == Verdict::RightButOutdated {
        hash_anew(store, account, credentials.password).await
    } else {
        account
    };
    let signed_in = open_session(store, &account, now).await?;
    let signed_in = signed_in.ok_or(AccountRefusal::InvalidCredentials)?;
    throttles.take_back(store, now).await;
    Ok(signed_in)
}

/// Passes who knows the account's password, or has none to know: for what a sign-in alone is not enough. Counted as a
/// sign-in is.
///
/// # Errors
/// [`AccountRefusal::InvalidCredentials`], also without any where there is one; [`AccountRefusal::TooMany`].
pub async fn check_password(
    store: &Store,
    diners: &DinerKey,
    account: &StoredAccount,
    password: Option<Password>,
    client: IpAddr,
    now: Timestamp,
) -> Result<(), AccountRefusal> {
    let Some(kept) = account.password_hash.clone() else { return Ok(()) };
    let password = password.ok_or(AccountRefusal::InvalidCredentials)?;
    let throttles = Throttles::of_sign_in(diners, client, &account.diner);
    throttles.count(store, now).await?;
    if password.verify(Some(kept)).await? == Verdict::Wrong {
        return Err(AccountRefusal::InvalidCredentials);
    }
    throttles.take_back(store, now).await;
    Ok(())
}

/// Keeps a hash of today instead of a weaker one. Where that can't be done now, the next sign-in will do it.
async fn hash_anew(store: &Store, account: StoredAccount, password: Password) -> StoredAccount {
    let Ok(hash) = password.hash().await else {
        return account;
    };
    let stronger = StoredAccount { password_hash: Some(hash), ..account.clone() };
    if let Err(error) = store.replace_account(&stronger).await {
        tracing::warn!(%error, "a password's hash stays a weaker one");
    }
    account
}
