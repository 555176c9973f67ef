//! The embedded DynamoDB: dynoxide behind real HTTP, on a runtime of its own, because its handlers
//! block their threads while they wait for the one lock that serialises every write.
//!
//! Before touching it: with a stream on, every write asks for the table's last sequence number, which
//! is a walk over all stream records unless [`STREAM_INDEX`] exists. The engine does not make that
//! index, so it is added here through `SQLite` itself; the exact engine version is pinned for it.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use aws_sdk_dynamodb::types::AttributeValue;
use dynoxide::{
    Database, DynoxideError, ImportOptions, storage::Storage, storage_backend::Clock as EngineClock,
    types::AttributeValue as Held,
};
use rusqlite::Connection;
use thiserror::Error;
use tokio::sync::oneshot;

use crate::clock::HouseClock;

const STREAM_INDEX: &str = "CREATE INDEX IF NOT EXISTS jari_stream_records_in_order
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// How long the engine may take to answer the requests it already has when it is closed.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// The engine could not be opened or swept.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The engine itself refused: an unreadable file, or one written by a newer version.
    #[error("the embedded DynamoDB failed: {0}")]
    Database(#[from] DynoxideError),
    /// `SQLite` refused the stream's index.
    #[error("the embedded DynamoDB's file could not be prepared: {0}")]
    Index(#[from] rusqlite::Error),
    /// No loopback port or thread to serve from, or no temporary file.
    #[error("the embedded DynamoDB could not be served: {0}")]
    Serve(#[from] std::io::Error),
    /// The path is not UTF-8, which `SQLite` needs.
    #[error("the path {0} is not valid UTF-8")]
    Path(PathBuf),
}

/// A running engine on a free loopback port. Dropping it stops it.
pub struct Engine {
    endpoint: String,
    database: Database,
    /// Only an engine on a file needs it, for [`Engine::sweep_expired`].
    file: Option<PathBuf>,
    clock: HouseClock,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// An engine that forgets everything when it stops.
    pub fn in_memory(clock: HouseClock) -> Result<Self, EngineError> {
        let folder = tempfile::tempdir()?;
        let template = folder.path().join("template.sqlite");
        prepare(utf8(&template)?)?;
        let database = Database::memory_with_clock(Arc::new(clock.clone()))?;
        database.restore_from(utf8(&template)?)?;
        Self::serve(database, None, clock)
    }

    /// An engine on the file at `path`, made if it is missing.
    ///
    /// What was answered survives the death of the process (`kill -9`), not of the machine: the file
    /// is written without waiting for the disk, which is five times faster and right for demo data.
    pub fn in_file(path: &Path, clock: HouseClock) -> Result<Self, EngineError> {
        prepare(utf8(path)?)?;
        let database = Database::new(utf8(path)?)?;
        database.enable_bulk_loading()?;
        Self::serve(database, Some(path.to_owned()), clock)
    }

    fn serve(database: Database, file: Option<PathBuf>, clock: HouseClock) -> Result<Self, EngineError> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        listener.set_nonblocking(true)?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("engine")
            .enable_all()
            .build()?;
        let (stop, closing) = oneshot::channel::<()>();
        let served = database.clone();
        let thread = std::thread::Builder::new().name("engine".into()).spawn(move || {
            runtime.block_on(async {
                let (last_call, called) = oneshot::channel::<()>();
                let task = tokio::spawn(async move {
                    let listener = tokio::net::TcpListener::from_std(listener).map_err(|e| e.to_string())?;
                    // A dropped sender closes the engine as well as a message does.
                    dynoxide::server::serve_with_shutdown(listener, served, async move {
                        let _ = called.await;
                    })
                    .await
                });
                let _ = closing.await;
                drop(last_call);
                if let Ok(Ok(Err(reason))) = tokio::time::timeout(LAST_ANSWERS, task).await {
                    tracing::error!(reason, "the embedded DynamoDB stopped serving");
                }
            });
            runtime.shutdown_timeout(LAST_ANSWERS);
        })?;
        Ok(Self { endpoint, database, file, clock, stop: Some(stop), thread: Some(thread) })
    }

    /// Where any DynamoDB client finds it: `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Deletes what its TTL says is over by the house's clock, and says how many items that were.
    /// Blocks: it reads the whole table.
    pub fn sweep_expired(&self) -> Result<usize, EngineError> {
        match &self.file {
            None => Ok(self.database.sweep_ttl()?),
            // A database on a file knows only the machine's clock; a second connection can be given the
            // house's. Writes of both begin with SQLite's write lock, so neither sees half of the other's.
            Some(file) => {
                let storage = Storage::new(utf8(file)?)?.with_clock(Arc::new(self.clock.clone()));
                Ok(futures::executor::block_on(dynoxide::ttl::sweep_expired_items(&storage))?)
            }
        }
    }

    /// Puts items into a table as if they had always been there: the stream does not tell of them. For a history of a
    /// million reservations, which would take a quarter of an hour to write one by one. Blocks.
    pub fn load(
        &self,
        table: &str,
        items: Vec<HashMap<String, AttributeValue>>,
    ) -> Result<usize, EngineError> {
        let held = |item: HashMap<String, AttributeValue>| {
            item.into_iter().map(|(name, value)| (name, held(value))).collect()
        };
        let items = items.into_iter().map(held).collect();
        Ok(self.database.import_items(table, items, ImportOptions::default())?.items_imported)
    }

    /// Stops serving after the requests it already has, and closes the file. Blocks for a second at most.
    pub fn shut_down(mut self) {
        self.stop_serving();
    }

    fn stop_serving(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the embedded DynamoDB's thread panicked");
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop_serving();
    }
}

impl EngineClock for HouseClock {
    fn now_unix_secs(&self) -> u64 {
        u64::try_from(self.now().as_second()).unwrap_or(0)
    }

    fn now_unix_secs_f64(&self) -> f64 {
        self.now().as_duration().as_secs_f64()
    }
}

/// Lets the engine make its tables at `path`, then adds the stream's index while nobody has it open.
fn prepare(path: &str) -> Result<(), EngineError> {
    drop(Database::new(path)?);
    let connection = Connection::open(path)?;
    connection.execute_batch(STREAM_INDEX)?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// An attribute as the engine has it. Of sets and whatever else may come one day there is none in the house.
fn held(value: AttributeValue) -> Held {
    match value {
        AttributeValue::S(text) => Held::S(text),
        AttributeValue::N(number) => Held::N(number),
        AttributeValue::B(bytes) => Held::B(bytes.into_inner()),
        AttributeValue::Bool(yes) => Held::BOOL(yes),
        AttributeValue::L(values) => Held::L(values.into_iter().map(held).collect()),
        AttributeValue::M(members) => {
            Held::M(members.into_iter().map(|(name, value)| (name, held(value))).collect())
        }
        _ => Held::NULL(true),
    }
}

fn utf8(path: &Path) -> Result<&str, EngineError> {
    path.to_str().ok_or_else(|| EngineError::Path(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plan `SQLite` makes for the question that every write asks when a stream is on.
    fn plan_of_last_sequence_number(path: &Path) -> String {
        Connection::open(path)
            .unwrap()
            .query_row(
                "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
                 FROM _stream_records WHERE table_name = ?1",
                ["jari"],
                |row| row.get(3),
            )
            .unwrap()
    }

    #[test]
    fn a_write_finds_the_last_sequence_number_by_an_index() {
        let folder = tempfile::tempdir().unwrap();

        let bare = folder.path().join("bare.sqlite");
        drop(Database::new(bare.to_str().unwrap()).unwrap());
        assert!(!plan_of_last_sequence_number(&bare).contains("INDEX"), "the control must walk the table");

        let file = folder.path().join("file.sqlite");
        Engine::in_file(&file, HouseClock::new()).unwrap().shut_down();
        assert!(plan_of_last_sequence_number(&file).contains("jari_stream_records_in_order"));

        let engine = Engine::in_memory(HouseClock::new()).unwrap();
        let copy = folder.path().join("copy.sqlite");
        engine.database.vacuum_into(copy.to_str().unwrap()).unwrap();
        assert!(plan_of_last_sequence_number(&copy).contains("jari_stream_records_in_order"));
    }

    #[test]
    fn a_closed_engine_no_longer_listens() {
        let engine = Engine::in_memory(HouseClock::new()).unwrap();
        let address = engine.endpoint().trim_start_matches("http://").to_owned();
        assert!(std::net::TcpStream::connect(&address).is_ok());
        engine.shut_down();
        assert!(std::net::TcpStream::connect(&address).is_err());
    }
}
