//! Invitations: one event for life, lines that no calendar chokes on, and nothing a guest types can break out of.

use std::{fs, path::Path, sync::Arc};

use icalendar::{Calendar, CalendarComponent, Component, Event};
use jari_domain::{Actor, Language, Status};
use jari_mail::{Invitation, Method, NoticeKind, invite};
use proptest::prelude::*;

use crate::house::{LINK, before, diner_kinds, from, notice, ongi, restaurant_kinds, sent_at, text};

fn cancelled() -> NoticeKind {
    NoticeKind::Cancelled { by: Actor::Guest, why: None }
}

fn invitation(kind: NoticeKind, language: Language) -> Invitation {
    invite(&notice(kind, language), sent_at(), &from()).unwrap()
}

/// What a calendar reads.
fn read(text: &str) -> (String, Event) {
    let calendar: Calendar = text.parse().unwrap();
    let method = calendar.property_value("METHOD").unwrap().to_owned();
    let [CalendarComponent::Event(event)] = calendar.components.as_slice() else {
        panic!("one event: {text}");
    };
    (method, event.clone())
}

#[test]
fn request_change_and_cancel_are_one_event_of_rising_sequence() {
    // Kept for parsers in other languages to read.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("invitations");
    fs::create_dir_all(&folder).unwrap();
    let life = [
        ("request", NoticeKind::Confirmed),
        ("change", NoticeKind::Changed { before: before() }),
        ("cancel", cancelled()),
    ];
    let events = life.map(|(name, kind)| {
        let invitation = invitation(kind, Language::Ko);
        fs::write(folder.join(format!("{name}.ics")), &invitation.text).unwrap();
        let (method, event) = read(&invitation.text);
        assert_eq!(method, invitation.method.name());
        let media_type = invitation.attachment().content_type;
        assert_eq!(media_type, format!("text/calendar; charset=UTF-8; method={method}"));
        event
    });
    assert!(events.iter().all(|event| event.get_uid() == events[0].get_uid()));
    let uid = events[0].get_uid().unwrap();
    assert!(uid.starts_with("rsv_") && uid.ends_with("@jari.example"), "{uid}");
    assert_eq!(events.each_ref().map(Component::get_sequence), [Some(2), Some(3), Some(4)]);
    let statuses = events.each_ref().map(|event| event.property_value("STATUS").unwrap());
    assert_eq!(statuses, ["CONFIRMED", "CONFIRMED", "CANCELLED"]);
}

#[test]
fn an_invitation_says_what_its_snapshot_says() {
    for language in [Language::Ko, Language::En] {
        for (name, kind) in [("request", NoticeKind::Confirmed), ("cancel", cancelled())] {
            let lines = invitation(kind, language).text.replace("\r\n", "\n");
            insta::assert_snapshot!(format!("{name}-{}.ics", language.code()), lines);
        }
    }
}

#[test]
fn only_what_was_in_the_diners_calendar_gets_an_invitation() {
    let methods: Vec<Option<Method>> = diner_kinds()
        .into_iter()
        .chain(restaurant_kinds())
        .map(|kind| {
            invite(&notice(kind, Language::Ko), sent_at(), &from()).map(|invitation| invitation.method)
        })
        .collect();
    let (request, cancel) = (Some(Method::Request), Some(Method::Cancel));
    assert_eq!(methods, [None, request, request, cancel, None, None, None, None, None, None, None]);
    let mut request_withdrawn = notice(cancelled(), Language::Ko);
    request_withdrawn.reservation.history[0].to = Status::Requested;
    assert!(invite(&request_withdrawn, sent_at(), &from()).is_none());
}

#[test]
fn times_are_absolute() {
    let (_, event) = read(&invitation(NoticeKind::Confirmed, Language::Ko).text);
    assert_eq!(event.property_value("DTSTART"), Some("20261224T100000Z"));
    assert_eq!(event.property_value("DTEND"), Some("20261224T113000Z"));
    assert_eq!(event.property_value("DTSTAMP"), Some("20261201T010000Z"));
    assert_eq!(event.property_value("URL"), Some(LINK));
}

#[test]
fn names_cannot_add_properties() {
    let mut notice = notice(NoticeKind::Confirmed, Language::En);
    let mut restaurant = ongi();
    let name = "Ongi\r\nATTENDEE:mailto:x@example.com\nBEGIN:VALARM";
    restaurant.profile.name = text(name, name);
    notice.restaurant = Arc::new(restaurant);
    notice.reservation.guest.as_mut().unwrap().name = r#"A";X="b:c, \n;"#.parse().unwrap();
    let invitation = invite(&notice, sent_at(), &from()).unwrap();
    let (_, event) = read(&invitation.text);
    let attendees = event.multi_properties().get("ATTENDEE").unwrap();
    assert_eq!(attendees.len(), 1);
    let attendee = &attendees[0];
    assert_eq!(attendee.value(), "mailto:guest@example.com");
    assert_eq!(attendee.params()["CN"].value().trim_matches('"'), r"A';X='b:c, \n;");
    assert!(event.components().is_empty());
    let title = event.property_value("SUMMARY").unwrap();
    assert_eq!(title, "Table at Ongi ATTENDEE:mailto:x@example.com BEGIN:VALARM (2 people)");
}

fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "")
}

proptest! {
    #[test]
    fn lines_are_at_most_75_octets_and_split_no_character(
        guest in "[가-힣🍜🎂a-z ,;:\"\\\\é]{1,80}", restaurant in "[가-힣🍜 ,;:\"\\\\a-zé\u{1100}-\u{1112}]{1,120}",
    ) {
        let Ok(guest) = guest.parse() else { return Ok(()) };
        let mut notice = notice(NoticeKind::Confirmed, Language::Ko);
        notice.reservation.guest.as_mut().unwrap().name = guest;
        let mut house = ongi();
        house.profile.name = text(&restaurant, &restaurant);
        notice.restaurant = Arc::new(house);
        let invitation = invite(&notice, sent_at(), &from()).unwrap();
        let text = invitation.text.as_str();
        prop_assert!(text.ends_with("END:VCALENDAR\r\n"));
        prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "every line ends in CRLF");
        for line in text.as_bytes().split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            prop_assert!(line.len() <= 75, "{} octets", line.len());
            prop_assert!(std::str::from_utf8(line).is_ok());
        }
        // Folding loses nothing: unfolded, the title is there as it was.
        let (_, event) = read(text);
        let one_line = restaurant.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(event.property_value("SUMMARY").unwrap(), format!("{one_line} 예약 (2명)"));
        prop_assert!(unfolded(text).lines().any(|line| line.starts_with("ATTENDEE;CN=")));
    }
}
