//! The rows of a form: added, removed and moved by buttons that send the form, so that no script is needed. Nothing is
//! saved by it; the form is shown again with what was typed.
//!
//! A row that can be left empty carries an input named [`MARK`], or it would close up in [`jari_api::Form`] and the rows
//! after it would be other ones than their buttons say.

use serde_json::Value;

/// In a row that may be empty. Taken out by [`without_marks`] before anything is read.
pub(crate) const MARK: &str = "row";

/// What a button does to the rows of a list: `add:tables`, `remove:tables/3`, `up:items/2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Press<'a> {
    pub(crate) verb: &'a str,
    /// The list, as its inputs name it.
    pub(crate) list: &'a str,
    /// Which row; none to add one.
    pub(crate) row: Option<usize>,
}

impl<'a> Press<'a> {
    /// What the button `name` asks for; none for a button of another kind.
    pub(crate) fn read(name: &'a str) -> Option<Self> {
        let (verb, at) = name.split_once(':')?;
        if verb.starts_with("add") {
            return Some(Self { verb, list: at, row: None });
        }
        let (list, row) = at.rsplit_once('/')?;
        Some(Self { verb, list, row: Some(row.parse().ok()?) })
    }

    /// Does it to the rows in `values`; `new` makes the row that is added. None where there is no such row or list.
    pub(crate) fn on(
        self,
        values: &mut Value,
        new: impl FnOnce(&[Value]) -> Option<Vec<Value>>,
    ) -> Option<()> {
        let rows = list_at(values, self.list)?;
        match (self.verb, self.row) {
            (_, None) => {
                let new = new(rows)?;
                rows.extend(new);
            }
            ("remove", Some(row)) if row < rows.len() => drop(rows.remove(row)),
            ("up", Some(row)) if (1..rows.len()).contains(&row) => rows.swap(row - 1, row),
            ("down", Some(row)) if row + 1 < rows.len() => rows.swap(row, row + 1),
            // The first one up, the last one down: nothing to do.
            ("up" | "down", Some(row)) if row < rows.len() => {}
            _ => return None,
        }
        Some(())
    }
}

/// The list at `at`, put there where nothing is.
fn list_at<'v>(values: &'v mut Value, at: &str) -> Option<&'v mut Vec<Value>> {
    let mut found = values;
    for step in at.split('/') {
        found = match found {
            Value::Array(rows) => rows.get_mut(step.parse::<usize>().ok()?)?,
            Value::Object(fields) => fields.entry(step).or_insert_with(|| Value::Array(Vec::new())),
            _ => return None,
        };
    }
    found.as_array_mut()
}

/// A form as it is read: rows that hold nothing but their mark are gone, and so are the marks.
pub(crate) fn without_marks(values: &mut Value) {
    match values {
        Value::Array(rows) => {
            rows.iter_mut().for_each(without_marks);
            rows.retain(|row| row.as_object().is_none_or(|row| !row.is_empty()));
        }
        Value::Object(fields) => {
            fields.remove(MARK);
            fields.values_mut().for_each(without_marks);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pressed(button: &str, mut values: Value) -> Option<Value> {
        Press::read(button)?.on(&mut values, |rows| Some(vec![json!(rows.len())]))?;
        Some(values)
    }

    #[test]
    fn a_button_adds_removes_and_moves_rows_at_any_depth() {
        let form = json!({ "items": ["a", "b", "c"], "days": [{ "shifts": [] }] });
        let items = |button: &str| pressed(button, form.clone()).map(|form| form["items"].clone());
        assert_eq!(items("add:items"), Some(json!(["a", "b", "c", 3])));
        assert_eq!(items("remove:items/1"), Some(json!(["a", "c"])));
        assert_eq!(items("up:items/2"), Some(json!(["a", "c", "b"])));
        assert_eq!(items("down:items/0"), Some(json!(["b", "a", "c"])));
        assert_eq!(items("up:items/0"), Some(json!(["a", "b", "c"])));
        let deep = pressed("add:days/0/shifts", form.clone()).unwrap();
        assert_eq!(deep["days"][0]["shifts"], json!([0]));
        assert_eq!(pressed("add:new", form.clone()).unwrap()["new"], json!([0]));
        for wrong in
            ["save", "remove:items/3", "remove:items", "down:items/9", "add:days/7/shifts", "eat:items/0"]
        {
            assert_eq!(pressed(wrong, form.clone()), None, "{wrong}");
        }
    }

    #[test]
    fn a_row_that_holds_only_its_mark_is_left_out() {
        let mut form = json!({ "items": [{ "row": "1", "price": "9" }, { "row": "1" }, { "row": "1", "deep": [{ "row": "1" }] }] });
        without_marks(&mut form);
        assert_eq!(form, json!({ "items": [{ "price": "9" }, { "deep": [] }] }));
    }
}
