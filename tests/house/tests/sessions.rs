//! How the sign-in of a browser goes on: its tabs ask side by side with one cookie, and are no thieves of each other.

use jari_identity::{Access, RefreshToken};
use jari_operations::accounts::{
    AccountRefusal, Renewed, SignedIn, open_session, refresh_session, renew_session, sign_out_everywhere,
};
use jari_tests::{Fault, House, NOW};
use jiff::{SignedDuration, Timestamp};

/// A house where Minji has just signed in.
async fn signed_in() -> (House, SignedIn) {
    let house = House::open().with_faults().with_diner("minji").await;
    let account = house.store().account(house.sign_in("minji").account()).await.unwrap().unwrap();
    let signed_in = open_session(house.store(), &account, after(0)).await.unwrap().unwrap();
    (house, signed_in)
}

/// So many milliseconds after she signed in: told, not read from a clock that runs on.
fn after(milliseconds: i64) -> Timestamp {
    NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_millis(milliseconds)
}

async fn renew(house: &House, token: &RefreshToken, now: Timestamp) -> Result<Renewed, AccountRefusal> {
    renew_session(house.store(), token, now).await
}

async fn rotated(house: &House, token: &RefreshToken, now: Timestamp) -> SignedIn {
    match renew(house, token, now).await {
        Ok(Renewed::Rotated(next)) => next,
        other => panic!("{other:?}"),
    }
}

async fn just_rotated(house: &House, token: &RefreshToken, now: Timestamp) -> Access {
    match renew(house, token, now).await {
        Ok(Renewed::JustRotated(access)) => access,
        other => panic!("{other:?}"),
    }
}

async fn over(house: &House, token: &RefreshToken, now: Timestamp) {
    let renewed = renew(house, token, now).await;
    assert!(matches!(renewed, Err(AccountRefusal::InvalidToken)), "{renewed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_tabs_that_renew_at_once_one_gets_the_next_token_and_all_go_on() {
    let (house, first) = signed_in().await;
    let renewals = (0..8).map(|_| renew(&house, &first.refresh, after(0)));
    let (mut next, mut let_in) = (Vec::new(), 0);
    for renewed in futures::future::join_all(renewals).await {
        match renewed.unwrap() {
            Renewed::Rotated(signed_in) => next.push(signed_in),
            Renewed::JustRotated(access) => {
                assert_eq!(access, first.access);
                let_in += 1;
            }
        }
    }
    assert_eq!((next.len(), let_in), (1, 7));
    rotated(&house, &next[0].refresh, after(0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_before_is_let_in_for_less_than_thirty_seconds() {
    let (house, first) = signed_in().await;
    let second = rotated(&house, &first.refresh, after(0)).await;
    assert_eq!(just_rotated(&house, &first.refresh, after(29_999)).await, first.access);
    let third = rotated(&house, &second.refresh, after(29_999)).await;
    // Only the one before is, not the one before that.
    over(&house, &first.refresh, after(29_999)).await;
    over(&house, &third.refresh, after(29_999)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_thirty_seconds_on_the_token_before_ends_the_session() {
    let (house, first) = signed_in().await;
    let second = rotated(&house, &first.refresh, after(0)).await;
    over(&house, &first.refresh, after(30_000)).await;
    over(&house, &second.refresh, after(30_000)).await;
}

/// DynamoDB takes its time, up to days, before it tidies up.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_over_after_a_week_to_the_second_though_it_is_still_kept() {
    const WEEK: i64 = 7 * 24 * 3_600_000;
    let (house, first) = signed_in().await;
    let second = rotated(&house, &first.refresh, after(WEEK - 1_000)).await;
    over(&house, &second.refresh, after(2 * WEEK - 1_000)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_shows_the_token_before_ends_the_session_at_once() {
    let (house, first) = signed_in().await;
    let second = rotated(&house, &first.refresh, after(0)).await;
    let refused = refresh_session(house.store(), &first.refresh, after(0)).await;
    assert!(matches!(refused, Err(AccountRefusal::InvalidToken)), "{refused:?}");
    over(&house, &second.refresh, after(0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_signed_out_everywhere_is_not_let_in_by_the_token_before() {
    let (house, first) = signed_in().await;
    let second = rotated(&house, &first.refresh, after(0)).await;
    sign_out_everywhere(house.store(), &second.access).await.unwrap();
    over(&house, &first.refresh, after(0)).await;
    over(&house, &second.refresh, after(0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_never_its_familys_ends_it() {
    let (house, first) = signed_in().await;
    // As for a session that was refreshed before it was kept which token was replaced.
    let foreign = RefreshToken::new(first.refresh.account(), first.refresh.family()).unwrap();
    over(&house, &foreign, after(0)).await;
    over(&house, &first.refresh, after(0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_whose_answer_was_lost_has_its_token() {
    let (house, first) = signed_in().await;
    let proxied = house.local().house().store().unwrap();
    house.proxy().next("UpdateItem", Fault::LostAnswer);
    let renewed = renew_session(&proxied, &first.refresh, after(0)).await.unwrap();
    let Renewed::Rotated(second) = renewed else { panic!("{renewed:?}") };
    rotated(&house, &second.refresh, after(0)).await;
}
