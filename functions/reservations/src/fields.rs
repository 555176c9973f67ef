//! The fields that several of these endpoints read.

use jari_api::{FieldError, Fields, MaybeBody, Problem, fields};
use jari_domain::{Combination, Guest, GuestName, Language, Note, TableId};
use serde_json::Value;

pub(crate) fn note(value: &Value) -> Result<Note, FieldError> {
    fields::parsed(value)
}

/// The body of who calls a reservation off, or says no to one: why, for the other side.
pub(crate) fn reason(body: &MaybeBody) -> Result<Option<String>, Problem> {
    let mut fields = body.fields();
    let reason = fields.optional("reason", fields::text(200));
    fields.finish(())?;
    Ok(reason)
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

/// A guest as staff write one in: a name will do.
pub(crate) fn guest_by_staff(fields: &mut Fields<'_>) -> Option<Guest> {
    let name = fields.required("name", fields::parsed::<GuestName>);
    let email = fields.optional("email", fields::email);
    let phone = fields.optional("phone", fields::phone);
    let language = fields.optional("language", fields::language).unwrap_or(Language::Ko);
    Some(Guest { name: fields.all(name)?, email, phone, language })
}

/// Tables by hand.
pub(crate) fn tables(fields: &mut Fields<'_>) -> Option<Vec<TableId>> {
    fields.list("tables", Combination::MAX_TABLES, fields::id)
}
