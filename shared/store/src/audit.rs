//! A restaurant's audit log: who did what, with what was before and after. A line is put in the transaction of the change
//! that it tells of, so that neither is there without the other; none is ever changed.

use jari_domain::{AccountId, PlatformRole, RestaurantId, StaffRole};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Store, StoreError,
    changes::{Changes, Condition},
    item::text_of,
    keys::{self, AUDIT, SK},
    random,
};

/// As what somebody acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActedAs {
    /// One of the restaurant's staff.
    Staff(StaffRole),
    /// One of the platform's people.
    Platform(PlatformRole),
}

/// One thing that was done. It holds account ids, never addresses or names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: AccountId,
    /// As what.
    #[serde(rename = "as")]
    pub acted_as: ActedAs,
    /// The operation, named as its function.
    pub what: String,
    /// What was before, where there was something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What is since, where there is something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// The reason given, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A place in an audit log, to go on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuditPosition(String);

impl ActedAs {
    /// As it is on the wire and in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff(role) => role.as_str(),
            Self::Platform(role) => role.as_str(),
        }
    }
}

impl Serialize for ActedAs {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ActedAs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let staff = text.parse().map(Self::Staff);
        staff.or_else(|_| text.parse().map(Self::Platform)).map_err(serde::de::Error::custom)
    }
}

impl Store {
    /// Adds `line` to the audit log of `restaurant`, as one of `changes`.
    pub(crate) fn add_audit_line(
        &self,
        changes: &mut Changes,
        restaurant: RestaurantId,
        line: &AuditLine,
    ) -> Result<(), StoreError> {
        let mut item: crate::Item = serde_dynamo::to_item(line)?;
        item.extend(keys::key(keys::restaurant(restaurant), keys::audit(line.at, &random::mark()?)));
        changes.put(self, self.told(item), Condition::absent())?;
        Ok(())
    }

    /// A page of a restaurant's audit log, newest first, after `after`: at most `most` lines, and at most what one Query
    /// reads (1 MB); and where the next page begins, if more may follow.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn audit_log(
        &self,
        restaurant: RestaurantId,
        after: Option<&AuditPosition>,
        most: i32,
    ) -> Result<(Vec<AuditLine>, Option<AuditPosition>), StoreError> {
        let start = after.map(|position| keys::key(keys::restaurant(restaurant), &position.0));
        let page = self
            .items_under(keys::restaurant(restaurant), AUDIT)
            .scan_index_forward(false)
            .set_exclusive_start_key(start)
            .limit(most)
            .send()
            .await?;
        let next = page.last_evaluated_key.as_ref();
        let next = next.map(|key| text_of(key, SK).map(|sk| AuditPosition(sk.to_owned()))).transpose()?;
        let lines = page.items.unwrap_or_default().into_iter().map(serde_dynamo::from_item);
        Ok((lines.collect::<Result<_, _>>()?, next))
    }
}
