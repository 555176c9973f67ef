//! The table itself, as the local stack and the tests create it. `template.yaml` says the same for AWS; a test holds
//! the two against each other.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
};

use crate::{
    Store, StoreError,
    keys::{
        BY_DAY, BY_DINER, DAY_KEY, DINER_KEY, DUE, DUE_AT, DUE_KEY, EXPIRES_AT, LISTED, LISTED_KEY,
        LISTED_NAME, PK, SK, STARTS_AT,
    },
};

/// Name, hash key, range key and its type, and whether the index holds whole items.
const INDEXES: [(&str, &str, &str, ScalarAttributeType, bool); 4] = [
    (BY_DINER, DINER_KEY, STARTS_AT, ScalarAttributeType::N, true),
    (BY_DAY, DAY_KEY, STARTS_AT, ScalarAttributeType::N, true),
    (DUE, DUE_KEY, DUE_AT, ScalarAttributeType::N, false),
    (LISTED, LISTED_KEY, LISTED_NAME, ScalarAttributeType::S, true),
];

impl Store {
    /// Creates the table with its indexes, stream and TTL; false when it is there already.
    ///
    /// # Errors
    /// [`StoreError`] when it can't be created.
    pub async fn create_table(&self) -> Result<bool, StoreError> {
        let mut create = self
            .client
            .create_table()
            .table_name(&*self.table)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(schema(PK, SK)?))
            .stream_specification(
                StreamSpecification::builder()
                    .stream_enabled(true)
                    .stream_view_type(StreamViewType::NewAndOldImages)
                    .build()
                    .map_err(built)?,
            );
        let mut attributes = vec![(PK, ScalarAttributeType::S), (SK, ScalarAttributeType::S)];
        for (name, hash, range, range_type, whole) in INDEXES {
            attributes.extend([(hash, ScalarAttributeType::S), (range, range_type)]);
            let projected = if whole { ProjectionType::All } else { ProjectionType::KeysOnly };
            let index = GlobalSecondaryIndex::builder()
                .index_name(name)
                .set_key_schema(Some(schema(hash, range)?))
                .projection(Projection::builder().projection_type(projected).build());
            create = create.global_secondary_indexes(index.build().map_err(built)?);
        }
        attributes.sort_by_key(|(name, _)| *name);
        attributes.dedup_by_key(|(name, _)| *name);
        for (name, kind) in attributes {
            let definition = AttributeDefinition::builder().attribute_name(name).attribute_type(kind);
            create = create.attribute_definitions(definition.build().map_err(built)?);
        }
        match create.send().await {
            Ok(_) => {}
            Err(error)
                if error.as_service_error().is_some_and(
                    aws_sdk_dynamodb::operation::create_table::CreateTableError::is_resource_in_use_exception,
                ) =>
            {
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
        self.wait_until_active().await?;
        let ttl = TimeToLiveSpecification::builder().attribute_name(EXPIRES_AT).enabled(true);
        let ttl = ttl.build().map_err(built)?;
        self.client
            .update_time_to_live()
            .table_name(&*self.table)
            .time_to_live_specification(ttl)
            .send()
            .await?;
        Ok(true)
    }

    async fn wait_until_active(&self) -> Result<(), StoreError> {
        for _ in 0..100 {
            let described = self.client.describe_table().table_name(&*self.table).send().await?;
            let status = described.table().and_then(|table| table.table_status());
            if status == Some(&aws_sdk_dynamodb::types::TableStatus::Active) {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        Err(StoreError::Unavailable("the table does not become active".into()))
    }
}

fn schema(hash: &str, range: &str) -> Result<Vec<KeySchemaElement>, StoreError> {
    let element =
        |name: &str, key_type| KeySchemaElement::builder().attribute_name(name).key_type(key_type).build();
    Ok(vec![element(hash, KeyType::Hash).map_err(built)?, element(range, KeyType::Range).map_err(built)?])
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn built(error: aws_sdk_dynamodb::error::BuildError) -> StoreError {
    StoreError::Rejected(error.to_string())
}
