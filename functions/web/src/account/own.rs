//! [`Own`]: the account of who has signed in, for what is one's own.

use axum::{extract::FromRequestParts, http::request::Parts};
use jari_operations::{Refusal, own_account};
use jari_store::StoredAccount;

use crate::{
    Desk,
    away::Away,
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
    type Rejection = Away;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Away> {
        let member = Member::from_request_parts(parts, desk).await;
        let Member { visitor, .. } = member.map_err(Away::from)?;
        match own_account(&desk.booking.store, &visitor.bearer()).await {
            Ok(stored) => Ok(Self { visitor, stored }),
            Err(Refusal::Unauthenticated) => Err(Away::to_sign_in_anew(&visitor)),
            Err(refusal) => Err(visitor.trouble(Trouble::of_refusal(&refusal)).into()),
        }
    }
}
