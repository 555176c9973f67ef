//! Lines of a restaurant's audit log: what was done by whom, with only what it changed.

use jari_identity::Operation;
use jari_store::{AuditLine, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Admitted, Refusal};

/// Stands where something is not to be kept twice.
const NOT_KEPT: &str = "…";

impl Admitted {
    /// The line that tells of `operation`, with nothing of what it changed yet.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] for a guest, who is admitted to no work of a restaurant's.
    pub fn audit_line(&self, operation: Operation, now: Timestamp) -> Result<AuditLine, Refusal> {
        Ok(AuditLine {
            at: now,
            by: self.account,
            acted_as: self.standing.acted_as().ok_or(Refusal::Forbidden)?,
            what: operation.name().to_owned(),
            before: None,
            after: None,
            why: None,
        })
    }
}

/// `line` with what differs between `before` and `after`. Of an address only that it changed: the log outlives it.
pub(crate) fn with_change(
    line: AuditLine,
    before: &impl Serialize,
    after: &impl Serialize,
) -> Result<AuditLine, StoreError> {
    let json = |part: Result<Value, serde_json::Error>| {
        part.map_err(|error| StoreError::Rejected(error.to_string()))
    };
    let (before, after) = (json(serde_json::to_value(before))?, json(serde_json::to_value(after))?);
    let (mut before, mut after) = difference(before, after);
    for side in [&mut before, &mut after] {
        if let Some(email) = side.get_mut("email") {
            *email = Value::from(NOT_KEPT);
        }
    }
    Ok(AuditLine { before: Some(before), after: Some(after), ..line })
}

/// The members in which two objects differ, each side's own; anything else whole.
fn difference(before: Value, after: Value) -> (Value, Value) {
    let (Value::Object(mut before), Value::Object(after)) = (before.clone(), after.clone()) else {
        return (before, after);
    };
    let mut differing = (Map::new(), Map::new());
    for (name, value) in after {
        match before.remove(&name) {
            Some(same) if same == value => {}
            Some(other) => {
                let (other, value) = difference(other, value);
                differing.0.insert(name.clone(), other);
                differing.1.insert(name, value);
            }
            None => {
                differing.1.insert(name, value);
            }
        }
    }
    differing.0.extend(before);
    (Value::Object(differing.0), Value::Object(differing.1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_keeps_what_differs_and_nothing_else() {
        let before =
            json!({ "name": { "ko": "온기", "en": "Ongi" }, "tables": [1, 2], "area": "seongsu", "gone": 1 });
        let after = json!({ "name": { "ko": "온기", "en": "Warmth" }, "tables": [1, 3], "area": "seongsu", "new": 2 });
        let (before, after) = difference(before, after);
        assert_eq!(before, json!({ "name": { "en": "Ongi" }, "tables": [1, 2], "gone": 1 }));
        assert_eq!(after, json!({ "name": { "en": "Warmth" }, "tables": [1, 3], "new": 2 }));
    }
}
