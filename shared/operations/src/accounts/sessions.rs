//! A sign-in, what keeps it going, and what ends it.

use jari_domain::SessionId;
use jari_identity::{Access, RefreshToken};
use jari_store::{Refreshed, Session, Store, StoredAccount};
use jiff::{SignedDuration, Timestamp};

use super::{AccountRefusal, after};
use crate::idempotency::new_id;

/// Somebody who has just signed in, or goes on to be.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// What the access token is to say.
    pub access: Access,
    /// What gets the next one.
    pub refresh: RefreshToken,
}

/// Signs in to `account`, whose owner has shown to be that. It begins a family of refresh tokens. None where the account is
/// no longer as it was read: it is gone or going, or all its sign-ins were ended meanwhile.
///
/// # Errors
/// [`AccountRefusal::Store`], [`AccountRefusal::Key`].
pub async fn open_session(
    store: &Store,
    account: &StoredAccount,
    now: Timestamp,
) -> Result<Option<SignedIn>, AccountRefusal> {
    let (session, signed_in) = new_session(account, now)?;
    let is_written = store.create_session(&session).await?;
    Ok(is_written.then_some(signed_in))
}

/// A sign-in that is not written down yet.
pub(super) fn new_session(
    account: &StoredAccount,
    now: Timestamp,
) -> Result<(Session, SignedIn), AccountRefusal> {
    let refresh = RefreshToken::new(account.account.id, new_id(now)?)?;
    Ok(signed_in(account, refresh, now))
}

/// What is kept of a sign-in, and what is handed out.
fn signed_in(stored: &StoredAccount, refresh: RefreshToken, now: Timestamp) -> (Session, SignedIn) {
    let account = &stored.account;
    let session = Session {
        account: account.id,
        family: refresh.family(),
        token_hash: refresh.hash(),
        generation: account.generation,
        expires_at: after(now, RefreshToken::LIFETIME),
    };
    let access = Access {
        account: account.id,
        diner: stored.diner.clone(),
        platform: account.platform,
        session: refresh.family(),
        generation: account.generation,
    };
    (session, SignedIn { access, refresh })
}

/// How the sign-in of a browser goes on.
#[derive(Debug, Clone)]
pub enum Renewed {
    /// The token has been replaced: the next one has to be kept in its place.
    Rotated(SignedIn),
    /// It was replaced a moment ago by who gets the next one, which is on its way to the same browser. This is what an
    /// access token is to say; the token to be kept is none of this answer's.
    JustRotated(Access),
}

/// Requests that a browser starts together bear one token; after so long none of them is still under way.
const REQUESTS_OVERLAP: SignedDuration = SignedDuration::from_secs(30);

/// Takes a refresh token and gives the next one. One that was used before ends its family: either its owner has lost it
/// to a thief, or a thief to its owner.
///
/// # Errors
/// [`AccountRefusal::InvalidToken`] for any that is not the one of its family that is good now.
pub async fn refresh_session(
    store: &Store,
    used: &RefreshToken,
    now: Timestamp,
) -> Result<SignedIn, AccountRefusal> {
    match take_next(store, used, SignedDuration::ZERO, now).await? {
        (Refreshed::Done, next) => Ok(next),
        _ => Err(AccountRefusal::InvalidToken),
    }
}

/// As [`refresh_session`], for a browser, whose tabs and images ask side by side with one cookie: the token that was
/// replaced less than 30 seconds ago is let in all the same, and gets no next one. Shown later it ends its family, as any other.
///
/// # Errors
/// [`AccountRefusal::InvalidToken`] for any that is neither the one of its family that is good now nor was just before.
pub async fn renew_session(
    store: &Store,
    used: &RefreshToken,
    now: Timestamp,
) -> Result<Renewed, AccountRefusal> {
    match take_next(store, used, REQUESTS_OVERLAP, now).await? {
        (Refreshed::Done, next) => Ok(Renewed::Rotated(next)),
        (Refreshed::JustReplaced, next) => Ok(Renewed::JustRotated(next.access)),
        (Refreshed::Over | Refreshed::Reused, _) => Err(AccountRefusal::InvalidToken),
    }
}

/// Tries to put a new token in the place of `used`: how that ended, and what there is to hand out if it did.
async fn take_next(
    store: &Store,
    used: &RefreshToken,
    grace: SignedDuration,
    now: Timestamp,
) -> Result<(Refreshed, SignedIn), AccountRefusal> {
    let account = store.account(used.account()).await?;
    let account = account.filter(|account| !account.deleting).ok_or(AccountRefusal::InvalidToken)?;
    let next = RefreshToken::new(used.account(), used.family())?;
    let (session, signed_in) = signed_in(&account, next, now);
    let refreshed = store.refresh_session(&used.hash(), &session, grace, now).await?;
    if refreshed == Refreshed::Reused {
        tracing::warn!(account = %used.account(), session = %used.family(), "a refresh token was used twice");
    }
    Ok((refreshed, signed_in))
}

/// Ends the sign-in that the access token comes from. Its access tokens last out their quarter of an hour.
///
/// # Errors
/// [`AccountRefusal::Store`].
pub async fn sign_out(store: &Store, access: &Access) -> Result<(), AccountRefusal> {
    let (account, family): (_, SessionId) = (access.account, access.session);
    Ok(store.end_session(account, family).await?)
}

/// Ends all sign-ins of the account there are. Asked by one that was ended like this before, it ends none.
///
/// # Errors
/// [`AccountRefusal::Store`].
pub async fn sign_out_everywhere(store: &Store, access: &Access) -> Result<(), AccountRefusal> {
    Ok(store.end_generation(access.account, access.generation).await?)
}
