//! Why an operation said no, as far as the caller can act on it.

use jari_domain::{BadTiming, RestaurantId, Status, TableId, Unavailable};
use jari_store::StoreError;
use jiff::{Zoned, tz::TimeZone};

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
    /// The diner did not come too often, and may not book online here.
    #[error("the diner is barred")]
    Barred,
    /// Tables that were asked for, or that it had, are taken at that time.
    #[error("tables are taken")]
    TableTaken {
        /// Those that are.
        taken: Vec<TableId>,
        /// What else could be given to the party then, best fit first.
        alternatives: Vec<Vec<TableId>>,
    },
    /// Tables that the restaurant does not have, or too many.
    #[error("no such tables")]
    NoTables,
    /// A stay that is no run of quarter hours inside its service day, or over already.
    #[error("not a stay that can be")]
    BadStay,
    /// Not a reservation of the same restaurant and day.
    #[error("nothing to swap with")]
    NothingToSwap,
    /// Whoever booked online keeps their own details.
    #[error("the guest's own details")]
    GuestsOwn,
    /// Too early or too late for a step of the evening; in the restaurant's zone.
    #[error("{0}")]
    BadTiming(BadTiming, TimeZone),
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
