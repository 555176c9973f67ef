//! Signing up and in, what links in mails about an account lead to, and `/me`: what is one's own.

mod again;
mod delete;
mod export;
mod my_reservations;
mod own;
mod password;
mod profile;
mod sign_in;
mod sign_up;
mod social;
mod verify;

use askama::Template;
use axum::{Router, http::StatusCode, response::Response, routing::get};

use crate::{
    Desk,
    page::{Frame, answer},
    session,
};

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/sign-up", get(sign_up::show).post(sign_up::send))
        .route("/sign-up/sent", get(sign_up::sent))
        .route("/verify/{token}", get(verify::show).post(verify::send))
        .route("/sign-in", get(sign_in::show).post(sign_in::send))
        .route("/sign-in/{provider}", get(social::back).post(social::begin))
        .route("/sign-in/{provider}/callback", get(social::finish))
        .route("/sign-out", get(session::home).post(session::sign_out))
        .route("/forgot-password", get(password::show_forgotten).post(password::forgotten))
        .route("/forgot-password/sent", get(password::sent))
        .route("/reset/{token}", get(password::show_reset).post(password::reset))
        .route("/me", get(my_reservations::show))
        .route("/me/profile", get(profile::show).post(profile::change))
        .route("/me/sign-out-everywhere", get(profile::back).post(profile::sign_out_everywhere))
        .route("/me/export", get(export::show))
        .route("/me/delete", get(delete::show).post(delete::send))
        .route("/goodbye", get(delete::goodbye))
}

/// A page that tells what was done, and leads on.
#[derive(Template)]
#[template(path = "account/told.html")]
struct Told {
    frame: Frame,
    tone: &'static str,
    heading: &'static str,
    lead: &'static str,
    /// Where to, and the text of the link.
    on: (&'static str, &'static str),
}

impl Told {
    fn answer(&self) -> Response {
        answer(StatusCode::OK, &self.frame, self)
    }
}
