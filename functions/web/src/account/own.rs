//! [`Own`]: the account of who has signed in, for what is one's own.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use jari_operations::{Refusal, own_account};
use jari_store::StoredAccount;

use crate::{
    Desk,
    trouble::Trouble,
    visitor::{Member, Visitor},
};

/// A visitor who has signed in, and their account, read anew. Anybody else is asked to sign in, also whose session has been
/// ended elsewhere.
pub(crate) struct Own {
    pub(super) visitor: Visitor,
    pub(super) stored: StoredAccount,
}

impl FromRequestParts<Desk> for Own {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Response> {
        let member = Member::from_request_parts(parts, desk).await;
        let Member { visitor, .. } = member.map_err(IntoResponse::into_response)?;
        match own_account(&desk.booking.store, &visitor.bearer()).await {
            Ok(stored) => Ok(Self { visitor, stored }),
            Err(Refusal::Unauthenticated) => Err(visitor.to_sign_in_anew()),
            Err(refusal) => Err(visitor.trouble(Trouble::of_refusal(&refusal)).into_response()),
        }
    }
}
