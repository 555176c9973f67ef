//! Bodies of requests, JSON and forms: whatever is sent, a reader answers; and what it accepts it accepts again as it keeps it.
#![no_main]

use jari_api::{Fields, Form, fields, parts};
use jari_domain::{Currency, Menu, TableId, kind};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Some((which, body)) = data.split_first() else { return };
    if which % 8 == 7 {
        read_form(body);
        return;
    }
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return };
    match which % 8 {
        0 => kept(&value, |body| parts::policy::read(body).ok()),
        1 => kept(&value, |body| parts::schedule::read(body).ok()),
        2 => kept(&value, |body| parts::menu::read(body, krw()).ok()),
        3 => kept(&value, |body| parts::floor::read(body, || Ok(new_table())).ok()),
        4 => {
            if let Ok(profile) = parts::profile::read_new(Fields::new(&value)) {
                let _ = parts::profile::read_patch(Fields::new(&value), &profile);
            }
        }
        5 => {
            read_guest(Fields::new(&value));
            read_reservation(Fields::new(&value));
        }
        _ => {
            let menu = parts::menu::read_section(Fields::new(&value), krw());
            let _ = menu.map(|section| parts::menu::check_size(&Menu { sections: vec![section] }));
        }
    }
});

fn new_table() -> TableId {
    TableId::new(Timestamp::UNIX_EPOCH, [7; 10])
}

/// What is read is the same when it is read from how it is kept.
fn kept<T: Serialize>(value: &Value, read: impl Fn(Fields<'_>) -> Option<T>) {
    if let Some(read_once) = read(Fields::new(value)) {
        let stored = serde_json::to_value(&read_once).expect("what is read can be written");
        let again = read(Fields::new(&stored)).unwrap_or_else(|| panic!("refused as it is kept: {stored}"));
        assert_eq!(serde_json::to_value(&again).expect("and again"), stored);
    }
}

fn read_guest(mut body: Fields<'_>) {
    let guest = fields::guest(&mut body);
    let _ = fields::guest_by_staff(&mut body);
    let tables = fields::tables(&mut body);
    let note = body.optional("note", fields::note);
    if let Some(guest) = guest {
        assert_eq!(guest.name.as_str().parse().as_ref(), Ok(&guest.name));
        if let Some(email) = &guest.email {
            assert_eq!(email.as_str().parse().as_ref(), Ok(email));
        }
    }
    if let Some(note) = note {
        assert_eq!(note.as_str().parse().as_ref(), Ok(&note));
    }
    assert!(tables.is_none_or(|tables| tables.iter().all(|table| table.digits().len() == 26)));
    let _ = body.finish(());
}

/// What the bodies that make and change a reservation have in them, but for the guest.
fn read_reservation(mut body: Fields<'_>) {
    let restaurant = body.required("restaurantId", fields::id::<kind::Restaurant>);
    let starts_at = body.required("startsAt", fields::instant);
    let ends_at = body.optional("endsAt", fields::instant);
    let party = body.required("partySize", fields::party);
    let hold = body.optional("hold", fields::boolean);
    let channel = body.optional("channel", fields::one_of(&[("online", 0), ("inHouse", 1), ("walkIn", 2)]));
    let area = body.clearable("area", fields::area);
    let note = body.clearable("note", fields::note);
    let guest = body.optional_object("guest", fields::guest_by_staff);
    let tables = fields::tables(&mut body);
    if let Some(id) = restaurant {
        assert_eq!(fields::id(&id.to_string().into()), Ok(id));
    }
    for instant in starts_at.into_iter().chain(ends_at) {
        assert_eq!(fields::instant(&instant.to_string().into()), Ok(instant));
    }
    if let Some(party) = party {
        assert_eq!(fields::party(&party.size().into()), Ok(party));
    }
    if let Some(Some(area)) = &area {
        assert_eq!(fields::area(&area.as_str().into()).as_ref(), Ok(area));
    }
    let is_whole = restaurant.is_some() && starts_at.is_some() && party.is_some();
    let read = body.finish((restaurant, starts_at, party));
    assert!(is_whole || read.is_err(), "something is missing: {read:?}");
    let _ = (hold, channel, note, guest, tables);
}

fn read_form(bytes: &[u8]) {
    let Some(form) = Form::read(bytes) else { return };
    read_guest(form.fields());
    read_reservation(form.fields());
    let _ = parts::schedule::read(form.fields());
    let _ = parts::floor::read(form.fields(), || Ok(new_table()));
    let _ = parts::profile::read_new(form.fields());
}

fn krw() -> Currency {
    Currency::try_from("KRW".to_owned()).expect("a currency")
}
