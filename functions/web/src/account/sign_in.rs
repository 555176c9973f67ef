//! `/sign-in`: an address and a password for a session; then on to `next`, or to one's reservations.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{ClientAddress, Problem, fields};
use jari_operations::accounts::{Credentials, sign_in};
use serde_json::json;
use url::form_urlencoded;

use crate::{
    Desk,
    account::{faults_of, social},
    page::{Frame, answer},
    posted::{Faults, Inputs, Posted},
    session,
    trouble::TroublePage,
    visitor::{Visitor, next_page, query},
};

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct Page {
    frame: Frame,
    inputs: Inputs,
    next: Option<String>,
    /// What happened that led here.
    notice: Option<&'static str>,
    providers: Vec<social::Offered>,
}

pub(crate) async fn show(State(desk): State<Desk>, visitor: Visitor, RawQuery(asked): RawQuery) -> Response {
    let next = query(asked.as_deref(), "next");
    let next = next.as_deref().and_then(next_page);
    if visitor.access.is_some() {
        return Redirect::to(next.unwrap_or("/me")).into_response();
    }
    let notice = match query(asked.as_deref(), "notice").as_deref() {
        Some("password") => Some("account-password-set"),
        Some("refused") => Some("account-social-refused"),
        Some("mail") => Some("account-mail-sent-lead"),
        _ => None,
    };
    let inputs = Inputs::new(&json!({}), visitor.language(None));
    page(&desk, &visitor, inputs, next, notice, StatusCode::OK)
}

fn page(
    desk: &Desk,
    visitor: &Visitor,
    inputs: Inputs,
    next: Option<&str>,
    notice: Option<&'static str>,
    status: StatusCode,
) -> Response {
    let (frame, providers) = social::offered(desk, visitor.frame().private());
    let page = Page { frame, inputs, next: next.map(str::to_owned), notice, providers };
    answer(status, &page.frame, &page)
}

pub(crate) async fn send(
    State(desk): State<Desk>,
    ClientAddress(client): ClientAddress,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    let next = posted.take("next");
    let next = next.as_deref().and_then(next_page);
    let visitor = &posted.visitor;
    let faults = match read(&posted) {
        Ok(credentials) => {
            let now = desk.clock.now();
            match sign_in(&desk.booking.store, &desk.booking.diners, credentials, client, now).await {
                Ok(signed_in) => {
                    let mut response = Redirect::to(next.unwrap_or("/me")).into_response();
                    session::give(response.headers_mut(), &desk, &signed_in, now);
                    return Ok(response);
                }
                Err(refusal) => faults_of(&refusal, visitor)?,
            }
        }
        Err(problem) => Faults::new(problem.errors()),
    };
    let inputs = Inputs::again(posted.form.clone(), faults, visitor.language(None));
    Ok(page(&desk, visitor, inputs, next, None, StatusCode::UNPROCESSABLE_ENTITY))
}

fn read(posted: &Posted) -> Result<Credentials, Problem> {
    let mut read = posted.fields();
    let email = read.required("email", fields::email);
    let password = read.required("password", fields::parsed);
    let (email, password) = read.finish((email, password))?;
    Ok(Credentials { email, password })
}

/// The page's address, to go on to `next` after it.
pub(crate) fn address(notice: &str, next: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("notice", notice);
    if let Some(next) = next {
        query.append_pair("next", next);
    }
    format!("/sign-in?{}", query.finish())
}
