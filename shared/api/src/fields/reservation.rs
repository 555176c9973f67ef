//! What a reservation is asked for with: its guest, a note, tables by hand. And the note of its day.

use jari_domain::{Combination, Guest, GuestName, InvalidContact, Language, Note, TableId};
use serde_json::Value;

use super::{FieldError, Fields, email, id, language, parsed, parsers::string, phone, text};

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

/// The note of a service day: at most 1,000 characters, trimmed, perhaps none; line breaks are the only control
/// characters.
pub fn day_note(value: &Value) -> Result<String, FieldError> {
    const MOST_CHARS: usize = 1_000;
    let text = string(value)?.trim().replace("\r\n", "\n");
    if text.chars().count() > MOST_CHARS {
        return Err(InvalidContact::TooLong(MOST_CHARS).into());
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(FieldError::invalid_format(
            "사용할 수 없는 문자가 있습니다.",
            "Has characters that are not allowed.",
        ));
    }
    Ok(text)
}
