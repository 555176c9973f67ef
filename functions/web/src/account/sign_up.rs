//! `/sign-up`: asks for an account; a mail with a link follows. The answer is the same whether or not the address has one.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{ClientAddress, Form, Problem, fields};
use jari_domain::Language;
use jari_operations::accounts::{SignUp, sign_up};
use serde_json::json;

use crate::{
    Desk,
    account::{Told, again::Again, sign_in, social},
    page::Frame,
    posted::{Inputs, Posted},
    trouble::TroublePage,
    visitor::Visitor,
};

/// The page that says that a mail is on its way.
pub(super) const SENT: &str = "/sign-up/sent";

#[derive(Template)]
#[template(path = "account/sign_up.html")]
struct Page {
    frame: Frame,
    again: Again,
    inputs: Inputs,
    providers: Vec<social::Offered>,
}

pub(crate) async fn show(State(desk): State<Desk>, visitor: Visitor) -> Response {
    if visitor.access.is_some() {
        return Redirect::to(sign_in::NEXT).into_response();
    }
    page(&desk, &visitor, Form::holding(&json!({})), Again::first())
}

fn page(desk: &Desk, visitor: &Visitor, form: Form, again: Again) -> Response {
    let frame = visitor.frame().private();
    let inputs = Inputs::again(form, again.faults.clone(), frame.language());
    let page = Page { frame, again, inputs, providers: social::offered(&desk.providers) };
    page.again.answer(&page.frame, &page)
}

pub(crate) async fn send(
    State(desk): State<Desk>,
    ClientAddress(client): ClientAddress,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    posted.complete_phone("/phone");
    let Posted { visitor, form } = posted;
    let again = match read(&form, visitor.language(None)) {
        Ok(new) => {
            let (store, diners) = (&desk.booking.store, &desk.booking.diners);
            match sign_up(store, diners, &desk.mail_tokens, new, client, desk.clock.now()).await {
                Ok(()) => return Ok(Redirect::to(SENT).into_response()),
                Err(refusal) => Again::refused(&refusal, &visitor)?,
            }
        }
        Err(problem) => Again::unread(&problem),
    };
    Ok(page(&desk, &visitor, form, again))
}

fn read(form: &Form, language: Language) -> Result<SignUp, Problem> {
    let mut read = form.fields();
    let name = read.required("name", fields::parsed);
    let email = read.required("email", fields::email);
    let password = read.required("password", fields::parsed);
    let phone = read.optional("phone", fields::phone);
    let (name, email, password) = read.finish((name, email, password))?;
    Ok(SignUp { email, password, name, phone, language })
}

/// `/sign-up/sent`.
pub(crate) async fn sent(visitor: Visitor) -> Response {
    let told = Told {
        frame: visitor.frame().private(),
        tone: "waiting",
        heading: "account-mail-sent",
        lead: "account-mail-sent-lead",
        on: ("/sign-up", "account-mail-sent-again"),
    };
    told.answer()
}
