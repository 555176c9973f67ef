//! The least that a function with a table can be: a client, opened before the first event, and one read for each, or as many as
//! `JARI_BARE_READS` says.

use aws_sdk_dynamodb::types::AttributeValue;
use jari_load::bare;
use lambda_http::{Body, Error, Request, Response, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (client, table) = bare::table().await?;
    let reads: usize =
        std::env::var("JARI_BARE_READS").ok().and_then(|reads| reads.parse().ok()).unwrap_or(1);
    run(service_fn(async |_: Request| {
        let key = || AttributeValue::S("NOTHING".into());
        let mut found = 0;
        for _ in 0..reads {
            let read = client.get_item().table_name(&table).key("PK", key()).key("SK", key()).send().await?;
            found += usize::from(read.item.is_some());
        }
        Ok::<_, Error>(Response::new(Body::from(found.to_string())))
    }))
    .await
}
