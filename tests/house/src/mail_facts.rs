//! Which mails there must be, by what has happened to a reservation.

use std::collections::BTreeSet;

use jari_domain::{Reservation, Status};

/// The mails that a reservation's history calls for: kind and revision.
pub fn facts(reservation: &Reservation) -> BTreeSet<(String, u64)> {
    let mut facts = BTreeSet::new();
    for (revision, entry) in (1..).zip(&reservation.history) {
        let kinds: &[&str] = match (entry.from, entry.to) {
            (None | Some(Status::Held), Status::Confirmed) => &["confirmed", "restaurant-new"],
            (None | Some(Status::Held), Status::Requested) => &["requested", "restaurant-request-waiting"],
            (Some(Status::Requested | Status::Confirmed), Status::Cancelled) => {
                &["cancelled", "restaurant-cancelled"]
            }
            _ if entry.before.is_some() => &["changed", "restaurant-changed"],
            _ => &[],
        };
        facts.extend(kinds.iter().map(|kind| ((*kind).to_owned(), revision)));
    }
    assert_eq!(reservation.history.len() as u64, reservation.revision, "an entry a revision");
    facts
}
