//! [`Posted`]: a form of ours, sent from a page of ours. What a page does is done here or nowhere: a GET changes nothing.

use std::{
    collections::BTreeSet,
    fmt,
    ops::{Deref, DerefMut},
};

use axum::extract::{FromRequest, FromRequestParts, Request};
use jari_api::{BadField, FieldCode, Form, Text};
use jari_domain::Language;
use serde_json::Value;

use crate::{
    form_token::FormKey,
    texts::Texts,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// A form whose token is the browser's own, without that token; and who sent it.
#[derive(Debug)]
pub(crate) struct Posted {
    pub(crate) visitor: Visitor,
    pub(crate) form: Form,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = TroublePage;

    async fn from_request(request: Request, state: &S) -> Result<Self, TroublePage> {
        let (mut parts, body) = request.into_parts();
        let Ok(visitor) = Visitor::from_request_parts(&mut parts, state).await;
        let form = Form::from_request(Request::from_parts(parts, body), state).await;
        let mut form = form.map_err(|_| visitor.trouble(Trouble::UnreadableForm))?;
        let token = form.take(FormKey::INPUT).unwrap_or_default();
        if !visitor.form_key.made(&token) {
            return Err(visitor.trouble(Trouble::OldForm));
        }
        Ok(Self { visitor, form })
    }
}

impl Deref for Posted {
    type Target = Form;

    fn deref(&self) -> &Form {
        &self.form
    }
}

impl DerefMut for Posted {
    fn deref_mut(&mut self) -> &mut Form {
        &mut self.form
    }
}

/// What is wrong with a form.
#[derive(Debug, Default, Clone)]
pub(crate) struct Faults(Vec<BadField>);

impl Faults {
    pub(crate) fn new(errors: &[BadField]) -> Self {
        Self(errors.iter().cloned().map(as_forms_say_it).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many places are to be looked at: of several faults of one, its first is told.
    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|fault| fault.pointer.as_str()).collect::<BTreeSet<_>>().len()
    }
}

/// A form takes a telephone number as it is dialled in Korea, which the field of the API that it becomes does not.
fn as_forms_say_it(mut fault: BadField) -> BadField {
    if fault.code == FieldCode::InvalidFormat && fault.pointer.ends_with("/phone") {
        fault.detail = Text::by(|language| Texts(language).say("frame-phone-fault").into_owned());
    }
    fault
}

/// The inputs of a form as they are shown: what they hold, and what is wrong with them, each beside its own. In templates
/// they go through the macros of `inputs.html`.
#[derive(Debug)]
pub(crate) struct Inputs {
    form: Form,
    pub(crate) faults: Faults,
    language: Language,
}

impl Inputs {
    /// The inputs of a form that nobody has sent yet, which hold `values`: what a reader of [`jari_api::Fields`] reads.
    pub(crate) fn new(values: &Value, language: Language) -> Self {
        Self::again(Form::holding(values), Faults::default(), language)
    }

    /// The inputs of a form that was sent and is not right.
    pub(crate) fn again(form: Form, faults: Faults, language: Language) -> Self {
        Self { form, faults, language }
    }

    /// With its faults told in that language.
    pub(crate) fn spoken_in(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// An input's id in the page.
    #[allow(clippy::unused_self, reason = "templates ask the inputs")]
    pub(crate) fn id(&self, name: impl AsRef<str>) -> String {
        format!("in-{}", name.as_ref().replace('/', "-"))
    }

    /// What an input holds.
    pub(crate) fn value(&self, name: impl AsRef<str>) -> &str {
        self.form.text(&format!("/{}", name.as_ref()))
    }

    /// Whether an input holds this, as it is written.
    pub(crate) fn holds(&self, name: impl AsRef<str>, value: impl fmt::Display) -> bool {
        self.value(name) == value.to_string()
    }

    /// The texts of a list, in order.
    pub(crate) fn list(&self, name: impl AsRef<str>) -> Vec<String> {
        let list = self.rows(name).iter();
        list.filter_map(|entry| entry.as_str().map(str::to_owned)).collect()
    }

    /// How many rows a list has.
    pub(crate) fn count(&self, name: impl AsRef<str>) -> usize {
        self.rows(name).len()
    }

    fn rows(&self, name: impl AsRef<str>) -> &[Value] {
        let rows = self.form.value().pointer(&format!("/{}", name.as_ref()));
        rows.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The name of a row of a list.
    #[allow(clippy::unused_self, reason = "templates call methods of what they have")]
    pub(crate) fn row(&self, list: impl AsRef<str>, row: impl fmt::Display) -> String {
        format!("{}/{row}", list.as_ref())
    }

    /// Whether a checkbox is checked.
    pub(crate) fn is_checked(&self, name: impl AsRef<str>) -> bool {
        self.value(name) == "true"
    }

    /// What is wrong with an input.
    pub(crate) fn fault(&self, name: impl AsRef<str>) -> Option<String> {
        let pointer = format!("/{}", name.as_ref());
        let fault = self.faults.0.iter().find(|fault| fault.pointer == pointer)?;
        Some(fault.detail.get(self.language).to_owned())
    }

    /// Whether anything inside of an object or a list is wrong.
    pub(crate) fn has_fault_under(&self, name: impl AsRef<str>) -> bool {
        let pointer = format!("/{}", name.as_ref());
        self.faults.0.iter().any(|fault| fault.pointer.starts_with(&pointer))
    }

    /// Attributes that tie an input to its hint and its fault.
    pub(crate) fn described(&self, name: impl AsRef<str>, has_hint: bool) -> String {
        let id = self.id(&name);
        let (hint, fault) = (format!("{id}-hint"), format!("{id}-fault"));
        match (has_hint, self.fault(name).is_some()) {
            (false, false) => String::new(),
            (true, false) => format!(r#" aria-describedby="{hint}""#),
            (false, true) => format!(r#" aria-invalid="true" aria-describedby="{fault}""#),
            (true, true) => format!(r#" aria-invalid="true" aria-describedby="{hint} {fault}""#),
        }
    }

    /// What is wrong beside none of the inputs that the form has, to be told above it. A fault of a list or of an object
    /// has no input of its own, but for a text that is missing in both languages, which is told beside the two.
    pub(crate) fn elsewhere(&self) -> Vec<String> {
        let has_no_input = |fault: &&BadField| {
            let value = self.form.value().pointer(&fault.pointer);
            let is_told_beside = fault.code == FieldCode::Required && value.is_some_and(Value::is_object);
            fault.pointer.is_empty() || (value.is_some_and(|value| !value.is_string()) && !is_told_beside)
        };
        let elsewhere = self.faults.0.iter().filter(has_no_input);
        elsewhere.map(|fault| fault.detail.get(self.language).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(pointer: &str, code: FieldCode) -> BadField {
        let detail = Text::fixed("국가 번호를 포함해야 합니다.", "Must be +82…");
        BadField { pointer: pointer.to_owned(), code, detail }
    }

    #[test]
    fn a_telephone_number_is_asked_for_as_a_form_takes_it() {
        let faults = Faults::new(&[fault("/guest/phone", FieldCode::InvalidFormat)]);
        let form = Form::holding(&json!({ "guest": { "phone": "02-123" } }));
        let inputs = Inputs::again(form, faults, Language::Ko);
        assert!(inputs.fault("guest/phone").unwrap().starts_with("전화번호를 다시 확인해 주세요."));
        assert_eq!(inputs.value("guest/phone"), "02-123");
    }

    #[test]
    fn each_place_is_counted_once_and_told_once() {
        let faults = Faults::new(&[
            fault("/name", FieldCode::Required),
            fault("/tables", FieldCode::OutOfRange),
            fault("/tables", FieldCode::TooLong),
        ]);
        assert_eq!(faults.count(), 2);
        let form = Form::holding(&json!({ "name": {}, "tables": [{ "name": "1" }] }));
        let inputs = Inputs::again(form, Faults(faults.0[..2].to_vec()), Language::En);
        assert_eq!(inputs.elsewhere().len(), 1, "a text that is missing is told beside its two inputs");
        assert!(inputs.fault("name").is_some());
    }
}
