use stateright::{Checker, Model};

use super::{Broken, Mails, NO_DOUBLE_MAIL, NO_MAIL_LOST, SES_HELPS};

#[test]
fn whoever_is_woken_twice_or_dies_a_mail_goes_out_and_once() {
    let checker = Mails(Broken::Nowhere).checker().spawn_bfs().join();
    println!("{} states", checker.unique_state_count());
    checker.assert_properties();
    assert!(checker.unique_state_count() > 1_000);
}

#[test]
fn a_guard_without_one_of_its_conditions_is_found_out() {
    for (broken, promise) in [
        (Broken::WithoutGuard, NO_DOUBLE_MAIL),
        (Broken::ReadsThenWrites, NO_DOUBLE_MAIL),
        (Broken::OutlivesItsLease, NO_DOUBLE_MAIL),
        (Broken::GivesBackUnanswered, NO_DOUBLE_MAIL),
        (Broken::GivesBackByDeleting, NO_DOUBLE_MAIL),
        (Broken::WithoutLease, NO_MAIL_LOST),
        (Broken::GoesOnMeanwhile, NO_MAIL_LOST),
    ] {
        let checker = Mails(broken).checker().spawn_bfs().join();
        assert!(checker.discovery(promise).is_some(), "{broken:?} was not seen to break: {promise}");
    }
    let deaf = Mails(Broken::IgnoresFeedback).checker().spawn_bfs().join();
    assert!(deaf.discovery(SES_HELPS).is_none());
}
