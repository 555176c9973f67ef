//! Who is signed in, in cookies: the access token, read by every page without asking anybody, and the refresh token, with
//! which a page gets the next of both when the first has ended.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jari_identity::{Access, AccessSigner, Bearer, RefreshToken};
use jari_operations::accounts::{self, AccountRefusal, Renewed, SignedIn, renew_session};
use jiff::Timestamp;

use crate::{
    Desk, cookie,
    posted::Posted,
    trouble::{Trouble, TroublePage},
};

const ACCESS: &str = "__Host-jari-access";
const REFRESH: &str = "__Host-jari-refresh";

/// What a browser's cookies say.
#[derive(Debug)]
pub(crate) enum Session {
    /// Nobody has signed in.
    None,
    /// Somebody has.
    Live(Access),
    /// Somebody has, and these are the next tokens.
    Renewed(SignedIn),
    /// Somebody had, and it is over.
    Over,
}

impl Session {
    pub(crate) fn access(&self) -> Option<&Access> {
        match self {
            Self::Live(access) => Some(access),
            Self::Renewed(signed_in) => Some(&signed_in.access),
            Self::None | Self::Over => None,
        }
    }
}

/// Goes on with the session that the browser has, if any.
///
/// # Errors
/// [`Trouble`] when it can't be found out now.
pub(crate) async fn resume(desk: &Desk, headers: &HeaderMap, now: Timestamp) -> Result<Session, Trouble> {
    let access = cookie::read(headers, ACCESS).and_then(|token| desk.bearers.verify(token, now).ok());
    if let Some(Bearer::Account(access)) = access {
        return Ok(Session::Live(access));
    }
    let Some(token) = cookie::read(headers, REFRESH) else { return Ok(Session::None) };
    let Ok(token) = token.parse::<RefreshToken>() else { return Ok(Session::Over) };
    match renew_session(&desk.booking.store, &token, now).await {
        Ok(Renewed::Rotated(signed_in)) => Ok(Session::Renewed(signed_in)),
        // Another request of this browser gets the next tokens, and this one only what it asked for.
        Ok(Renewed::JustRotated(access)) => Ok(Session::Live(access)),
        Err(AccountRefusal::Store(error)) => Err(Trouble::of_store(&error)),
        Err(_) => Ok(Session::Over),
    }
}

/// Signs the browser in.
pub(crate) fn give(headers: &mut HeaderMap, desk: &Desk, signed_in: &SignedIn, now: Timestamp) {
    let access = desk.access.sign(&signed_in.access, now);
    cookie::give(headers, ACCESS, &access, Some(AccessSigner::LIFETIME.as_secs()));
    cookie::give(headers, REFRESH, &signed_in.refresh.expose(), Some(RefreshToken::LIFETIME.as_secs()));
}

/// Signs the browser out.
pub(crate) fn take_away(headers: &mut HeaderMap) {
    cookie::take_away(headers, ACCESS);
    cookie::take_away(headers, REFRESH);
}

/// `/sign-out`, opened: there is nothing to see.
pub(crate) async fn home() -> Redirect {
    Redirect::to("/")
}

/// `/sign-out`: ends this sign-in, and leads to the first page.
pub(crate) async fn sign_out(State(desk): State<Desk>, posted: Posted) -> Result<Response, TroublePage> {
    let visitor = &posted.visitor;
    if let Some(access) = &visitor.access {
        let ended = accounts::sign_out(&desk.booking.store, access).await;
        ended.map_err(|refusal| visitor.trouble(Trouble::of_account(&refusal)))?;
    }
    let mut response = Redirect::to("/").into_response();
    take_away(response.headers_mut());
    Ok(response)
}

/// Whether an answer signs the browser in or out.
pub(crate) fn is_told(headers: &HeaderMap) -> bool {
    cookie::is_told(headers, ACCESS)
}
