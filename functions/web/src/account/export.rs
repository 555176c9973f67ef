//! `/me/export`: a copy of all that is kept about somebody, as a file.

use axum::{
    extract::{RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jari_api::Cursors;
use jari_wiring::Export;

use crate::{
    Desk,
    account::own::Own,
    trouble::{Trouble, TroublePage},
    visitor::query,
};

/// The document that the API gives; a long one says with which `cursor` it goes on.
pub(crate) async fn show(
    State(desk): State<Desk>,
    Own { visitor, stored }: Own,
    RawQuery(asked): RawQuery,
) -> Result<Response, TroublePage> {
    let broken = || visitor.trouble(Trouble::Broken);
    let cursors = Cursors::new(&desk.cursors, "export-me", &stored.diner).map_err(|_| broken())?;
    let after = match query(asked.as_deref(), "cursor") {
        Some(cursor) => Some(cursors.open(&cursor).map_err(|_| visitor.trouble(Trouble::NoPage))?),
        None => None,
    };
    let exported = Export::of(&desk.booking.store, &stored, after, desk.clock.now()).await;
    let (export, next) = exported.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let next = next.map(|position| cursors.seal(&position)).transpose().map_err(|_| broken())?;
    let document = serde_json::to_vec_pretty(&export.going_on(next)).map_err(|_| broken())?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"jari-export.json\"")),
    ];
    Ok((headers, document).into_response())
}
