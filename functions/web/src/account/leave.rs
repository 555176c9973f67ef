//! Signing out everywhere, a copy of what is kept, and leaving for good.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{BadField, ClientAddress, Cursors, FieldCode, Text, fields};
use jari_operations::{
    Refusal,
    accounts::{self, Erasure, NotErased, begin_erasure, check_password, erase},
};
use jari_wiring::Export;
use serde_json::json;

use crate::{
    Desk,
    account::{Told, faults_of, profile::own},
    away::Away,
    page::{Frame, answer},
    posted::{Faults, Inputs, Posted},
    session,
    trouble::{Trouble, TroublePage},
    visitor::{Member, Visitor, query},
};

#[derive(Template)]
#[template(path = "account/delete.html")]
struct DeletePage {
    frame: Frame,
    inputs: Inputs,
    asks_password: bool,
}

pub(crate) async fn sign_out_everywhere(
    State(desk): State<Desk>,
    posted: Posted,
) -> Result<Response, TroublePage> {
    let visitor = &posted.visitor;
    if let Some(access) = &visitor.access {
        let ended = accounts::sign_out_everywhere(&desk.booking.store, access).await;
        ended.map_err(|refusal| visitor.trouble(Trouble::of_account(&refusal)))?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    session::take_away(response.headers_mut());
    Ok(response)
}

/// The document that the API gives; a long one goes on with `after`.
pub(crate) async fn export(
    State(desk): State<Desk>,
    member: Member,
    RawQuery(asked): RawQuery,
) -> Result<Response, Away> {
    let visitor = &member.visitor;
    let own = own(&desk, visitor).await?;
    let broken = || visitor.trouble(Trouble::Broken);
    let cursors = Cursors::new(&desk.cursors, "export-me", &own.diner).map_err(|_| broken())?;
    let after = query(asked.as_deref(), "cursor").and_then(|cursor| cursors.open(&cursor).ok());
    let exported = Export::of(&desk.booking.store, &own, after, desk.clock.now()).await;
    let (export, next) = exported.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let next = next.map(|position| cursors.seal(&position)).transpose().map_err(|_| broken())?;
    let document = serde_json::to_vec_pretty(&export.going_on(next)).map_err(|_| broken())?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"jari-export.json\"")),
    ];
    Ok((headers, document).into_response())
}

pub(crate) async fn show_delete(State(desk): State<Desk>, member: Member) -> Result<Response, Away> {
    let visitor = &member.visitor;
    let own = own(&desk, visitor).await?;
    let inputs = Inputs::new(&json!({}), visitor.language(None));
    Ok(ask(visitor, inputs, own.password_hash.is_some(), StatusCode::OK))
}

fn ask(visitor: &Visitor, inputs: Inputs, asks_password: bool, status: StatusCode) -> Response {
    let page = DeletePage { frame: visitor.frame().private(), inputs, asks_password };
    answer(status, &page.frame, &page)
}

/// Erases the account. What is more than one request erases is finished by itself within minutes.
pub(crate) async fn delete(
    State(desk): State<Desk>,
    ClientAddress(client): ClientAddress,
    posted: Posted,
) -> Result<Response, Away> {
    let visitor = &posted.visitor;
    let now = desk.clock.now();
    let (store, diners) = (&desk.booking.store, &desk.booking.diners);
    let account = match begin_erasure(store, &visitor.bearer()).await {
        Ok(account) => account,
        Err(Refusal::Unauthenticated) => return Err(Away::to_sign_in_anew(visitor)),
        Err(refusal) => return Err(visitor.trouble(Trouble::of_refusal(&refusal)).into()),
    };
    let asks_password = account.password_hash.is_some();
    let again = |faults, status| {
        let inputs = Inputs::again(posted.form.clone(), faults, visitor.language(None));
        Ok(ask(visitor, inputs, asks_password, status))
    };
    let password = {
        let mut read = posted.fields();
        let password = if asks_password {
            read.required("password", fields::parsed)
        } else {
            read.optional("password", fields::parsed)
        };
        match read.finish(()) {
            Ok(()) => password,
            Err(problem) => {
                return again(Faults::new(problem.errors()), StatusCode::UNPROCESSABLE_ENTITY);
            }
        }
    };
    if let Err(refusal) = check_password(store, diners, &account, password, client, now).await {
        return again(faults_of(&refusal, visitor)?, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let lead = match erase(store, account, now).await {
        Ok(Erasure::Done) => "account-gone-lead",
        Ok(Erasure::MoreLeft) => "account-going-lead",
        Err(NotErased::LastOwner) => {
            let detail = Text::fixed(
                "혼자 대표로 등록된 식당이 있습니다. 먼저 다른 대표를 지정해 주세요.",
                "You are the only owner of a restaurant. Please make somebody else its owner first.",
            );
            let fault = BadField { pointer: String::new(), code: FieldCode::OutOfRange, detail };
            return again(Faults::new(&[fault]), StatusCode::CONFLICT);
        }
        Err(NotErased::Store(error)) => return Err(visitor.trouble(Trouble::of_store(&error)).into()),
    };
    let mut frame = visitor.frame().passing();
    frame.signed_in = false;
    let told =
        Told { frame, tone: "calm", heading: "account-gone", lead, on: Some(("/", "account-to-search")) };
    let mut response = answer(StatusCode::OK, &told.frame, &told);
    session::take_away(response.headers_mut());
    Ok(response)
}
