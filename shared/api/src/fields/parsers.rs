//! Parsers of single values: what a field may hold, and how its error tells what to write instead.

use std::ops::RangeInclusive;
use std::str::FromStr;

use jari_domain::{EmailAddress, Id, InvalidContact, Kind, Language, Party, Phone};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::FieldError;
use crate::{FieldCode, Text};

pub(super) fn string(value: &Value) -> Result<&str, FieldError> {
    value.as_str().ok_or_else(|| FieldError::wrong_type("문자열이어야 합니다.", "Must be a string."))
}

pub(super) fn too_long(most: usize) -> FieldError {
    let detail = Text::new(
        format!("{most}자 이하로 입력해 주세요."),
        format!("Must be at most {most} characters long."),
    );
    FieldError::new(FieldCode::TooLong, detail)
}

pub(super) fn too_short(least: usize) -> FieldError {
    let detail = Text::new(
        format!("{least}자 이상 입력해 주세요."),
        format!("Must be at least {least} characters long."),
    );
    FieldError::new(FieldCode::TooShort, detail)
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
            _ => Err(FieldError::wrong_type("숫자로 입력해 주세요.", "Must be a whole number.")),
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
