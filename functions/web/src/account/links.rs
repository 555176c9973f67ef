//! `/verify/{token}`, `/reset/{token}` and `/forgot-password`: the pages behind the links in mails about an account, and the one
//! that asks for such a mail. Opening one only reads; its form acts, once. The address of the first two holds a secret that no
//! other site knows, so their forms need no other proof that they are ours: a mail may be opened in a browser that keeps no cookie.

use askama::Template;
use axum::{
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{ClientAddress, Form, Problem, fields};
use jari_domain::{Language, TokenHash};
use jari_identity::{parse_mail_token, token_hash};
use jari_operations::accounts::{request_password_reset, reset_password, verify_email};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    Desk,
    account::{Told, faults_of, sign_in},
    page::{Frame, answer},
    posted::{Faults, Inputs, Posted},
    session,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// A token as it stands in the address, and who reads its page.
pub(crate) struct Followed {
    token: String,
    visitor: Visitor,
}

#[derive(Template)]
#[template(path = "account/verify.html")]
struct VerifyPage {
    frame: Frame,
    action: String,
}

#[derive(Template)]
#[template(path = "account/reset.html")]
struct ResetPage {
    frame: Frame,
    action: String,
    inputs: Inputs,
}

#[derive(Template)]
#[template(path = "account/forgotten.html")]
struct ForgottenPage {
    frame: Frame,
    inputs: Inputs,
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

pub(crate) async fn show_verify(
    State(desk): State<Desk>,
    followed: Followed,
) -> Result<Response, TroublePage> {
    let waits = async {
        let (diner, id) = parse_mail_token(&followed.token)?;
        Some(desk.booking.store.sign_up(&diner, id).await.map(|pending| {
            pending.map(|pending| (pending.token_hash, pending.expires_at, Some(pending.language)))
        }))
    };
    let language = followed.still_waits(waits.await, desk.clock.now())?;
    let frame = followed.visitor.frame_for(language).private().without_scripts();
    let page = VerifyPage { frame, action: format!("/verify/{}", followed.token) };
    Ok(answer(StatusCode::OK, &page.frame, &page))
}

/// Makes the account, and signs its owner in to it.
pub(crate) async fn verify(State(desk): State<Desk>, followed: Followed) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let signed_in = verify_email(&desk.booking.store, &followed.token, now).await;
    let signed_in = signed_in.map_err(|refusal| followed.visitor.trouble(Trouble::of_account(&refusal)))?;
    let mut response = Redirect::to("/me?notice=welcome").into_response();
    session::give(response.headers_mut(), &desk, &signed_in, now);
    Ok(response)
}

pub(crate) async fn show_reset(
    State(desk): State<Desk>,
    followed: Followed,
) -> Result<Response, TroublePage> {
    let waits = async {
        let (diner, id) = parse_mail_token(&followed.token)?;
        Some(
            desk.booking
                .store
                .password_reset(&diner, id)
                .await
                .map(|pending| pending.map(|pending| (pending.token_hash, pending.expires_at, None))),
        )
    };
    let language = followed.still_waits(waits.await, desk.clock.now())?;
    let frame = followed.visitor.frame_for(language).private().without_scripts();
    let inputs = Inputs::new(&json!({}), frame.language());
    Ok(followed.ask_password(frame, inputs, StatusCode::OK))
}

pub(crate) async fn reset(
    State(desk): State<Desk>,
    followed: Followed,
    form: Result<Form, Problem>,
) -> Result<Response, TroublePage> {
    let visitor = &followed.visitor;
    let mut form = form.map_err(|_| visitor.trouble(Trouble::UnreadableForm))?;
    form.take("formToken");
    let password = {
        let mut read = form.fields();
        let password = read.required("password", fields::parsed);
        read.finish((password,))
    };
    let faults = match password {
        Ok((password,)) => {
            match reset_password(&desk.booking.store, &followed.token, password, desk.clock.now()).await {
                Ok(()) => {
                    let mut response = Redirect::to(&sign_in::address("password", None)).into_response();
                    session::take_away(response.headers_mut());
                    return Ok(response);
                }
                Err(refusal) => faults_of(&refusal, visitor)?,
            }
        }
        Err(problem) => Faults::new(problem.errors()),
    };
    let frame = visitor.frame().private().without_scripts();
    let inputs = Inputs::again(form, faults, frame.language());
    Ok(followed.ask_password(frame, inputs, StatusCode::UNPROCESSABLE_ENTITY))
}

pub(crate) async fn show_forgotten(visitor: Visitor) -> Response {
    let inputs = Inputs::new(&json!({}), visitor.language(None));
    ask_address(&visitor, inputs, StatusCode::OK)
}

fn ask_address(visitor: &Visitor, inputs: Inputs, status: StatusCode) -> Response {
    let page = ForgottenPage { frame: visitor.frame().private(), inputs };
    answer(status, &page.frame, &page)
}

/// Asks for a mail with a link; the answer is the same where the address has no account.
pub(crate) async fn forgotten(
    State(desk): State<Desk>,
    ClientAddress(client): ClientAddress,
    posted: Posted,
) -> Result<Response, TroublePage> {
    let visitor = &posted.visitor;
    let email = {
        let mut read = posted.fields();
        let email = read.required("email", fields::email);
        read.finish((email,))
    };
    let faults = match email {
        Ok((email,)) => {
            let (store, diners) = (&desk.booking.store, &desk.booking.diners);
            let now = desk.clock.now();
            match request_password_reset(store, diners, &desk.mail_tokens, &email, client, now).await {
                Ok(()) => {
                    let told = Told {
                        frame: visitor.frame().passing(),
                        tone: "waiting",
                        heading: "account-mail-sent",
                        lead: "account-reset-sent-lead",
                        on: None,
                    };
                    return Ok(answer(StatusCode::OK, &told.frame, &told));
                }
                Err(refusal) => faults_of(&refusal, visitor)?,
            }
        }
        Err(problem) => Faults::new(problem.errors()),
    };
    let inputs = Inputs::again(posted.form.clone(), faults, visitor.language(None));
    Ok(ask_address(visitor, inputs, StatusCode::UNPROCESSABLE_ENTITY))
}

/// What is kept of a link that waits: its hash, its end, and in which language its mail was, if that is known.
type Kept = (TokenHash, Timestamp, Option<Language>);

impl Followed {
    /// Passes a link that has not been used and whose time is not over.
    fn still_waits(
        &self,
        kept: Option<Result<Option<Kept>, jari_store::StoreError>>,
        now: Timestamp,
    ) -> Result<Option<Language>, TroublePage> {
        let used = || self.visitor.trouble(Trouble::UsedLink);
        let kept = kept.ok_or_else(used)?;
        let kept = kept.map_err(|error| self.visitor.trouble(Trouble::of_store(&error)))?;
        let (hash, until, language) = kept.ok_or_else(used)?;
        if token_hash(&self.token) == hash && now < until { Ok(language) } else { Err(used()) }
    }

    fn ask_password(&self, frame: Frame, inputs: Inputs, status: StatusCode) -> Response {
        let page = ResetPage { frame, action: format!("/reset/{}", self.token), inputs };
        answer(status, &page.frame, &page)
    }
}
