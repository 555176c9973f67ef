//! What the endpoints of one reservation are opened with, and how they let somebody in.

use axum::extract::FromRef;
use jari_api::{Caller, IfMatch, Problem};
use jari_domain::{Clock, ReservationId};
use jari_identity::{BearerVerifier, Operation};
use jari_operations::{Asked, Desk, RestaurantCache, admit_to_reservation};
use jari_store::Store;
use jari_wiring::{House, OpenError};
use jiff::Timestamp;

use crate::refusal::problem;

/// Where reservations are looked at and moved on. Holds no secret.
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

impl Counter {
    /// Lets the caller in to an operation on a reservation; what was read for it is what the operation goes on with.
    pub(crate) async fn admit(
        &self,
        caller: &Caller,
        operation: Operation,
        id: ReservationId,
        seen: Option<IfMatch>,
        now: Timestamp,
    ) -> Result<Asked, Problem> {
        admit(&self.store, caller, operation, id, seen, now).await
    }
}

/// Lets the caller in to an operation on a reservation.
pub(crate) async fn admit(
    store: &Store,
    caller: &Caller,
    operation: Operation,
    id: ReservationId,
    seen: Option<IfMatch>,
    now: Timestamp,
) -> Result<Asked, Problem> {
    let admitted = admit_to_reservation(store, &caller.0, operation, id).await;
    let admitted = admitted.map_err(|refusal| problem(refusal, now))?;
    Ok(Asked::new(admitted, seen.and_then(IfMatch::revision)))
}

/// Where a guest's details are taken, of a reservation that is there already.
#[derive(Clone, FromRef)]
pub(crate) struct DetailsCounter {
    pub(crate) desk: Desk,
    pub(crate) clock: Clock,
    pub(crate) bearers: BearerVerifier,
}

impl DetailsCounter {
    pub(crate) async fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self { desk: open_desk(house).await?, clock: house.clock(), bearers: house.bearer_verifier()? })
    }
}

/// Where a guest's details are taken: needs the key that tells diners apart.
pub(crate) async fn open_desk(house: &House) -> Result<Desk, OpenError> {
    Ok(Desk { store: house.store()?, restaurants: house.restaurants()?, diners: house.diner_key().await? })
}
