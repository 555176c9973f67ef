//! The pages of a reservation, rendered from values, and their links from outside at a table that can't be reached.

use std::sync::Arc;

use askama::Template;
use jari_domain::{
    Actor, Floor, Guest, HistoryEntry, Language, Party, Policy, Reservation, ReservationId, Restaurant,
    RestaurantId, Schedule, Span, Status,
};
use jari_operations::Viewed;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    booking::{reservation::Page, told::Notice},
    posted::Inputs,
    tests::{BROWSER, at, frame, id, now, open, post_form, profile, send},
};

#[tokio::test]
async fn a_link_that_is_not_good_opens_nothing_and_cancels_nothing() {
    let (router, signer) = open().await;
    let (_, stranger) = open().await;
    let hour = SignedDuration::from_hours(1);
    let foreign = stranger.sign(id(1), now() + hour, now());
    let expired = signer.sign(id(1), now() - hour, now() - hour - hour);
    for (token, expected) in
        [("nonsense", 404), ("%FF", 404), (foreign.as_str(), 404), (expired.as_str(), 401)]
    {
        for (method, path) in [
            ("GET", format!("/r/{token}")),
            ("GET", format!("/r/{token}/cancel")),
            ("GET", format!("/r/{token}/change")),
            ("GET", format!("/r/{token}/calendar.ics")),
            ("POST", format!("/r/{token}/cancel")),
            ("POST", format!("/r/{token}/change")),
            ("POST", format!("/r/{token}/reconfirm")),
            ("GET", format!("/book/{token}")),
            ("POST", format!("/book/{token}")),
            ("POST", format!("/book/{token}/let-go")),
        ] {
            let (status, headers, page) = send(&router, method, &format!("{path}?lang=ko"), BROWSER).await;
            assert_eq!(status, expected, "{method} {path}");
            assert_eq!(headers.contains_key("www-authenticate"), expected == 401);
            assert!(page.starts_with("<!doctype html>\n<html lang=\"ko\">"));
            assert!(page.contains("<section class=\"trouble\" lang=\"en\">"));
        }
    }
}

#[tokio::test]
async fn no_form_acts_without_the_token_of_its_page() {
    let (router, signer) = open().await;
    let link = signer.sign(id(1), now() + SignedDuration::from_hours(1), now());
    let restaurant: RestaurantId = id(1);
    for path in [
        format!("/r/{link}/cancel"),
        format!("/r/{link}/change"),
        format!("/r/{link}/reconfirm"),
        format!("/book/{link}"),
        format!("/book/{link}/let-go"),
        format!("/restaurants/{restaurant}/hold"),
    ] {
        assert_eq!(send(&router, "POST", &path, BROWSER).await.0, 403, "{path}");
        // With one it goes on, as far as the table that can't be reached, or to what the form lacks.
        let (status, ..) = post_form(&router, &path, "revision=1").await;
        assert!([400, 503].contains(&status), "{path}: {status}");
    }
}

#[tokio::test]
async fn who_has_not_signed_in_is_asked_to_and_led_back() {
    let (router, _) = open().await;
    let reservation: ReservationId = id(2);
    let (status, headers, _) =
        send(&router, "GET", &format!("/me/reservations/{reservation}?lang=en"), BROWSER).await;
    let expected = format!("/sign-in?next=%2Fme%2Freservations%2F{reservation}");
    assert_eq!((status, headers["location"].to_str().unwrap()), (303, expected.as_str()));
}

#[tokio::test]
async fn a_page_shown_in_answer_to_the_form_leads_back_when_opened_again() {
    let (router, signer) = open().await;
    let link = signer.sign(id(1), now() + SignedDuration::from_hours(1), now());
    let (status, headers, _) = send(&router, "GET", &format!("/r/{link}/cancel?lang=en"), BROWSER).await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (303, format!("/r/{link}").as_str()));
}

/// Christmas Eve at seven for two; may be cancelled until five.
fn reservation(status: Status) -> Viewed {
    let restaurant = Restaurant {
        id: id(1),
        profile: profile(),
        floor: Floor { areas: vec![], tables: vec![], combinations: vec![] },
        schedule: Schedule { weekly: vec![], special_days: vec![] },
        policy: Policy::default(),
        barred: jari_domain::BarredDiners::default(),
    };
    let waits = matches!(status, Status::Held | Status::Requested);
    let reservation = Reservation {
        id: id(2),
        restaurant: restaurant.id,
        date: "2026-12-24".parse().unwrap(),
        span: Span::new(at("2026-12-24T19:00:00+09:00"), 90).unwrap(),
        party: Party::new(2).unwrap(),
        tables: vec![],
        area: None,
        guest: Some(Guest {
            name: "<b>김민지</b>".parse().unwrap(),
            email: Some("minji@example.kr".parse().unwrap()),
            phone: None,
            language: Language::Ko,
        }),
        diner: None,
        note: Some("<script>창가</script>".parse().unwrap()),
        status,
        until: waits.then(|| at("2026-12-02T10:00:00+09:00")),
        hold_place: None,
        paced: false,
        channel: jari_domain::Channel::Online,
        reminded: 0,
        reconfirmed_at: None,
        revision: 7,
        created_at: now(),
        history: vec![HistoryEntry {
            at: now(),
            by: Actor::Staff(id(3)),
            from: None,
            to: status,
            why: Some("주방 공사".to_owned()),
            before: None,
        }],
    };
    Viewed { reservation, restaurant: Arc::new(restaurant), for_staff: false }
}

fn show(viewed: &Viewed, language: Language, notice: Option<Notice>, now: Timestamp) -> String {
    let frame = frame(language, "/r/t0k.en").private();
    let inputs = Inputs::new(&json!({}), language);
    Page::new(viewed, "/r/t0k.en", None, frame, notice, inputs, now).render().unwrap()
}

#[test]
fn a_reservation_is_told_in_the_restaurants_time_and_the_readers_language() {
    let viewed = reservation(Status::Confirmed);
    let korean = show(&viewed, Language::Ko, None, now());
    for shown in [
        "<html lang=\"ko\">",
        "예약이 확정되었습니다",
        "2026년 12월 24일 (목)<br>오후 7:00 · 2명",
        "방문 2시간 전인 12월 24일 (목) 오후 5:00까지",
        "href=\"tel:+82200001001\">02-0000-1001<",
        "href=\"/r/t0k.en?lang=en\" lang=\"en\"",
    ] {
        assert!(korean.contains(shown), "{shown}\n{korean}");
    }
    let english = show(&viewed, Language::En, None, now());
    for shown in [
        "<html lang=\"en\">",
        "Thursday 24 December 2026<br>19:00 · 2 people",
        "until Thursday 24 December, 17:00, 2 hours before",
        "<dd lang=\"ko\">서울 성동구",
    ] {
        assert!(english.contains(shown), "{shown}\n{english}");
    }
}

#[test]
fn only_what_can_be_cancelled_has_a_form_and_it_names_the_revision_it_shows() {
    let form = "<form method=\"post\" action=\"/r/t0k.en/cancel\">";
    let revision = "<input type=\"hidden\" name=\"revision\" value=\"7\">";
    for (status, now, has_form) in [
        (Status::Held, now(), true),
        (Status::Held, at("2026-12-02T10:00:00+09:00"), false),
        (Status::Requested, now(), true),
        (Status::Confirmed, now(), true),
        (Status::Confirmed, at("2026-12-24T17:00:00+09:00"), true),
        (Status::Confirmed, at("2026-12-24T17:00:01+09:00"), false),
        (Status::Seated, now(), false),
        (Status::Completed, now(), false),
        (Status::NoShow, now(), false),
        (Status::Cancelled, now(), false),
        (Status::Declined, now(), false),
        (Status::Expired, now(), false),
    ] {
        let page = show(&reservation(status), Language::Ko, None, now);
        assert_eq!(page.contains(form), has_form, "{status:?} {now}");
        assert_eq!(page.contains(revision), has_form, "{status:?} {now}");
    }
}

#[test]
fn after_the_deadline_the_page_says_to_call() {
    let late = at("2026-12-24T18:00:00+09:00");
    let page = show(&reservation(Status::Confirmed), Language::En, Some(Notice::TooLate), late);
    assert!(page.contains("role=\"alert\"") && page.contains(">It is too late to cancel here."));
    assert!(page.contains("To change or cancel this reservation, please call the restaurant."));
}

#[test]
fn who_cancelled_and_why_is_told_and_a_note_of_another_time_is_not() {
    let page = show(&reservation(Status::Cancelled), Language::Ko, None, now());
    assert!(page.contains("식당 사정으로 취소되었습니다.") && page.contains("주방 공사"));
    assert!(page.contains("<s>2026년 12월 24일"));
    let page = show(&reservation(Status::Confirmed), Language::Ko, None, now());
    assert!(!page.contains("주방 공사"));
}

#[test]
fn what_a_guest_wrote_is_never_markup() {
    let page = show(&reservation(Status::Confirmed), Language::Ko, None, now());
    assert!(page.contains("&#60;b&#62;김민지&#60;/b&#62;"), "{page}");
    assert!(!page.contains("<b>") && !page.contains("<script>"));
}

#[test]
fn only_what_is_certain_and_ahead_goes_into_a_calendar() {
    let calendar = "href=\"/r/t0k.en/calendar.ics\"";
    for (status, now, has_one) in [
        (Status::Confirmed, now(), true),
        (Status::Confirmed, at("2026-12-24T19:00:00+09:00"), false),
        (Status::Requested, now(), false),
        (Status::Held, now(), false),
        (Status::Cancelled, now(), false),
    ] {
        let page = show(&reservation(status), Language::Ko, None, now);
        assert_eq!(page.contains(calendar), has_one, "{status:?} {now}");
        assert_eq!(page.contains("https://calendar.google.com/calendar/render?action=TEMPLATE"), has_one);
    }
    let page = show(&reservation(Status::Confirmed), Language::En, None, now());
    assert!(page.contains("dates=20261224T100000Z%2F20261224T113000Z"), "{page}");
    assert!(!page.contains("t0k.en%"), "the secret link goes to no other site");
}

#[test]
fn a_change_is_offered_while_its_diner_can_make_it() {
    let change = "href=\"/r/t0k.en/change\"";
    for (status, now, has_one) in [
        (Status::Requested, now(), true),
        (Status::Confirmed, at("2026-12-24T17:00:00+09:00"), true),
        (Status::Confirmed, at("2026-12-24T17:00:01+09:00"), false),
        (Status::Held, now(), false),
        (Status::Seated, now(), false),
        (Status::Declined, now(), false),
    ] {
        let page = show(&reservation(status), Language::Ko, None, now);
        assert_eq!(page.contains(change), has_one, "{status:?} {now}");
    }
}
