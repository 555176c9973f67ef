//! A forgotten password: a link to the address, and a new password by it.

use std::net::IpAddr;

use jari_domain::EmailAddress;
use jari_identity::{DinerKey, MailTokenKey, MailTokenPurpose, Password, parse_mail_token, token_hash};
use jari_store::{Followed, PendingReset, Store, StoredAccount};
use jiff::{SignedDuration, Timestamp};

use super::{AccountRefusal, account_of, after, is_good, throttles::Throttles};
use crate::idempotency::new_id;

/// How long the link in the mail is good: an hour. Whoever gets at somebody's mailbox later finds nothing to use.
const LINK_LASTS: SignedDuration = SignedDuration::from_hours(1);
/// Others who change the account at the same moment, one after another.
const MOST_TRIES: u32 = 3;

/// Writes down that the password of an address was forgotten; where it has an account, a mail with a link follows.
/// `client` is the network address that asks.
///
/// # Errors
/// [`AccountRefusal::TooMany`], whether there is an account or not.
pub async fn request_password_reset(
    store: &Store,
    diners: &DinerKey,
    mail_tokens: &MailTokenKey,
    email: &EmailAddress,
    client: IpAddr,
    now: Timestamp,
) -> Result<(), AccountRefusal> {
    let diner = diners.diner_of_email(email);
    Throttles::of_password_reset(diners, client, &diner).count(store, now).await?;

    let account = account_of(store, &diner, now).await?.map(|stored| stored.account);
    let id = new_id(now)?;
    let pending = PendingReset {
        id,
        account: account.as_ref().map(|account| account.id),
        generation: account.map_or(0, |account| account.generation),
        token_hash: token_hash(&mail_tokens.token(MailTokenPurpose::ResetPassword, &diner, id)),
        expires_at: after(now, LINK_LASTS),
        diner,
    };
    Ok(store.put_password_reset(&pending).await?)
}

/// Sets a new password, by the token of the mail, and ends all sign-ins: whoever knew the old one is out.
///
/// # Errors
/// [`AccountRefusal::InvalidToken`] for one that is not good or was used; [`AccountRefusal::GuessablePassword`], with
/// which the token stays good.
pub async fn reset_password(
    store: &Store,
    token: &str,
    password: Password,
    now: Timestamp,
) -> Result<(), AccountRefusal> {
    let (diner, id) = parse_mail_token(token).ok_or(AccountRefusal::InvalidToken)?;
    let pending = store.password_reset(&diner, id).await?;
    let pending = pending.filter(|pending| is_good(token, &pending.token_hash, pending.expires_at, now));
    let pending = pending.ok_or(AccountRefusal::InvalidToken)?;
    let whose = pending.account.ok_or(AccountRefusal::InvalidToken)?;

    let mut hash = None;
    for _ in 0..MOST_TRIES {
        let read = store.account(whose).await?;
        // Another reset, or a sign-out everywhere, ends what was asked for before it.
        let read = read.filter(|read| !read.deleting && read.account.generation == pending.generation);
        let mut changed: StoredAccount = read.ok_or(AccountRefusal::InvalidToken)?;
        if hash.is_none() {
            if password.is_guessable(&changed.account.email, &changed.account.name) {
                return Err(AccountRefusal::GuessablePassword);
            }
            hash = Some(password.clone().hash().await?);
        }
        changed.password_hash.clone_from(&hash);
        changed.account.generation += 1;
        match store.complete_password_reset(&pending, &changed).await? {
            Followed::Done => return Ok(()),
            Followed::UsedUp => return Err(AccountRefusal::InvalidToken),
            Followed::Changed => {}
        }
    }
    Err(jari_store::StoreError::Unavailable("the account keeps changing".into()).into())
}
