//! [`Fields`]: reads a JSON object, or a query string, field by field, and gathers everything that is
//! wrong with it, so that a caller mends a form once and not once a field.
//!
//! A parser is a function from a JSON value to a type that can't be wrong, or to a [`FieldError`]; the
//! ones below cover what forms are made of, and a rule of the domain makes another one.
//!
//! ```ignore
//! let mut fields = Fields::new(&body);
//! let party = fields.required("partySize", fields::integer(1..=20));
//! let note = fields.optional("note", fields::parsed);
//! let guest = fields.required_object("guest", |guest| {
//!     let name = guest.required("name", fields::parsed);
//!     let email = guest.required("email", fields::email);
//!     guest.all((name, email))
//! });
//! let (party, guest) = fields.finish((party, guest))?;
//! ```

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::str::FromStr;

use jari_domain::{EmailAddress, Id, InvalidContact, Kind, Language, Party, Phone};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::{BadField, Code, FieldCode, Problem, Text};

/// More bad fields than a form has; a thousand unknown ones are not worth a thousand lines.
const MOST_ERRORS: usize = 50;

/// Why a value is refused; where it stands is [`Fields`]'s to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// What is wrong.
    pub code: FieldCode,
    /// How to mend it.
    pub detail: Text,
}

impl FieldError {
    /// A refusal.
    #[must_use]
    pub const fn new(code: FieldCode, detail: Text) -> Self {
        Self { code, detail }
    }

    /// A refusal for the form of a value.
    #[must_use]
    pub const fn invalid_format(ko: &'static str, en: &'static str) -> Self {
        Self::new(FieldCode::InvalidFormat, Text::fixed(ko, en))
    }

    const fn wrong_type(ko: &'static str, en: &'static str) -> Self {
        Self::new(FieldCode::WrongType, Text::fixed(ko, en))
    }

    const fn required() -> Self {
        Self::new(FieldCode::Required, Text::fixed("필수 항목입니다.", "This field is required."))
    }
}

impl From<InvalidContact> for FieldError {
    fn from(error: InvalidContact) -> Self {
        match error {
            InvalidContact::Empty => {
                Self::new(FieldCode::TooShort, Text::fixed("내용을 입력해 주세요.", "Must not be empty."))
            }
            InvalidContact::TooLong(most) => too_long(most),
            InvalidContact::Malformed => {
                Self::invalid_format("형식이 올바르지 않습니다.", "Is not of the expected form.")
            }
        }
    }
}

/// The fields of one object, being read.
#[derive(Debug)]
pub struct Fields<'a> {
    /// `None` when the value is no object at all, which is one error and not one a field.
    object: Option<&'a Map<String, Value>>,
    pointer: String,
    from_query: bool,
    asked: HashSet<&'static str>,
    errors: Vec<BadField>,
}

impl<'a> Fields<'a> {
    /// The fields of a body.
    #[must_use]
    pub fn new(value: &'a Value) -> Self {
        Self::at(value, String::new(), false)
    }

    /// The parameters of a query string; numbers and booleans are read from their text.
    pub(crate) fn of_query(value: &'a Value) -> Self {
        Self::at(value, String::new(), true)
    }

    fn at(value: &'a Value, pointer: String, from_query: bool) -> Self {
        let object = value.as_object();
        let mut fields = Self { object, pointer, from_query, asked: HashSet::new(), errors: Vec::new() };
        if object.is_none() {
            let error = FieldError::wrong_type("JSON 객체여야 합니다.", "Must be a JSON object.");
            fields.errors.push(BadField {
                pointer: fields.pointer.clone(),
                code: error.code,
                detail: error.detail,
            });
        }
        fields
    }

    /// A field that must be there. `None` if it is bad or missing, which is noted.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&Value) -> Result<T, FieldError>,
    ) -> Option<T> {
        if let Some(value) = self.value(name) {
            self.parse(name, value, parse)
        } else {
            self.note_missing(name);
            None
        }
    }

    /// A field that may be missing or null. `None` also if it is bad, which is noted.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&Value) -> Result<T, FieldError>,
    ) -> Option<T> {
        let value = self.value(name)?;
        self.parse(name, value, parse)
    }

    /// A field of a patch: `None` leaves it as it is, `Some(None)` (null on the wire) clears it.
    #[allow(clippy::option_option, reason = "a patch has three answers, and these are their usual names")]
    pub fn clearable<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&Value) -> Result<T, FieldError>,
    ) -> Option<Option<T>> {
        self.asked.insert(name);
        match self.object?.get(name)? {
            Value::Null => Some(None),
            value => self.parse(name, value, parse).map(Some),
        }
    }

    /// An object that must be there, read by `read`, which ends in [`Fields::all`].
    pub fn required_object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'a>) -> Option<T>,
    ) -> Option<T> {
        if self.value(name).is_none() {
            self.note_missing(name);
        }
        self.optional_object(name, read)
    }

    /// An object that may be missing or null, read by `read`, which ends in [`Fields::all`].
    pub fn optional_object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'a>) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(name)?;
        let mut inner = Fields::at(value, self.pointer_to(name), self.from_query);
        let read = if inner.object.is_some() { read(&mut inner) } else { None };
        inner.note_unknown();
        let fits = inner.errors.is_empty();
        self.errors.append(&mut inner.errors);
        read.filter(|_| fits)
    }

    /// A list of at most `most` entries; missing or null is `None`.
    pub fn list<T>(
        &mut self,
        name: &'static str,
        most: usize,
        parse: impl Fn(&Value) -> Result<T, FieldError>,
    ) -> Option<Vec<T>> {
        let value = self.value(name)?;
        let Some(entries) = value.as_array() else {
            self.note(name, FieldError::wrong_type("목록이어야 합니다.", "Must be a list."));
            return None;
        };
        if entries.len() > most {
            let detail = Text::new(
                format!("{most}개까지 입력할 수 있습니다."),
                format!("Must have at most {most} entries."),
            );
            self.note(name, FieldError::new(FieldCode::TooLong, detail));
            return None;
        }
        let mut read = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            match parse(entry) {
                Ok(entry) => read.push(entry),
                Err(FieldError { code, detail }) => {
                    let pointer = format!("{}/{index}", self.pointer_to(name));
                    self.errors.push(BadField { pointer, code, detail });
                }
            }
        }
        (read.len() == entries.len()).then_some(read)
    }

    /// Whether a field is there, and not null.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.object.and_then(|object| object.get(name)).is_some_and(|value| !value.is_null())
    }

    /// Notes that a field that could be read is wrong all the same, as beside another one.
    pub fn refuse(&mut self, name: &'static str, error: FieldError) {
        self.note(name, error);
    }

    /// All of these fields, if every one was read: the last line of a nested object's reader.
    pub fn all<R: Required>(&self, required: R) -> Option<R::Values> {
        required.values()
    }

    /// The required fields, if nothing at all was bad or unknown; else one problem with every error.
    pub fn finish<R: Required>(mut self, required: R) -> Result<R::Values, Problem> {
        self.note_unknown();
        if self.errors.is_empty() {
            required.values().ok_or_else(|| Problem::internal("a field was lost without an error"))
        } else {
            self.errors.truncate(MOST_ERRORS);
            Err(Problem::invalid_fields(self.errors))
        }
    }

    fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.insert(name);
        self.object?.get(name).filter(|value| !value.is_null())
    }

    fn parse<T>(
        &mut self,
        name: &'static str,
        value: &Value,
        parse: impl Fn(&Value) -> Result<T, FieldError>,
    ) -> Option<T> {
        let parsed = match parse(value) {
            Err(error) if self.from_query && error.code == FieldCode::WrongType => {
                scalar_in_text(value).map_or(Err(error), |scalar| parse(&scalar))
            }
            parsed => parsed,
        };
        parsed.map_err(|error| self.note(name, error)).ok()
    }

    fn pointer_to(&self, name: &str) -> String {
        format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"))
    }

    fn note(&mut self, name: &str, FieldError { code, detail }: FieldError) {
        let pointer = self.pointer_to(name);
        self.errors.push(BadField { pointer, code, detail });
    }

    fn note_missing(&mut self, name: &str) {
        if self.object.is_some() {
            self.note(name, FieldError::required());
        }
    }

    fn note_unknown(&mut self) {
        let Some(object) = self.object else { return };
        for name in object.keys().filter(|name| !self.asked.contains(name.as_str())) {
            let pointer = self.pointer_to(name);
            let detail = Text::fixed("알 수 없는 항목입니다.", "This field is not known here.");
            self.errors.push(BadField { pointer, code: FieldCode::UnknownField, detail });
        }
    }
}

/// What a parameter's text may mean besides a text.
fn scalar_in_text(value: &Value) -> Option<Value> {
    let text = value.as_str()?;
    let number = || text.parse::<i64>().ok().map(Value::from);
    let truth = || text.parse::<bool>().ok().map(Value::from);
    number().or_else(truth)
}

/// A tuple of fields that all must have been read.
pub trait Required {
    /// The tuple of their values.
    type Values;

    /// The values, if all are there.
    fn values(self) -> Option<Self::Values>;
}

impl Required for () {
    type Values = ();

    fn values(self) -> Option<()> {
        Some(())
    }
}

impl<A> Required for Option<A> {
    type Values = A;

    fn values(self) -> Option<A> {
        self
    }
}

/// One implementation a length, as tuples want it.
macro_rules! required_tuples {
    ($($(($name:ident $index:tt))+;)+) => { $(
        impl<$($name),+> Required for ($(Option<$name>,)+) {
            type Values = ($($name,)+);

            fn values(self) -> Option<Self::Values> {
                Some(($(self.$index?,)+))
            }
        }
    )+ };
}

required_tuples! {
    (A 0);
    (A 0) (B 1);
    (A 0) (B 1) (C 2);
    (A 0) (B 1) (C 2) (D 3);
    (A 0) (B 1) (C 2) (D 3) (E 4);
    (A 0) (B 1) (C 2) (D 3) (E 4) (F 5);
    (A 0) (B 1) (C 2) (D 3) (E 4) (F 5) (G 6);
    (A 0) (B 1) (C 2) (D 3) (E 4) (F 5) (G 6) (H 7);
}

fn string(value: &Value) -> Result<&str, FieldError> {
    value.as_str().ok_or_else(|| FieldError::wrong_type("문자열이어야 합니다.", "Must be a string."))
}

fn too_long(most: usize) -> FieldError {
    let detail = Text::new(
        format!("{most}자 이하로 입력해 주세요."),
        format!("Must be at most {most} characters long."),
    );
    FieldError::new(FieldCode::TooLong, detail)
}

/// A text of `1..=most` characters after trimming, with no control characters.
pub fn text(most: usize) -> impl Fn(&Value) -> Result<String, FieldError> {
    move |value| {
        let text = string(value)?.trim();
        if text.is_empty() {
            return Err(InvalidContact::Empty.into());
        }
        if text.chars().count() > most {
            return Err(too_long(most));
        }
        if text.chars().any(char::is_control) {
            return Err(FieldError::invalid_format(
                "사용할 수 없는 문자가 있습니다.",
                "Has characters that are not allowed.",
            ));
        }
        Ok(text.to_owned())
    }
}

/// A type of the domain that reads itself from text, such as a guest's name or a note.
pub fn parsed<T: FromStr<Err: Into<FieldError>>>(value: &Value) -> Result<T, FieldError> {
    string(value)?.parse::<T>().map_err(Into::into)
}

/// A whole number within `range`.
pub fn integer<N>(range: RangeInclusive<N>) -> impl Fn(&Value) -> Result<N, FieldError>
where
    N: TryFrom<i64> + Into<i64> + Copy,
{
    let (least, most): (i64, i64) = ((*range.start()).into(), (*range.end()).into());
    move |value| {
        let outside = || {
            let detail = Text::new(
                format!("{least} 이상 {most} 이하의 값을 입력해 주세요."),
                format!("Must be between {least} and {most}."),
            );
            FieldError::new(FieldCode::OutOfRange, detail)
        };
        match value {
            Value::Number(number) if number.is_i64() || number.is_u64() => {
                let number = number.as_i64().ok_or_else(outside)?;
                if !(least..=most).contains(&number) {
                    return Err(outside());
                }
                N::try_from(number).map_err(|_| outside())
            }
            _ => Err(FieldError::wrong_type("정수여야 합니다.", "Must be a whole number.")),
        }
    }
}

/// The size of a party, 1 to [`Party::MAX`]; what a restaurant takes is its own matter.
pub fn party(value: &Value) -> Result<Party, FieldError> {
    let size = integer(1..=Party::MAX)(value)?;
    Party::new(size)
        .map_err(|_| FieldError::invalid_format("인원을 확인해 주세요.", "Must be the size of a party."))
}

/// `true` or `false`.
pub fn boolean(value: &Value) -> Result<bool, FieldError> {
    value
        .as_bool()
        .ok_or_else(|| FieldError::wrong_type("true 또는 false여야 합니다.", "Must be true or false."))
}

/// An instant by RFC 3339, which must carry its offset: `2026-12-24T19:00:00+09:00`.
pub fn instant(value: &Value) -> Result<Timestamp, FieldError> {
    const MALFORMED: FieldError = FieldError::invalid_format(
        "시간대가 포함된 시각이어야 합니다. 예: 2026-12-24T19:00:00+09:00",
        "Must be a time with its offset, such as 2026-12-24T19:00:00+09:00.",
    );
    let text = string(value)?;
    // The parser takes more than the standard has: a zone's name in brackets, a space for the T.
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b"TtZz:.+-".contains(&byte)) {
        return Err(MALFORMED);
    }
    text.parse().map_err(|_| MALFORMED)
}

/// A service day: `2026-12-24`.
pub fn date(value: &Value) -> Result<Date, FieldError> {
    const MALFORMED: FieldError =
        FieldError::invalid_format("날짜여야 합니다. 예: 2026-12-24", "Must be a date, such as 2026-12-24.");
    let text = string(value)?;
    if text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Err(MALFORMED);
    }
    text.parse().map_err(|_| MALFORMED)
}

/// An e-mail address.
pub fn email(value: &Value) -> Result<EmailAddress, FieldError> {
    string(value)?.parse().map_err(|error| match error {
        InvalidContact::Malformed => FieldError::invalid_format(
            "이메일 주소가 올바르지 않습니다. 예: minji@example.kr",
            "Must be an e-mail address, such as minji@example.kr.",
        ),
        other => other.into(),
    })
}

/// A phone number with its country's code, by E.164.
pub fn phone(value: &Value) -> Result<Phone, FieldError> {
    string(value)?.parse().map_err(|error| match error {
        InvalidContact::Malformed => FieldError::invalid_format(
            "국가 번호를 포함한 전화번호여야 합니다. 예: +821012345678",
            "Must be a phone number with its country's code, such as +821012345678.",
        ),
        other => other.into(),
    })
}

/// `ko` or `en`.
pub fn language(value: &Value) -> Result<Language, FieldError> {
    match string(value)? {
        "ko" => Ok(Language::Ko),
        "en" => Ok(Language::En),
        _ => Err(FieldError::invalid_format("ko 또는 en이어야 합니다.", "Must be ko or en.")),
    }
}

/// An id of one kind.
pub fn id<K: Kind>(value: &Value) -> Result<Id<K>, FieldError> {
    string(value)?.parse().map_err(|_| {
        let detail = Text::new(
            format!("{}_로 시작하는 식별자여야 합니다.", K::PREFIX),
            format!("Must be an id that begins with {}_.", K::PREFIX),
        );
        FieldError::new(FieldCode::InvalidFormat, detail)
    })
}

/// One of a few words.
pub fn one_of<T: Copy>(choices: &'static [(&'static str, T)]) -> impl Fn(&Value) -> Result<T, FieldError> {
    move |value| {
        let text = string(value)?;
        choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice).ok_or_else(|| {
            let words = choices.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            let detail =
                Text::new(format!("다음 중 하나여야 합니다: {words}."), format!("Must be one of: {words}."));
            FieldError::new(FieldCode::InvalidFormat, detail)
        })
    }
}

impl From<FieldError> for Problem {
    /// For a rule on one value that stands alone, such as a path's date.
    fn from(FieldError { code: _, detail }: FieldError) -> Self {
        Self::new(Code::MalformedRequest).with_detail(detail)
    }
}

#[cfg(test)]
mod tests {
    use jari_domain::{GuestName, ReservationId, kind};
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
}
