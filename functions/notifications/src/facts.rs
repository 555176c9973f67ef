//! Which mails a written reservation calls for, told from the item before and after.

use jari_domain::{Actor, Reservation, Status};
use jari_mail::{Audience, NoticeKind};

/// The mails that the step from `before` (none: it is new) to `after` calls for. The restaurant is not told of what its
/// own staff did, and a guest without an address is told nothing; nobody is of one whose guest is forgotten.
pub(crate) fn facts(before: Option<&Reservation>, after: &Reservation) -> Vec<NoticeKind> {
    if after.guest.is_none() {
        return Vec::new();
    }
    let by_staff = after.history.last().is_some_and(|entry| matches!(entry.by, Actor::Staff(_)));
    let has_address = after.guest.as_ref().is_some_and(|guest| guest.email.is_some());
    let mut kinds = step(before, after);
    kinds.retain(|kind| match kind.audience() {
        Audience::Diner => has_address,
        Audience::Restaurant => !by_staff,
    });
    kinds
}

fn step(before: Option<&Reservation>, after: &Reservation) -> Vec<NoticeKind> {
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
            let Some(before) = before else { return Vec::new() };
            if differs(before, after) {
                let before = before.place();
                vec![NoticeKind::Changed { before: before.clone() }, NoticeKind::RestaurantChanged { before }]
            } else if before.revision == after.revision {
                // Counted without a revision: nothing of the reservation itself is new.
                reminder(before, after).into_iter().collect()
            } else {
                Vec::new()
            }
        }
        _ => Vec::new(),
    }
}

/// The reminder that was counted last. One whose time was over when it could be sent is counted with the next.
fn reminder(before: &Reservation, after: &Reservation) -> Option<NoticeKind> {
    match after.reminded {
        counted if counted <= before.reminded => None,
        1 => Some(NoticeKind::ReminderDayBefore),
        _ => Some(NoticeKind::ReminderHoursBefore),
    }
}

/// Whether diner and restaurant should know. Which tables, and until when they are kept, is the floor's own business; so is
/// the area, as long as it is the floor that chooses it.
fn differs(before: &Reservation, after: &Reservation) -> bool {
    let by_staff = after.history.last().is_some_and(|entry| matches!(entry.by, Actor::Staff(_)));
    before.span.start() != after.span.start()
        || before.party != after.party
        || before.note != after.note
        || (before.area != after.area && !by_staff)
}

#[cfg(test)]
pub(crate) mod tests {
    use jari_domain::{
        AccountId, HistoryEntry, Party, Reservation, ReservationId, RestaurantId, Span, TableId, service_day,
    };
    use jiff::Timestamp;

    use super::*;

    pub(crate) fn reservation(status: Status) -> Reservation {
        let start: Timestamp = "2026-12-24T10:00:00Z".parse().unwrap();
        Reservation {
            id: ReservationId::derived([1; 16]),
            restaurant: RestaurantId::derived([2; 16]),
            date: service_day(start, &jiff::tz::TimeZone::UTC),
            span: Span::new(start, 90).unwrap(),
            party: Party::new(2).unwrap(),
            tables: vec![TableId::derived([3; 16])],
            area: None,
            guest: Some(jari_domain::Guest {
                name: "김민지".parse().unwrap(),
                email: Some("minji@jari.test".parse().unwrap()),
                phone: None,
                language: jari_domain::Language::Ko,
            }),
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

    fn told(before: Option<&Reservation>, after: &Reservation) -> Vec<&'static str> {
        facts(before, after).iter().map(NoticeKind::key).collect()
    }

    fn by_staff(mut reservation: Reservation) -> Reservation {
        reservation.history[0].by = Actor::Staff(AccountId::derived([9; 16]));
        reservation
    }

    #[test]
    fn the_restaurant_is_not_told_of_its_own_doing() {
        let requested = reservation(Status::Requested);
        assert_eq!(told(None, &by_staff(reservation(Status::Confirmed))), ["confirmed"]);
        assert_eq!(told(Some(&requested), &by_staff(reservation(Status::Declined))), ["declined"]);
        assert_eq!(told(Some(&requested), &by_staff(reservation(Status::Cancelled))), ["cancelled"]);
        let mut larger = by_staff(reservation(Status::Confirmed));
        larger.party = Party::new(4).unwrap();
        assert_eq!(told(Some(&reservation(Status::Confirmed)), &larger), ["changed"]);
    }

    #[test]
    fn that_a_guest_is_forgotten_is_no_news_whatever_the_status() {
        for status in Status::ALL {
            let mut before = reservation(status);
            before.note = Some("창가 자리".parse().unwrap());
            assert_eq!(facts(Some(&before), &before.without_diner()), [], "{status:?}");
        }
    }

    #[test]
    fn a_guest_without_an_address_is_told_nothing() {
        let mut walk_in = by_staff(reservation(Status::Confirmed));
        walk_in.guest.as_mut().unwrap().email = None;
        assert!(told(None, &walk_in).is_empty());
        let mut cancelled = reservation(Status::Cancelled);
        cancelled.guest.as_mut().unwrap().email = None;
        assert_eq!(told(Some(&walk_in), &cancelled), ["restaurant-cancelled"]);
    }

    #[test]
    fn a_reminder_is_told_when_it_is_counted() {
        let before = reservation(Status::Confirmed);
        let counted = |reminded| Reservation { reminded, ..before.clone() };
        assert_eq!(told(Some(&before), &counted(1)), ["reminder-24h"]);
        assert_eq!(told(Some(&counted(1)), &counted(2)), ["reminder-3h"]);
        assert_eq!(told(Some(&before), &counted(2)), ["reminder-3h"], "the first one's time is over");
        assert!(told(Some(&counted(1)), &counted(1)).is_empty());
        // Recounted as it moves, or counted when it is made: no news.
        let moved = Reservation { revision: 2, ..counted(1) };
        assert!(told(Some(&before), &moved).is_empty());
        assert_eq!(told(None, &counted(2)), ["confirmed", "restaurant-new"]);
        let seated = Reservation { status: Status::Seated, ..counted(1) };
        assert!(told(Some(&before), &seated).is_empty());
    }

    #[test]
    fn what_the_floor_does_with_its_tables_is_no_mail() {
        let before = reservation(Status::Confirmed);
        let mut moved = by_staff(before.clone());
        moved.area = Some("terrace".to_owned());
        moved.span = Span::new(before.span.start(), 120).unwrap();
        assert!(told(Some(&before), &moved).is_empty());
        moved.history[0].by = Actor::Guest;
        assert_eq!(told(Some(&before), &moved), ["changed", "restaurant-changed"], "a diner asked for it");
    }

    #[test]
    fn not_coming_and_a_mistake_taken_back_are_no_mail() {
        assert!(keys(Some(Status::Confirmed), Status::NoShow).is_empty());
        assert!(keys(Some(Status::NoShow), Status::Confirmed).is_empty());
        assert!(keys(Some(Status::Seated), Status::Confirmed).is_empty());
    }
}
