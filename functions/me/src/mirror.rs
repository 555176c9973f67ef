//! What the endpoints of one's own account are opened with.

use axum::extract::FromRef;
use jari_domain::Clock;
use jari_identity::BearerVerifier;
use jari_store::Store;
use jari_wiring::{House, OpenError};

/// Where somebody meets their own account. Holds no secret.
#[derive(Clone, FromRef)]
pub(crate) struct Mirror {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) bearers: BearerVerifier,
}

impl Mirror {
    pub(crate) fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { store: house.store()?, clock: house.clock(), bearers: house.bearer_verifier()? })
    }
}
