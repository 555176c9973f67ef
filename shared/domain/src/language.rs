//! The two languages of the house, and texts that exist in both.

use serde::{Deserialize, Serialize};

/// A language that a diner can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl Language {
    /// The language's code: `ko` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }
}

/// A text in Korean and English; where one is missing, the other stands in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalizedText {
    /// The Korean text; empty when there is none.
    #[serde(default)]
    pub ko: String,
    /// The English text; empty when there is none.
    #[serde(default)]
    pub en: String,
}

impl LocalizedText {
    /// The text in `language`, or the other one where that is missing.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Ko if self.ko.is_empty() => &self.en,
            Language::En if self.en.is_empty() => &self.ko,
            Language::Ko => &self.ko,
            Language::En => &self.en,
        }
    }

    /// Both are missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ko.is_empty() && self.en.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_is_stood_in_for() {
        let korean_only = LocalizedText { ko: "자리".into(), en: String::new() };
        assert_eq!(korean_only.get(Language::En), "자리");
        assert_eq!(korean_only.get(Language::Ko), "자리");
    }
}
