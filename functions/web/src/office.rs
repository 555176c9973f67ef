//! `/office`: where a restaurant is set up by its own people.

use axum::Router;

use crate::Desk;

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
}
