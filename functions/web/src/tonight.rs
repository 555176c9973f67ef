//! `/office/{restaurantId}/days/{date}`: the evening, as a host runs it.

use axum::Router;

use crate::Desk;

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
}
