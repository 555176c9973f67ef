//! From a time that was chosen to a visit: `/restaurants/{restaurantId}/hold`, `/book/{token}`, and the page of one
//! reservation, `/r/{token}` by its private link or `/me/reservations/{reservationId}` signed in.
//!
//! Opening a page never acts, since scanners open the links in mails; only its forms do.

mod calendar;
mod change;
mod confirm;
mod details;
mod held;
mod hold;
mod not_held;
mod reservation;
mod steps;
#[cfg(test)]
mod tests;
mod times;
mod told;
mod word;

use axum::{Router, routing::get};

use crate::Desk;

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/restaurants/{restaurantId}/hold", get(hold::back).post(hold::hold))
        .route("/book/{token}", get(details::show).post(confirm::confirm))
        .route("/book/{token}/let-go", get(details::back).post(confirm::let_go))
        .merge(of_a_reservation("/r/{token}"))
        .merge(of_a_reservation("/me/reservations/{reservationId}"))
}

/// The pages of one reservation, wherever they are.
fn of_a_reservation(at: &str) -> Router<Desk> {
    let of = |rest: &str| format!("{at}/{rest}");
    Router::new()
        .route(at, get(reservation::show))
        .route(&of("cancel"), get(steps::back).post(steps::cancel))
        .route(&of("reconfirm"), get(steps::back).post(steps::reconfirm))
        .route(&of("change"), get(change::show).post(change::change))
        .route(&of("calendar.ics"), get(calendar::download))
}
