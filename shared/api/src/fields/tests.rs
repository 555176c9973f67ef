use jari_domain::{EmailAddress, GuestName, Language, ReservationId, kind};
use jiff::Timestamp;
use serde_json::json;

use super::*;

fn errors(problem: &Problem) -> Vec<(&str, &str)> {
    problem.errors().iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect()
}

type Read = (i64, Timestamp, (GuestName, EmailAddress), Option<bool>);

fn read(body: &Value) -> Result<Read, Problem> {
    let mut fields = Fields::new(body);
    let party = fields.required("partySize", integer(1..=20));
    let starts_at = fields.required("startsAt", instant);
    let guest = fields.required_object("guest", |guest| {
        let name = guest.required("name", parsed);
        let email = guest.required("email", email);
        guest.all((name, email))
    });
    let hold = fields.optional("hold", boolean);
    let (party, starts_at, guest) = fields.finish((party, starts_at, guest))?;
    Ok((party, starts_at, guest, hold))
}

#[test]
fn a_good_form_is_read() {
    let (party, starts_at, (name, _), hold) = read(&json!({
        "partySize": 4, "startsAt": "2026-12-24T19:00:00+09:00", "hold": null,
        "guest": { "name": "김민지 🍜", "email": "minji@example.kr" },
    }))
    .unwrap();
    assert_eq!((party, hold, name.as_str()), (4, None, "김민지 🍜"));
    assert_eq!(starts_at.to_string(), "2026-12-24T10:00:00Z");
}

#[test]
fn all_bad_fields_are_named_at_once() {
    let problem = read(&json!({
        "partySize": 1000, "startsAt": "2026-12-24T19:00:00", "hold": "yes", "a/b~c": 1,
        "guest": { "name": "", "email": 7, "shoeSize": 42 },
    }))
    .unwrap_err();
    assert_eq!(
        errors(&problem),
        [
            ("/partySize", "out_of_range"),
            ("/startsAt", "invalid_format"),
            ("/guest/name", "too_short"),
            ("/guest/email", "wrong_type"),
            ("/guest/shoeSize", "unknown_field"),
            ("/hold", "wrong_type"),
            ("/a~1b~0c", "unknown_field"),
        ]
    );
    assert_eq!(problem.status(), 422);
}

#[test]
fn an_empty_form_lacks_each_required_field() {
    let problem = read(&json!({})).unwrap_err();
    assert_eq!(
        errors(&problem),
        [("/partySize", "required"), ("/startsAt", "required"), ("/guest", "required")]
    );
}

#[test]
fn what_is_no_object_is_one_error() {
    for value in [json!([]), json!("x"), json!(1), json!(null)] {
        assert_eq!(errors(&read(&value).unwrap_err()), [("", "wrong_type")]);
    }
    let nested = json!({ "partySize": 2, "startsAt": "2026-12-24T19:00:00Z", "guest": "me" });
    assert_eq!(errors(&read(&nested).unwrap_err()), [("/guest", "wrong_type")]);
}

#[test]
fn a_thousand_unknown_fields_are_not_a_thousand_lines() {
    let body: Map<String, Value> = (0..1000).map(|n| (format!("f{n}"), Value::Null)).collect();
    let problem = Fields::new(&Value::Object(body)).finish(()).unwrap_err();
    assert_eq!(problem.errors().len(), MOST_ERRORS);
}

#[test]
fn a_patch_tells_leaving_from_clearing() {
    for (body, expected) in [
        (json!({}), None),
        (json!({ "note": null }), Some(None)),
        (json!({ "note": "창가" }), Some(Some("창가".to_owned()))),
    ] {
        let mut fields = Fields::new(&body);
        let note = fields.clearable("note", text(10));
        assert!(fields.finish(()).is_ok());
        assert_eq!(note, expected);
    }
}

#[test]
fn a_lists_bad_entries_are_named_by_place() {
    let body = json!({ "areas": ["hall", 2, ""] });
    let mut fields = Fields::new(&body);
    let areas = fields.list("areas", 3, text(10));
    let problem = fields.finish(areas).unwrap_err();
    assert_eq!(errors(&problem), [("/areas/1", "wrong_type"), ("/areas/2", "too_short")]);
    let mut fields = Fields::new(&body);
    let areas = fields.list("areas", 2, text(10));
    assert_eq!(errors(&fields.finish(areas).unwrap_err()), [("/areas", "too_long")]);
}

#[test]
fn numbers_are_whole_and_within_bounds() {
    let party = integer(1_u8..=20);
    assert_eq!(party(&json!(20)), Ok(20));
    for (value, code) in [
        (json!(0), "out_of_range"),
        (json!(-1), "out_of_range"),
        (json!(21), "out_of_range"),
        (json!(300), "out_of_range"),
        (json!(u64::MAX), "out_of_range"),
        (json!(2.5), "wrong_type"),
        (json!(2.0), "wrong_type"),
        (json!("2"), "wrong_type"),
        (json!(true), "wrong_type"),
    ] {
        assert_eq!(party(&value).unwrap_err().code.as_str(), code, "{value}");
    }
}

#[test]
fn instants_must_carry_their_offset() {
    for text in ["2026-12-24T19:00:00+09:00", "2026-12-24T10:00:00Z", "2026-12-24T10:00:00.000Z"] {
        assert_eq!(instant(&json!(text)).unwrap().to_string(), "2026-12-24T10:00:00Z");
    }
    for text in [
        "2026-12-24T19:00:00",
        "2026-12-24",
        "19:00",
        "2026-13-24T19:00:00Z",
        "2026-12-24T25:00:00Z",
        "2026-12-24T19:00:00+09:00[Asia/Seoul]",
        "2026-12-24 19:00:00Z",
        "1766570400",
        "",
    ] {
        assert_eq!(instant(&json!(text)).unwrap_err().code, FieldCode::InvalidFormat, "{text}");
    }
    assert_eq!(instant(&json!(1_766_570_400)).unwrap_err().code, FieldCode::WrongType);
}

#[test]
fn dates_are_days_that_exist() {
    assert!(date(&json!("2026-12-24")).is_ok());
    for text in ["2026-02-30", "2026-12-24T00:00:00Z", "24.12.2026", "20261224", "+2026-12-1", ""] {
        assert_eq!(date(&json!(text)).unwrap_err().code, FieldCode::InvalidFormat, "{text}");
    }
}

#[test]
fn texts_are_counted_in_characters_and_trimmed() {
    assert_eq!(text(2)(&json!(" 자리 ")), Ok("자리".to_owned()));
    assert_eq!(text(1)(&json!("자리")).unwrap_err().code, FieldCode::TooLong);
    assert_eq!(text(9)(&json!("   ")).unwrap_err().code, FieldCode::TooShort);
    assert_eq!(text(9)(&json!("a\u{0}b")).unwrap_err().code, FieldCode::InvalidFormat);
}

#[test]
fn an_id_of_another_kind_is_refused() {
    let id_text = ReservationId::new(Timestamp::UNIX_EPOCH, [1; 10]).to_string();
    assert!(id::<kind::Reservation>(&json!(id_text)).is_ok());
    assert_eq!(id::<kind::Restaurant>(&json!(id_text)).unwrap_err().code, FieldCode::InvalidFormat);
}

#[test]
fn choices_phones_and_languages_are_checked() {
    let when = one_of(&[("upcoming", 1), ("past", 2)]);
    assert_eq!(when(&json!("past")), Ok(2));
    assert!(when(&json!("never")).unwrap_err().detail.en.contains("upcoming, past"));
    assert!(phone(&json!("+82 10-1234-5678")).is_ok());
    assert!(phone(&json!("010-1234-5678")).is_err());
    assert_eq!(language(&json!("ko")), Ok(Language::Ko));
    assert!(language(&json!("fr")).is_err());
    assert!(email(&json!("nobody")).is_err());
}

#[test]
fn a_list_of_objects_names_each_bad_field_with_its_place() {
    let body = json!({
        "tables": [{ "seats": 2 }, { "seats": 0, "colour": "red" }, 7, {}],
        "areas": { "0": {} },
    });
    let mut fields = Fields::new(&body);
    let seats = |table: &mut Fields<'_>| table.required("seats", integer(1..=99));
    assert_eq!(fields.required_list_of("tables", 4, seats), None);
    assert_eq!(fields.list_of("areas", 4, seats), None);
    assert_eq!(fields.required_list_of("shifts", 4, seats), None);
    let problem = fields.finish(()).unwrap_err();
    assert_eq!(
        errors(&problem),
        [
            ("/tables/1/seats", "out_of_range"),
            ("/tables/1/colour", "unknown_field"),
            ("/tables/2", "wrong_type"),
            ("/tables/3/seats", "required"),
            ("/areas", "wrong_type"),
            ("/shifts", "required"),
        ]
    );
    let body = json!({ "tables": [{ "seats": 2 }, { "seats": 4 }] });
    assert_eq!(Fields::new(&body).list_of("tables", 2, seats), Some(vec![2, 4]));
    let mut fields = Fields::new(&body);
    assert_eq!(fields.list_of("tables", 1, seats), None);
    assert_eq!(errors(&fields.finish(()).unwrap_err()), [("/tables", "too_long")]);
}
