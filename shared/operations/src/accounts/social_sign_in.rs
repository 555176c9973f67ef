//! Signing in through a provider: who it vouches for is one identity there, which leads to one account here.
//!
//! Only an address that the provider has verified leads to an account that exists, or makes one at once. Any other is
//! what somebody says of themselves: it gets a mail, as whoever signs up does, and the identity waits in that sign-up.

use std::net::IpAddr;

use jari_domain::{Account, AccountId, DinerId, EmailAddress, GuestName, Language, MailPreferences};
use jari_identity::{DinerKey, MailTokenKey, MailTokenPurpose, token_hash};
use jari_store::{
    Created, PendingSignUp, SignUpBy, SignUpFor, SocialAttempt, SocialIdentity, Store, StoreError,
    StoredAccount,
};
use jiff::{SignedDuration, Timestamp};

use super::{AccountRefusal, SignedIn, after, open_session, sign_up::LINK_LASTS, throttles::Throttles};
use crate::idempotency::new_id;

/// How long somebody may stay at the provider's pages: 10 minutes.
const ATTEMPT_LASTS: SignedDuration = SignedDuration::from_mins(10);
/// Others who link or make the same account at the same moment, one after another.
const MOST_TRIES: u32 = 3;

/// What a provider and we agreed on when somebody was sent there. Debug output shows none of it.
#[derive(Clone)]
pub struct Agreed {
    /// The provider's name.
    pub provider: &'static str,
    /// What comes back with them.
    pub state: String,
    /// What the ID token has to carry.
    pub nonce: String,
    /// What the code is good with (PKCE).
    pub verifier: String,
}

/// Somebody whom a provider vouches for. Debug output shows none of it.
#[derive(Clone)]
pub struct Vouched {
    /// The provider's name.
    pub provider: &'static str,
    /// Who it is, to the provider.
    pub subject: String,
    /// Their address, if they share it.
    pub email: Option<EmailAddress>,
    /// Whether the provider knows it to be theirs.
    pub email_verified: bool,
    /// What they are called, if they share it.
    pub name: Option<GuestName>,
    /// The language of mails, and of an account that is made.
    pub language: Language,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Recognised {
    /// They are signed in.
    SignedIn(SignedIn),
    /// A mail is on its way to the address they gave; its link goes on from there.
    MailFollows,
}

impl std::fmt::Debug for Agreed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Agreed({}, …)", self.provider)
    }
}

impl std::fmt::Debug for Vouched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vouched({}, …)", self.provider)
    }
}

/// Remembers what was agreed on, until whoever was sent comes back with the state.
///
/// # Errors
/// [`AccountRefusal::Store`].
pub async fn begin_social_sign_in(
    store: &Store,
    agreed: Agreed,
    now: Timestamp,
) -> Result<(), AccountRefusal> {
    let Agreed { provider, state, nonce, verifier } = agreed;
    let expires_at = after(now, ATTEMPT_LASTS);
    let attempt = SocialAttempt { provider: provider.to_owned(), nonce, verifier, expires_at };
    Ok(store.put_social_attempt(&token_hash(&state), &attempt).await?)
}

/// What was agreed on when somebody was sent to `provider` with `state`: once, whatever comes of it.
///
/// # Errors
/// [`AccountRefusal::InvalidToken`] for a state that is not ours, was used, is too old or another provider's.
pub async fn take_social_sign_in(
    store: &Store,
    provider: &'static str,
    state: String,
    now: Timestamp,
) -> Result<Agreed, AccountRefusal> {
    let taken = store.take_social_attempt(&token_hash(&state)).await?;
    let good = taken.filter(|attempt| attempt.provider == provider && now < attempt.expires_at);
    let SocialAttempt { nonce, verifier, .. } = good.ok_or(AccountRefusal::InvalidToken)?;
    Ok(Agreed { provider, state, nonce, verifier })
}

/// Signs in whom a provider vouches for, and makes an account where there is none. `client` is the network address that
/// asks.
///
/// # Errors
/// [`AccountRefusal::NoAddress`] where nobody knows them and they share no address; [`AccountRefusal::TooMany`] for one
/// that is not verified.
pub async fn recognise(
    store: &Store,
    diners: &DinerKey,
    mail_tokens: &MailTokenKey,
    vouched: Vouched,
    client: IpAddr,
    now: Timestamp,
) -> Result<Recognised, AccountRefusal> {
    let subject_hash = token_hash(&vouched.subject);
    let identity = SocialIdentity { provider: vouched.provider.to_owned(), subject_hash };
    for _ in 0..MOST_TRIES {
        let linked = match linked(store, &identity).await? {
            Linked::To(account) => match open_session(store, &account, now).await? {
                Some(signed_in) => return Ok(Recognised::SignedIn(signed_in)),
                None => continue,
            },
            Linked::ToNone(before) => before,
        };
        let email = vouched.email.as_ref().ok_or(AccountRefusal::NoAddress)?;
        let diner = diners.diner_of_email(email);
        if !vouched.email_verified {
            Throttles::of_sign_up(diners, client, &diner).count(store, now).await?;
            ask_by_mail(store, mail_tokens, identity, diner, email, &vouched, now).await?;
            return Ok(Recognised::MailFollows);
        }
        let known = match store.account_of_diner(&diner).await? {
            Some(id) => store.account(id).await?.filter(|account| !account.deleting),
            None => None,
        };
        let (account, is_linked) = if let Some(account) = known {
            let is_linked = store.link_identity(&identity, linked, &account).await?;
            (account, is_linked)
        } else {
            let account = new_account(email, diner, &vouched, now)?;
            let created = store.create_linked_account(&account, &identity, linked).await?;
            (account, created == Created::Done)
        };
        if is_linked && let Some(signed_in) = open_session(store, &account, now).await? {
            return Ok(Recognised::SignedIn(signed_in));
        }
        // Another was faster: what is there now is read anew.
    }
    Err(StoreError::Unavailable("the account keeps changing".into()).into())
}

/// Where an identity leads.
pub(super) enum Linked {
    /// To an account that can be signed in to.
    To(Box<StoredAccount>),
    /// To none that is left; what the link says all the same.
    ToNone(Option<AccountId>),
}

pub(super) async fn linked(store: &Store, identity: &SocialIdentity) -> Result<Linked, StoreError> {
    let Some(id) = store.account_of_identity(identity).await? else {
        return Ok(Linked::ToNone(None));
    };
    let account = store.account(id).await?.filter(|account| !account.deleting);
    Ok(account.map_or(Linked::ToNone(Some(id)), |account| Linked::To(Box::new(account))))
}

/// As signing up does, whether the address has an account or not.
async fn ask_by_mail(
    store: &Store,
    mail_tokens: &MailTokenKey,
    identity: SocialIdentity,
    diner: DinerId,
    email: &EmailAddress,
    vouched: &Vouched,
    now: Timestamp,
) -> Result<(), AccountRefusal> {
    let known = store.account_of_diner(&diner).await?.is_some();
    let id = new_id(now)?;
    let pending = PendingSignUp {
        id,
        email: email.clone(),
        name: name_of(vouched, email)?,
        phone: None,
        language: vouched.language,
        kind: if known { SignUpFor::Known } else { SignUpFor::New(SignUpBy::Identity(identity)) },
        token_hash: token_hash(&mail_tokens.token(MailTokenPurpose::VerifyEmail, &diner, id)),
        expires_at: after(now, LINK_LASTS),
        diner,
    };
    Ok(store.put_sign_up(&pending).await?)
}

fn new_account(
    email: &EmailAddress,
    diner: DinerId,
    vouched: &Vouched,
    now: Timestamp,
) -> Result<StoredAccount, AccountRefusal> {
    let account = Account {
        id: new_id(now)?,
        email: email.clone(),
        name: name_of(vouched, email)?,
        phone: None,
        language: vouched.language,
        mail: MailPreferences::default(),
        platform: None,
        generation: 0,
        created_at: now,
        revision: 1,
    };
    Ok(StoredAccount { account, diner, password_hash: None, deleting: false })
}

/// What they are called; who does not say goes by what stands before the `@`, and can change it.
fn name_of(vouched: &Vouched, email: &EmailAddress) -> Result<GuestName, AccountRefusal> {
    let before_at = || email.as_str().split('@').next().and_then(|name| name.parse().ok());
    vouched.name.clone().or_else(before_at).ok_or(AccountRefusal::NoAddress)
}
