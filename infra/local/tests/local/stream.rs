//! The stream pump: order, redelivery, the on-failure queue and the kept position.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::table::{TABLE, client, config, create_table, put};
use aws_lambda_events::event::{
    dynamodb::{Event, EventRecord},
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use jari_local::{
    Engine, HouseClock,
    stream::{Handler, OnFailure, Stream, StreamSource},
};
use serde_json::Value;

type Batches = Arc<Mutex<Vec<Vec<String>>>>;

struct Pumped {
    engine: Engine,
    dynamodb: aws_sdk_dynamodb::Client,
    batches: Batches,
    given_up: Arc<Mutex<Vec<Value>>>,
    position: Option<PathBuf>,
}

fn name(record: &EventRecord) -> String {
    match record.change.keys.get("PK") {
        Some(serde_dynamo::AttributeValue::S(name)) => name.clone(),
        other => panic!("a key is expected, not {other:?}"),
    }
}

fn failing(record: &EventRecord) -> DynamoDbEventResponse {
    let mut failure = DynamoDbBatchItemFailure::default();
    failure.item_identifier.clone_from(&record.change.sequence_number);
    let mut response = DynamoDbEventResponse::default();
    response.batch_item_failures.push(failure);
    response
}

impl Pumped {
    async fn open() -> Self {
        let engine = Engine::in_memory(HouseClock::new()).unwrap();
        let dynamodb = client(engine.endpoint()).await;
        create_table(&dynamodb).await;
        Self { engine, dynamodb, batches: Batches::default(), given_up: Arc::default(), position: None }
    }

    async fn put_numbered(&self, count: u32) {
        for n in 0..count {
            put(&self.dynamodb, &format!("item-{n:03}")).await;
        }
    }

    async fn start(
        &self,
        answer: impl Fn(&Event) -> DynamoDbEventResponse + Send + Sync + 'static,
    ) -> Stream {
        let source = StreamSource {
            client: aws_sdk_dynamodbstreams::Client::new(&config(self.engine.endpoint()).await),
            table: TABLE.to_owned(),
            position: self.position.clone(),
            wakes: |record| !name(record).starts_with("quiet"),
            tries: 5,
        };
        let batches = self.batches.clone();
        let answer = Arc::new(answer);
        let handler: Handler = Arc::new(move |event: Event| {
            let (batches, answer) = (batches.clone(), answer.clone());
            Box::pin(async move {
                batches.lock().unwrap().push(event.records.iter().map(name).collect());
                answer(&event)
            })
        });
        let given_up = self.given_up.clone();
        let on_failure: OnFailure = Arc::new(move |message| given_up.lock().unwrap().push(message));
        Stream::start(source, handler, on_failure)
    }

    async fn drain(&self, stream: &Stream) {
        tokio::time::timeout(Duration::from_secs(20), stream.drained()).await.expect("the stream drains");
    }

    fn handled(&self) -> Vec<String> {
        self.batches.lock().unwrap().concat()
    }
}

fn numbered(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|n| format!("item-{n:03}")).collect()
}

#[tokio::test]
async fn records_come_in_order_at_most_ten_at_a_time_and_drained_waits_for_them() {
    let pumped = Pumped::open().await;
    pumped.put_numbered(25).await;
    let stream = pumped.start(|_| DynamoDbEventResponse::default()).await;
    pumped.drain(&stream).await;
    assert_eq!(pumped.handled(), numbered(0..25));
    assert!(pumped.batches.lock().unwrap().iter().all(|batch| batch.len() <= 10));

    put(&pumped.dynamodb, "quiet").await;
    put(&pumped.dynamodb, "loud").await;
    pumped.drain(&stream).await;
    assert_eq!(pumped.handled().last().unwrap(), "loud");
    assert_eq!(pumped.handled().len(), 26);
}

#[tokio::test]
async fn a_partial_failure_is_tried_again_from_the_first_failed_record() {
    let pumped = Pumped::open().await;
    pumped.put_numbered(6).await;
    let failed_once = Mutex::new(false);
    let stream = pumped
        .start(move |event| {
            let third = event.records.iter().find(|record| name(record) == "item-003");
            match third {
                Some(record) if !std::mem::replace(&mut *failed_once.lock().unwrap(), true) => {
                    failing(record)
                }
                _ => DynamoDbEventResponse::default(),
            }
        })
        .await;
    pumped.drain(&stream).await;
    assert_eq!(*pumped.batches.lock().unwrap(), [numbered(0..6), numbered(3..6)]);
    assert!(pumped.given_up.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_record_that_always_fails_goes_to_the_queue_and_blocks_nobody() {
    let pumped = Pumped::open().await;
    pumped.put_numbered(5).await;
    let stream = pumped
        .start(|event| {
            event
                .records
                .iter()
                .find(|record| name(record) == "item-002")
                .map_or_else(DynamoDbEventResponse::default, failing)
        })
        .await;
    pumped.drain(&stream).await;
    let given_up = pumped.given_up.lock().unwrap();
    assert_eq!(given_up.len(), 1);
    assert_eq!(given_up[0]["record"]["dynamodb"]["Keys"]["PK"]["S"], "item-002");
    assert_eq!(given_up[0]["requestContext"]["approximateInvokeCount"], 5);
    let handled = pumped.handled();
    assert_eq!(handled.iter().filter(|name| *name == "item-002").count(), 5);
    assert_eq!(handled.iter().filter(|name| *name == "item-000").count(), 1);
    assert_eq!(handled[handled.len() - 2..], numbered(3..5));
}

#[tokio::test]
async fn a_panic_over_one_record_costs_only_that_record() {
    let pumped = Pumped::open().await;
    pumped.put_numbered(8).await;
    let done = Arc::new(Mutex::new(Vec::new()));
    let finished = done.clone();
    let stream = pumped
        .start(move |event| {
            assert!(!event.records.iter().any(|record| name(record) == "item-005"), "on purpose");
            finished.lock().unwrap().extend(event.records.iter().map(name));
            DynamoDbEventResponse::default()
        })
        .await;
    pumped.drain(&stream).await;
    assert_eq!(pumped.given_up.lock().unwrap().len(), 1);
    assert_eq!(*done.lock().unwrap(), [numbered(0..5), numbered(6..8)].concat());
}

#[tokio::test]
async fn a_restart_goes_on_where_the_last_batch_ended() {
    let folder = tempfile::tempdir().unwrap();
    let mut pumped = Pumped::open().await;
    pumped.position = Some(folder.path().join("stream-position"));
    pumped.put_numbered(3).await;
    let stream = pumped.start(|_| DynamoDbEventResponse::default()).await;
    pumped.drain(&stream).await;
    drop(stream);

    put(&pumped.dynamodb, "while-away").await;
    let stream = pumped.start(|_| DynamoDbEventResponse::default()).await;
    pumped.drain(&stream).await;
    assert_eq!(pumped.handled(), [numbered(0..3), vec!["while-away".to_owned()]].concat());
}

#[tokio::test]
async fn what_a_reset_writes_is_passed_over() {
    let pumped = Pumped::open().await;
    let stream = pumped.start(|_| DynamoDbEventResponse::default()).await;
    pumped.drain(&stream).await;
    stream
        .passing_over(async {
            pumped.dynamodb.delete_table().table_name(TABLE).send().await.unwrap();
            create_table(&pumped.dynamodb).await;
            pumped.put_numbered(3).await;
        })
        .await;
    put(&pumped.dynamodb, "after").await;
    pumped.drain(&stream).await;
    assert_eq!(pumped.handled(), ["after"]);
}
