//! A sign-in, as it is answered.

use axum::response::Response;
use jari_api::respond;
use jari_identity::AccessSigner;
use jari_operations::accounts::SignedIn;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A sign-in.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionView {
    /// The bearer for everything, until it expires. A JWT; nothing in it is meant for you.
    access_token: String,
    /// In so many seconds.
    #[schema(example = 900)]
    expires_in: i64,
    /// Gets the next session, once, within seven days. Keep it where nobody else can read it.
    refresh_token: String,
}

/// 200 with the tokens of a sign-in.
pub(crate) fn answer(signed_in: &SignedIn, signer: &AccessSigner, now: Timestamp) -> Response {
    respond::ok(&SessionView {
        access_token: signer.sign(&signed_in.access, now),
        expires_in: AccessSigner::LIFETIME.as_secs(),
        refresh_token: signed_in.refresh.expose(),
    })
}
