//! Signing up: nothing is anybody's account until its address is shown to be theirs.

use std::net::IpAddr;

use jari_domain::{Account, EmailAddress, GuestName, Language, MailPreferences, Phone};
use jari_identity::{DinerKey, MailTokenKey, MailTokenPurpose, Password, parse_mail_token, token_hash};
use jari_store::{Followed, PendingSignUp, SignUpBy, SignUpFor, Store, StoredAccount};
use jiff::{SignedDuration, Timestamp};

use super::social_sign_in::{Linked, linked};
use super::{AccountRefusal, SignedIn, after, is_good, sessions::new_session, throttles::Throttles};
use crate::idempotency::new_id;

/// Who signs up. Debug output shows nothing personal.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// Where the mail with the link goes.
    pub email: EmailAddress,
    /// The password to be.
    pub password: Password,
    /// As a host will call it out.
    pub name: GuestName,
    /// For restaurants to call.
    pub phone: Option<Phone>,
    /// The language of the mail, and of the account.
    pub language: Language,
}

/// How long the link in the mail is good: a day.
pub(super) const LINK_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// Writes a sign-up down; the mail that follows has a link, or says that the address has an account already. `client` is
/// the network address that asks.
///
/// # Errors
/// [`AccountRefusal::GuessablePassword`], [`AccountRefusal::TooMany`]: neither says whether there is an account.
pub async fn sign_up(
    store: &Store,
    diners: &DinerKey,
    mail_tokens: &MailTokenKey,
    sign_up: SignUp,
    client: IpAddr,
    now: Timestamp,
) -> Result<(), AccountRefusal> {
    let SignUp { email, password, name, phone, language } = sign_up;
    if password.is_guessable(&email, &name) {
        return Err(AccountRefusal::GuessablePassword);
    }
    let diner = diners.diner_of_email(&email);
    Throttles::of_sign_up(diners, client, &diner).count(store, now).await?;

    let hash = password.hash().await?;
    let known = store.account_of_diner(&diner).await?.is_some();
    let id = new_id(now)?;
    let pending = PendingSignUp {
        id,
        email,
        name,
        phone,
        language,
        kind: if known { SignUpFor::Known } else { SignUpFor::New(SignUpBy::Password(hash)) },
        token_hash: token_hash(&mail_tokens.token(MailTokenPurpose::VerifyEmail, &diner, id)),
        expires_at: after(now, LINK_LASTS),
        diner,
    };
    Ok(store.put_sign_up(&pending).await?)
}

/// Makes the account that was signed up for, by the token of its mail, and signs in to it.
///
/// # Errors
/// [`AccountRefusal::InvalidToken`] for one that is not good, was used, or whose address has got an account since.
pub async fn verify_email(store: &Store, token: &str, now: Timestamp) -> Result<SignedIn, AccountRefusal> {
    let (diner, id) = parse_mail_token(token).ok_or(AccountRefusal::InvalidToken)?;
    let pending = store.sign_up(&diner, id).await?;
    let pending = pending.filter(|pending| is_good(token, &pending.token_hash, pending.expires_at, now));
    let pending = pending.ok_or(AccountRefusal::InvalidToken)?;
    let (password_hash, linked) = match &pending.kind {
        SignUpFor::New(SignUpBy::Password(hash)) => (Some(hash.clone()), None),
        SignUpFor::New(SignUpBy::Identity(identity)) => match linked(store, identity).await? {
            Linked::ToNone(before) => (None, before),
            Linked::To(_) => return Err(AccountRefusal::InvalidToken),
        },
        SignUpFor::Known => return Err(AccountRefusal::InvalidToken),
    };
    let account = StoredAccount {
        account: Account {
            id: new_id(now)?,
            email: pending.email.clone(),
            name: pending.name.clone(),
            phone: pending.phone.clone(),
            language: pending.language,
            mail: MailPreferences::default(),
            platform: None,
            generation: 1,
            created_at: now,
            revision: 1,
        },
        diner,
        password_hash,
        deleting: false,
    };
    let (session, signed_in) = new_session(&account, now)?;
    match store.complete_sign_up(&pending, linked, &account, &session).await? {
        Followed::Done => Ok(signed_in),
        Followed::UsedUp | Followed::Changed => Err(AccountRefusal::InvalidToken),
    }
}
