//! What the endpoints of one reservation are opened with.

use axum::extract::FromRef;
use jari_domain::Clock;
use jari_identity::BearerVerifier;
use jari_operations::{Desk, RestaurantCache};
use jari_store::Store;
use jari_wiring::{House, OpenError};

/// Where a guest with a private link is served. Holds no secret.
#[derive(Clone, FromRef)]
pub(crate) struct Counter {
    pub(crate) store: Store,
    pub(crate) restaurants: RestaurantCache,
    pub(crate) clock: Clock,
    pub(crate) bearers: BearerVerifier,
}

impl Counter {
    pub(crate) fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self {
            store: house.store()?,
            restaurants: house.restaurants()?,
            clock: house.clock(),
            bearers: house.bearer_verifier()?,
        })
    }
}

/// Where a guest's details are taken: needs the key that tells diners apart.
pub(crate) async fn open_desk(house: &House) -> Result<Desk, OpenError> {
    Ok(Desk { store: house.store()?, restaurants: house.restaurants()?, diners: house.diner_key().await? })
}
