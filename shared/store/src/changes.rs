//! Items that change together, where no claim is among them: an account and its address, a part of a restaurant and the
//! line of its audit log. Each change has its condition; either all hold or nothing happened.

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
    Update,
};

use crate::{Item, RetryBudget, Store, StoreError, item::number, random, transaction::Attempt};

/// What must be true of an item for its change to be made.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    expression: String,
    names: Vec<(String, String)>,
    values: Vec<(String, AttributeValue)>,
}

/// Changes to different items, in order.
#[derive(Debug, Default)]
pub(crate) struct Changes(Vec<TransactWriteItem>);

/// How they ended.
#[derive(Debug)]
pub(crate) enum Applied {
    /// All were made.
    Done,
    /// None was made. For each change, in order: the item that refused it, empty where there was none; or nothing, where
    /// it was not the one that refused.
    Refused(Vec<Option<Item>>),
}

impl Condition {
    /// A condition in DynamoDB's words. Names begin with `#`, values with `:`.
    pub(crate) fn new(expression: impl Into<String>) -> Self {
        Self { expression: expression.into(), names: Vec::new(), values: Vec::new() }
    }

    /// Whatever the item is, there or not.
    pub(crate) fn any() -> Self {
        Self::new("attribute_exists(PK) OR attribute_not_exists(PK)")
    }

    /// There is no such item.
    pub(crate) fn absent() -> Self {
        Self::new("attribute_not_exists(PK)")
    }

    /// There is such an item.
    pub(crate) fn present() -> Self {
        Self::new("attribute_exists(PK)")
    }

    /// The item is still at the revision it was read at.
    pub(crate) fn revision(read: u64) -> Self {
        Self::new("#rev = :rev").name("#rev", "revision").value(":rev", number(read))
    }

    pub(crate) fn name(mut self, placeholder: &str, name: &str) -> Self {
        self.names.push((placeholder.to_owned(), name.to_owned()));
        self
    }

    pub(crate) fn value(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.values.push((placeholder.to_owned(), value));
        self
    }
}

/// Sets the same of every builder, which have no trait in common.
macro_rules! conditioned {
    ($builder:expr, $condition:expr) => {{
        let Condition { expression, names, values } = $condition;
        let mut builder = $builder
            .condition_expression(expression)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        for (placeholder, name) in names {
            builder = builder.expression_attribute_names(placeholder, name);
        }
        for (placeholder, value) in values {
            builder = builder.expression_attribute_values(placeholder, value);
        }
        builder
    }};
}

impl Condition {
    /// The update of one item by `expression`, on this condition.
    pub(crate) fn on_update(self, key: Item, expression: &str, table: &str) -> Result<Update, StoreError> {
        let update = Update::builder().table_name(table).set_key(Some(key)).update_expression(expression);
        conditioned!(update, self).build().map_err(built)
    }
}

impl Changes {
    /// Writes `item` in place of what is there.
    pub(crate) fn put(
        &mut self,
        store: &Store,
        item: Item,
        condition: Condition,
    ) -> Result<&mut Self, StoreError> {
        let put = conditioned!(Put::builder().table_name(&*store.table).set_item(Some(item)), condition);
        self.0.push(TransactWriteItem::builder().put(put.build().map_err(built)?).build());
        Ok(self)
    }

    /// Deletes the item of that key.
    pub(crate) fn delete(
        &mut self,
        store: &Store,
        key: Item,
        condition: Condition,
    ) -> Result<&mut Self, StoreError> {
        let delete = conditioned!(Delete::builder().table_name(&*store.table).set_key(Some(key)), condition);
        self.0.push(TransactWriteItem::builder().delete(delete.build().map_err(built)?).build());
        Ok(self)
    }

    /// Changes the item of that key by `expression`, whose names and values stand with those of the condition.
    pub(crate) fn update(
        &mut self,
        store: &Store,
        key: Item,
        expression: &str,
        condition: Condition,
    ) -> Result<&mut Self, StoreError> {
        let update = condition.on_update(key, expression, &store.table)?;
        self.0.push(TransactWriteItem::builder().update(update).build());
        Ok(self)
    }

    /// Changes nothing of the item of that key, but makes all depend on it.
    pub(crate) fn check(
        &mut self,
        store: &Store,
        key: Item,
        condition: Condition,
    ) -> Result<&mut Self, StoreError> {
        let check =
            conditioned!(ConditionCheck::builder().table_name(&*store.table).set_key(Some(key)), condition);
        self.0.push(TransactWriteItem::builder().condition_check(check.build().map_err(built)?).build());
        Ok(self)
    }
}

impl Store {
    /// Makes all of `changes` or none: retried while they conflict with others, are throttled or get no answer, within
    /// `budget`. Under one token DynamoDB takes a repeat of what arrived for what it is.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the budget is spent; the last try may still arrive.
    pub(crate) async fn apply(
        &self,
        changes: &Changes,
        budget: &mut RetryBudget,
    ) -> Result<Applied, StoreError> {
        let token = format!("{}{}", random::mark()?, random::mark()?);
        loop {
            match self.attempt(&changes.0, 1, &token).await? {
                Attempt::Done => return Ok(Applied::Done),
                Attempt::Refused(items) => return Ok(Applied::Refused(items)),
                Attempt::TryAgain { why, .. } => {
                    if !budget.pause().await {
                        return Err(StoreError::Unavailable(why));
                    }
                }
            }
        }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn built(error: aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::Rejected(error.to_string())
}
