//! What a reservation is asked for with: its guest, a note, tables by hand.

use jari_domain::{Combination, Guest, GuestName, Language, Note, TableId};
use serde_json::Value;

use super::{FieldError, Fields, email, id, language, parsed, phone, text};

/// What a guest tells the restaurant.
pub fn note(value: &Value) -> Result<Note, FieldError> {
    parsed(value)
}

/// Why it is called off, or declined: at most 200 characters, for the other side.
pub fn reason(value: &Value) -> Result<String, FieldError> {
    text(200)(value)
}

/// The key of an area.
pub fn area(value: &Value) -> Result<String, FieldError> {
    text(40)(value)
}

/// Who comes.
pub fn guest(fields: &mut Fields<'_>) -> Option<Guest> {
    let name = fields.required("name", parsed::<GuestName>);
    let email = fields.required("email", email);
    let phone = fields.optional("phone", phone);
    let language = fields.required("language", language);
    let (name, email, language) = fields.all((name, email, language))?;
    Some(Guest { name, email: Some(email), phone, language })
}

/// A guest as staff write one in: a name will do.
pub fn guest_by_staff(fields: &mut Fields<'_>) -> Option<Guest> {
    let name = fields.required("name", parsed::<GuestName>);
    let email = fields.optional("email", email);
    let phone = fields.optional("phone", phone);
    let language = fields.optional("language", language).unwrap_or(Language::Ko);
    Some(Guest { name: fields.all(name)?, email, phone, language })
}

/// Tables by hand.
pub fn tables(fields: &mut Fields<'_>) -> Option<Vec<TableId>> {
    fields.list("tables", Combination::MAX_TABLES, id)
}
