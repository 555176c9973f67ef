//! `/me/profile`: name, phone, language and which mails; each as it was seen. And the end of all sign-ins.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Form, Problem, fields};
use jari_domain::{Account, GuestName, Language};
use jari_operations::{NotChanged, ProfileChange, accounts, change_profile};
use serde_json::{Value, json};

use crate::{
    Desk,
    account::{
        again::Again,
        own::Own,
        sign_in::{self, Notice},
    },
    page::Frame,
    posted::{Inputs, Posted},
    session,
    texts::Texts,
    trouble::{Trouble, TroublePage},
    visitor::{Visitor, query, remember_language},
};

#[derive(Template)]
#[template(path = "account/profile.html")]
struct Page {
    frame: Frame,
    again: Again,
    inputs: Inputs,
    email: String,
    revision: u64,
    saved: bool,
    /// What is there now, where the inputs hold something else.
    current: Option<Current>,
}

/// An account as it is, told beside what was typed.
struct Current {
    name: String,
    phone: Option<String>,
    language: &'static str,
    reminders: bool,
}

/// An address that only takes forms, opened.
pub(crate) async fn back() -> Redirect {
    Redirect::to("/me/profile")
}

pub(crate) async fn show(Own { visitor, stored }: Own, RawQuery(asked): RawQuery) -> Response {
    let form = Form::holding(&values(&stored.account, visitor.language(None)));
    let saved = query(asked.as_deref(), "saved").is_some();
    page(&visitor, &stored.account, form, Again::first(), saved, false)
}

fn values(account: &Account, language: Language) -> Value {
    json!({
        "name": account.name.as_str(),
        "phone": account.phone.as_ref().map(|phone| phone.spoken(language)),
        "language": account.language.code(),
        "mail": { "reminders": account.mail.reminders },
    })
}

fn page(
    visitor: &Visitor,
    account: &Account,
    form: Form,
    again: Again,
    saved: bool,
    is_stale: bool,
) -> Response {
    let frame = visitor.frame().at("/me/profile").private();
    let page = Page {
        inputs: Inputs::again(form, again.faults.clone(), frame.language()),
        email: account.email.as_str().to_owned(),
        revision: account.revision,
        saved,
        current: is_stale.then(|| Current::new(account, frame.language())),
        again,
        frame,
    };
    page.again.answer(&page.frame, &page)
}

pub(crate) async fn change(
    State(desk): State<Desk>,
    Own { visitor, stored }: Own,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    let seen = posted.take("revision").and_then(|revision| revision.parse().ok());
    let seen: u64 = seen.ok_or_else(|| visitor.trouble(Trouble::UnreadableForm))?;
    posted.complete_phone("/phone");
    let form = posted.form;
    let change = match read(&form) {
        Ok(change) => change,
        // With the revision that was seen: what is there now was not.
        Err(problem) => {
            let account = Account { revision: seen, ..stored.account };
            return Ok(page(&visitor, &account, form, Again::unread(&problem), false, false));
        }
    };
    let before = stored.account.language;
    match change_profile(&desk.booking.store, stored, &change, Some(seen)).await {
        Ok(changed) => {
            let mut response = Redirect::to("/me/profile?saved=yes").into_response();
            // Only if it was changed: who reads in another language than their mails goes on to.
            let language = changed.account.language;
            if language != before {
                remember_language(response.headers_mut(), language);
            }
            Ok(response)
        }
        // What was typed stays; sent once more, it is meant for what is there now.
        Err(NotChanged::Stale(current)) => {
            let alert = Texts(visitor.language(None)).say("account-stale");
            let again = Again::alert(StatusCode::CONFLICT, alert);
            Ok(page(&visitor, &current.account, form, again, false, true))
        }
        Err(NotChanged::SignedOut) => Ok(visitor.to_sign_in_anew()),
        Err(NotChanged::Store(error)) => Err(visitor.trouble(Trouble::of_store(&error))),
    }
}

fn read(form: &Form) -> Result<ProfileChange, Problem> {
    let mut read = form.fields();
    let name = read.required("name", fields::parsed::<GuestName>);
    // An input left empty is left out, and means none.
    let phone = read.optional("phone", fields::phone);
    let language = read.required("language", fields::language);
    let reminders = read.required_object("mail", |mail| mail.required("reminders", fields::boolean));
    let (name, language, reminders) = read.finish((name, language, reminders))?;
    Ok(ProfileChange {
        name: Some(name),
        phone: Some(phone),
        language: Some(language),
        reminders: Some(reminders),
    })
}

/// `/me/sign-out-everywhere`: ends every sign-in of the account, this one too.
pub(crate) async fn sign_out_everywhere(
    State(desk): State<Desk>,
    Posted { visitor, .. }: Posted,
) -> Result<Response, TroublePage> {
    if let Some(access) = &visitor.access {
        let ended = accounts::sign_out_everywhere(&desk.booking.store, access).await;
        ended.map_err(|refusal| visitor.trouble(Trouble::of_account(&refusal)))?;
    }
    let mut response = Redirect::to(&sign_in::address(Some(Notice::EndedEverywhere), None)).into_response();
    session::take_away(response.headers_mut());
    Ok(response)
}

impl Current {
    fn new(account: &Account, language: Language) -> Self {
        Self {
            name: account.name.as_str().to_owned(),
            phone: account.phone.as_ref().map(|phone| phone.spoken(language)),
            language: match account.language {
                Language::Ko => "한국어",
                Language::En => "English",
            },
            reminders: account.mail.reminders,
        }
    }
}
