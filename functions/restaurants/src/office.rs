//! What the endpoints of a restaurant's own work are opened with, and what they have in common: who asks is let in by the
//! same read that the work begins with.

use axum::{extract::FromRef, response::Response};
use jari_api::{Caller, IfMatch, IfNoneMatch, Problem, respond};
use jari_domain::{Clock, RegistrationStep, RestaurantId};
use jari_identity::{BearerVerifier, CursorKey, Operation};
use jari_operations::{Admitted, RestaurantCache, RestaurantRefusal, admit, change_part, take_step};
use jari_store::{RestaurantPart, Store, StoredRestaurant};
use jari_wiring::{House, OpenError, admission_problem};
use serde::Serialize;

use crate::{profile::ProfileView, refusal::problem};

/// Where a restaurant's people are served. Holds no secret.
#[derive(Clone, FromRef)]
pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) restaurants: RestaurantCache,
    pub(crate) clock: Clock,
    pub(crate) bearers: BearerVerifier,
}

/// A part with its revision, as it is shown.
#[derive(Serialize)]
pub(crate) struct Shown<'a, T> {
    #[serde(flatten)]
    pub(crate) part: &'a T,
    pub(crate) revision: u64,
}

impl Office {
    pub(crate) fn open(house: &House) -> Result<Self, OpenError> {
        Ok(Self {
            store: house.store()?,
            restaurants: house.restaurants()?,
            clock: house.clock(),
            bearers: house.bearer_verifier()?,
        })
    }

    pub(crate) async fn admit(
        &self,
        caller: &Caller,
        operation: Operation,
        id: RestaurantId,
    ) -> Result<Admitted, Problem> {
        admit(&self.store, &caller.0, operation, id).await.map_err(admission_problem)
    }

    /// Writes a part, or tells why not; `current` shows the part where another was faster.
    pub(crate) async fn change<T: Serialize>(
        &self,
        admitted: &Admitted,
        operation: Operation,
        part: RestaurantPart,
        seen: IfMatch,
        current: impl FnOnce(&StoredRestaurant) -> T,
    ) -> Result<StoredRestaurant, Problem> {
        let now = self.clock.now();
        let changed = change_part(&self.store, admitted, operation, part, seen.revision(), now).await;
        self.restaurants.forget(admitted.stored.restaurant.id);
        changed.map_err(|refusal: RestaurantRefusal| problem(refusal, current))
    }

    /// Takes a restaurant through a step of its registration: 200 with its profile.
    pub(crate) async fn take_step(
        &self,
        admitted: &Admitted,
        operation: Operation,
        step: RegistrationStep,
        why: Option<String>,
        seen: Option<IfMatch>,
    ) -> Result<Response, Problem> {
        let seen = seen.and_then(IfMatch::revision);
        let after = take_step(&self.store, admitted, operation, step, why, seen, self.clock.now()).await;
        self.restaurants.forget(admitted.stored.restaurant.id);
        let after = after.map_err(|refusal| problem(refusal, ProfileView::new))?;
        Ok(respond::revised(after.revisions.profile, &ProfileView::new(&after)))
    }
}

/// Where long lists are read.
#[derive(Clone, FromRef)]
pub(crate) struct Archive {
    pub(crate) office: Office,
    pub(crate) cursors: CursorKey,
}

impl FromRef<Archive> for BearerVerifier {
    fn from_ref(archive: &Archive) -> Self {
        archive.office.bearers.clone()
    }
}

impl FromRef<Archive> for Clock {
    fn from_ref(archive: &Archive) -> Self {
        archive.office.clock.clone()
    }
}

/// 200 with a part and its revision, or 304.
pub(crate) fn show<T: Serialize>(known: &IfNoneMatch, part: &T, revision: u64) -> Response {
    respond::revised_unless_known(known, revision, &Shown { part, revision })
}
