//! Wrong histories, each beside the right one that it differs from in one thing.

use super::{Between, Cells, Lasts, Name, Record, RecordStep, RecordWhat, SeatStep, SeatWhat, Seats, Status};
use crate::linearizable::{Call, Verdict, check};

/// One after another: each is answered before the next is asked for.
fn verdict(steps: &[(i64, Name, SeatWhat)]) -> Verdict {
    let call = |(at, (now, name, what)): (u64, &(i64, Name, SeatWhat))| Call {
        asked: 2 * at,
        answered: Some(2 * at + 1),
        step: SeatStep { now: Between(*now, *now), name: *name, what: *what },
    };
    check(Seats::default(), &(0..).zip(steps).map(call).collect::<Vec<_>>())
}

fn record_verdict(steps: &[(i64, RecordWhat)]) -> Verdict {
    let call = |(at, (now, what)): (u64, &(i64, RecordWhat))| Call {
        asked: 2 * at,
        answered: Some(2 * at + 1),
        step: RecordStep { now: Between(*now, *now), what: *what },
    };
    check(Record::default(), &(0..).zip(steps).map(call).collect::<Vec<_>>())
}

const EARLY: Cells = 0b0011;
const MIDDLE: Cells = 0b0110;
const LATE: Cells = 0b1100;
const UNTIL_300: Option<Between> = Some(Between(300, 300));
use SeatWhat::{Frees, Has, HasNone, Keeps, Moves, Refused, Takes};
use Verdict::{Linearizable, Wrong};

#[test]
fn two_owners_of_a_cell_at_once_are_wrong() {
    assert_eq!(verdict(&[(0, 1, Takes(EARLY, None)), (0, 2, Takes(LATE, None))]), Linearizable);
    assert_eq!(verdict(&[(0, 1, Takes(EARLY, None)), (0, 2, Takes(MIDDLE, None))]), Wrong);
    assert_eq!(
        verdict(&[(0, 1, Takes(EARLY, None)), (0, 2, Takes(LATE, None)), (0, 2, Moves(MIDDLE))]),
        Wrong
    );
}

#[test]
fn two_owners_are_wrong_also_when_they_asked_at_the_same_time() {
    let take = |name, answered| Call {
        asked: 0,
        answered,
        step: SeatStep { now: Between(0, 0), name, what: Takes(EARLY, None) },
    };
    assert_eq!(check(Seats::default(), &[take(1, Some(5)), take(2, Some(6))]), Wrong);
    // Of one nobody knows what became of it: never, then.
    assert_eq!(check(Seats::default(), &[take(1, Some(5)), take(2, None)]), Linearizable);
    // Or it was that one that the other was refused for.
    let refused = Call {
        asked: 7,
        answered: Some(8),
        step: SeatStep { now: Between(0, 0), name: 3, what: Refused(EARLY) },
    };
    assert_eq!(check(Seats::default(), &[take(2, None), refused.clone()]), Linearizable);
    assert_eq!(check(Seats::default(), &[refused, Call { asked: 9, ..take(2, None) }]), Wrong);
}

#[test]
fn to_be_refused_what_was_given_up_is_wrong() {
    let mut steps = vec![(0, 1, Takes(EARLY, None)), (0, 2, Refused(MIDDLE)), (0, 1, Frees)];
    assert_eq!(verdict(&steps), Linearizable);
    steps.push((0, 2, Refused(MIDDLE)));
    assert_eq!(verdict(&steps), Wrong);
    let moved = [(0, 1, Takes(EARLY, None)), (0, 1, Moves(LATE)), (0, 2, Refused(EARLY))];
    assert_eq!(verdict(&moved), Wrong);
}

#[test]
fn a_hold_keeps_others_out_until_it_ends_and_no_longer() {
    assert_eq!(verdict(&[(0, 1, Takes(EARLY, UNTIL_300)), (299, 2, Takes(EARLY, None))]), Wrong);
    assert_eq!(verdict(&[(0, 1, Takes(EARLY, UNTIL_300)), (300, 2, Takes(EARLY, None))]), Linearizable);
    assert_eq!(verdict(&[(0, 1, Takes(EARLY, UNTIL_300)), (300, 2, Refused(EARLY))]), Wrong);
    let confirmed = [(0, 1, Takes(EARLY, UNTIL_300)), (9, 1, Keeps), (300, 2, Takes(EARLY, None))];
    assert_eq!(verdict(&confirmed), Wrong);
    let too_late = [(0, 1, Takes(EARLY, UNTIL_300)), (300, 2, Takes(EARLY, None)), (300, 1, Keeps)];
    assert_eq!(verdict(&too_late), Wrong);
}

#[test]
fn a_lost_update_of_a_reservation_is_wrong() {
    use RecordWhat::{Cancelled, Confirmed, Made, Moved, NotActive, NotHeld, Seen};
    let made = (0, Made(EARLY, UNTIL_300));
    let seen = |status, cells| (9, Seen(status, cells));
    assert_eq!(record_verdict(&[made, (1, Confirmed), seen(Status::Confirmed, EARLY)]), Linearizable);
    assert_eq!(record_verdict(&[made, (1, Confirmed), seen(Status::Held, EARLY)]), Wrong);
    assert_eq!(
        record_verdict(&[made, (1, Confirmed), (2, Cancelled), seen(Status::Confirmed, EARLY)]),
        Wrong
    );
    assert_eq!(
        record_verdict(&[made, (1, Confirmed), (2, Moved(LATE)), seen(Status::Confirmed, EARLY)]),
        Wrong
    );
    assert_eq!(record_verdict(&[made, (1, Confirmed), (2, Confirmed)]), Wrong);
    assert_eq!(record_verdict(&[made, (1, NotHeld)]), Wrong);
    assert_eq!(record_verdict(&[made, (300, NotHeld), (301, Seen(Status::Expired, EARLY))]), Linearizable);
    assert_eq!(record_verdict(&[made, (1, Confirmed), (400, NotActive)]), Wrong);
}

/// Whether a hold was confirmed is not known; then its place is another's, and it is seen to be confirmed all the same. Of the
/// reservation alone that is right, and of the table without what was seen, too.
#[test]
fn what_is_seen_of_a_reservation_must_be_so_of_its_table() {
    let seen = |what| {
        let steps = [
            (Some(1), 0, 1, Takes(EARLY, UNTIL_300)),
            (None, 100, 1, Keeps),
            (Some(5), 301, 2, Takes(MIDDLE, None)),
            (Some(7), 302, 1, what),
        ];
        let call = |(at, (answered, now, name, what)): (u64, (Option<u64>, i64, Name, SeatWhat))| Call {
            asked: 2 * at,
            answered,
            step: SeatStep { now: Between(now, now), name, what },
        };
        check(Seats::default(), &(0..).zip(steps).map(call).collect::<Vec<_>>())
    };
    assert_eq!(seen(HasNone), Linearizable);
    assert_eq!(seen(Has(EARLY, Lasts::ForGood)), Wrong);
    assert_eq!(seen(Has(EARLY, Lasts::UntilItEnds)), Wrong);
    assert_eq!(verdict(&[(0, 1, Takes(EARLY, None)), (0, 1, Has(EARLY, Lasts::ForGood))]), Linearizable);
    assert_eq!(verdict(&[(0, 1, Takes(EARLY, None)), (0, 1, Has(LATE, Lasts::ForGood))]), Wrong);
    assert_eq!(verdict(&[(0, 1, Takes(EARLY, None)), (0, 1, HasNone)]), Wrong);
}
