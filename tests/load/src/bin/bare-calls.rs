//! The least that a function making the same calls as another can be: those of `JARI_BARE_CALLS`, one after another for each
//! event, their answers read by the SDK and by nobody else.

use aws_sdk_dynamodb::{
    Client,
    operation::{
        get_item::builders::GetItemInputBuilder, query::builders::QueryInputBuilder,
        transact_write_items::builders::TransactWriteItemsInputBuilder,
    },
    types::AttributeValue,
};
use jari_load::{
    bare,
    calls::{get_item, query, transaction},
};
use lambda_http::{Body, Error, Request, Response, run, service_fn};
use serde_json::Value;

#[allow(clippy::large_enum_variant, reason = "there are a handful")]
enum Call {
    Get(GetItemInputBuilder),
    Query(QueryInputBuilder),
    Transaction(TransactWriteItemsInputBuilder),
}

impl Call {
    /// The call as it was made; of one that can't be copied (a batch, a single write) the way there and back, which costs no
    /// more.
    fn new(operation: &str, asked: &Value, table: &str) -> Self {
        let copied = match operation {
            "GetItem" => get_item(asked).map(Self::Get).ok(),
            "Query" => query(asked).map(Self::Query).ok(),
            "TransactWriteItems" => transaction(asked).map(Self::Transaction).ok(),
            _ => None,
        };
        let key = || AttributeValue::S("NOTHING".into());
        let nothing = || GetItemInputBuilder::default().table_name(table).key("PK", key()).key("SK", key());
        copied.unwrap_or_else(|| Self::Get(nothing()))
    }

    async fn make(&self, client: &Client) -> Result<(), Error> {
        match self {
            Self::Get(get) => drop(get.clone().send_with(client).await?),
            Self::Query(query) => drop(query.clone().send_with(client).await?),
            Self::Transaction(write) => match write.clone().send_with(client).await {
                // What was written once is refused the next time, as it is to the function.
                Err(error) if error.as_service_error().is_none() => return Err(error.into()),
                _ => {}
            },
        }
        Ok(())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (client, table) = bare::table().await?;
    let told: Vec<(String, Value)> = serde_json::from_str(&std::env::var("JARI_BARE_CALLS")?)?;
    let calls: Vec<Call> =
        told.iter().map(|(operation, asked)| Call::new(operation, asked, &table)).collect();
    run(service_fn(async |_: Request| {
        for call in &calls {
            call.make(&client).await?;
        }
        Ok::<_, Error>(Response::new(Body::from(calls.len().to_string())))
    }))
    .await
}
