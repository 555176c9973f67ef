//! The pages: the function `web`, which gets every request that no other function has a route for (`$default`).
//!
//! Pages run no script and fetch nothing; opening one never changes anything. They call the same operations as the
//! JSON endpoints.

mod account_pages;
mod home;
mod missing;
mod page;
mod reservation_page;
#[cfg(test)]
mod tests;
mod trouble;
mod words;

use axum::{
    Router,
    routing::{any, get},
};
use jari_domain::Clock;
use jari_identity::LinkVerifier;
use jari_operations::RestaurantCache;
use jari_store::Store;
use jari_wiring::Endpoint;
use utoipa::openapi::OpenApi;

/// The function. Its part of the API's document is empty: pages are for people.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "web",
    describe: OpenApi::default,
    open: |house| {
        Box::pin(async move {
            let desk = Desk {
                store: house.store()?,
                restaurants: house.restaurants()?,
                clock: house.clock(),
                links: house.link_verifier()?,
            };
            Ok(routes().with_state(desk))
        })
    },
};

/// What the pages are made with.
#[derive(Clone)]
struct Desk {
    store: Store,
    restaurants: RestaurantCache,
    clock: Clock,
    links: LinkVerifier,
}

fn routes() -> Router<Desk> {
    Router::new()
        .route("/", get(home::show))
        .route("/r/{token}", get(reservation_page::show))
        .route("/r/{token}/cancel", get(reservation_page::back).post(reservation_page::cancel))
        .route("/verify/{token}", get(account_pages::show_verify).post(account_pages::verify))
        .route("/reset/{token}", get(account_pages::show_reset).post(account_pages::reset))
        .route("/r/{token}/reconfirm", get(reservation_page::back).post(reservation_page::reconfirm))
        // A route and not a fallback, which is for whoever finishes the router to set.
        .route("/{*path}", any(missing::show))
}
