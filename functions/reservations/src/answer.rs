//! What whoever moved a reservation on is answered.

use axum::response::Response;
use jari_api::{Problem, respond};
use jari_operations::{Refusal, Viewed};
use jiff::Timestamp;

use crate::{refusal::problem, view::ReservationView};

/// 200 with the reservation as it is now, or the problem that tells why not.
pub(crate) fn answer(done: Result<Viewed, Refusal>, now: Timestamp) -> Result<Response, Problem> {
    let viewed = done.map_err(|refusal| problem(refusal, now))?;
    Ok(respond::revised(viewed.reservation.revision, &ReservationView::new(&viewed, now)))
}
