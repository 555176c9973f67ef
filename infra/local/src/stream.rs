//! The table's stream, carried to a function as Lambda's event source mapping does it: batches in order,
//! partial failures tried again from the first failed record, a record that keeps failing put on the
//! on-failure queue so that it blocks nobody, and the position kept after each batch.
//!
//! It reads over the SDK from whatever DynamoDB the house uses. What was written before
//! [`Stream::drained`] was called has been handled when it returns.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use aws_lambda_events::event::{
    dynamodb::{Event, EventRecord, StreamRecord, StreamViewType, UserIdentity},
    streams::DynamoDbEventResponse,
};
use aws_sdk_dynamodbstreams::{
    Client,
    types::{AttributeValue, Record, Shard, ShardIteratorType},
};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tokio::{
    sync::{Mutex, Notify, watch},
    task::JoinHandle,
};

/// As `template.yaml` says of the mapping.
const BATCH: usize = 10;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Between two looks at a stream in which nothing happens.
const IDLE: Duration = Duration::from_millis(40);
/// Records read at once: also the most that a reset waits for.
const PAGE: i32 = 100;
/// Between two looks for shards that were opened since.
const SHARDS_EVERY: Duration = Duration::from_secs(10);
/// A stream has at most a few hundred shards a page; more pages than this is a loop.
const SHARD_PAGES: usize = 100;

/// The function that is fed. A panic counts as a failure of the whole batch, as on Lambda.
pub type Handler = Arc<dyn Fn(Event) -> BoxFuture<'static, DynamoDbEventResponse> + Send + Sync>;

/// Where a record goes that failed every time.
pub type OnFailure = Arc<dyn Fn(Value) + Send + Sync>;

/// What a stream is read with.
pub struct StreamSource {
    /// A client of the streams' endpoint.
    pub client: Client,
    /// The table's name.
    pub table: String,
    /// Where the position is kept; `None` starts from the oldest record each time.
    pub position: Option<PathBuf>,
    /// Which records wake the function: the mapping's filter pattern.
    pub wakes: fn(&EventRecord) -> bool,
    /// Tries a record gets before it goes to the queue.
    pub tries: u32,
}

/// A stream being read. Dropping it stops the reading.
pub struct Stream {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    /// Held while a page is read and handled, so that a reset finds the stream at rest.
    reader: Mutex<Reader>,
    wake: Notify,
    /// Looks begun so far.
    begun: AtomicU64,
    /// The number of the last look that found nothing left.
    found_nothing: watch::Sender<u64>,
}

impl Stream {
    /// Starts reading: from the kept position, else from the oldest record.
    #[must_use]
    pub fn start(source: StreamSource, handler: Handler, on_failure: OnFailure) -> Self {
        let positions = source.position.as_deref().map(read_positions).unwrap_or_default();
        let reader =
            Reader { source, handler, on_failure, positions, shards: None, iterators: BTreeMap::new() };
        let shared = Arc::new(Shared {
            reader: Mutex::new(reader),
            wake: Notify::new(),
            begun: AtomicU64::new(0),
            found_nothing: watch::Sender::new(0),
        });
        let task = tokio::spawn(read_on(shared.clone()));
        Self { shared, task }
    }

    /// Waits until every record that was written before this call has been handled: mailed, or put on
    /// the on-failure queue.
    pub async fn drained(&self) {
        let look = self.shared.begun.load(Ordering::SeqCst) + 1;
        let mut found_nothing = self.shared.found_nothing.subscribe();
        self.shared.wake.notify_one();
        // An error means that the reading has stopped with the house: then there is nothing to wait for.
        let _ = found_nothing.wait_for(|number| *number >= look).await;
    }

    /// Runs `change` while nothing is read, then passes over every record written until its end.
    pub async fn passing_over<T>(&self, change: impl Future<Output = T>) -> T {
        let mut reader = self.shared.reader.lock().await;
        let result = change.await;
        reader.pass_over().await;
        result
    }

    /// Stops reading; what is not handled now is handled after the next start.
    pub fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn read_on(shared: Arc<Shared>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let look = shared.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let handled = shared.reader.lock().await.look().await;
        match handled {
            Ok(0) => {
                pause = FIRST_PAUSE;
                shared.found_nothing.send_replace(look);
                let _ = tokio::time::timeout(IDLE, shared.wake.notified()).await;
            }
            Ok(_) => pause = FIRST_PAUSE,
            Err(error) => {
                tracing::warn!(%error, "the table's stream can't be read; trying again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

struct Reader {
    source: StreamSource,
    handler: Handler,
    on_failure: OnFailure,
    /// The last record handled, by shard.
    positions: BTreeMap<String, String>,
    shards: Option<OpenShards>,
    /// Where to read on, by shard.
    iterators: BTreeMap<String, Iterator>,
}

struct OpenShards {
    arn: String,
    /// Parents before children.
    shards: Vec<Shard>,
    looked_at: std::time::Instant,
}

enum Iterator {
    Next(String),
    /// The shard is closed and read to its end.
    End,
}

/// Why the stream could not be read; the SDK's error in words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct ReadError(String);

impl<E: std::error::Error + Send + Sync + 'static> From<aws_sdk_dynamodbstreams::error::SdkError<E>>
    for ReadError
{
    fn from(error: aws_sdk_dynamodbstreams::error::SdkError<E>) -> Self {
        Self(aws_sdk_dynamodbstreams::error::DisplayErrorContext(error).to_string())
    }
}

impl Reader {
    /// Reads and handles at most a page from each shard; says how many records there were.
    async fn look(&mut self) -> Result<usize, ReadError> {
        let mut read = 0;
        for shard in self.shards_to_read().await? {
            let records = self.read_page(&shard).await?;
            read += records.len();
            self.handle(&shard, records).await;
        }
        Ok(read)
    }

    async fn pass_over(&mut self) {
        // The table may be another one now.
        (self.shards, self.iterators) = (None, BTreeMap::new());
        loop {
            match self.pass_over_a_page().await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the table's stream could not be passed over");
                    break;
                }
            }
        }
    }

    async fn pass_over_a_page(&mut self) -> Result<usize, ReadError> {
        let mut read = 0;
        for shard in self.shards_to_read().await? {
            let records = self.read_page(&shard).await?;
            read += records.len();
            if let Some(last) = records.last() {
                self.handled(&shard, sequence_number(last));
            }
        }
        Ok(read)
    }

    /// Shards whose parents have been read to their end.
    async fn shards_to_read(&mut self) -> Result<Vec<String>, ReadError> {
        if self.shards.as_ref().is_none_or(|open| open.looked_at.elapsed() > SHARDS_EVERY) {
            self.shards = Some(self.find_shards().await?);
        }
        let Some(open) = &self.shards else {
            return Ok(Vec::new());
        };
        let done = |id: &str| matches!(self.iterators.get(id), Some(Iterator::End));
        let known = |id: &str| open.shards.iter().any(|shard| shard.shard_id() == Some(id));
        Ok(open
            .shards
            .iter()
            .filter(|shard| shard.parent_shard_id().is_none_or(|parent| done(parent) || !known(parent)))
            .filter_map(|shard| shard.shard_id().map(str::to_owned))
            .filter(|id| !done(id))
            .collect())
    }

    async fn find_shards(&self) -> Result<OpenShards, ReadError> {
        let streams = self.source.client.list_streams().table_name(&self.source.table).send().await?;
        let arn = streams
            .streams()
            .iter()
            .max_by_key(|stream| stream.stream_label())
            .and_then(|stream| stream.stream_arn())
            .ok_or_else(|| ReadError(format!("the table {} has no stream", self.source.table)))?
            .to_owned();
        let (mut shards, mut last) = (Vec::new(), None);
        for _ in 0..SHARD_PAGES {
            let described = self
                .source
                .client
                .describe_stream()
                .stream_arn(&arn)
                .set_exclusive_start_shard_id(last.take())
                .send()
                .await?;
            let Some(description) = described.stream_description else {
                break;
            };
            shards.extend(description.shards.unwrap_or_default());
            last = description.last_evaluated_shard_id;
            if last.is_none() {
                break;
            }
        }
        Ok(OpenShards { arn, shards, looked_at: std::time::Instant::now() })
    }

    async fn read_page(&mut self, shard: &str) -> Result<Vec<Record>, ReadError> {
        let iterator = match self.iterators.remove(shard) {
            Some(Iterator::Next(iterator)) => Some(iterator),
            Some(Iterator::End) => None,
            None => self.iterator_from_position(shard).await?,
        };
        // An iterator that fails (they expire) is not put back: the next look makes one from the position.
        let Some(iterator) = iterator else {
            return Ok(Vec::new());
        };
        let page = self.source.client.get_records().shard_iterator(iterator).limit(PAGE).send().await?;
        let next = page.next_shard_iterator.map_or(Iterator::End, Iterator::Next);
        self.iterators.insert(shard.to_owned(), next);
        Ok(page.records.unwrap_or_default())
    }

    async fn iterator_from_position(&self, shard: &str) -> Result<Option<String>, ReadError> {
        let Some(open) = &self.shards else { return Ok(None) };
        let request = self.source.client.get_shard_iterator().stream_arn(&open.arn).shard_id(shard);
        let request = match self.positions.get(shard) {
            Some(position) => {
                request.shard_iterator_type(ShardIteratorType::AfterSequenceNumber).sequence_number(position)
            }
            None => request.shard_iterator_type(ShardIteratorType::TrimHorizon),
        };
        Ok(request.send().await?.shard_iterator)
    }

    /// Feeds a page to the function, batch by batch, until each record is handled or on the queue.
    async fn handle(&mut self, shard: &str, records: Vec<Record>) {
        let arn = self.shards.as_ref().map(|open| open.arn.clone()).unwrap_or_default();
        let last = records.last().map(|record| sequence_number(record).to_owned());
        let waking: Vec<EventRecord> =
            records.into_iter().map(|record| event_record(record, &arn)).filter(self.source.wakes).collect();
        for batch in waking.chunks(BATCH) {
            self.handle_batch(shard, batch).await;
        }
        if let Some(last) = last {
            self.handled(shard, &last);
        }
    }

    /// Every turn of the loop either moves `first` on, halves `size` or adds to `tries`: it ends.
    async fn handle_batch(&mut self, shard: &str, batch: &[EventRecord]) {
        let (mut first, mut size, mut tries) = (0, batch.len(), 0);
        while let Some(record) = batch.get(first) {
            let end = batch.len().min(first + size);
            let failed = match self.call(&batch[first..end]).await {
                Outcome::Done => {
                    (first, tries) = (end, 0);
                    None
                }
                Outcome::FailedFrom(offset) => {
                    if offset > 0 {
                        (first, tries) = (first + offset, 0);
                    }
                    Some(first)
                }
                // Bisect on error: find the one record that does it.
                Outcome::Failed if end - first > 1 => {
                    size = (end - first).div_ceil(2);
                    None
                }
                Outcome::Failed => Some(first),
            };
            if failed.is_some() {
                tries += 1;
                if tries < self.source.tries {
                    tokio::time::sleep((FIRST_PAUSE * 2_u32.pow((tries - 1).min(10))).min(LONGEST_PAUSE))
                        .await;
                } else {
                    self.give_up(shard, batch.get(first).unwrap_or(record), tries);
                    (first, tries) = (first + 1, 0);
                }
            }
            if let Some(done) = first.checked_sub(1).and_then(|index| batch.get(index)) {
                let done = done.change.sequence_number.clone().unwrap_or_default();
                self.handled(shard, &done);
            }
        }
    }

    async fn call(&self, records: &[EventRecord]) -> Outcome {
        let mut event = Event::default();
        event.records = records.to_vec();
        // A task of its own: a panic ends the call and not the stream.
        let Ok(response) = tokio::spawn((self.handler)(event)).await else {
            return Outcome::Failed;
        };
        let mut failures = response.batch_item_failures.iter().map(|failure| {
            let failed = failure.item_identifier.as_deref()?;
            records.iter().position(|record| record.change.sequence_number.as_deref() == Some(failed))
        });
        // As Lambda has it: one unknown identifier fails the batch, else the first failed record counts.
        match failures.try_fold(None, |first: Option<usize>, failed| {
            failed.map(|failed| Some(first.map_or(failed, |first| first.min(failed))))
        }) {
            Some(None) => Outcome::Done,
            Some(Some(first)) => Outcome::FailedFrom(first),
            None => Outcome::Failed,
        }
    }

    /// The message is Lambda's, with the record beside it, as nobody here can fetch it from the stream.
    fn give_up(&self, shard: &str, record: &EventRecord, tries: u32) {
        let sequence_number = &record.change.sequence_number;
        tracing::error!(
            ?sequence_number,
            tries,
            "a stream record failed every time and goes to the on-failure queue"
        );
        (self.on_failure)(json!({
            "requestContext": { "condition": "RetryAttemptsExhausted", "approximateInvokeCount": tries },
            "DDBStreamBatchInfo": {
                "streamArn": record.event_source_arn,
                "shardId": shard,
                "startSequenceNumber": sequence_number,
                "endSequenceNumber": sequence_number,
                "batchSize": 1,
            },
            "record": record,
        }));
    }

    /// Keeps the position. If it can't be written, records are only handled a second time after a
    /// restart, which functions on a stream must bear anyway.
    fn handled(&mut self, shard: &str, sequence_number: &str) {
        self.positions.insert(shard.to_owned(), sequence_number.to_owned());
        if let Some(path) = &self.source.position
            && let Err(error) = write_positions(path, &self.positions)
        {
            tracing::warn!(%error, "the stream's position could not be kept");
        }
    }
}

enum Outcome {
    Done,
    /// From this record of the batch on, nothing counts as handled.
    FailedFrom(usize),
    /// The whole batch.
    Failed,
}

fn read_positions(path: &Path) -> BTreeMap<String, String> {
    fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// Written beside and renamed, so that a killed process leaves the old position or the new.
fn write_positions(path: &Path, positions: &BTreeMap<String, String>) -> std::io::Result<()> {
    let unfinished = path.with_extension("new");
    fs::write(&unfinished, serde_json::to_vec(positions)?)?;
    fs::rename(unfinished, path)
}

fn sequence_number(record: &Record) -> &str {
    record.dynamodb().and_then(|change| change.sequence_number()).unwrap_or_default()
}

fn event_record(record: Record, arn: &str) -> EventRecord {
    let mut event = EventRecord::default();
    event.aws_region = record.aws_region.unwrap_or_default();
    event.event_id = record.event_id.unwrap_or_default();
    event.event_name = record.event_name.map(|name| name.as_str().to_owned()).unwrap_or_default();
    event.event_source = record.event_source;
    event.event_version = record.event_version;
    event.event_source_arn = Some(arn.to_owned());
    event.user_identity = record.user_identity.map(|identity| {
        let mut user = UserIdentity::default();
        user.type_ = identity.r#type.unwrap_or_default();
        user.principal_id = identity.principal_id.unwrap_or_default();
        user
    });
    if let Some(change) = record.dynamodb {
        let mut converted = StreamRecord::default();
        converted.approximate_creation_date_time = change
            .approximate_creation_date_time
            .and_then(|at| SystemTime::try_from(at).ok())
            .unwrap_or(SystemTime::UNIX_EPOCH)
            .into();
        converted.keys = item(change.keys);
        converted.new_image = item(change.new_image);
        converted.old_image = item(change.old_image);
        converted.sequence_number = change.sequence_number;
        converted.size_bytes = change.size_bytes.unwrap_or_default();
        converted.stream_view_type = Some(StreamViewType::NewAndOldImages);
        event.change = converted;
    }
    event
}

fn item(attributes: Option<std::collections::HashMap<String, AttributeValue>>) -> serde_dynamo::Item {
    serde_dynamo::Item::from(attributes.unwrap_or_default())
}
