//! `/forgot-password` asks for a mail with a link; `/reset/{token}` is the page behind that link, where a new password is
//! set. Opening it only reads. Its address holds a secret that no other site knows, so its form needs no other proof that it
//! is ours.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{ClientAddress, Form, Problem, fields};
use jari_domain::Account;
use jari_identity::{parse_mail_token, token_hash};
use jari_operations::accounts::{request_password_reset, reset_password};
use serde_json::json;

use crate::{
    Desk,
    account::{
        Told,
        again::Again,
        sign_in::{self, Notice},
        verify::Followed,
    },
    form_token::FormKey,
    page::Frame,
    posted::{Inputs, Posted},
    session,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "account/reset.html")]
struct ResetPage {
    frame: Frame,
    again: Again,
    inputs: Inputs,
    action: String,
    email: String,
}

#[derive(Template)]
#[template(path = "account/forgotten.html")]
struct ForgottenPage {
    frame: Frame,
    again: Again,
    inputs: Inputs,
}

pub(crate) async fn show_forgotten(visitor: Visitor) -> Response {
    ask_address(&visitor, Form::holding(&json!({})), Again::first())
}

fn ask_address(visitor: &Visitor, form: Form, again: Again) -> Response {
    let frame = visitor.frame().private();
    let inputs = Inputs::again(form, again.faults.clone(), frame.language());
    let page = ForgottenPage { frame, again, inputs };
    page.again.answer(&page.frame, &page)
}

/// Asks for a mail with a link; the answer is the same where the address has no account.
pub(crate) async fn forgotten(
    State(desk): State<Desk>,
    ClientAddress(client): ClientAddress,
    Posted { visitor, form }: Posted,
) -> Result<Response, TroublePage> {
    let email = {
        let mut read = form.fields();
        let email = read.required("email", fields::email);
        read.finish(email)
    };
    let again = match email {
        Ok(email) => {
            let (store, diners) = (&desk.booking.store, &desk.booking.diners);
            let now = desk.clock.now();
            match request_password_reset(store, diners, &desk.mail_tokens, &email, client, now).await {
                Ok(()) => return Ok(Redirect::to("/forgot-password/sent").into_response()),
                Err(refusal) => Again::refused(&refusal, &visitor)?,
            }
        }
        Err(problem) => Again::unread(&problem),
    };
    Ok(ask_address(&visitor, form, again))
}

/// `/forgot-password/sent`.
pub(crate) async fn sent(visitor: Visitor) -> Response {
    let on = match visitor.access {
        Some(_) => ("/me/profile", "account-profile"),
        None => ("/forgot-password", "account-mail-sent-again"),
    };
    let told = Told {
        frame: visitor.frame().private(),
        tone: "waiting",
        heading: "account-mail-sent",
        lead: "account-reset-sent-lead",
        on,
    };
    told.answer()
}

pub(crate) async fn show_reset(
    State(desk): State<Desk>,
    followed: Followed,
) -> Result<Response, TroublePage> {
    let account = followed.account(&desk).await?;
    Ok(followed.ask_password(&account, Form::holding(&json!({})), Again::first()))
}

pub(crate) async fn reset(
    State(desk): State<Desk>,
    followed: Followed,
    form: Result<Form, Problem>,
) -> Result<Response, TroublePage> {
    let visitor = &followed.visitor;
    let account = followed.account(&desk).await?;
    let mut form = form.map_err(|_| visitor.trouble(Trouble::UnreadableForm))?;
    form.take(FormKey::INPUT);
    // For password managers, which are to know whose password it is.
    form.take("username");
    let password = {
        let mut read = form.fields();
        let password = read.required("password", fields::parsed);
        read.finish(password)
    };
    let again = match password {
        Ok(password) => {
            match reset_password(&desk.booking.store, &followed.token, password, desk.clock.now()).await {
                Ok(()) => {
                    let on = sign_in::address(Some(Notice::PasswordSet), None);
                    let mut response = Redirect::to(&on).into_response();
                    // All sign-ins of the account are over, this browser's too.
                    if visitor.access.as_ref().is_some_and(|access| access.account == account.id) {
                        session::take_away(response.headers_mut());
                    }
                    return Ok(response);
                }
                Err(refusal) => Again::refused(&refusal, visitor)?,
            }
        }
        Err(problem) => Again::unread(&problem),
    };
    Ok(followed.ask_password(&account, form, again))
}

impl Followed {
    /// The account whose password can be set, by a link that has not been used and whose time is not over.
    async fn account(&self, desk: &Desk) -> Result<Account, TroublePage> {
        let used = || self.visitor.trouble(Trouble::UsedLink);
        let unread = |error| self.visitor.trouble(Trouble::of_store(&error));
        let (store, now) = (&desk.booking.store, desk.clock.now());
        let (diner, id) = parse_mail_token(&self.token).ok_or_else(used)?;
        let pending = store.password_reset(&diner, id).await.map_err(unread)?;
        let pending = pending
            .filter(|pending| token_hash(&self.token) == pending.token_hash && now < pending.expires_at);
        let whose = pending.and_then(|pending| pending.account).ok_or_else(used)?;
        let stored = store.account(whose).await.map_err(unread)?;
        stored.filter(|stored| !stored.deleting).map(|stored| stored.account).ok_or_else(used)
    }

    fn ask_password(&self, account: &Account, form: Form, again: Again) -> Response {
        let frame = self.visitor.frame_for(Some(account.language));
        let frame = frame.at(&format!("/reset/{}", self.token)).private().without_scripts();
        let inputs = Inputs::again(form, again.faults.clone(), frame.language());
        let email = account.email.as_str().to_owned();
        let page = ResetPage { frame, again, inputs, action: format!("/reset/{}", self.token), email };
        page.again.answer(&page.frame, &page)
    }
}
