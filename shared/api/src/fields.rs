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

mod parsers;
mod reservation;

use std::collections::HashSet;

use jari_domain::InvalidContact;
use jari_identity::{InvalidPassword, Password};
use serde_json::{Map, Number, Value};

use crate::{BadField, Code, FieldCode, Problem, Text};

pub use parsers::{boolean, date, email, id, instant, integer, language, one_of, parsed, party, phone, text};
use parsers::{too_long, too_short};
pub use reservation::{area, day_note, guest, guest_by_staff, note, reason, tables};

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

    pub(crate) const fn wrong_type(ko: &'static str, en: &'static str) -> Self {
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

impl From<InvalidPassword> for FieldError {
    fn from(error: InvalidPassword) -> Self {
        match error {
            InvalidPassword::TooShort => too_short(Password::MIN_CHARS),
            InvalidPassword::TooLong => too_long(Password::MAX_CHARS),
            InvalidPassword::Malformed => Self::invalid_format(
                "사용할 수 없는 문자가 있습니다.",
                "Has characters that are not allowed.",
            ),
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

    /// The values of a form; numbers and booleans are read from their text. Of a [`crate::Form`] that is to be read as it
    /// is, [`crate::Form::fields`].
    #[must_use]
    pub fn of_form(value: &'a Value) -> Self {
        Self::of_query(value)
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
        self.inner(value, self.pointer_to(name), read)
    }

    /// A list of at most `most` entries; missing or null is `None`.
    pub fn list<T>(
        &mut self,
        name: &'static str,
        most: usize,
        parse: impl Fn(&Value) -> Result<T, FieldError>,
    ) -> Option<Vec<T>> {
        let entries = self.entries(name, most)?;
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

    /// A list of at most `most` objects, each read by `read`, which ends in [`Fields::all`]; missing or null is `None`.
    pub fn list_of<T>(
        &mut self,
        name: &'static str,
        most: usize,
        read: impl Fn(&mut Fields<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let entries = self.entries(name, most)?;
        let read = entries.iter().enumerate().filter_map(|(index, entry)| {
            let pointer = format!("{}/{index}", self.pointer_to(name));
            self.inner(entry, pointer, &read)
        });
        let read: Vec<T> = read.collect();
        (read.len() == entries.len()).then_some(read)
    }

    /// As [`Fields::list_of`], of a list that must be there; it may be empty.
    pub fn required_list_of<T>(
        &mut self,
        name: &'static str,
        most: usize,
        read: impl Fn(&mut Fields<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        if self.value(name).is_none() {
            self.note_missing(name);
        }
        self.list_of(name, most, read)
    }

    fn entries(&mut self, name: &'static str, most: usize) -> Option<&'a [Value]> {
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
        Some(entries)
    }

    fn inner<T>(
        &mut self,
        value: &'a Value,
        pointer: String,
        read: impl FnOnce(&mut Fields<'a>) -> Option<T>,
    ) -> Option<T> {
        let mut inner = Fields::at(value, pointer, self.from_query);
        let read = if inner.object.is_some() { read(&mut inner) } else { None };
        inner.note_unknown();
        let fits = inner.errors.is_empty();
        self.errors.append(&mut inner.errors);
        read.filter(|_| fits)
    }

    /// Whether a field is there, and not null.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.object.and_then(|object| object.get(name)).is_some_and(|value| !value.is_null())
    }

    /// Whether a field is there, and is null.
    #[must_use]
    pub fn is_null(&self, name: &str) -> bool {
        self.object.and_then(|object| object.get(name)).is_some_and(Value::is_null)
    }

    /// Notes that a field that could be read is wrong all the same, as beside another one.
    pub fn refuse(&mut self, name: &'static str, error: FieldError) {
        self.note(name, error);
    }

    /// Notes that the object as a whole is wrong, whatever its fields are.
    pub fn refuse_whole(&mut self, FieldError { code, detail }: FieldError) {
        self.errors.push(BadField { pointer: self.pointer.clone(), code, detail });
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
    let whole = || text.parse::<i64>().ok().map(Value::from);
    let number = || text.parse().ok().and_then(Number::from_f64).map(Value::from);
    let truth = || text.parse::<bool>().ok().map(Value::from);
    whole().or_else(number).or_else(truth)
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

impl From<FieldError> for Problem {
    /// For a rule on one value that stands alone, such as a path's date.
    fn from(FieldError { code: _, detail }: FieldError) -> Self {
        Self::new(Code::MalformedRequest).with_detail(detail)
    }
}

#[cfg(test)]
mod tests;
