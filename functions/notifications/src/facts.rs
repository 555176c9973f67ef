//! Which mails a written reservation calls for, told from the item before and after.

use jari_domain::{Actor, Reservation, Status};
use jari_mail::NoticeKind;

/// The mails that the step from `before` (none: it is new) to `after` calls for.
pub(crate) fn facts(before: Option<&Reservation>, after: &Reservation) -> Vec<NoticeKind> {
    use Status::{Cancelled, Confirmed, Declined, Held, Requested};
    let was = before.map_or(Held, |before| before.status);
    let last = after.history.last();
    let why = || last.and_then(|entry| entry.why.clone());
    match (was, after.status) {
        (Held, Confirmed) => vec![NoticeKind::Confirmed, NoticeKind::RestaurantNew],
        (Held, Requested) => vec![NoticeKind::Requested, NoticeKind::RestaurantRequestWaiting],
        (Requested, Confirmed) => vec![NoticeKind::Confirmed],
        (Requested, Declined) => vec![NoticeKind::Declined { why: why() }],
        (Requested | Confirmed, Cancelled) => {
            let by = last.map_or(Actor::House, |entry| entry.by);
            vec![NoticeKind::Cancelled { by, why: why() }, NoticeKind::RestaurantCancelled { by, why: why() }]
        }
        (Requested, Requested) | (Confirmed, Confirmed) => {
            before.filter(|before| differs(before, after)).map_or_else(Vec::new, |before| {
                let before = before.place();
                vec![NoticeKind::Changed { before: before.clone() }, NoticeKind::RestaurantChanged { before }]
            })
        }
        _ => Vec::new(),
    }
}

/// Whether diner and restaurant should know. A table swapped for its equal is the floor's own business.
fn differs(before: &Reservation, after: &Reservation) -> bool {
    before.span != after.span
        || before.party != after.party
        || before.area != after.area
        || before.note != after.note
}

#[cfg(test)]
mod tests {
    use jari_domain::{
        HistoryEntry, Party, Reservation, ReservationId, RestaurantId, Span, TableId, service_day,
    };
    use jiff::Timestamp;

    use super::*;

    fn reservation(status: Status) -> Reservation {
        let start: Timestamp = "2026-12-24T10:00:00Z".parse().unwrap();
        Reservation {
            id: ReservationId::derived([1; 16]),
            restaurant: RestaurantId::derived([2; 16]),
            date: service_day(start, &jiff::tz::TimeZone::UTC),
            span: Span::new(start, 90).unwrap(),
            party: Party::new(2).unwrap(),
            tables: vec![TableId::derived([3; 16])],
            area: None,
            guest: None,
            diner: None,
            note: None,
            status,
            until: None,
            hold_place: None,
            paced: false,
            channel: jari_domain::Channel::Online,
            reminded: 0,
            reconfirmed_at: None,
            revision: 1,
            created_at: start,
            history: vec![HistoryEntry {
                at: start,
                by: Actor::Guest,
                from: None,
                to: status,
                why: None,
                before: None,
            }],
        }
    }

    fn keys(before: Option<Status>, after: Status) -> Vec<&'static str> {
        let before = before.map(reservation);
        facts(before.as_ref(), &reservation(after)).iter().map(NoticeKind::key).collect()
    }

    #[test]
    fn a_hold_is_mailed_to_nobody() {
        assert!(keys(None, Status::Held).is_empty());
        assert!(keys(Some(Status::Held), Status::Expired).is_empty());
        assert!(keys(Some(Status::Held), Status::Cancelled).is_empty());
    }

    #[test]
    fn diner_and_restaurant_learn_of_a_booking_however_it_came_to_be() {
        for before in [None, Some(Status::Held)] {
            assert_eq!(keys(before, Status::Confirmed), ["confirmed", "restaurant-new"]);
            assert_eq!(keys(before, Status::Requested), ["requested", "restaurant-request-waiting"]);
        }
        assert_eq!(keys(Some(Status::Requested), Status::Confirmed), ["confirmed"]);
        assert_eq!(keys(Some(Status::Requested), Status::Declined), ["declined"]);
    }

    #[test]
    fn only_a_change_that_matters_is_mailed() {
        let before = reservation(Status::Confirmed);
        let mut swapped = before.clone();
        swapped.tables = vec![TableId::derived([4; 16])];
        assert!(facts(Some(&before), &swapped).is_empty());
        let mut larger = before.clone();
        larger.party = Party::new(3).unwrap();
        let kinds: Vec<_> = facts(Some(&before), &larger).iter().map(NoticeKind::key).collect();
        assert_eq!(kinds, ["changed", "restaurant-changed"]);
    }

    #[test]
    fn seating_is_no_mail() {
        assert!(keys(Some(Status::Confirmed), Status::Seated).is_empty());
        assert!(keys(Some(Status::Seated), Status::Completed).is_empty());
    }
}
