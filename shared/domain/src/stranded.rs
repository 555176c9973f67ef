//! What a change of floor, schedule or policy leaves behind. It never touches a reservation: those that no longer fit stay
//! as they are, are listed to whoever made the change, and are marked on the day sheet.

use serde::{Deserialize, Serialize};

use crate::{Channel, Floor, Policy, Reservation, Restaurant, Seating, ServiceTime, Shift, Table};

/// Why a reservation no longer fits its restaurant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Misfit {
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

impl Misfit {
    /// All of them, the most pressing first.
    pub const ALL: [Self; 6] = [
        Self::TableGone,
        Self::TableTooSmall,
        Self::NotJoined,
        Self::AreaGone,
        Self::OutsideHours,
        Self::PartyTooLarge,
    ];
}

impl Restaurant {
    /// Why `reservation`, one of its own, would not be made like this any more: the most pressing reason. What staff chose
    /// by hand (tables pushed together, a guest after the last seating) fits as long as the room has the seats and the
    /// house is open.
    #[must_use]
    pub fn misfit(&self, reservation: &Reservation) -> Option<Misfit> {
        Misfit::ALL.into_iter().find(|misfit| self.has_misfit(reservation, *misfit))
    }

    fn has_misfit(&self, reservation: &Reservation, misfit: Misfit) -> bool {
        let by_diner = reservation.channel == Channel::Online;
        let tables: Vec<&Table> =
            reservation.tables.iter().filter_map(|table| self.floor.table(*table)).collect();
        match misfit {
            Misfit::TableGone => tables.len() < reservation.tables.len(),
            Misfit::TableTooSmall => self.seats(reservation, &tables) < u16::from(reservation.party.size()),
            Misfit::NotJoined => by_diner && tables.len() > 1 && joined(&self.floor, reservation).is_none(),
            Misfit::AreaGone => {
                reservation.area.as_ref().is_some_and(|area| tables.iter().any(|table| table.area != *area))
            }
            Misfit::OutsideHours => !self.seats_guests_at(reservation),
            Misfit::PartyTooLarge => by_diner && reservation.party.size() > self.policy.max_online_party,
        }
    }

    /// How many its tables seat: joined as the floor says, or as many as they do side by side.
    fn seats(&self, reservation: &Reservation, tables: &[&Table]) -> u16 {
        joined(&self.floor, reservation).map_or_else(
            || tables.iter().map(|table| u16::from(table.max_party.size())).sum(),
            |joined| u16::from(joined.max_party.size()),
        )
    }

    /// Whether a shift of its day seats guests at its time. Only opening and last seating count: a step that has changed
    /// leaves nobody standing.
    fn seats_guests_at(&self, reservation: &Reservation) -> bool {
        let last = |shift: &Shift| match reservation.channel {
            Channel::Online => shift.last_seating,
            Channel::InHouse | Channel::WalkIn => shift.closes,
        };
        self.shift_of(reservation, last).is_some()
    }

    /// The most covers that may arrive in the quarter hour of `reservation`, one of its own; none: no pacing then.
    #[must_use]
    pub fn pace_at(&self, reservation: &Reservation) -> Option<u16> {
        self.shift_of(reservation, |shift| shift.last_seating)?.pace
    }

    /// The shift that has begun by its time and not yet come to its `last`.
    fn shift_of(&self, reservation: &Reservation, last: impl Fn(&Shift) -> ServiceTime) -> Option<&Shift> {
        let wall = self.zone().to_datetime(reservation.span.start());
        let midnight = reservation.date.at(0, 0, 0, 0);
        let minutes: u16 = wall.duration_since(midnight).as_mins().try_into().ok()?;
        let mut shifts = self.schedule.shifts(reservation.date).into_iter();
        shifts.find(|shift| (shift.opens.minutes()..=last(shift).minutes()).contains(&minutes))
    }
}

/// The combination that its tables are.
fn joined(floor: &Floor, reservation: &Reservation) -> Option<Seating> {
    let mut tables = reservation.tables.clone();
    tables.sort_unstable();
    floor.seatings().find(|seating| seating.is_joined() && seating.tables == tables)
}

impl Floor {
    /// What is meant to be booked online and never can be: the largest party that diners may book would leave more seats
    /// empty than the policy allows, or is still too small for it.
    #[must_use]
    pub fn never_online(&self, policy: &Policy) -> Vec<Seating> {
        let never = |seating: &Seating| {
            let largest = seating.max_party.size().min(policy.max_online_party);
            largest < seating.min_party.size() || seating.max_party.size() - largest > policy.max_oversize
        };
        self.seatings().filter(|seating| seating.bookable.online && never(seating)).collect()
    }
}

#[cfg(test)]
mod tests;
