//! A composed mail, ready to be sent. Its headers can't be broken by what a guest or a restaurant typed: addresses
//! are parsed types, and every other header text is one line.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use jari_domain::EmailAddress;
use serde::{Deserialize, Serialize};

/// A mail as it goes out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The [key](crate::NoticeKind::key) of what it tells.
    pub kind: String,
    /// To whom.
    pub to: EmailAddress,
    /// From whom.
    pub from: Sender,
    /// Where answers go.
    pub reply_to: Option<EmailAddress>,
    /// The subject: one line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML, a whole document.
    pub html: String,
    /// What is attached: the invitation.
    pub attachments: Vec<Attachment>,
    /// Headers beside those that follow from the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
}

/// A header of a mail: for programs, no text of anybody's in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// Its name, such as `X-Jari-Cause`.
    pub name: String,
    /// Its value: one line of ASCII.
    pub value: String,
}

/// The sender of a mail: a name before the house's own address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// As mail programs show it: one line.
    pub name: String,
    /// The house's address.
    pub address: EmailAddress,
}

/// A file that comes with a mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Its name.
    pub file_name: String,
    /// Its media type with parameters.
    pub content_type: String,
    /// Its content; the house attaches text only.
    pub content: String,
}

impl Sender {
    /// The `From` header's value: the name quoted, or encoded (RFC 2047) where it is not plain ASCII.
    #[must_use]
    pub fn header(&self) -> String {
        let name = one_line(&self.name);
        let address = self.address.as_str();
        if name.is_empty() {
            address.to_owned()
        } else if name.is_ascii() {
            let quoted = name.replace('\\', r"\\").replace('"', "\\\"");
            format!("\"{quoted}\" <{address}>")
        } else {
            format!("{} <{address}>", encoded_words(&name))
        }
    }
}

/// `text` as one line: what would end or hide in a header becomes a blank, runs of blanks one.
pub(crate) fn one_line(text: &str) -> String {
    let plain = text.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// RFC 2047: words of at most 75 characters, none of which ends inside a character.
fn encoded_words(text: &str) -> String {
    const BYTES_A_WORD: usize = 45;
    let mut words: Vec<String> = vec![String::new()];
    for c in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + c.len_utf8() <= BYTES_A_WORD => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let encoded = words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
    encoded.collect::<Vec<_>>().join(" ")
}

impl fmt::Debug for Message {
    /// Kind and size: the rest is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, bytes) = (&self.kind, self.html.len() + self.text.len());
        write!(f, "Message({kind}, {bytes} bytes, {} attached)", self.attachments.len())
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender(…)")
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attachment({}, {} bytes)", self.content_type, self.content.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str) -> String {
        let address = "seat@jari.test".parse().unwrap();
        let name = name.to_owned();
        Sender { name, address }.header()
    }

    #[test]
    fn a_plain_name_is_quoted_and_a_korean_one_encoded() {
        assert_eq!(header("Ongi"), r#""Ongi" <seat@jari.test>"#);
        assert_eq!(header(r#"The "Cup", Ltd\"#), r#""The \"Cup\", Ltd\\" <seat@jari.test>"#);
        assert_eq!(header("온기"), "=?UTF-8?B?7Jio6riw?= <seat@jari.test>");
        assert_eq!(header("  "), "seat@jari.test");
    }

    #[test]
    fn a_name_cannot_add_a_header() {
        assert_eq!(header("Ongi\r\nBcc: all@x.kr"), r#""Ongi Bcc: all@x.kr" <seat@jari.test>"#);
        assert_eq!(one_line("a\u{2028}b\t\u{0}c"), "a b c");
    }

    #[test]
    fn a_long_name_is_several_words_and_no_character_is_split() {
        let header = header(&"긴이름🍜".repeat(12));
        let words: Vec<&str> = header.split(' ').filter(|part| part.starts_with("=?")).collect();
        assert!(words.len() > 1 && words.iter().all(|word| word.len() <= 75));
        let decoded = words.iter().map(|word| {
            let inner = word.trim_start_matches("=?UTF-8?B?").trim_end_matches("?=");
            String::from_utf8(STANDARD.decode(inner).unwrap()).unwrap()
        });
        assert_eq!(decoded.collect::<String>(), "긴이름🍜".repeat(12));
    }
}
