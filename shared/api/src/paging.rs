//! Lists: how many entries at once, and where the next page begins.
//!
//! A cursor is sealed with a key and bound to its list and filters: it can't be made up, altered, or
//! carried over to another list. Inside is whatever the list needs to go on.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jari_identity::CursorKey;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::{BadField, Code, FieldCode, FieldError, Fields, Problem, Text, fields};

/// Entries a page unless asked otherwise.
pub const DEFAULT_LIMIT: u32 = 20;
/// The most entries a page.
pub const MOST_LIMIT: u32 = 100;
/// The longest cursor read.
pub(crate) const LONGEST_CURSOR: usize = 2048;

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Items<T> {
    /// The entries.
    pub items: Vec<T>,
    /// The cursor of the next page; null on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// Reads `limit` and `cursor`, each as it stands in the query: the number of entries asked for, and
/// the still sealed cursor for [`Cursors::open`].
pub fn read(query: &mut Fields<'_>) -> (u32, Option<String>) {
    let limit = query.optional("limit", fields::integer(1..=MOST_LIMIT));
    let cursor = query.optional("cursor", fields::text(LONGEST_CURSOR));
    (limit.unwrap_or(DEFAULT_LIMIT), cursor)
}

/// Seals and opens the cursors of one list under one set of filters.
#[derive(Debug, Clone)]
pub struct Cursors<'k> {
    key: &'k CursorKey,
    context: String,
}

impl<'k> Cursors<'k> {
    /// The cursors of the list `name` under `filters`, everything that decides what is in it.
    pub fn new(key: &'k CursorKey, name: &str, filters: &impl Serialize) -> Result<Self, Problem> {
        let filters = serde_json::to_string(filters).map_err(Problem::internal)?;
        Ok(Self { key, context: format!("{name}?{filters}") })
    }

    /// A cursor that holds `state`.
    pub fn seal(&self, state: &impl Serialize) -> Result<String, Problem> {
        let mut sealed = serde_json::to_vec(state).map_err(Problem::internal)?;
        let tag = self.key.tag(&self.context, &sealed);
        sealed.extend_from_slice(&tag);
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The state in a cursor; a 400 unless this list under these filters gave it.
    pub fn open<T: DeserializeOwned>(&self, cursor: &str) -> Result<T, Problem> {
        self.read(cursor).ok_or_else(|| {
            let FieldError { code, detail } = FieldError::new(
                FieldCode::InvalidFormat,
                Text::fixed(
                    "이 목록의 응답에서 받은 next 값을 그대로 사용해 주세요.",
                    "Use the value of next as this very list gave it.",
                ),
            );
            Problem::new(Code::MalformedRequest).with_errors(vec![BadField {
                pointer: "/cursor".into(),
                code,
                detail,
            }])
        })
    }

    fn read<T: DeserializeOwned>(&self, cursor: &str) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (state, tag) = sealed.split_at_checked(sealed.len().checked_sub(CursorKey::TAG_BYTES)?)?;
        self.key.verify(&self.context, state, tag).then(|| serde_json::from_slice(state).ok())?
    }
}

#[cfg(test)]
mod tests {
    use jari_identity::generate_secret;
    use serde_json::json;

    use super::*;

    fn key() -> CursorKey {
        CursorKey::new(&generate_secret().unwrap()).unwrap()
    }

    fn cursors(key: &CursorKey) -> Cursors<'_> {
        Cursors::new(key, "list-restaurants", &json!({ "area": "성수" })).unwrap()
    }

    #[test]
    fn a_cursor_comes_back_as_it_was_given() {
        let key = key();
        let sealed = cursors(&key).seal(&("성수 국밥", 7)).unwrap();
        assert!(sealed.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        assert_eq!(cursors(&key).open::<(String, u32)>(&sealed).unwrap(), ("성수 국밥".to_owned(), 7));
    }

    #[test]
    fn a_cursor_of_another_list_filter_or_key_is_refused() {
        let (key, other_key) = (key(), key());
        let sealed = cursors(&key).seal(&7).unwrap();
        let other_list = Cursors::new(&key, "list-staff", &json!({ "area": "성수" })).unwrap();
        let other_filter = Cursors::new(&key, "list-restaurants", &json!({ "area": "한남" })).unwrap();
        for cursors in [other_list, other_filter, cursors(&other_key)] {
            let problem = cursors.open::<u32>(&sealed).unwrap_err();
            assert_eq!(problem.code(), Code::MalformedRequest);
            assert_eq!(problem.errors()[0].pointer, "/cursor");
        }
    }

    #[test]
    fn an_altered_or_invented_cursor_is_refused() {
        let key = key();
        let sealed = cursors(&key).seal(&7).unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(cursors(&key).open::<u32>(&altered).is_err(), "at {at}");
        }
        for invented in ["", "7", "Nw", &"A".repeat(43), "자리"] {
            assert!(cursors(&key).open::<u32>(invented).is_err(), "{invented}");
        }
    }

    #[test]
    fn a_page_has_twenty_entries_unless_asked_and_a_hundred_at_most() {
        let limit = |query: serde_json::Value| {
            let mut fields = Fields::of_query(&query);
            let (limit, _) = read(&mut fields);
            fields.finish(()).map(|()| limit).map_err(|problem| problem.errors()[0].code)
        };
        assert_eq!(limit(json!({})), Ok(20));
        assert_eq!(limit(json!({ "limit": "100" })), Ok(100));
        for bad in ["0", "101", "-1"] {
            assert_eq!(limit(json!({ "limit": bad })), Err(FieldCode::OutOfRange));
        }
        assert_eq!(limit(json!({ "limit": "all" })), Err(FieldCode::WrongType));
    }
}
