use std::time::{Duration, Instant};

use stateright::{Checker, HasDiscoveries, Model};

use super::{
    Broken, Claims, Floor,
    promises::{NO_DOUBLE_SEAT, NO_STUCK_SEAT, NOBODY_MISLED, NOBODY_WRONGED, TAKEN_OVER, WORD_IS_KEPT},
    representative,
};

const WORLDS: [(Floor, bool); 3] = [(Floor::Apart, false), (Floor::Apart, true), (Floor::Overlapping, false)];

/// Goes through the whole space, or until `finds` was found.
fn check(
    broken: Broken,
    (floor, one_diner): (Floor, bool),
    finds: Option<&'static str>,
) -> impl Checker<Claims> {
    let model = Claims { broken, floor, one_diner };
    let until = finds.map_or(HasDiscoveries::AllFailures, |name| HasDiscoveries::AllOf([name].into()));
    model.checker().symmetry_fn(representative).finish_when(until).spawn_dfs().join()
}

#[test]
fn in_every_order_that_things_can_come_in_the_promises_hold() {
    for world in WORLDS {
        let began = Instant::now();
        let checker = check(Broken::Nowhere, world, None);
        let (states, took) = (checker.unique_state_count(), began.elapsed());
        println!("{world:?}: {states} states, {took:?}");
        checker.assert_properties();
        assert!(states > 50_000, "{states} states are not the whole space");
        assert!(took < Duration::from_mins(1), "{took:?}");
    }
}

#[test]
fn a_protocol_without_one_of_its_conditions_is_found_out() {
    for (broken, promise) in [
        (Broken::TakesBlindly, NO_DOUBLE_SEAT),
        (Broken::WithoutOwner, NO_DOUBLE_SEAT),
        (Broken::ConfirmsUnseen, NO_DOUBLE_SEAT),
        (Broken::GivesUpFirst, NO_DOUBLE_SEAT),
        (Broken::ForgetsItsOwnWrite, NOBODY_WRONGED),
        (Broken::RefusesTooSoon, NOBODY_MISLED),
        (Broken::CreatesAnyway, NO_STUCK_SEAT),
        (Broken::SweepsUnread, NO_STUCK_SEAT),
        (Broken::SweepsUnread, WORD_IS_KEPT),
        (Broken::SweepsCells, NO_DOUBLE_SEAT),
    ] {
        let checker = check(broken, (Floor::Apart, false), Some(promise));
        assert!(checker.discovery(promise).is_some(), "{broken:?} was not seen to break: {promise}");
    }
}

#[test]
fn claims_that_do_not_end_are_seen_never_to_be_taken_over() {
    let checker = check(Broken::WithoutDeadline, (Floor::Apart, false), None);
    assert!(checker.discovery(TAKEN_OVER).is_none());
}

#[test]
fn that_one_diner_sits_once_is_due_to_the_claim_on_their_time() {
    // Where they are two, both have a place.
    let both = "both have a place";
    assert!(check(Broken::Nowhere, (Floor::Apart, false), Some(both)).discovery(both).is_some());
    assert!(
        check(Broken::TakesBlindly, (Floor::Apart, true), Some(NO_DOUBLE_SEAT))
            .discovery(NO_DOUBLE_SEAT)
            .is_some()
    );
}
