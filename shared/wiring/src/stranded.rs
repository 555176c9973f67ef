//! A reservation that a change of its restaurant has left behind, as whoever made the change is told of it: the same
//! whether a part was replaced or a day was closed.

use jari_api::respond::instant;
use jari_domain::{Misfit, Party, Reservation, ReservationId, Restaurant, Status};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A reservation that no longer fits. It stays as it is until somebody changes it: the guest is to be called.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StrandedReservation)]
#[serde(rename_all = "camelCase")]
pub struct StrandedView {
    #[schema(value_type = String, example = "rsv_01kc9x3v2rq8f5m7w1d6e4t0zn")]
    id: ReservationId,
    #[schema(value_type = String, example = "confirmed")]
    status: Status,
    #[schema(format = DateTime, example = "2026-12-24T19:00:00+09:00")]
    starts_at: String,
    #[schema(value_type = u8, minimum = 1, maximum = 99, example = 2)]
    party_size: Party,
    why: Stranding,
    /// Missing while it is only held, and once the guest's details have been erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "김민지")]
    guest_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+821012345678")]
    guest_phone: Option<String>,
}

/// Why a reservation no longer fits: the most pressing reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Stranding {
    /// Its day is closed.
    Closed,
    /// A table of its is no longer on the floor.
    TableGone,
    /// Its tables no longer seat so many.
    TableTooSmall,
    /// Its tables are no longer joined.
    NotJoined,
    /// There is no such area any more, or its tables are in another.
    AreaGone,
    /// Nobody is seated at that time any more.
    OutsideHours,
    /// Diners can no longer book for so many.
    PartyTooLarge,
}

impl From<Misfit> for Stranding {
    fn from(misfit: Misfit) -> Self {
        match misfit {
            Misfit::TableGone => Self::TableGone,
            Misfit::TableTooSmall => Self::TableTooSmall,
            Misfit::NotJoined => Self::NotJoined,
            Misfit::AreaGone => Self::AreaGone,
            Misfit::OutsideHours => Self::OutsideHours,
            Misfit::PartyTooLarge => Self::PartyTooLarge,
        }
    }
}

impl StrandedView {
    /// `reservation` as it is at `now`, in the time zone of its `restaurant`.
    #[must_use]
    pub fn new(reservation: &Reservation, why: Stranding, restaurant: &Restaurant, now: Timestamp) -> Self {
        let status = reservation.status_at(now);
        let guest = reservation.guest.as_ref().filter(|_| status != Status::Held);
        Self {
            id: reservation.id,
            status,
            starts_at: instant(reservation.span.start(), restaurant.zone()),
            party_size: reservation.party,
            why,
            guest_name: guest.map(|guest| guest.name.as_str().to_owned()),
            guest_phone: guest.and_then(|guest| Some(guest.phone.as_ref()?.as_str().to_owned())),
        }
    }
}
