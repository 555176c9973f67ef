//! Cursors: what a list gave comes back as it was; nothing altered, cut or made up is opened, nor by another list.
#![no_main]

use std::sync::OnceLock;

use jari_api::{Cursors, Fields, paging};
use jari_identity::{CursorKey, generate_secret};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|data: &[u8]| {
    static KEY: OnceLock<CursorKey> = OnceLock::new();
    let key = KEY.get_or_init(|| CursorKey::new(&generate_secret().expect("random bytes")).expect("a key"));
    let Some((at, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest).into_owned();
    let list = Cursors::new(key, "list-restaurants", &json!({ "area": "seongsu" })).expect("filters");
    let other =
        Cursors::new(key, "list-restaurants", &json!({ "area": format!("not {text}") })).expect("filters");

    // As it comes, in a query.
    let query = json!({ "cursor": text, "limit": text });
    let mut fields = Fields::of_form(&query);
    let (limit, cursor) = paging::read(&mut fields);
    assert!((1..=paging::MOST_LIMIT).contains(&limit));
    assert!(list.open::<serde_json::Value>(&text).is_err(), "made up");
    assert!(cursor.is_none_or(|cursor| cursor == text.trim()));

    let sealed = list.seal(&(text.as_str(), *at)).expect("a state");
    assert_eq!(list.open::<(String, u8)>(&sealed).ok(), Some((text.clone(), *at)));
    assert!(other.open::<(String, u8)>(&sealed).is_err(), "another list's");
    let mut altered = sealed.clone().into_bytes();
    let place = usize::from(*at) % altered.len();
    altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
    assert!(list.open::<(String, u8)>(&String::from_utf8_lossy(&altered)).is_err(), "altered");
    assert!(list.open::<(String, u8)>(&sealed[..place]).is_err(), "cut");
});
