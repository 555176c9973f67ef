//! `/admin`: what the people of the platform decide.

use axum::Router;

use crate::Desk;

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
}
