//! The fields that several of these endpoints read.

use jari_api::{FieldError, Fields, fields};
use jari_domain::{Guest, GuestName, Note};
use serde_json::Value;

pub(crate) fn note(value: &Value) -> Result<Note, FieldError> {
    fields::parsed(value)
}

pub(crate) fn area(value: &Value) -> Result<String, FieldError> {
    fields::text(40)(value)
}

pub(crate) fn guest(fields: &mut Fields<'_>) -> Option<Guest> {
    let name = fields.required("name", fields::parsed::<GuestName>);
    let email = fields.required("email", fields::email);
    let phone = fields.optional("phone", fields::phone);
    let language = fields.required("language", fields::language);
    let (name, email, language) = fields.all((name, email, language))?;
    Some(Guest { name, email: Some(email), phone, language })
}
