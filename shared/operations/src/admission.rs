//! Who is let in: the table of permissions against what somebody is at this restaurant or to this reservation. What is
//! read to find out is what the operation needs anyway, so no operation can go on without having asked.

use std::sync::Arc;

use jari_domain::{AccountId, Actor, PlatformRole, ReservationId, Restaurant, RestaurantId, StaffRole};
use jari_identity::{Bearer, Operation};
use jari_store::{ActedAs, Store, StoredReservation, StoredRestaurant};

use crate::Refusal;

/// As what somebody is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Whoever the reservation is for: by its link, or signed in.
    Guest(Option<AccountId>),
    /// The restaurant's staff.
    Staff(AccountId, StaffRole),
    /// The platform's people.
    Platform(AccountId, PlatformRole),
}

impl Standing {
    /// Who it is in a reservation's history.
    #[must_use]
    pub fn actor(self) -> Actor {
        match self {
            Self::Guest(None) => Actor::Guest,
            Self::Guest(Some(account)) | Self::Platform(account, _) => Actor::Diner(account),
            Self::Staff(account, _) => Actor::Staff(account),
        }
    }

    /// As what it is written into a restaurant's audit log; a guest has no business there.
    #[must_use]
    pub fn acted_as(self) -> Option<ActedAs> {
        match self {
            Self::Guest(_) => None,
            Self::Staff(_, role) => Some(ActedAs::Staff(role)),
            Self::Platform(_, role) => Some(ActedAs::Platform(role)),
        }
    }

    /// Whether the rules for diners do not bind: staff may what the policy keeps diners from.
    #[must_use]
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Staff(..))
    }
}

/// Somebody let in to a restaurant's own work, with the restaurant as it was read.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// Who.
    pub account: AccountId,
    /// As what.
    pub standing: Standing,
    /// Where.
    pub stored: StoredRestaurant,
}

/// Somebody let in to a reservation, with what was read for it.
#[derive(Debug, Clone)]
pub struct AdmittedToReservation {
    /// The reservation.
    pub stored: StoredReservation,
    /// As what.
    pub standing: Standing,
    /// Where it is; none for who it is for, who is let in without.
    pub restaurant: Option<Arc<Restaurant>>,
}

/// Lets `bearer` in to `operation` at a restaurant. One read.
///
/// # Errors
/// [`Refusal::Unauthenticated`] for who has not signed in; [`Refusal::NoRestaurant`] for who is nothing there, as for one
/// that does not exist; [`Refusal::Forbidden`] for who is too little.
pub async fn admit(
    store: &Store,
    bearer: &Bearer,
    operation: Operation,
    restaurant: RestaurantId,
) -> Result<Admitted, Refusal> {
    let access = bearer.access().ok_or(Refusal::Unauthenticated)?;
    let (stored, role) =
        store.restaurant_as(restaurant, access.account).await?.ok_or(Refusal::NoRestaurant)?;
    let account = access.account;
    let standings = [
        role.map(|role| (operation.admits_staff(role), Standing::Staff(account, role))),
        access.platform.map(|role| (operation.admits_platform(role), Standing::Platform(account, role))),
    ];
    let standing = choose(standings.into_iter().flatten(), Refusal::NoRestaurant)?;
    Ok(Admitted { account, standing, stored })
}

/// Lets `bearer` in to `operation` on a reservation. One read for who it is for; a second, of the restaurant, for others.
///
/// # Errors
/// [`Refusal::Unauthenticated`] for who brought no token; [`Refusal::NoReservation`] for whom it does not concern, as for
/// one that does not exist; [`Refusal::Forbidden`] for whom it concerns, but not like this.
pub async fn admit_to_reservation(
    store: &Store,
    bearer: &Bearer,
    operation: Operation,
    id: ReservationId,
) -> Result<AdmittedToReservation, Refusal> {
    let access = match bearer {
        Bearer::Nobody => return Err(Refusal::Unauthenticated),
        // Another's link needs no read to be refused.
        Bearer::Link(own) if *own != id => return Err(Refusal::NoReservation),
        Bearer::Link(_) => None,
        Bearer::Account(access) => Some(access),
    };
    let stored = store.reservation(id).await?.ok_or(Refusal::NoReservation)?;
    let Some(access) = access else {
        let standing = choose([(operation.admits_guest(), Standing::Guest(None))], Refusal::NoReservation)?;
        return Ok(AdmittedToReservation { stored, standing, restaurant: None });
    };
    let account = access.account;
    let is_guest = stored.reservation.diner.as_ref() == Some(&access.diner);
    if is_guest && operation.admits_guest() {
        let standing = Standing::Guest(Some(account));
        return Ok(AdmittedToReservation { stored, standing, restaurant: None });
    }
    let (restaurant, role) = store.restaurant_as(stored.reservation.restaurant, account).await?.unzip();
    let role = role.flatten();
    let standings = [
        role.map(|role| (operation.admits_staff(role), Standing::Staff(account, role))),
        access.platform.map(|role| (operation.admits_platform(role), Standing::Platform(account, role))),
        is_guest.then_some((false, Standing::Guest(Some(account)))),
    ];
    let standing = choose(standings.into_iter().flatten(), Refusal::NoReservation)?;
    let restaurant = restaurant.map(|read| Arc::new(read.restaurant));
    Ok(AdmittedToReservation { stored, standing, restaurant })
}

/// Lets `bearer` in to `operation` on the platform itself.
///
/// # Errors
/// [`Refusal::Unauthenticated`], [`Refusal::Forbidden`].
pub fn admit_to_platform(bearer: &Bearer, operation: Operation) -> Result<AccountId, Refusal> {
    let access = bearer.access().ok_or(Refusal::Unauthenticated)?;
    let admitted = access.platform.is_some_and(|role| operation.admits_platform(role));
    if admitted { Ok(access.account) } else { Err(Refusal::Forbidden) }
}

/// The first standing that is let in. Who has none is told that nothing is there.
fn choose(
    standings: impl IntoIterator<Item = (bool, Standing)>,
    hidden: Refusal,
) -> Result<Standing, Refusal> {
    let mut refusal = hidden;
    for (admitted, standing) in standings {
        if admitted {
            return Ok(standing);
        }
        refusal = Refusal::Forbidden;
    }
    Err(refusal)
}
