//! How to reach a restaurant: its telephone number as people write it, and links to maps.

use std::fmt::Write;

use jari_domain::{Language, Phone, Profile};

/// A link to a map.
pub(crate) struct MapLink {
    /// The map's name.
    pub(crate) label: &'static str,
    /// Its address, searching for the restaurant.
    pub(crate) url: String,
}

/// Links to maps, the one that the reader most likely uses first. In Korea, Google has no walking directions:
/// everyone gets the local maps too, searched by the Korean address that they understand.
pub(crate) fn maps(profile: &Profile, language: Language) -> Vec<MapLink> {
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
pub(crate) fn is_in_korea(profile: &Profile) -> bool {
    profile.time_zone.name() == "Asia/Seoul"
}

/// A telephone number as it is read: a Korean one grouped, and for a Korean reader as dialled at home.
pub(crate) fn shown_phone(phone: &Phone, language: Language) -> String {
    let number = phone.as_str();
    let Some(national) = number.strip_prefix("+82") else {
        return number.to_owned();
    };
    // 2 is Seoul, 50x are numbers that forward, all others have two digits: 31, 51, 10, 70.
    let area_digits = match national.as_bytes() {
        [b'2', ..] => 1,
        [b'5', b'0', ..] => 3,
        _ => 2,
    };
    let (area, line) = national.split_at(area_digits.min(national.len()));
    let (exchange, last) = line.split_at(line.len().saturating_sub(4));
    if exchange.is_empty() {
        return number.to_owned();
    }
    match language {
        Language::Ko => format!("0{area}-{exchange}-{last}"),
        Language::En => format!("+82 {area}-{exchange}-{last}"),
    }
}

fn wording(language: Language, ko: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Ko => ko,
        Language::En => en,
    }
}

fn percent_encoded(text: &str) -> String {
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
    fn korean_numbers_are_grouped_as_koreans_write_them() {
        let shown = |number: &str, language| shown_phone(&number.parse().unwrap(), language);
        assert_eq!(shown("+82212345678", Language::Ko), "02-1234-5678");
        assert_eq!(shown("+821012345678", Language::Ko), "010-1234-5678");
        assert_eq!(shown("+82647123456", Language::Ko), "064-712-3456");
        assert_eq!(shown("+8250712345678", Language::Ko), "0507-1234-5678");
        assert_eq!(shown("+82212345678", Language::En), "+82 2-1234-5678");
        assert_eq!(shown("+351213456789", Language::Ko), "+351213456789");
    }

    #[test]
    fn a_query_is_percent_encoded() {
        assert_eq!(percent_encoded("성 2&\"<"), "%EC%84%B1%202%26%22%3C");
    }
}
