//! `/me/delete`: leaving for good; then `/goodbye`.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{ClientAddress, FieldCode, Form, fields};
use jari_operations::{
    Refusal,
    accounts::{AccountRefusal, Erasure, NotErased, begin_erasure, check_password, erase},
};
use serde_json::json;

use crate::{
    Desk,
    account::{Told, again::Again, own::Own, sign_in},
    page::Frame,
    posted::{Inputs, Posted},
    session,
    texts::Texts,
    trouble::{Trouble, TroublePage},
    visitor::{Visitor, query},
};

#[derive(Template)]
#[template(path = "account/delete.html")]
struct Page {
    frame: Frame,
    again: Again,
    inputs: Inputs,
    email: String,
    asks_password: bool,
}

pub(crate) async fn show(Own { visitor, stored }: Own) -> Response {
    let email = stored.account.email.as_str();
    page(&visitor, email, stored.password_hash.is_some(), Form::holding(&json!({})), Again::first())
}

fn page(visitor: &Visitor, email: &str, asks_password: bool, form: Form, again: Again) -> Response {
    let frame = visitor.frame().private();
    let inputs = Inputs::again(form, again.faults.clone(), frame.language());
    let page = Page { frame, again, inputs, email: email.to_owned(), asks_password };
    page.again.answer(&page.frame, &page)
}

/// Erases the account. What is more than one request erases is finished by itself within minutes.
pub(crate) async fn send(
    State(desk): State<Desk>,
    ClientAddress(client): ClientAddress,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    // For password managers, which are to know whose password it is.
    posted.take("username");
    let Posted { visitor, form } = posted;
    let now = desk.clock.now();
    let (store, diners) = (&desk.booking.store, &desk.booking.diners);
    // Not `Own`: who has begun may go on.
    let stored = match begin_erasure(store, &visitor.bearer()).await {
        Ok(stored) => stored,
        Err(Refusal::Unauthenticated) => return Ok(visitor.to_sign_in_anew()),
        Err(refusal) => return Err(visitor.trouble(Trouble::of_refusal(&refusal))),
    };
    let asks_password = stored.password_hash.is_some();
    let email = stored.account.email.as_str().to_owned();
    let again = |again| Ok(page(&visitor, &email, asks_password, form.clone(), again));
    let password = {
        let mut read = form.fields();
        let password = if asks_password {
            read.required("password", fields::parsed)
        } else {
            read.optional("password", fields::parsed)
        };
        match read.finish(()) {
            Ok(()) => password,
            Err(problem) => return again(Again::unread_password(&problem, wrong_password())),
        }
    };
    match check_password(store, diners, &stored, password, client, now).await {
        Ok(()) => {}
        Err(AccountRefusal::InvalidCredentials) => {
            return again(wrong_password());
        }
        Err(refusal) => return again(Again::refused(&refusal, &visitor)?),
    }
    match erase(store, stored, now).await {
        Ok(Erasure::Done) => Ok(gone(false)),
        Ok(Erasure::MoreLeft) => Ok(gone(true)),
        Err(NotErased::LastOwner) => {
            let alert = Texts(visitor.language(None)).say("account-last-owner");
            again(Again::alert(StatusCode::CONFLICT, alert))
        }
        // Once it has begun it goes on by itself, whatever stopped this request.
        Err(NotErased::Store(error)) => match begin_erasure(store, &visitor.bearer()).await {
            Ok(stored) if stored.deleting => Ok(gone(true)),
            Err(Refusal::Unauthenticated) => Ok(gone(false)),
            Ok(_) | Err(_) => Err(visitor.trouble(Trouble::of_store(&error))),
        },
    }
}

fn wrong_password() -> Again {
    Again::password(FieldCode::InvalidFormat, "account-wrong-password")
}

fn gone(is_some_left: bool) -> Response {
    let on = if is_some_left { "/goodbye?left=some" } else { "/goodbye" };
    let mut response = Redirect::to(on).into_response();
    session::take_away(response.headers_mut());
    response
}

/// `/goodbye`.
pub(crate) async fn goodbye(visitor: Visitor, RawQuery(asked): RawQuery) -> Response {
    if visitor.access.is_some() {
        return Redirect::to(sign_in::NEXT).into_response();
    }
    let is_some_left = query(asked.as_deref(), "left").is_some();
    let told = Told {
        frame: visitor.frame().private(),
        tone: "calm",
        heading: "account-gone",
        lead: if is_some_left { "account-going-lead" } else { "account-gone-lead" },
        on: ("/", "account-to-search"),
    };
    told.answer()
}
