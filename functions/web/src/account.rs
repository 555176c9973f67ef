//! Signing up and in, what links in mails about an account lead to, and `/me`: what is one's own.

mod leave;
mod links;
mod my_reservations;
mod profile;
mod sign_in;
mod sign_up;
mod social;

use axum::{
    Router,
    routing::{get, post},
};
use jari_api::{BadField, FieldCode, Text};
use jari_operations::accounts::AccountRefusal;

use crate::{
    Desk,
    page::Frame,
    posted::Faults,
    session,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/sign-up", get(sign_up::show).post(sign_up::send))
        .route("/sign-in", get(sign_in::show).post(sign_in::send))
        .route("/sign-in/{provider}", get(social::back).post(social::begin))
        .route("/sign-in/{provider}/callback", get(social::finish))
        .route("/sign-out", get(session::home).post(session::sign_out))
        .route("/forgot-password", get(links::show_forgotten).post(links::forgotten))
        .route("/verify/{token}", get(links::show_verify).post(links::verify))
        .route("/reset/{token}", get(links::show_reset).post(links::reset))
        .route("/me", get(my_reservations::show))
        .route("/me/profile", get(profile::show).post(profile::change))
        .route("/me/sign-out-everywhere", post(leave::sign_out_everywhere).get(profile::back))
        .route("/me/export", get(leave::export))
        .route("/me/delete", get(leave::show_delete).post(leave::delete))
}

/// What is wrong with a form as a whole, told above it; or that there is nothing to tell beside it.
fn faults_of(refusal: &AccountRefusal, visitor: &Visitor) -> Result<Faults, TroublePage> {
    let (pointer, code, detail) = match refusal {
        AccountRefusal::InvalidCredentials => (
            "",
            FieldCode::InvalidFormat,
            Text::fixed(
                "이메일 주소나 비밀번호가 맞지 않습니다.",
                "The address or the password is not right.",
            ),
        ),
        AccountRefusal::GuessablePassword => (
            "/password",
            FieldCode::TooGuessable,
            Text::fixed(
                "너무 흔하거나 짐작하기 쉬운 비밀번호입니다. 다른 비밀번호를 정해 주세요.",
                "That password is too easy to guess. Please choose another.",
            ),
        ),
        AccountRefusal::TooMany { retry_after } => {
            let minutes = (retry_after.as_secs() + 59) / 60;
            let detail = Text::new(
                format!("시도가 너무 많았습니다. {minutes}분 뒤에 다시 해 주세요."),
                format!("There were too many tries. Please try again in {minutes} min."),
            );
            ("", FieldCode::OutOfRange, detail)
        }
        refusal => return Err(visitor.trouble(Trouble::of_account(refusal))),
    };
    Ok(Faults::new(&[BadField { pointer: pointer.to_owned(), code, detail }]))
}

/// The page that tells what was done, and leads on.
#[derive(askama::Template)]
#[template(path = "account/told.html")]
struct Told {
    frame: Frame,
    tone: &'static str,
    heading: &'static str,
    lead: &'static str,
    on: Option<(&'static str, &'static str)>,
}
