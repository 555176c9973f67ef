//! `/sign-up`: asks for an account; a mail with a link follows. The answer is the same whether or not the address has one.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{ClientAddress, Problem, fields};
use jari_operations::accounts::{SignUp, sign_up};
use serde_json::json;

use crate::{
    Desk,
    account::{Told, faults_of, social},
    page::{Frame, answer},
    posted::{Faults, Inputs, Posted},
    trouble::TroublePage,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "account/sign_up.html")]
struct Page {
    frame: Frame,
    inputs: Inputs,
    providers: Vec<social::Offered>,
}

pub(crate) async fn show(State(desk): State<Desk>, visitor: Visitor) -> Response {
    if visitor.access.is_some() {
        return Redirect::to("/me").into_response();
    }
    let inputs = Inputs::new(&json!({}), visitor.language(None));
    page(&desk, &visitor, inputs, StatusCode::OK)
}

fn page(desk: &Desk, visitor: &Visitor, inputs: Inputs, status: StatusCode) -> Response {
    let (frame, providers) = social::offered(desk, visitor.frame().private());
    let page = Page { frame, inputs, providers };
    answer(status, &page.frame, &page)
}

pub(crate) async fn send(
    State(desk): State<Desk>,
    ClientAddress(client): ClientAddress,
    posted: Posted,
) -> Result<Response, TroublePage> {
    let visitor = &posted.visitor;
    let faults = match read(&posted) {
        Ok(new) => {
            let (store, diners) = (&desk.booking.store, &desk.booking.diners);
            match sign_up(store, diners, &desk.mail_tokens, new, client, desk.clock.now()).await {
                Ok(()) => {
                    let told = Told {
                        frame: visitor.frame().passing(),
                        tone: "waiting",
                        heading: "account-mail-sent",
                        lead: "account-mail-sent-lead",
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
    Ok(page(&desk, visitor, inputs, StatusCode::UNPROCESSABLE_ENTITY))
}

fn read(posted: &Posted) -> Result<SignUp, Problem> {
    let mut read = posted.fields();
    let name = read.required("name", fields::parsed);
    let email = read.required("email", fields::email);
    let password = read.required("password", fields::parsed);
    let phone = read.optional("phone", fields::phone);
    let (name, email, password) = read.finish((name, email, password))?;
    Ok(SignUp { email, password, name, phone, language: posted.visitor.language(None) })
}
