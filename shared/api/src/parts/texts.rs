//! What the readers of several parts have in common: keys, texts in both languages, and how the faults of a whole are told.

use jari_domain::{Bookable, Fault, LocalizedText};
use serde_json::Value;

use crate::{BadField, FieldCode, FieldError, Fields, Problem, Text, fields};

/// The longest name of anything: of a restaurant, a dish, a shift.
pub(super) const NAME: usize = 80;

/// A short and stable key: lower-case letters, digits and hyphens.
pub(super) fn key(value: &Value) -> Result<String, FieldError> {
    let key = fields::text(40)(value)?;
    if key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return Ok(key);
    }
    Err(FieldError::invalid_format(
        "영문 소문자, 숫자, 하이픈(-)만 사용할 수 있습니다.",
        "Must be of lower-case letters, digits and hyphens.",
    ))
}

/// A text of at most `most` characters on one line, which may be empty.
fn line(most: usize) -> impl Fn(&Value) -> Result<String, FieldError> {
    move |value| if value == "" { Ok(String::new()) } else { fields::text(most)(value) }
}

/// As [`line`], on several.
fn lines(most: usize) -> impl Fn(&Value) -> Result<String, FieldError> {
    move |value| {
        let Some(text) = value.as_str() else { return fields::text(most)(value) };
        let text = text.trim().replace("\r\n", "\n");
        // What is not allowed on a line is not allowed on any.
        line(most)(&Value::from(text.replace('\n', " "))).map(|_| text)
    }
}

/// A text in both languages, one of which may be missing.
pub(super) fn named(most: usize) -> impl Fn(&mut Fields<'_>) -> Option<LocalizedText> {
    move |text| {
        let read = both(text, line(most));
        if read.is_empty() && !(text.has("ko") && text.has("en")) {
            let detail =
                Text::fixed("한국어나 영어로 입력해 주세요.", "Must be there in Korean or in English.");
            text.refuse_whole(FieldError::new(FieldCode::Required, detail));
        } else if read.is_empty() {
            let detail = Text::fixed("내용을 입력해 주세요.", "Must not be empty.");
            text.refuse_whole(FieldError::new(FieldCode::TooShort, detail));
        }
        Some(read)
    }
}

/// A text in both languages, either or both of which may be missing.
pub(super) fn described(most: usize) -> impl Fn(&mut Fields<'_>) -> Option<LocalizedText> {
    move |text| Some(both(text, lines(most)))
}

/// A text in both languages on one line each, either or both of which may be missing.
pub(super) fn maybe_named(most: usize) -> impl Fn(&mut Fields<'_>) -> Option<LocalizedText> {
    move |text| Some(both(text, line(most)))
}

fn both(text: &mut Fields<'_>, parse: impl Fn(&Value) -> Result<String, FieldError>) -> LocalizedText {
    LocalizedText {
        ko: text.optional("ko", &parse).unwrap_or_default(),
        en: text.optional("en", &parse).unwrap_or_default(),
    }
}

/// Who may book a table; what is left out may.
#[allow(clippy::unnecessary_wraps, reason = "as readers of objects are")]
pub(super) fn bookable(who: &mut Fields<'_>) -> Option<Bookable> {
    let open = Bookable::default();
    Some(Bookable {
        online: who.optional("online", fields::boolean).unwrap_or(open.online),
        in_house: who.optional("inHouse", fields::boolean).unwrap_or(open.in_house),
        walk_in: who.optional("walkIn", fields::boolean).unwrap_or(open.walk_in),
    })
}

/// The revision of a part that is sent back as it was shown. `If-Match` is what counts.
pub(super) fn shown_revision(part: &mut Fields<'_>) {
    let _ = part.optional("revision", fields::integer(0..=i64::MAX));
}

/// The problem that names everything that is wrong with a whole, unless nothing is.
pub(super) fn refuse_faults<E>(faults: &[Fault<E>], tell: impl Fn(&E) -> FieldError) -> Result<(), Problem> {
    if faults.is_empty() {
        return Ok(());
    }
    let bad = faults.iter().map(|fault| {
        let FieldError { code, detail } = tell(&fault.what);
        BadField { pointer: format!("/{}", fault.at), code, detail }
    });
    Err(Problem::invalid_fields(bad.collect()))
}
