//! The least that a function with a table can be: a client, opened before the first event, and one read for each.

use aws_sdk_dynamodb::types::AttributeValue;
use jari_settings::Settings;
use lambda_http::{Body, Error, Request, Response, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let settings = Settings::from_environment()?;
    let config = aws_sdk_dynamodb::config::Builder::from(&settings.aws_config().await);
    let config = match settings.dynamodb_endpoint {
        Some(endpoint) => config.endpoint_url(endpoint),
        None => config,
    };
    let client = aws_sdk_dynamodb::Client::from_conf(config.build());
    let table = settings.table.unwrap_or_default();
    run(service_fn(async |_: Request| {
        let key = || AttributeValue::S("NOTHING".into());
        let read = client.get_item().table_name(&table).key("PK", key()).key("SK", key()).send().await?;
        Ok::<_, Error>(Response::new(Body::from(format!("{}", read.item.is_some()))))
    }))
    .await
}
