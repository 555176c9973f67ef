use stateright::{Checker, HasDiscoveries, Model};

use super::{
    Broken, Claims, Floor,
    promises::{
        NO_DOUBLE_SEAT, NO_STUCK_SEAT, NOBODY_MISLED, NOBODY_WRONGED, SEAT_IS_CLAIMED, TAKEN_OVER,
        WORD_IS_KEPT,
    },
    representative,
};

const APART: (Floor, bool) = (Floor::Apart, false);
const ONE_DINER: (Floor, bool) = (Floor::Apart, true);
const OVERLAPPING: (Floor, bool) = (Floor::Overlapping, false);
const OVERLAPPING_AND_ONE_DINER: (Floor, bool) = (Floor::Overlapping, true);

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

/// In every order that things can come in.
fn the_promises_hold_in(world: (Floor, bool)) {
    let checker = check(Broken::Nowhere, world, None);
    let states = checker.unique_state_count();
    println!("{world:?}: {states} states");
    checker.assert_properties();
    assert!(states > 500_000, "{states} states are not the whole space");
}

#[test]
fn the_promises_hold_for_two_tables() {
    the_promises_hold_in(APART);
}

#[test]
fn the_promises_hold_for_one_diner_at_two_tables() {
    the_promises_hold_in(ONE_DINER);
}

#[test]
fn the_promises_hold_for_two_times_of_a_table() {
    the_promises_hold_in(OVERLAPPING);
}

#[test]
fn the_promises_hold_for_one_diner_at_two_times_of_a_table() {
    the_promises_hold_in(OVERLAPPING_AND_ONE_DINER);
}

#[test]
fn a_protocol_without_one_of_its_conditions_is_found_out() {
    for (broken, world, promise) in [
        (Broken::TakesBlindly, APART, NO_DOUBLE_SEAT),
        (Broken::TakesBlindly, ONE_DINER, NO_DOUBLE_SEAT),
        (Broken::WithoutDinerTime, ONE_DINER, NO_DOUBLE_SEAT),
        (Broken::WithoutSharedCell, OVERLAPPING, NO_DOUBLE_SEAT),
        (Broken::WithoutOwner, APART, NO_DOUBLE_SEAT),
        (Broken::ConfirmsUnseen, APART, NO_DOUBLE_SEAT),
        (Broken::GivesUpFirst, APART, NO_DOUBLE_SEAT),
        (Broken::ForgetsItsOwnWrite, APART, NOBODY_WRONGED),
        (Broken::RefusesTooSoon, APART, NOBODY_MISLED),
        (Broken::CreatesAnyway, APART, NO_STUCK_SEAT),
        (Broken::ReplacesUnread, APART, WORD_IS_KEPT),
        (Broken::SweepsUnread, APART, NO_STUCK_SEAT),
        (Broken::SweepsUnread, APART, WORD_IS_KEPT),
        (Broken::SweepsCells, APART, SEAT_IS_CLAIMED),
    ] {
        let checker = check(broken, world, Some(promise));
        assert!(checker.discovery(promise).is_some(), "{broken:?} was not seen to break: {promise}");
    }
}

#[test]
fn claims_that_do_not_end_are_seen_never_to_be_taken_over() {
    let checker = check(Broken::WithoutDeadline, APART, None);
    assert!(checker.discovery(TAKEN_OVER).is_none());
}

#[test]
fn that_one_diner_sits_once_is_due_to_the_claim_on_their_time() {
    // Where they are two, both have a place.
    let both = "both have a place";
    assert!(check(Broken::Nowhere, APART, Some(both)).discovery(both).is_some());
}
