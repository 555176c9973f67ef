//! Cuisines and parts of town in words, Korean and English side by side.

use jari_domain::Language;

/// Cuisines by their keys.
const CUISINES: &[(&str, &str, &str)] = &[
    ("bbq", "구이", "Barbecue"),
    ("cafe-brunch", "브런치", "Brunch"),
    ("chinese", "중식", "Chinese"),
    ("european", "유러피언", "European"),
    ("french", "프렌치", "French"),
    ("indian", "인도 요리", "Indian"),
    ("italian", "이탈리안", "Italian"),
    ("izakaya", "이자카야", "Izakaya"),
    ("japanese", "일식", "Japanese"),
    ("korean", "한식", "Korean"),
    ("noodles", "면 요리", "Noodles"),
    ("seafood", "해산물", "Seafood"),
    ("sri-lankan", "스리랑카 요리", "Sri Lankan"),
    ("sushi", "스시", "Sushi"),
    ("vegan", "비건", "Vegan"),
    ("wine-bar", "와인 바", "Wine bar"),
];

/// Parts of town by their keys.
const AREAS: &[(&str, &str, &str)] = &[
    ("aewol", "제주 애월", "Aewol, Jeju"),
    ("bukchon", "서울 북촌", "Bukchon, Seoul"),
    ("euljiro", "서울 을지로", "Euljiro, Seoul"),
    ("gangnam", "서울 강남", "Gangnam, Seoul"),
    ("gujwa", "제주 구좌", "Gujwa, Jeju"),
    ("gwangalli", "부산 광안리", "Gwangalli, Busan"),
    ("haeundae", "부산 해운대", "Haeundae, Busan"),
    ("hannam", "서울 한남", "Hannam, Seoul"),
    ("ikseon", "서울 익선", "Ikseon, Seoul"),
    ("jeju-si", "제주시", "Jeju City"),
    ("seochon", "서울 서촌", "Seochon, Seoul"),
    ("seongsu", "서울 성수", "Seongsu, Seoul"),
    ("yeongdo", "부산 영도", "Yeongdo, Busan"),
    ("yeonnam", "서울 연남", "Yeonnam, Seoul"),
];

/// A cuisine by its key, in words.
pub(crate) fn cuisine(key: &str, language: Language) -> String {
    in_words(CUISINES, key, language)
}

/// A part of town by its key, in words.
pub(crate) fn area(key: &str, language: Language) -> String {
    in_words(AREAS, key, language)
}

/// The keys of all cuisines that have a name.
pub(crate) fn cuisines() -> impl Iterator<Item = &'static str> {
    CUISINES.iter().map(|(key, ..)| *key)
}

/// The keys of all parts of town that have a name.
pub(crate) fn areas() -> impl Iterator<Item = &'static str> {
    AREAS.iter().map(|(key, ..)| *key)
}

/// A key that is not known yet reads as it is written, without its hyphens.
fn in_words(known: &[(&str, &str, &str)], key: &str, language: Language) -> String {
    match (known.iter().find(|(known, ..)| *known == key), language) {
        (Some((_, ko, _)), Language::Ko) => (*ko).to_owned(),
        (Some((_, _, en)), Language::En) => (*en).to_owned(),
        (None, _) => key.replace('-', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_still_readable() {
        assert_eq!(cuisine("korean", Language::Ko), "한식");
        assert_eq!(cuisine("tex-mex", Language::En), "tex mex");
    }
}
