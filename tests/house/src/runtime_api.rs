//! Lambda's runtime API, small, with a clock in it: hands one event after another to the process that asks for the next,
//! and takes its answers.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

/// How every function's heap is set, as `template.yaml` has it.
pub const HEAP: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "1048576");

/// What a function said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Its answer to the event.
    Response(String),
    /// That it failed at the event.
    Error(String),
    /// That it could not even start.
    InitError(String),
}

/// An answer, and when the function had asked for the event and when it gave the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What it said.
    pub said: Said,
    /// When it had been given the event; none for what it said before it asked.
    pub given: Option<Instant>,
    /// When it said it.
    pub told: Instant,
}

/// The running API. Dropping it stops it.
pub struct RuntimeApi {
    address: SocketAddr,
    answers: mpsc::UnboundedReceiver<Answered>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    events: Arc<Mutex<VecDeque<String>>>,
    given: Arc<Mutex<Option<Instant>>>,
    answers: mpsc::UnboundedSender<Answered>,
}

const REQUEST: &str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

impl RuntimeApi {
    /// Opens it on a free loopback port with these events to hand out.
    pub async fn open(events: impl IntoIterator<Item = String>) -> Self {
        let (sender, answers) = mpsc::unbounded_channel();
        let events = Arc::new(Mutex::new(events.into_iter().collect()));
        let shared = Shared { events, given: Arc::default(), answers: sender };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, answers, server }
    }

    /// The environment that Lambda gives a function's process, and of the template's what changes how it runs: [`HEAP`].
    pub fn environment(&self, function: &str) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_LAMBDA_RUNTIME_API", self.address.to_string()),
            ("AWS_LAMBDA_FUNCTION_NAME", format!("jari-test-{function}")),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512".into()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
            ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/jari-test-{function}")),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "test".into()),
            (HEAP.0, HEAP.1.into()),
        ]
    }

    /// What the function says to the next event, in order; none within `patience`.
    pub async fn answer(&mut self, patience: Duration) -> Option<Answered> {
        tokio::time::timeout(patience, self.answers.recv()).await.ok().flatten()
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(shared): State<Shared>) -> Response {
    let event = shared.events.lock().unwrap().pop_front();
    let Some(event) = event else {
        // As on Lambda: there may never be another one, and the process sleeps.
        return std::future::pending().await;
    };
    *shared.given.lock().unwrap() = Some(Instant::now());
    let deadline =
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + Duration::from_secs(20);
    let headers = [
        ("lambda-runtime-aws-request-id", REQUEST.to_owned()),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:ap-northeast-2:123456789012:function:test".into(),
        ),
        ("lambda-runtime-trace-id", "Root=1-692cf000-0a1b2c3d4e5f60718293a4b5;Sampled=0".into()),
        ("content-type", "application/json".into()),
    ];
    (headers, event).into_response()
}

async fn response(State(shared): State<Shared>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    assert_eq!(id, REQUEST);
    tell(&shared, Said::Response(text(&body)))
}

async fn error(State(shared): State<Shared>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    tell(&shared, Said::Error(text(&body)))
}

async fn init_error(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    tell(&shared, Said::InitError(text(&body)))
}

fn tell(shared: &Shared, said: Said) -> StatusCode {
    let answered = Answered { said, given: shared.given.lock().unwrap().take(), told: Instant::now() };
    // Nobody listens any more once the test is over.
    let _ = shared.answers.send(answered);
    StatusCode::ACCEPTED
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}
