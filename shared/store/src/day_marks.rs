//! What a restaurant has set down for a service day: that it is closed, and a note for whoever works it. Two items that
//! stand before the claims of the day's partition; neither ever goes by itself, as the past is looked up.

use aws_sdk_dynamodb::types::AttributeValue;
use jari_domain::RestaurantId;
use jiff::civil::Date;

use crate::{
    AuditLine, Item, RetryBudget, Store, StoreError,
    changes::{Applied, Changes, Condition},
    item::{number, number_of, text, text_of},
    keys::{self, CLOSED_SK, NOTE_SK, SK},
    restaurant::REVISION,
};

/// A day is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// Why, if anybody said.
    pub reason: Option<String>,
    /// Rises with every write, also over an opening and another closure.
    pub revision: u64,
}

/// What whoever works the day is to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayNote {
    /// The note.
    pub text: String,
    /// Rises with every write, also over a removal and another note.
    pub revision: u64,
}

/// What is set down for a service day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayMarks {
    /// The day is closed.
    pub closure: Option<Closure>,
    /// The note for the day.
    pub note: Option<DayNote>,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayMark {
    /// That it is closed; its text, the reason, may be none.
    Closure,
    /// The note.
    Note,
}

/// One of the two, to be otherwise than it was read.
#[derive(Debug, Clone)]
pub struct DayMarkChange<'a> {
    /// Where.
    pub restaurant: RestaurantId,
    /// When.
    pub date: Date,
    /// Which.
    pub mark: DayMark,
    /// The revision that was read; none: it was not there.
    pub read: Option<u64>,
    /// What is to be there: a text, if any, at this revision. None: nothing.
    pub write: Option<(Option<&'a str>, u64)>,
    /// What the audit log says of it.
    pub line: &'a AuditLine,
}

const TEXT: &str = "text";

impl DayMark {
    const fn sk(self) -> &'static str {
        match self {
            Self::Closure => CLOSED_SK,
            Self::Note => NOTE_SK,
        }
    }
}

impl Store {
    /// What is set down for a service day: one consistent Query of at most two small items.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn day_marks(&self, restaurant: RestaurantId, date: Date) -> Result<DayMarks, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&*self.table)
            .consistent_read(true)
            .key_condition_expression("PK = :pk AND SK BETWEEN :first AND :last")
            .expression_attribute_values(":pk", text(keys::day(restaurant, date)))
            .expression_attribute_values(":first", text(CLOSED_SK))
            .expression_attribute_values(":last", text(NOTE_SK));
        let mut marks = DayMarks::default();
        for item in query.send().await?.items() {
            let revision = number_of(item, REVISION).unwrap_or_default();
            let said = item.get(TEXT).and_then(|said| said.as_s().ok()).cloned();
            match text_of(item, SK)? {
                CLOSED_SK => marks.closure = Some(Closure { reason: said, revision }),
                NOTE_SK => marks.note = said.map(|text| DayNote { text, revision }),
                _ => {}
            }
        }
        Ok(marks)
    }

    /// Writes or removes one of the two, with its line in the audit log. False when it is no longer as it was read.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn change_day_mark(&self, change: &DayMarkChange<'_>) -> Result<bool, StoreError> {
        let day = keys::day(change.restaurant, change.date);
        let key = keys::key(&day, change.mark.sk());
        let unchanged = change.read.map_or_else(Condition::absent, Condition::revision);
        let mut changes = Changes::default();
        if let Some((said, revision)) = change.write {
            let mut item: Item = key;
            item.insert(REVISION.into(), number(revision));
            item.extend(said.map(|said| (TEXT.to_owned(), AttributeValue::S(said.to_owned()))));
            changes.put(self, item, unchanged)?;
        } else {
            changes.delete(self, key, unchanged)?;
        }
        self.add_audit_line(&mut changes, change.restaurant, change.line)?;
        let outcome = self.apply(&changes, &mut RetryBudget::start()).await;
        self.recent_days.forget(&day);
        Ok(matches!(outcome?, Applied::Done))
    }
}
