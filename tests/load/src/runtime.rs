//! Lambda's runtime API with a clock in it: hands out one event after another and notes when each was asked for and answered.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Result, anyhow};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

/// When an event was handed out, and when it was answered.
pub(crate) type Moments = (Instant, Instant);

/// The running API. Dropping it stops it.
pub(crate) struct Runtime {
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    events: Mutex<Vec<String>>,
    given: Mutex<Option<Instant>>,
    moments: Mutex<Vec<Moments>>,
    failed: Mutex<Option<String>>,
    expected: usize,
    ended: Notify,
}

impl Runtime {
    /// Opens it on a free loopback port with these events to hand out.
    pub(crate) async fn open(events: Vec<String>) -> Result<Self> {
        let shared = Arc::new(Shared {
            expected: events.len(),
            events: Mutex::new(events),
            given: Mutex::default(),
            moments: Mutex::default(),
            failed: Mutex::default(),
            ended: Notify::new(),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .route("/2018-06-01/runtime/init/error", post(failed_at_once))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("the runtime API ended: {error}");
            }
        });
        Ok(Self { address, shared, server })
    }

    /// The environment that Lambda gives a function's process.
    pub(crate) fn environment(&self, function: &str) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_LAMBDA_RUNTIME_API", self.address.to_string()),
            ("AWS_LAMBDA_FUNCTION_NAME", function.to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512".into()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
            ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{function}")),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "measured".into()),
        ]
    }

    /// When every event has been answered: when each was handed out and answered.
    pub(crate) async fn ended(&self) -> Result<Vec<Moments>> {
        self.shared.ended.notified().await;
        match lock(&self.shared.failed).take() {
            Some(error) => Err(anyhow!("the function failed: {error}")),
            None => Ok(lock(&self.shared.moments).clone()),
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let event = lock(&shared.events).pop();
    let Some(event) = event else {
        // As on Lambda: the process sleeps until there is one.
        return std::future::pending().await;
    };
    *lock(&shared.given) = Some(Instant::now());
    let deadline = SystemTime::now() + Duration::from_secs(20);
    let deadline = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:ap-northeast-2:123456789012:function:measured".into(),
        ),
        ("lambda-runtime-trace-id", "Root=1-692cf000-0a1b2c3d4e5f60718293a4b5;Sampled=0".into()),
        ("content-type", "application/json".into()),
    ];
    (headers, event).into_response()
}

async fn answered(State(shared): State<Arc<Shared>>, Path(_): Path<String>) -> StatusCode {
    let told = Instant::now();
    let mut moments = lock(&shared.moments);
    if let Some(given) = lock(&shared.given).take() {
        moments.push((given, told));
    }
    if moments.len() == shared.expected {
        shared.ended.notify_one();
    }
    StatusCode::ACCEPTED
}

async fn failed(State(shared): State<Arc<Shared>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    fail(&shared, &body)
}

async fn failed_at_once(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    fail(&shared, &body)
}

fn fail(shared: &Shared, body: &[u8]) -> StatusCode {
    *lock(&shared.failed) = Some(String::from_utf8_lossy(body).into_owned());
    shared.ended.notify_one();
    StatusCode::ACCEPTED
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
