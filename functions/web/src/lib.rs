//! The pages: the function `web`, which gets every request that no other function has a route for (`$default`).
//!
//! Opening a page never changes anything, but for the one that a sign-in provider sends people back to; a form of ours does,
//! and answers with a redirect (Post/Redirect/Get). Pages work without scripts and call the same operations as the JSON
//! endpoints.

mod account;
mod admin;
mod assets;
mod booking;
mod cookie;
mod form_token;
mod hold_key;
mod missing;
mod office;
mod offline;
mod page;
mod picture;
mod places;
mod posted;
mod restaurant;
mod search;
mod session;
#[cfg(test)]
mod tests;
mod texts;
mod tonight;
mod trouble;
mod visitor;
mod wanted;
mod why_not;

use std::panic::AssertUnwindSafe;

use axum::{
    Router,
    extract::{FromRef, Request},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use futures::FutureExt;
use jari_api::Problem;
use jari_domain::Clock;
use jari_identity::{
    AccessSigner, BearerVerifier, CursorKey, LinkSigner, LinkVerifier, MailTokenKey, VisitSigner,
    VisitVerifier,
};
use jari_operations::Desk as BookingDesk;
use jari_social::Providers;
use jari_wiring::Endpoint;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;

use crate::{trouble::Trouble, visitor::Visitor};

/// The function. Its part of the API's document is empty: pages are for people.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "web",
    describe: OpenApi::default,
    open: |house| {
        Box::pin(async move {
            let booking = BookingDesk {
                store: house.store()?,
                restaurants: house.restaurants()?,
                diners: house.diner_key().await?,
            };
            let desk = Desk {
                booking,
                clock: house.clock(),
                links: house.link_signer().await?,
                link_verifier: house.link_verifier()?,
                visits: house.visit_signer().await?,
                visit_verifier: house.visit_verifier()?,
                access: house.access_signer().await?,
                bearers: house.bearer_verifier()?,
                cursors: house.cursor_key().await?,
                mail_tokens: house.mail_token_key().await?,
                providers: house.social_providers().await?,
                site: house.settings().site_url()?.to_owned(),
            };
            Ok(routes(&desk).with_state(desk))
        })
    },
};

/// What the pages are made with. One function has all pages, so it holds what any of them needs.
#[derive(Clone, FromRef)]
struct Desk {
    booking: BookingDesk,
    clock: Clock,
    links: LinkSigner,
    link_verifier: LinkVerifier,
    visits: VisitSigner,
    visit_verifier: VisitVerifier,
    access: AccessSigner,
    bearers: BearerVerifier,
    cursors: CursorKey,
    mail_tokens: MailTokenKey,
    providers: Providers,
    site: String,
}

fn routes(desk: &Desk) -> Router<Desk> {
    let pages = Router::new()
        .merge(search::routes())
        .merge(restaurant::routes())
        .merge(booking::routes())
        .merge(account::routes())
        .merge(office::routes())
        .merge(tonight::routes())
        .merge(admin::routes())
        .route("/offline", get(offline::show))
        // A route and not a fallback, which is for whoever finishes the router to set.
        .route("/{*path}", any(missing::show))
        .layer(from_fn(in_one_piece))
        .layer(from_fn_with_state(desk.clone(), visitor::greet));
    Router::new()
        .route("/assets/{name}", get(assets::show))
        .route("/service-worker.js", get(offline::service_worker))
        .merge(pages)
        .layer(CompressionLayer::new())
}

/// Whoever opens a page that fails gets a page that says so.
async fn in_one_piece(visitor: Visitor, request: Request, next: Next) -> Response {
    // As in `finish`: what was shared with the panicked handler is behind locks that hold through a panic.
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    match answered {
        Ok(response) if response.extensions().get::<Problem>().is_none() => response,
        Ok(response) => match response.status() {
            StatusCode::SERVICE_UNAVAILABLE => visitor.trouble(Trouble::Unavailable).into_response(),
            status if status.is_server_error() => visitor.trouble(Trouble::Broken).into_response(),
            _ => response,
        },
        Err(_) => {
            tracing::error!("a page's handler panicked");
            visitor.trouble(Trouble::Broken).into_response()
        }
    }
}
