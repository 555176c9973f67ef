//! The invitations that come by mail are read by two calendars that know nothing of us, one in Rust and one in Python:
//! one event, its sequence rising, removed in the end.

use std::{path::PathBuf, process::Command};

use icalendar::{Calendar, CalendarComponent, Component};
use jari_tests::{House, bistro, on_day, table_for, workspace};
use serde_json::{Value, json};

/// What a calendar takes from an invitation.
#[derive(Debug, PartialEq)]
struct Entry {
    uid: String,
    sequence: u32,
    method: String,
    status: String,
    starts_at: String,
}

/// Confirmation, change and cancellation, as they were attached.
async fn invitations(language: &str) -> Vec<(String, String)> {
    let house = House::open().with_restaurant(bistro().with_tables(1, 2)).await;
    let guest = json!({ "name": "김민지, \"민지\"; 🍜", "email": "minji@jari.test", "language": language });
    let ticket = house
        .book(table_for(2).with("guest", guest).with("note", "창가 자리, 부탁드려요;\n고맙습니다."))
        .await
        .is(201)
        .ticket();
    house.change(&ticket, &json!({ "startsAt": on_day("20:30") })).await.is(200);
    house.cancel(&ticket).await.is(200);
    let mails = house.mails_to("minji@jari.test").await;
    let attached = mails.iter().flat_map(|mail| mail.attachments.clone());
    attached.map(|attached| (attached.content_type, attached.content)).collect()
}

fn read_by_rust(text: &str) -> Entry {
    let calendar: Calendar = text.parse().unwrap();
    let property = |name: &str| calendar.property_value(name).unwrap_or_default().to_owned();
    let events: Vec<_> = calendar.components.iter().filter_map(CalendarComponent::as_event).collect();
    assert_eq!(events.len(), 1);
    let of_event = |name: &str| events[0].property_value(name).unwrap_or_default().to_owned();
    Entry {
        uid: of_event("UID"),
        sequence: of_event("SEQUENCE").parse().unwrap(),
        method: property("METHOD"),
        status: of_event("STATUS"),
        starts_at: of_event("DTSTART"),
    }
}

fn read_by_python(invitations: &[(String, String)]) -> Vec<Entry> {
    let folder = tempfile::tempdir().unwrap();
    let write = |(n, (_, text)): (usize, &(String, String))| {
        let file = folder.path().join(format!("{n}.ics"));
        std::fs::write(&file, text).unwrap();
        file
    };
    let files: Vec<PathBuf> = invitations.iter().enumerate().map(write).collect();
    let own = workspace::root().join(".venv/bin/python");
    let python = if own.is_file() { own } else { "python3".into() };
    let script = workspace::root().join("tests/tools/check_invitations.py");
    let output = Command::new(python).arg(script).args(files).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let entries: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    let entry = |entry: &Value| Entry {
        uid: text(entry, "uid"),
        sequence: u32::try_from(entry["sequence"].as_u64().unwrap()).unwrap(),
        method: text(entry, "method"),
        status: text(entry, "status"),
        starts_at: text(entry, "startsAt"),
    };
    entries.iter().map(entry).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_calendars_read_the_same_event_its_change_and_its_end() {
    for language in ["ko", "en"] {
        let invitations = invitations(language).await;
        let by_rust: Vec<Entry> = invitations.iter().map(|(_, text)| read_by_rust(text)).collect();
        assert_eq!(by_rust, read_by_python(&invitations));

        assert_eq!(by_rust.len(), 3);
        assert!(
            by_rust.iter().all(|entry| !entry.uid.is_empty() && entry.uid == by_rust[0].uid),
            "{by_rust:?}"
        );
        assert!(by_rust.is_sorted_by(|one, next| one.sequence < next.sequence), "{by_rust:?}");
        let methods: Vec<_> =
            by_rust.iter().map(|entry| (entry.method.as_str(), entry.status.as_str())).collect();
        assert_eq!(methods, [("REQUEST", "CONFIRMED"), ("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")]);
        let starts: Vec<_> = by_rust.iter().map(|entry| entry.starts_at.as_str()).collect();
        assert_eq!(starts, ["20261224T100000Z", "20261224T113000Z", "20261224T113000Z"]);
        for ((content_type, text), entry) in invitations.iter().zip(&by_rust) {
            assert!(content_type.starts_with("text/calendar"), "{content_type}");
            assert!(content_type.ends_with(&format!("method={}", entry.method)), "{content_type}");
            assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
        }
    }
}
