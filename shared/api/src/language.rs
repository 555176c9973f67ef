//! Which of our languages a request would like, by `Accept-Language` (RFC 9110, 12.5.4).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jari_domain::Language;

/// What problems are written in for somebody who asks for neither language.
pub(crate) const DEFAULT_LANGUAGE: Language = Language::En;

/// The language a request would like; `None` if it asks for none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferred(pub Option<Language>);

impl<S: Sync> FromRequestParts<S> for Preferred {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(preferred_language(&parts.headers)))
    }
}

/// The language of ours with the highest weight, the first of equals; a region does not matter.
#[must_use]
pub fn preferred_language(headers: &HeaderMap) -> Option<Language> {
    let mut best: Option<(u16, Language)> = None;
    for header in headers.get_all(header::ACCEPT_LANGUAGE) {
        for range in header.to_str().unwrap_or_default().split(',') {
            let Some((weight, language)) = read_range(range) else {
                continue;
            };
            if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, language));
            }
        }
    }
    best.map(|(_, language)| language)
}

/// A range such as `ko-KR;q=0.8`, with its weight in thousandths; `None` if it is not ours, or not
/// a range.
fn read_range(range: &str) -> Option<(u16, Language)> {
    let mut parts = range.split(';');
    let tag = parts.next()?.trim();
    let language = match tag.split('-').next()? {
        primary if primary.eq_ignore_ascii_case("ko") => Language::Ko,
        primary if primary.eq_ignore_ascii_case("en") => Language::En,
        _ => return None,
    };
    let mut weight = 1000;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") {
            weight = read_weight(value.trim())?;
        }
    }
    Some((weight, language))
}

/// `0`, `1`, `0.5`, `0.875`: at most three decimals, never above one.
fn read_weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferred(value: &str) -> Option<Language> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, value.parse().unwrap());
        preferred_language(&headers)
    }

    #[test]
    fn the_heaviest_of_our_languages_wins_and_the_first_of_equals() {
        for (value, expected) in [
            ("ko", Some(Language::Ko)),
            ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Some(Language::Ko)),
            ("en;q=0.4, ko;q=0.5", Some(Language::Ko)),
            ("en, ko", Some(Language::En)),
            ("fr, ko;q=0.001", Some(Language::Ko)),
            ("ko;q=0, en;q=0.1", Some(Language::En)),
            ("KO-kr", Some(Language::Ko)),
            ("fr, de", None),
            ("*", None),
            ("ko;q=0", None),
            ("", None),
            ("kok", None),
            ("ko;q=2", None),
            ("ko;q=0.12345, en;q=0.1", Some(Language::En)),
            (";;;,,,=", None),
        ] {
            assert_eq!(preferred(value), expected, "{value}");
        }
    }
}
