//! `/verify/{token}`: the page behind the link in the mail to who signs up. Opening it only reads; its form acts, once.
//!
//! The address holds a secret that no other site knows, so whoever sends the form makes the account, also in a browser that
//! keeps no cookies. Whom another site makes send it, with a link of its own, is not signed in by that: a session is for who
//! sends the form of our page.

use askama::Template;
use axum::{
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Form, Problem};
use jari_identity::{parse_mail_token, token_hash};
use jari_operations::accounts::verify_email;

use crate::{
    Desk,
    account::sign_in::{self, Notice},
    form_token::FormKey,
    page::{Frame, answer},
    session,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// A token as it stands in the address, and who reads its page.
pub(crate) struct Followed {
    pub(super) token: String,
    pub(super) visitor: Visitor,
}

#[derive(Template)]
#[template(path = "account/verify.html")]
struct Page {
    frame: Frame,
    action: String,
    email: String,
}

impl<S: Sync> FromRequestParts<S> for Followed {
    type Rejection = TroublePage;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, TroublePage> {
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        match Path::<String>::from_request_parts(parts, &()).await {
            Ok(Path(token)) => Ok(Self { token, visitor }),
            Err(_) => Err(visitor.trouble(Trouble::UsedLink)),
        }
    }
}

pub(crate) async fn show(State(desk): State<Desk>, followed: Followed) -> Result<Response, TroublePage> {
    let Followed { token, visitor } = &followed;
    let used = || visitor.trouble(Trouble::UsedLink);
    let (diner, id) = parse_mail_token(token).ok_or_else(used)?;
    let pending = desk.booking.store.sign_up(&diner, id).await;
    let pending = pending.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let now = desk.clock.now();
    let pending =
        pending.filter(|pending| token_hash(token) == pending.token_hash && now < pending.expires_at);
    let pending = pending.ok_or_else(used)?;
    let page = Page {
        frame: visitor.frame_for(Some(pending.language)).private(),
        action: format!("/verify/{token}"),
        email: pending.email.as_str().to_owned(),
    };
    Ok(answer(StatusCode::OK, &page.frame, &page))
}

/// Makes the account, and signs its owner in to it.
pub(crate) async fn send(
    State(desk): State<Desk>,
    followed: Followed,
    form: Result<Form, Problem>,
) -> Result<Response, TroublePage> {
    let Followed { token, visitor } = &followed;
    let form_token = form.ok().and_then(|mut form| form.take(FormKey::INPUT));
    let now = desk.clock.now();
    let signed_in = verify_email(&desk.booking.store, token, now).await;
    let signed_in = signed_in.map_err(|refusal| visitor.trouble(Trouble::of_account(&refusal)))?;
    if form_token.is_some_and(|token| visitor.form_key.made(&token)) {
        let mut response = Redirect::to("/me?notice=welcome").into_response();
        session::give(response.headers_mut(), &desk, &signed_in, now);
        Ok(response)
    } else {
        Ok(Redirect::to(&sign_in::address(Some(Notice::Verified), None)).into_response())
    }
}
