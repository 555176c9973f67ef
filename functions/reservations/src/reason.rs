//! Why a reservation is called off, or declined, for the other side.

use jari_api::{MaybeBody, Problem, fields};

/// The reason in a body that may have one.
pub(crate) fn reason(body: &MaybeBody) -> Result<Option<String>, Problem> {
    let mut read = body.fields();
    let reason = read.optional("reason", fields::reason);
    read.finish(())?;
    Ok(reason)
}
