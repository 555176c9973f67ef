//! DynamoDB conflicts, throttles, answers late, loses its answer or can't be reached: a retry that succeeds or a 503
//! with `Retry-After`; never half a booking, never a second one.

use jari_tests::{Answer, DAY, Fault, House, bistro, fault_proxy::ANY, table_for};
use serde_json::json;

const BOOKING: &str = "TransactWriteItems";

async fn house() -> House {
    let house = House::open().with_faults().with_restaurant(bistro().with_tables(2, 2)).await;
    // The restaurant is cached from here on: what fails below is the write.
    house.slots(DAY, 2).await;
    house
}

async fn booked(house: &House) -> usize {
    house.assert_consistent().await;
    house.reservations(house.restaurant(), DAY).await.len()
}

#[track_caller]
fn come_again(answer: Answer) -> Answer {
    let answer = answer.refused(503, "unavailable");
    let wait: u32 = answer.header("retry-after").expect("when to come again").parse().unwrap();
    assert!(wait > 0);
    answer
}

/// One fault, and the next attempt goes through: the guest sees nothing of it.
async fn is_not_noticed(fault: Fault) {
    let house = house().await;
    house.proxy().next(BOOKING, fault);
    house.proxy().record_from_here();
    let answer = house.book(table_for(2)).await.is(201);
    assert_eq!(answer.json["revision"], 1);
    let tries = house.proxy().exchanges().iter().filter(|exchange| exchange.operation == BOOKING).count();
    assert_eq!(tries, 2, "{fault:?} must have happened");
    assert_eq!(booked(&house).await, 1);
    assert_eq!(house.mails_to("minji@jari.test").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_tried_again() {
    is_not_noticed(Fault::Conflict).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_is_waited_out() {
    is_not_noticed(Fault::Throttled).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_internal_error_is_tried_again() {
    is_not_noticed(Fault::InternalError).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_is_tried_again() {
    is_not_noticed(Fault::Unreachable).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_whose_answer_is_lost_knows_its_own_write() {
    is_not_noticed(Fault::LostAnswer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_was_done_but_told_as_failed_knows_its_own_write() {
    is_not_noticed(Fault::DoneButError).await;
}

/// DynamoDB remembers a transaction's token for ten minutes, which is its help and not what the house stands on.
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_whose_token_is_forgotten_knows_its_own_write_by_the_condition_alone() {
    for fault in [Fault::LostAnswer, Fault::DoneButError] {
        let house = house().await;
        house.proxy().without_tokens();
        house.proxy().next(BOOKING, fault);
        house.proxy().record_from_here();
        let ticket = house.book(table_for(2)).await.is(201).ticket();
        let tries = house.proxy().writes();
        let tries: Vec<_> = tries.iter().filter(|exchange| exchange.operation == BOOKING).collect();
        assert_eq!(tries.len(), 2, "{fault:?} must have happened");
        let refused = String::from_utf8_lossy(&tries[1].answer);
        assert!(
            refused.contains("ConditionalCheckFailed"),
            "it must not have been known by its token: {refused}"
        );

        house.proxy().next(BOOKING, fault);
        let later = json!({ "startsAt": jari_tests::on_day("20:30") });
        assert_eq!(house.change(&ticket, &later).await.is(200).json["revision"], 2, "{fault:?}");
        house.proxy().next(BOOKING, fault);
        assert_eq!(house.cancel(&ticket).await.is(200).json["revision"], 3, "{fault:?}");
        assert_eq!(booked(&house).await, 1, "{fault:?}: the cancelled one, and no claim of it");
        assert_eq!(house.mails_to("minji@jari.test").await.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_whose_answer_is_late_knows_its_own_write() {
    is_not_noticed(Fault::LateAnswer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_never_arrived_is_tried_again() {
    is_not_noticed(Fault::NeverArrives).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_arrives_after_its_own_retry_is_still_one() {
    let house = house().await;
    house.proxy().next(BOOKING, Fault::ArrivesLate);
    house.book(table_for(2)).await.is(201);
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(booked(&house).await, 1);
    assert_eq!(house.mails_to("minji@jari.test").await.len(), 1);
}

/// One wants to move to a time that is free, and the try is on its way for seconds. Meanwhile another takes that time, and
/// gives it up again: a "no" in between would be wrong as soon as the try arrives.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_refused_while_an_earlier_try_may_yet_arrive() {
    let house = House::open().with_faults().with_restaurant(bistro().with_tables(1, 2)).await;
    house.slots(DAY, 2).await;
    let early = house.book(table_for(2).at(&format!("{DAY}T18:00:00+09:00"))).await.is(201).ticket();
    house.proxy().next(BOOKING, Fault::ArrivesLate);
    house.proxy().record_from_here();
    let late = json!({ "startsAt": format!("{DAY}T20:00:00+09:00") });
    let change = house.change(&early, &late);
    let another = async {
        while !house.proxy().exchanges().iter().any(|exchange| exchange.operation == BOOKING) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let wish = table_for(2).at(&format!("{DAY}T20:00:00+09:00")).by("jun");
        house.book(wish).await.is(201).ticket()
    };
    let (changed, another) = tokio::join!(change, another);
    come_again(changed);
    house.cancel(&another).await.is(200);
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    // Whoever asks again is told how it is.
    let starts_at = house.change(&early, &late).await.is(200).json["startsAt"].clone();
    assert_eq!(starts_at, late["startsAt"]);
    house.assert_consistent().await;
}

/// Nothing gets through: a 503, and nothing half done.
async fn is_a_503_and_nothing_is_done(fault: Fault) {
    let house = house().await;
    house.proxy().always(BOOKING, fault);
    come_again(house.book(table_for(2)).await);
    house.proxy().heal();
    assert_eq!(booked(&house).await, 0, "{fault:?}");
    assert!(house.mails().await.is_empty());
    house.book(table_for(2)).await.is(201);
    assert_eq!(booked(&house).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicts_without_end_are_a_503() {
    is_a_503_and_nothing_is_done(Fault::Conflict).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_without_end_is_a_503() {
    is_a_503_and_nothing_is_done(Fault::Throttled).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_never_answers_is_a_503() {
    is_a_503_and_nothing_is_done(Fault::NeverArrives).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_cannot_be_reached_is_a_503_for_readers_and_writers() {
    let house = house().await;
    let ticket = house.book(table_for(2)).await.is(201).ticket();
    house.proxy().always(ANY, Fault::Unreachable);
    let availability = format!("/v1/restaurants/{}/availability?partySize=2&date={DAY}", house.restaurant());
    come_again(house.get(&availability).await);
    come_again(house.get("/v1/restaurants").await);
    come_again(house.book(table_for(2).by("jun")).await);
    come_again(house.look(&ticket).await);
    come_again(house.change(&ticket, &json!({ "note": "창가" })).await);
    come_again(house.cancel(&ticket).await);
    house.proxy().heal();
    house.look(&ticket).await.is(200);
    assert_eq!(booked(&house).await, 1);
}

/// Whatever the caller was told of it, or was not: it is done, and the repeat under the same key must find it.
#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_under_the_same_key_finds_what_the_first_one_made() {
    let house = house().await;
    house.proxy().always(BOOKING, Fault::DoneButError);
    // It knows its own write; and so must the next, which knows only the key.
    house.book(table_for(2).under_key("k1")).await.is(201);
    house.proxy().heal();
    let second = house.book(table_for(2).under_key("k1")).await.is(201);
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    let third = house.book(table_for(2).under_key("k1")).await.is(201);
    assert_eq!(second.id(), third.id());
    assert_eq!(booked(&house).await, 1);
    assert_eq!(house.mails_to("minji@jari.test").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_attempt_is_not_remembered() {
    let house = house().await;
    house.proxy().always(BOOKING, Fault::Throttled);
    come_again(house.book(table_for(2).under_key("k2")).await);
    house.proxy().heal();
    let answer = house.book(table_for(2).under_key("k2")).await.is(201);
    assert_eq!(answer.header("idempotent-replayed"), None);
    assert_eq!(booked(&house).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_is_lost_is_one_change() {
    for fault in [Fault::LostAnswer, Fault::DoneButError, Fault::LateAnswer] {
        let house = house().await;
        let ticket = house.book(table_for(2)).await.is(201).ticket();
        house.proxy().next(BOOKING, fault);
        let changed =
            house.change(&ticket, &json!({ "startsAt": jari_tests::on_day("20:30") })).await.is(200);
        assert_eq!(
            (changed.json["revision"].as_u64(), changed.reservation_status()),
            (Some(2), "confirmed"),
            "{fault:?}"
        );
        assert_eq!(booked(&house).await, 1);
        assert_eq!(house.mails_to("minji@jari.test").await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_whose_answer_is_lost_is_a_cancellation() {
    for fault in [Fault::LostAnswer, Fault::DoneButError, Fault::LateAnswer] {
        let house = house().await;
        let ticket = house.book(table_for(2)).await.is(201).ticket();
        house.proxy().next(BOOKING, fault);
        let cancelled = house.cancel(&ticket).await.is(200);
        assert_eq!(cancelled.reservation_status(), "cancelled", "{fault:?}");
        booked(&house).await;
        assert_eq!(house.why_not("19:00", 2).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_whose_answer_is_lost_is_a_confirmation() {
    let house = house().await;
    let ticket = house.book(table_for(2).held()).await.is(201).ticket();
    house.proxy().next(BOOKING, Fault::LostAnswer);
    let guest = json!({ "guest": { "name": "민지", "email": "minji@jari.test", "language": "ko" } });
    assert_eq!(house.confirm(&ticket, &guest).await.is(200).reservation_status(), "confirmed");
    assert_eq!(booked(&house).await, 1);
    assert_eq!(house.mails_to("minji@jari.test").await.len(), 1);
}

/// A slow or broken read before the write is no half booking either.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_fails_for_good_is_a_503_and_writes_nothing() {
    let house = house().await;
    house.proxy().record_from_here();
    house.proxy().always("Query", Fault::InternalError);
    come_again(house.book(table_for(2)).await);
    assert!(house.proxy().writes().is_empty());
}
