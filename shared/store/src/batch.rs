//! Items by their keys: one, a hundred at a time, or those of a partition whose names begin alike.

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::KeysAndAttributes};

use crate::{Item, RetryBudget, Store, StoreError, item::text};

impl Store {
    /// The item of that key, read consistently.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub(crate) async fn item(&self, key: Item) -> Result<Option<Item>, StoreError> {
        let get = self.client.get_item().table_name(&*self.table).set_key(Some(key)).consistent_read(true);
        Ok(get.send().await?.item)
    }

    /// Deletes the item of that key, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub(crate) async fn delete_item(&self, key: Item) -> Result<(), StoreError> {
        self.client.delete_item().table_name(&*self.table).set_key(Some(key)).send().await?;
        Ok(())
    }

    /// A consistent Query for the items of a partition whose names begin with `prefix`.
    pub(crate) fn items_under(&self, partition: String, prefix: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&*self.table)
            .consistent_read(true)
            .key_condition_expression("PK = :pk AND begins_with(SK, :sk)")
            .expression_attribute_values(":pk", text(partition))
            .expression_attribute_values(":sk", text(prefix))
    }

    /// The items of these keys that are there, in no order; no key may stand twice. Eventually consistent, half a read unit
    /// a small item. What the table leaves for later is asked for again, within one retry budget.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read, or not all of it in time.
    pub(crate) async fn items_of(&self, keys: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        const AT_ONCE: usize = 100;
        let (mut budget, mut found) = (RetryBudget::start(), Vec::with_capacity(keys.len()));
        for keys in keys.chunks(AT_ONCE) {
            let mut left = keys.to_vec();
            while !left.is_empty() {
                let ask = KeysAndAttributes::builder().set_keys(Some(left)).build();
                let ask = ask.map_err(|error| StoreError::Rejected(error.to_string()))?;
                let answer = self.client.batch_get_item().request_items(&*self.table, ask).send().await?;
                found.extend(answer.responses.unwrap_or_default().remove(&*self.table).unwrap_or_default());
                let unread = answer.unprocessed_keys.unwrap_or_default().remove(&*self.table);
                left = unread.map(|unread| unread.keys).unwrap_or_default();
                if !left.is_empty() && !budget.pause().await {
                    return Err(StoreError::Unavailable("some items were left for later".into()));
                }
            }
        }
        Ok(found)
    }
}
