//! Who a guest is and how to reach them, read into types that can't be wrong.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::Language;

/// An e-mail address, trimmed; compared without regard to case through [`EmailAddress::normalized`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// A phone number as E.164: `+` and 8 to 15 digits. Spaces, dots, hyphens and brackets are dropped on reading.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// A guest's name: 1 to 80 characters, no control characters, Unicode NFC, trimmed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GuestName(String);

/// What a guest asks for or tells the restaurant: at most 500 characters; line breaks are kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Note(String);

/// Whom a reservation is for. Debug output shows none of it: personal data never reaches a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    /// As the host will call it out.
    pub name: GuestName,
    /// Where the mails go. Only a guest whom staff wrote in may have none; nothing is mailed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// For the restaurant to call; optional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The language of the mails.
    pub language: Language,
}

/// Identifies a diner across reservations: an account, or for a guest a keyed hash of the normalized address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DinerId(pub String);

/// Why a text is not the thing it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidContact {
    /// Nothing is left after trimming.
    #[error("is empty")]
    Empty,
    /// Over the limit of characters that is given.
    #[error("is longer than {0} characters")]
    TooLong(usize),
    /// Not of the form.
    #[error("is not of the expected form")]
    Malformed,
}

impl EmailAddress {
    /// 254 characters: the longest address that SMTP can carry (RFC 5321, 4.5.3.1.3).
    pub const MAX_CHARS: usize = 254;

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same person's address whatever its case: what identity is derived from.
    #[must_use]
    pub fn normalized(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidContact;

    /// Accepts what mail providers hand out: one `@`, a printable ASCII local part of at most 64 characters without
    /// blanks, quotes or brackets, a dotted domain of letters, digits and hyphens. SES takes no more than that
    /// unencoded.
    fn from_str(text: &str) -> Result<Self, InvalidContact> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidContact::Empty);
        }
        if text.chars().count() > Self::MAX_CHARS {
            return Err(InvalidContact::TooLong(Self::MAX_CHARS));
        }
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidContact::Malformed)?;
        let local_fits = (1..=64).contains(&local.len())
            && local.bytes().all(|b| b.is_ascii_graphic() && !b"@\"(),:;<>[\\]".contains(&b))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let labels: Vec<&str> = domain.split('.').collect();
        let domain_fits = labels.len() >= 2
            && labels.iter().all(|label| {
                (1..=63).contains(&label.len())
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            });
        if local_fits && domain_fits { Ok(Self(text.to_owned())) } else { Err(InvalidContact::Malformed) }
    }
}

impl Phone {
    /// The number as E.164, such as `+821012345678`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Phone {
    type Err = InvalidContact;

    fn from_str(text: &str) -> Result<Self, InvalidContact> {
        let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
        if number.is_empty() {
            return Err(InvalidContact::Empty);
        }
        let digits = number.strip_prefix('+').ok_or(InvalidContact::Malformed)?;
        let fits = (8..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if fits { Ok(Self(number)) } else { Err(InvalidContact::Malformed) }
    }
}

impl GuestName {
    /// The longest name taken.
    pub const MAX_CHARS: usize = 80;

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GuestName {
    type Err = InvalidContact;

    fn from_str(text: &str) -> Result<Self, InvalidContact> {
        let text: String = text.trim().nfc().collect();
        check_text(&text, Self::MAX_CHARS, |c| c.is_control() || is_bidi_control(c))?;
        Ok(Self(text))
    }
}

impl Note {
    /// The longest note taken.
    pub const MAX_CHARS: usize = 500;

    /// The note.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Note {
    type Err = InvalidContact;

    fn from_str(text: &str) -> Result<Self, InvalidContact> {
        let text: String = text.trim().replace("\r\n", "\n").nfc().collect();
        check_text(&text, Self::MAX_CHARS, |c| (c.is_control() && c != '\n') || is_bidi_control(c))?;
        Ok(Self(text))
    }
}

fn check_text(text: &str, max_chars: usize, refused: impl Fn(char) -> bool) -> Result<(), InvalidContact> {
    if text.is_empty() {
        Err(InvalidContact::Empty)
    } else if text.chars().count() > max_chars {
        Err(InvalidContact::TooLong(max_chars))
    } else if text.chars().any(refused) {
        Err(InvalidContact::Malformed)
    } else {
        Ok(())
    }
}

/// Characters that turn the writing direction of what follows: on a day sheet they could make one guest's line
/// read as another's.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guest(…)")
    }
}

/// Text types that are read with `FromStr` from JSON and shown in no log.
fn write_hidden(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    write!(f, "{name}(…)")
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hidden(f, "EmailAddress")
    }
}
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hidden(f, "Phone")
    }
}
impl fmt::Debug for GuestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hidden(f, "GuestName")
    }
}
impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hidden(f, "Note")
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidContact;
    fn try_from(text: String) -> Result<Self, InvalidContact> {
        text.parse()
    }
}
impl TryFrom<String> for Phone {
    type Error = InvalidContact;
    fn try_from(text: String) -> Result<Self, InvalidContact> {
        text.parse()
    }
}
impl TryFrom<String> for GuestName {
    type Error = InvalidContact;
    fn try_from(text: String) -> Result<Self, InvalidContact> {
        text.parse()
    }
}
impl TryFrom<String> for Note {
    type Error = InvalidContact;
    fn try_from(text: String) -> Result<Self, InvalidContact> {
        text.parse()
    }
}
impl From<EmailAddress> for String {
    fn from(value: EmailAddress) -> Self {
        value.0
    }
}
impl From<Phone> for String {
    fn from(value: Phone) -> Self {
        value.0
    }
}
impl From<GuestName> for String {
    fn from(value: GuestName) -> Self {
        value.0
    }
}
impl From<Note> for String {
    fn from(value: Note) -> Self {
        value.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_and_emoji_names_are_names() {
        for name in ["김민지", "Ana María", "🍜 라면왕", "O'Neil", "ㄱ"] {
            assert_eq!(name.parse::<GuestName>().unwrap().as_str(), name);
        }
        assert_eq!("".parse::<GuestName>(), Err(InvalidContact::Empty));
        assert_eq!("   ".parse::<GuestName>(), Err(InvalidContact::Empty));
        assert_eq!("a\u{0}b".parse::<GuestName>(), Err(InvalidContact::Malformed));
        assert_eq!("a\u{202E}b".parse::<GuestName>(), Err(InvalidContact::Malformed));
        assert_eq!("가".repeat(81).parse::<GuestName>(), Err(InvalidContact::TooLong(80)));
    }

    #[test]
    fn hangul_typed_on_a_mac_is_the_same_name() {
        let decomposed = "\u{1100}\u{1175}\u{11B7}";
        assert_eq!(decomposed.parse::<GuestName>().unwrap().as_str(), "김");
    }

    #[test]
    fn addresses_are_one_person_whatever_their_case() {
        let address: EmailAddress = " Min.Ji+table@Example.co.kr ".parse().unwrap();
        assert_eq!(address.as_str(), "Min.Ji+table@Example.co.kr");
        assert_eq!(address.normalized(), "min.ji+table@example.co.kr");
        for wrong in
            ["", "a", "a@b", "@b.kr", "a@.kr", "a b@c.kr", "a@b..kr", "a@b.kr\nBcc: x@y.kr", "a@-b.kr"]
        {
            assert!(wrong.parse::<EmailAddress>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn phones_are_kept_as_e164() {
        assert_eq!("+82 10-1234-5678".parse::<Phone>().unwrap().as_str(), "+821012345678");
        for wrong in ["", "01012345678", "+0101234567", "+82 abc", "+1234567", "+1234567890123456"] {
            assert!(wrong.parse::<Phone>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn personal_data_is_not_in_debug_output() {
        let guest = Guest {
            name: "김민지".parse().unwrap(),
            email: Some("minji@example.kr".parse().unwrap()),
            phone: Some("+821012345678".parse().unwrap()),
            language: Language::Ko,
        };
        let shown = format!("{guest:?} {:?} {:?} {:?}", guest.name, guest.email, guest.phone);
        assert!(!shown.contains("minji") && !shown.contains("민지") && !shown.contains("1234"), "{shown}");
    }
}
