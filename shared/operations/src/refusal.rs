//! Why an operation said no, as far as the caller can act on it.

use jari_domain::{RestaurantId, Status, Unavailable};
use jari_store::StoreError;
use jiff::Zoned;

use crate::Viewed;

/// Why an operation said no. Unless it says otherwise, nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Who asks has not said who they are.
    #[error("nobody has signed in")]
    Unauthenticated,
    /// Who asks may see this, but not do that.
    #[error("not allowed")]
    Forbidden,
    /// No public restaurant has that id.
    #[error("no such restaurant")]
    NoRestaurant,
    /// No reservation has that id.
    #[error("no such reservation")]
    NoReservation,
    /// Somebody has it, or too many arrive then: `why` is `Full` or `Pacing`.
    #[error("the time is no longer free")]
    SlotTaken {
        /// Which of the two.
        why: Unavailable,
        /// Where.
        restaurant: RestaurantId,
        /// The times still free there that day, nearest first.
        alternatives: Vec<Zoned>,
    },
    /// A rule of the restaurant's keeps it from being booked.
    #[error("not bookable: {0:?}")]
    NotBookable(Unavailable),
    /// Not one of the restaurant's times.
    #[error("not one of the times offered")]
    NotOffered {
        /// The times that are, nearest first.
        nearest: Vec<Zoned>,
    },
    /// The restaurant has no area of that name.
    #[error("no such area")]
    NoArea,
    /// The diner has another reservation that overlaps.
    #[error("the diner has another reservation at that time")]
    DinerBusy,
    /// The visit has all its places for holds in use.
    #[error("too many holds at a time")]
    TooManyHolds,
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A confirmation without the guest's details, and the hold has none either.
    #[error("the guest's details are missing")]
    GuestMissing,
    /// Not possible in the status that the reservation has (at the time of the request).
    #[error("not possible: the reservation is {0:?}")]
    WrongStatus(Status, Box<Viewed>),
    /// The reservation is no longer at the revision that the caller saw.
    #[error("the reservation has changed")]
    Stale(Box<Viewed>),
    /// Too late for a diner to change or cancel.
    #[error("too late to change or cancel")]
    TooLate {
        /// Until when it was possible.
        until: Zoned,
    },
    /// The store could not do it; see there.
    #[error(transparent)]
    Store(#[from] StoreError),
}
