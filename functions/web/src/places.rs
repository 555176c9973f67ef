//! What restaurants cook and where they are, in words. Both are short keys in a profile; a key that is not known yet
//! reads as it is written, without its hyphens.

use jari_domain::Profile;

use crate::texts::Texts;

/// On a narrow screen no line begins with the dot.
const BETWEEN: &str = "\u{a0}· ";

/// The cuisines offered to search by, in the order they are shown.
pub(crate) const CUISINES: &[&str] = &[
    "korean",
    "noodles",
    "bbq",
    "seafood",
    "vegan",
    "chinese",
    "japanese",
    "sushi",
    "izakaya",
    "italian",
    "french",
    "european",
    "wine-bar",
    "cafe-brunch",
    "indian",
    "sri-lankan",
];

/// The parts of town offered to search by, those of one city together.
pub(crate) const AREAS: &[&str] = &[
    "gangnam",
    "bukchon",
    "seochon",
    "seongsu",
    "yeonnam",
    "euljiro",
    "ikseon",
    "hannam",
    "gwangalli",
    "yeongdo",
    "haeundae",
    "gujwa",
    "aewol",
    "jeju-si",
];

/// A cuisine by its key, in words.
pub(crate) fn cuisine(key: &str, t: Texts) -> String {
    let text = match key {
        "korean" => t.say("cuisine-korean"),
        "noodles" => t.say("cuisine-noodles"),
        "bbq" => t.say("cuisine-bbq"),
        "seafood" => t.say("cuisine-seafood"),
        "vegan" => t.say("cuisine-vegan"),
        "chinese" => t.say("cuisine-chinese"),
        "japanese" => t.say("cuisine-japanese"),
        "sushi" => t.say("cuisine-sushi"),
        "izakaya" => t.say("cuisine-izakaya"),
        "italian" => t.say("cuisine-italian"),
        "french" => t.say("cuisine-french"),
        "european" => t.say("cuisine-european"),
        "wine-bar" => t.say("cuisine-wine-bar"),
        "cafe-brunch" => t.say("cuisine-cafe-brunch"),
        "indian" => t.say("cuisine-indian"),
        "sri-lankan" => t.say("cuisine-sri-lankan"),
        key => return key.replace('-', " "),
    };
    text.into_owned()
}

/// A part of town by its key, in words.
pub(crate) fn area(key: &str, t: Texts) -> String {
    let text = match key {
        "gangnam" => t.say("area-gangnam"),
        "bukchon" => t.say("area-bukchon"),
        "seochon" => t.say("area-seochon"),
        "seongsu" => t.say("area-seongsu"),
        "yeonnam" => t.say("area-yeonnam"),
        "euljiro" => t.say("area-euljiro"),
        "ikseon" => t.say("area-ikseon"),
        "hannam" => t.say("area-hannam"),
        "gwangalli" => t.say("area-gwangalli"),
        "yeongdo" => t.say("area-yeongdo"),
        "haeundae" => t.say("area-haeundae"),
        "gujwa" => t.say("area-gujwa"),
        "aewol" => t.say("area-aewol"),
        "jeju-si" => t.say("area-jeju-si"),
        key => return key.replace('-', " "),
    };
    text.into_owned()
}

/// Several cuisines in a row.
pub(crate) fn cuisines(keys: &[String], t: Texts) -> String {
    let words: Vec<String> = keys.iter().map(|key| cuisine(key, t)).collect();
    words.join(BETWEEN)
}

/// Where a restaurant is and what is cooked there.
pub(crate) fn kind(profile: &Profile, t: Texts) -> String {
    let parts = [area(&profile.area, t), cuisines(&profile.cuisines, t)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(BETWEEN)
}

/// A price band by the signs of the currency, and in words for those who do not see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PriceBand {
    pub(crate) signs: String,
    pub(crate) words: String,
}

impl PriceBand {
    pub(crate) fn new(band: u8, currency: &str, t: Texts) -> Self {
        let sign = match currency {
            "KRW" => "₩",
            "JPY" | "CNY" => "¥",
            "EUR" => "€",
            "GBP" => "£",
            _ => "$",
        };
        let words = match band {
            0 | 1 => t.say("price-band-1"),
            2 => t.say("price-band-2"),
            3 => t.say("price-band-3"),
            _ => t.say("price-band-4"),
        };
        Self { signs: sign.repeat(usize::from(band.clamp(1, 4))), words: words.into_owned() }
    }
}

#[cfg(test)]
mod tests {
    use jari_domain::Language;

    use super::*;

    #[test]
    fn every_key_offered_has_words_of_its_own_and_an_unknown_one_is_still_readable() {
        let t = Texts(Language::Ko);
        for key in CUISINES {
            assert!(!cuisine(key, t).is_ascii(), "{key}");
        }
        for key in AREAS {
            assert!(!area(key, t).is_ascii(), "{key}");
        }
        assert_eq!(cuisine("tex-mex", Texts(Language::En)), "tex mex");
        assert_eq!(area("itaewon-2", t), "itaewon 2");
    }

    #[test]
    fn a_price_band_is_told_in_the_currencys_sign_and_in_words() {
        let told = PriceBand::new(2, "KRW", Texts(Language::En));
        assert_eq!((told.signs.as_str(), told.words.as_str()), ("₩₩", "moderate prices"));
        assert_eq!(PriceBand::new(9, "EUR", Texts(Language::En)).signs, "€€€€");
    }
}
