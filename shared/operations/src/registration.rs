//! A restaurant's registration: from a draft to a place that diners find, and out again.

use jari_domain::{AccountId, Missing, Profile, RegistrationStep, RestaurantStatus, StaffRole};
use jari_identity::Operation;
use jari_store::{
    ActedAs, AuditLine, NewRestaurant, PartChange, Registered, RestaurantPart, StaffMember, Store,
    StoreError, StoredRestaurant,
};
use jiff::Timestamp;

use crate::{
    Admitted, Refusal, RequestKey,
    idempotency::{fingerprint, new_id},
    restaurant_parts::{overtaken, replace},
};

/// So many restaurants of an account may wait for approval at a time.
pub const MOST_DRAFTS: usize = 10;

/// Why a change of a restaurant was refused. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum RestaurantRefusal {
    /// Refused as anything may be: not let in, not there, not stored.
    #[error(transparent)]
    Door(#[from] Refusal),
    /// The part is no longer at the revision that the caller saw.
    #[error("the part has changed")]
    Stale(Box<StoredRestaurant>),
    /// Not possible where it stands in registration.
    #[error("not possible for a restaurant that is {:?}", .0.restaurant.profile.status)]
    WrongStage(Box<StoredRestaurant>),
    /// It lacks what it needs to be approved.
    #[error("incomplete: {0:?}")]
    Incomplete(Vec<Missing>),
    /// The account has [`MOST_DRAFTS`] restaurants that wait for approval.
    #[error("too many restaurants wait for approval")]
    TooManyDrafts,
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
}

impl From<StoreError> for RestaurantRefusal {
    fn from(error: StoreError) -> Self {
        Self::Door(error.into())
    }
}

/// Registers a restaurant as a draft of `account`, its first owner. True beside it: an earlier request under the same key
/// had made it.
///
/// # Errors
/// [`RestaurantRefusal::TooManyDrafts`], [`RestaurantRefusal::KeyReused`], [`RestaurantRefusal::Door`] (an account that is
/// no more is [`Refusal::Unauthenticated`]).
pub async fn register(
    store: &Store,
    account: AccountId,
    profile: &Profile,
    key: Option<&RequestKey>,
    now: Timestamp,
) -> Result<(StoredRestaurant, bool), RestaurantRefusal> {
    let founder = store.account(account).await?.filter(|founder| !founder.deleting);
    let founder = founder.ok_or(Refusal::Unauthenticated)?.account;
    let (id, fingerprint) = match key {
        Some(key) => (key.restaurant_id(), Some(fingerprint(profile)?)),
        None => (new_id(now)?, None),
    };
    let new = NewRestaurant {
        id,
        profile,
        founder: &StaffMember {
            account,
            role: StaffRole::Owner,
            name: founder.name,
            email: founder.email,
            since: now,
        },
        line: &AuditLine {
            at: now,
            by: account,
            acted_as: ActedAs::Staff(StaffRole::Owner),
            what: Operation::CreateRestaurant.name().to_owned(),
            before: None,
            after: Some(serde_json::json!({ "name": profile.name })),
            why: None,
        },
        fingerprint: fingerprint.as_deref(),
    };
    let replayed = match store.register_restaurant(&new, MOST_DRAFTS).await? {
        Registered::Done => false,
        Registered::AlreadyThere(same) if same.is_some() && same == fingerprint => true,
        Registered::AlreadyThere(_) => return Err(RestaurantRefusal::KeyReused),
        Registered::NoAccount => return Err(Refusal::Unauthenticated.into()),
        Registered::TooManyDrafts => return Err(RestaurantRefusal::TooManyDrafts),
    };
    let (stored, role) = store.restaurant_as(id, account).await?.ok_or(Refusal::NoRestaurant)?;
    // Who repeats a request years later may have left the restaurant since.
    role.ok_or(Refusal::NoRestaurant)?;
    Ok((stored, replayed))
}

/// Takes a restaurant through `step` of its registration; `why` is written down, and told to its people where it is sent
/// back. `seen`: the revision of its profile that the caller saw, if they said which.
///
/// # Errors
/// [`RestaurantRefusal::WrongStage`], [`RestaurantRefusal::Incomplete`], [`RestaurantRefusal::Stale`],
/// [`RestaurantRefusal::Door`].
pub async fn take_step(
    store: &Store,
    admitted: &Admitted,
    operation: Operation,
    step: RegistrationStep,
    why: Option<String>,
    seen: Option<u64>,
    now: Timestamp,
) -> Result<StoredRestaurant, RestaurantRefusal> {
    let before = &admitted.stored;
    let read = before.revisions.profile;
    if seen.is_some_and(|seen| seen != read) {
        return Err(RestaurantRefusal::Stale(Box::new(before.clone())));
    }
    let status_before = before.restaurant.profile.status;
    let Some(status) = status_before.after(step) else {
        return Err(RestaurantRefusal::WrongStage(Box::new(before.clone())));
    };
    if matches!(status, RestaurantStatus::Submitted | RestaurantStatus::Approved) {
        let missing = before.restaurant.missing(&before.menu);
        if !missing.is_empty() {
            return Err(RestaurantRefusal::Incomplete(missing));
        }
    }
    let mut profile = before.restaurant.profile.clone();
    profile.status = status;
    profile.rejection = why.clone().filter(|_| status == RestaurantStatus::Rejected);
    let part = RestaurantPart::Profile(profile);
    let mut after = before.clone();
    let line = AuditLine { why, ..admitted.audit_line(operation, now)? };
    let line = replace(&mut after, &part, line)?.ok_or_else(|| StoreError::Rejected("no step".into()))?;
    let change = PartChange {
        restaurant: before.restaurant.id,
        part: &part,
        read,
        status_before: Some(status_before),
        frees_draft_of: before
            .draft_of
            .filter(|_| matches!(status, RestaurantStatus::Approved | RestaurantStatus::Closed)),
        recount_at: None,
        line: &line,
    };
    if store.change_restaurant_part(&change).await? {
        return Ok(after);
    }
    // Who said what they saw is told that it is no longer so; who did not, what stands in the way.
    Err(match overtaken(store, admitted).await {
        RestaurantRefusal::Stale(current) if seen.is_none() => RestaurantRefusal::WrongStage(current),
        refusal => refusal,
    })
}
