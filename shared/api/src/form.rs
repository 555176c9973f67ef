//! [`Form`]: what a browser posts, as the same tree of values that a JSON body is, so that one reader of [`Fields`] serves
//! both and every error has a pointer to the input it stands beside.
//!
//! An input's name is the pointer to its value without the first slash: `guest/name`, `tables/0/minParty`; `cuisines/-`
//! adds to a list. An input left empty is left out, the last of a name counts (a hidden `false` before a checkbox), and
//! lists close up where an entry is missing.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::header;
use bytes::Bytes;
use http_body_util::BodyExt;
use jari_domain::Phone;
use serde_json::{Map, Value};

use crate::request::unreadable_body;
use crate::{Code, Fields, Problem, Text};

/// A form, ready for [`Fields`]; numbers and booleans are read from their text. 415 unless it says
/// `application/x-www-form-urlencoded`, 400 for names that no form of ours has.
#[derive(Debug, Clone)]
pub struct Form(Value);

/// More inputs than the largest form has: a floor of two hundred tables.
const MOST_INPUTS: usize = 4_000;
/// Deeper than any form goes.
const MOST_STEPS: usize = 8;
/// The longest list, and a few that were taken out of it.
const MOST_ENTRIES: usize = 1_000;

/// A value being put together: lists are known by their names only when all inputs are read.
#[derive(Default)]
struct Node {
    text: Option<String>,
    inner: BTreeMap<String, Node>,
}

impl Form {
    /// The form in `bytes`; `None` when it has too many inputs, or a name that can't be a pointer.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut root = Node::default();
        for (index, (name, text)) in url::form_urlencoded::parse(bytes).enumerate() {
            if index == MOST_INPUTS {
                return None;
            }
            root.put(&name, &text)?;
        }
        root.inner.retain(|_, node| !node.is_empty());
        Some(Self(root.into_object()))
    }

    /// The form that would send `values`, each as its text: for filling one in with what is there.
    #[must_use]
    pub fn holding(values: &Value) -> Self {
        Self(in_text(values))
    }

    /// The form's fields.
    #[must_use]
    pub fn fields(&self) -> Fields<'_> {
        Fields::of_query(&self.0)
    }

    /// Takes an input of the form's own out of it: a token, a revision, which button was pressed.
    pub fn take(&mut self, name: &str) -> Option<String> {
        match self.0.as_object_mut()?.remove(name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Gives the phone number at a pointer, if it is one as it is dialled within Korea, its country's code:
    /// `010-1234-5678` becomes `+8210-1234-5678`. People write their number so, and programs do not. What is no number
    /// even then stays as it was written.
    pub fn complete_phone(&mut self, pointer: &str) {
        if let Some(Value::String(text)) = self.0.pointer_mut(pointer)
            && let Some(national) = text.trim().strip_prefix('0').filter(|rest| !rest.starts_with('0'))
        {
            let whole = format!("+82{national}");
            if whole.parse::<Phone>().is_ok() {
                *text = whole;
            }
        }
    }

    /// The text at a pointer; empty where there is none. For showing a form again as it was filled in.
    #[must_use]
    pub fn text(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// All of it.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.0
    }
}

impl<S: Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.and_then(|value| value.split(';').next()).map(str::trim);
        if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
            return Err(Problem::new(Code::UnsupportedMediaType));
        }
        // Bounded by `finish`.
        let bytes: Bytes = request.into_body().collect().await.map_err(|_| unreadable_body())?.to_bytes();
        Self::read(&bytes).ok_or_else(|| {
            Problem::new(Code::MalformedRequest)
                .with_detail(Text::fixed("양식을 읽을 수 없습니다.", "The form can't be read."))
        })
    }
}

impl Node {
    fn put(&mut self, name: &str, text: &str) -> Option<()> {
        let mut node = self;
        for (depth, step) in name.split('/').enumerate() {
            let is_index = step.bytes().all(|byte| byte.is_ascii_digit());
            if depth == MOST_STEPS || step.is_empty() || (is_index && index(step)? >= MOST_ENTRIES) {
                return None;
            }
            let step = match step {
                "-" => node.inner.len().to_string(),
                step => step.to_owned(),
            };
            node = node.inner.entry(step).or_default();
        }
        node.text = Some(text.to_owned());
        Some(())
    }

    fn is_empty(&self) -> bool {
        self.text.as_ref().is_none_or(String::is_empty) && self.inner.values().all(Self::is_empty)
    }

    fn into_value(self) -> Value {
        if self.inner.is_empty() {
            return Value::String(self.text.unwrap_or_default());
        }
        if self.inner.keys().any(|step| index(step).is_none()) {
            return self.into_object();
        }
        let mut entries: Vec<(usize, Self)> =
            self.inner.into_iter().filter_map(|(step, node)| Some((index(&step)?, node))).collect();
        entries.sort_unstable_by_key(|(index, _)| *index);
        entries.into_iter().filter(|(_, node)| !node.is_empty()).map(|(_, node)| node.into_value()).collect()
    }

    fn into_object(self) -> Value {
        let inner = self.inner.into_iter().filter(|(_, node)| !node.is_empty());
        Value::Object(inner.map(|(step, node)| (step, node.into_value())).collect::<Map<_, _>>())
    }
}

fn in_text(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), in_text(value))).collect())
        }
        Value::Array(entries) => entries.iter().map(in_text).collect(),
        Value::Null => Value::String(String::new()),
        Value::String(text) => Value::String(text.clone()),
        scalar => Value::String(scalar.to_string()),
    }
}

fn index(step: &str) -> Option<usize> {
    step.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fields;

    fn read(text: &str) -> Option<Value> {
        Form::read(text.as_bytes()).map(|form| form.0)
    }

    #[test]
    fn names_are_pointers_into_the_tree_a_json_body_is() {
        let form = "guest/name=%EA%B9%80&guest/email=&partySize=2&tables/10/name=b&tables/2/name=a&days/-=mon&days/-=tue";
        let tree = json!({
            "guest": { "name": "김" }, "partySize": "2",
            "tables": [{ "name": "a" }, { "name": "b" }], "days": ["mon", "tue"],
        });
        assert_eq!(read(form), Some(tree));
    }

    #[test]
    fn a_checkbox_after_a_hidden_input_wins_and_an_empty_form_is_an_object() {
        assert_eq!(read("online=false&online=true"), Some(json!({ "online": "true" })));
        assert_eq!(read(""), Some(json!({})));
        assert_eq!(read("a=&b/c="), Some(json!({})));
    }

    #[test]
    fn numbers_and_truths_are_read_from_their_text_at_any_depth() {
        let form = Form::read(b"table/minParty=2&table/online=true").unwrap();
        let mut read = form.fields();
        let table = read.required_object("table", |table| {
            let least = table.required("minParty", fields::party);
            let online = table.required("online", fields::boolean);
            table.all((least, online))
        });
        let (least, online) = read.finish(table).unwrap();
        assert_eq!((least.size(), online), (2, true));
    }

    #[test]
    fn a_form_is_filled_in_with_what_is_there() {
        let form =
            Form::holding(&json!({ "party": 2, "open": true, "note": null, "names": [{ "ko": "홀" }] }));
        assert_eq!(
            ["/party", "/open", "/note", "/names/0/ko", "/nothing"].map(|at| form.text(at)),
            ["2", "true", "", "홀", ""]
        );
    }

    #[test]
    fn a_number_dialled_at_home_gets_its_countrys_code_and_any_other_stays() {
        for (typed, read) in [
            ("010-1234-5678", "+8210-1234-5678"),
            (" 02 555 1234", "+822 555 1234"),
            ("+44 1632 960001", "+44 1632 960001"),
            ("0082 10 1234 5678", "0082 10 1234 5678"),
            ("02-123", "02-123"),
            ("010-민지", "010-민지"),
            ("", ""),
        ] {
            let mut form = Form::holding(&json!({ "guest": { "phone": typed } }));
            form.complete_phone("/guest/phone");
            form.complete_phone("/guest/name");
            assert_eq!(form.text("/guest/phone"), read);
        }
    }

    #[test]
    fn what_no_form_of_ours_sends_is_no_form() {
        for text in ["/a=1", "a//b=1", "a/1000=1", "a/99999999999999999999=1", "a/b/c/d/e/f/g/h/i=1"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"a=1&".repeat(MOST_INPUTS + 1)), None);
    }
}
