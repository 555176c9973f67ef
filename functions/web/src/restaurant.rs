//! `/restaurants/{restaurantId}`: what a restaurant is, and when it has a table.

use axum::Router;

use crate::Desk;

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
}
