//! How to reach a restaurant: links to maps, for mails and pages alike.

use std::fmt::Write;

use crate::{Language, Profile};

/// A link to a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapLink {
    /// The map's name.
    pub label: &'static str,
    /// Its address, searching for the restaurant.
    pub url: String,
}

/// Links to maps, the one that the reader most likely uses first. In Korea, Google has no walking directions:
/// everyone gets the local maps too, searched by the Korean address that they understand.
#[must_use]
pub fn maps(profile: &Profile, language: Language) -> Vec<MapLink> {
    let name_and_address = format!("{} {}", profile.name.get(language), profile.address.get(language));
    let local = percent_encoded(profile.address.get(Language::Ko));
    let google = MapLink {
        label: wording(language, "구글 지도", "Google Maps"),
        url: format!(
            "https://www.google.com/maps/search/?api=1&query={}",
            percent_encoded(&name_and_address)
        ),
    };
    if !is_in_korea(profile) {
        return vec![google];
    }
    let naver = MapLink {
        label: wording(language, "네이버 지도", "Naver Map"),
        url: format!("https://map.naver.com/p/search/{local}"),
    };
    let kakao = MapLink {
        label: wording(language, "카카오맵", "KakaoMap"),
        url: format!("https://map.kakao.com/?q={local}"),
    };
    match language {
        Language::Ko => vec![naver, kakao, google],
        Language::En => vec![google, naver, kakao],
    }
}

/// Whether the restaurant is in Korea, as far as its time zone tells.
#[must_use]
pub fn is_in_korea(profile: &Profile) -> bool {
    profile.time_zone.name() == "Asia/Seoul"
}

fn wording(language: Language, ko: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Ko => ko,
        Language::En => en,
    }
}

/// A text as a part of an address: all but unreserved characters (RFC 3986) are encoded.
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_percent_encoded() {
        assert_eq!(percent_encoded("성 2&\"<"), "%EC%84%B1%202%26%22%3C");
    }
}
