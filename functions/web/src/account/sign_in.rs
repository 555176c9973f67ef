//! `/sign-in`: an address and a password for a session; then on to `next`, or to one's reservations.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{ClientAddress, Form, Problem, fields};
use jari_operations::accounts::{Credentials, sign_in};
use serde_json::json;
use url::form_urlencoded;

use crate::{
    Desk,
    account::{again::Again, social},
    page::Frame,
    posted::{Inputs, Posted},
    session,
    trouble::TroublePage,
    visitor::{Visitor, next_page, query},
};

/// Where a sign-in leads that nobody has asked for on the way to elsewhere.
pub(super) const NEXT: &str = "/me";

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct Page {
    frame: Frame,
    again: Again,
    inputs: Inputs,
    next: Option<String>,
    /// What happened that led here.
    notice: Option<Notice>,
    providers: Vec<social::Offered>,
}

/// What led to this page, told on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// The address is verified: there is an account.
    Verified,
    /// There is a new password.
    PasswordSet,
    /// All sign-ins have been ended.
    EndedEverywhere,
    /// Somebody did not consent at a provider.
    Refused,
    /// What came back from a provider does not hold, or not any more.
    Failed,
    /// The provider shares no address.
    NoAddress,
    /// Too many mails were asked for.
    TooMany,
    /// The provider does not answer as it should.
    ProviderAway,
}

impl Notice {
    const ALL: [Self; 8] = [
        Self::Verified,
        Self::PasswordSet,
        Self::EndedEverywhere,
        Self::Refused,
        Self::Failed,
        Self::NoAddress,
        Self::TooMany,
        Self::ProviderAway,
    ];

    /// Its name in the address.
    const fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::PasswordSet => "password",
            Self::EndedEverywhere => "everywhere",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::NoAddress => "address",
            Self::TooMany => "too-many",
            Self::ProviderAway => "provider",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Verified => "account-verified",
            Self::PasswordSet => "account-password-set",
            Self::EndedEverywhere => "account-ended-everywhere",
            Self::Refused => "account-social-refused",
            Self::Failed => "account-social-failed",
            Self::NoAddress => "account-social-no-address",
            Self::TooMany => "account-social-too-many",
            Self::ProviderAway => "account-social-away",
        }
    }

    const fn tone(self) -> &'static str {
        match self {
            Self::Verified | Self::PasswordSet | Self::EndedEverywhere => "good",
            _ => "waiting",
        }
    }
}

pub(crate) async fn show(State(desk): State<Desk>, visitor: Visitor, RawQuery(asked): RawQuery) -> Response {
    let next = query(asked.as_deref(), "next");
    let next = next.as_deref().and_then(next_page);
    if visitor.access.is_some() {
        return Redirect::to(next.unwrap_or(NEXT)).into_response();
    }
    let notice = query(asked.as_deref(), "notice");
    let notice = Notice::ALL.into_iter().find(|one| notice.as_deref() == Some(one.name()));
    page(&desk, &visitor, Form::holding(&json!({})), next, notice, Again::first())
}

fn page(
    desk: &Desk,
    visitor: &Visitor,
    form: Form,
    next: Option<&str>,
    notice: Option<Notice>,
    again: Again,
) -> Response {
    let frame = visitor.frame().at(&address(notice, next)).private();
    let inputs = Inputs::again(form, again.faults.clone(), frame.language());
    let providers = social::offered(&desk.providers);
    let page = Page { frame, again, inputs, next: next.map(str::to_owned), notice, providers };
    page.again.answer(&page.frame, &page)
}

pub(crate) async fn send(
    State(desk): State<Desk>,
    ClientAddress(client): ClientAddress,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    let next = posted.take("next");
    let next = next.as_deref().and_then(next_page);
    let Posted { visitor, form } = posted;
    let again = match read(&form) {
        Ok(credentials) => {
            let now = desk.clock.now();
            match sign_in(&desk.booking.store, &desk.booking.diners, credentials, client, now).await {
                Ok(signed_in) => {
                    let mut response = Redirect::to(next.unwrap_or(NEXT)).into_response();
                    session::give(response.headers_mut(), &desk, &signed_in, now);
                    return Ok(response);
                }
                Err(refusal) => Again::refused(&refusal, &visitor)?,
            }
        }
        Err(problem) => Again::unread_password(&problem, Again::wrong_credentials(&visitor)),
    };
    Ok(page(&desk, &visitor, form, next, None, again))
}

fn read(form: &Form) -> Result<Credentials, Problem> {
    let mut read = form.fields();
    let email = read.required("email", fields::email);
    let password = read.required("password", fields::parsed);
    let (email, password) = read.finish((email, password))?;
    Ok(Credentials { email, password })
}

/// The page's address, to tell what led to it and to go on to `next` after it.
pub(super) fn address(notice: Option<Notice>, next: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(notice) = notice {
        query.append_pair("notice", notice.name());
    }
    if let Some(next) = next {
        query.append_pair("next", next);
    }
    let query = query.finish();
    if query.is_empty() { "/sign-in".to_owned() } else { format!("/sign-in?{query}") }
}
