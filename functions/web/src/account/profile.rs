//! `/me/profile`: name, phone, language and which mails; each as it was seen.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{BadField, FieldCode, Problem, Text, fields};
use jari_domain::GuestName;
use jari_operations::{NotChanged, ProfileChange, Refusal, change_profile, own_account};
use jari_store::StoredAccount;
use serde_json::json;

use crate::{
    Desk,
    away::Away,
    page::{Frame, answer},
    posted::{Faults, Inputs, Posted},
    trouble::Trouble,
    visitor::{self, Member, Visitor, query},
};

#[derive(Template)]
#[template(path = "account/profile.html")]
struct Page {
    frame: Frame,
    email: String,
    inputs: Inputs,
    revision: u64,
    saved: bool,
}

/// An address that only takes forms, opened.
pub(crate) async fn back() -> Redirect {
    Redirect::to("/me/profile")
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    member: Member,
    RawQuery(asked): RawQuery,
) -> Result<Response, Away> {
    let visitor = &member.visitor;
    let own = own(&desk, visitor).await?;
    let inputs = Inputs::new(&values(&own), visitor.language(None));
    let saved = query(asked.as_deref(), "saved").is_some();
    Ok(page(visitor, &own, inputs, saved, StatusCode::OK))
}

/// The account of who has signed in, who is asked to anew where that ended elsewhere.
pub(super) async fn own(desk: &Desk, visitor: &Visitor) -> Result<StoredAccount, Away> {
    own_account(&desk.booking.store, &visitor.bearer()).await.map_err(|refusal| match refusal {
        Refusal::Unauthenticated => Away::to_sign_in_anew(visitor),
        refusal => visitor.trouble(Trouble::of_refusal(&refusal)).into(),
    })
}

fn values(own: &StoredAccount) -> serde_json::Value {
    let account = &own.account;
    json!({
        "name": account.name.as_str(),
        "phone": account.phone.as_ref().map(jari_domain::Phone::as_str),
        "language": account.language.code(),
        "mail": { "reminders": account.mail.reminders },
    })
}

fn page(visitor: &Visitor, own: &StoredAccount, inputs: Inputs, saved: bool, status: StatusCode) -> Response {
    let page = Page {
        frame: visitor.frame().at("/me/profile").private(),
        email: own.account.email.as_str().to_owned(),
        inputs,
        revision: own.account.revision,
        saved,
    };
    answer(status, &page.frame, &page)
}

pub(crate) async fn change(State(desk): State<Desk>, mut posted: Posted) -> Result<Response, Away> {
    let seen = posted.take("revision").and_then(|revision| revision.parse().ok());
    let visitor = &posted.visitor;
    let own = own(&desk, visitor).await?;
    let again = |own: &StoredAccount, faults, status| {
        let inputs = Inputs::again(posted.form.clone(), faults, visitor.language(None));
        Ok(page(visitor, own, inputs, false, status))
    };
    let change = match read(&posted) {
        Ok(change) => change,
        Err(problem) => return again(&own, Faults::new(problem.errors()), StatusCode::UNPROCESSABLE_ENTITY),
    };
    match change_profile(&desk.booking.store, own, &change, seen).await {
        Ok(changed) => {
            let mut response = Redirect::to("/me/profile?saved=yes").into_response();
            visitor::remember_language(response.headers_mut(), changed.account.language);
            Ok(response)
        }
        // What was typed stays; sent once more, it is meant for what is there now.
        Err(NotChanged::Stale(current)) => {
            let detail = Text::fixed(
                "그사이 다른 기기에서 정보가 바뀌었습니다. 확인하고 다시 저장해 주세요.",
                "This was changed on another device meanwhile. Please check it and save again.",
            );
            let fault = BadField { pointer: String::new(), code: FieldCode::InvalidFormat, detail };
            again(&current, Faults::new(&[fault]), StatusCode::CONFLICT)
        }
        Err(NotChanged::SignedOut) => Err(Away::to_sign_in_anew(visitor)),
        Err(NotChanged::Store(error)) => Err(visitor.trouble(Trouble::of_store(&error)).into()),
    }
}

fn read(posted: &Posted) -> Result<ProfileChange, Problem> {
    let mut read = posted.fields();
    let name = read.required("name", fields::parsed::<GuestName>);
    // An input left empty is left out, and means none.
    let phone = Some(read.optional("phone", fields::phone));
    let language = read.required("language", fields::language);
    let reminders = read.optional_object("mail", |mail| Some(mail.optional("reminders", fields::boolean)));
    let (name, language) = read.finish((name, language))?;
    Ok(ProfileChange { name: Some(name), phone, language: Some(language), reminders: reminders.flatten() })
}
