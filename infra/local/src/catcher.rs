//! What the house says to AWS besides DynamoDB, caught on a loopback port: mail for SES, questions to
//! SSM, and the on-failure queue's messages for SQS. The real SDK clients talk to it unchanged.
//!
//! To see how the house takes failures, write to `minji+refused@…`, which is refused for good, or to
//! `minji+throttled@…`, which is told to come back once and then accepted. A mail to `bounce@simulator.amazonses.com` or
//! `bounce…@jari.test` is accepted and bounces; one to `complaint…` is taken for spam.

mod feedback;
mod mail;
mod queue;
mod ses;
mod ssm;

use std::{
    collections::HashSet,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

use crate::{clock::HouseClock, parameters::Parameters};

pub(crate) use feedback::messages;
pub use mail::{Attachment, Encoding, Header, Mail, Mailbox};
pub use queue::{FailureQueue, QueuedMessage};

/// SES takes 40 MB; base64 makes it a third larger.
const MAX_REQUEST_BYTES: usize = 56 * 1024 * 1024;

/// So many messages wait for who records them; beyond that they are lost, as nobody listens.
const MOST_FEEDBACK: usize = 10_000;

/// The running catcher. Dropping it stops it.
pub struct Catcher {
    endpoint: String,
    server: JoinHandle<()>,
    feedback: Mutex<Option<mpsc::Receiver<String>>>,
}

/// What the catcher's answers are made from.
#[derive(Clone)]
struct Caught {
    mailbox: Arc<Mailbox>,
    queue: Arc<FailureQueue>,
    parameters: Arc<Parameters>,
    clock: HouseClock,
    /// Addresses that have been told to come back once.
    throttled: Arc<Mutex<HashSet<String>>>,
    /// What SES tells of the mails it took.
    feedback: mpsc::Sender<String>,
}

impl Catcher {
    /// Opens it on a free port; mails go to `mailbox`, failures to `queue`.
    pub async fn open(
        mailbox: Arc<Mailbox>,
        queue: Arc<FailureQueue>,
        parameters: Arc<Parameters>,
        clock: HouseClock,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (feedback, told) = mpsc::channel(MOST_FEEDBACK);
        let router = Router::new()
            .route("/v2/email/outbound-emails", post(ses::send_email))
            .route("/", post(by_target))
            .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
            .with_state(Caught { mailbox, queue, parameters, clock, throttled: Arc::default(), feedback });
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the catcher stopped serving");
            }
        });
        Ok(Self { endpoint, server, feedback: Mutex::new(Some(told)) })
    }

    /// The endpoint of SES, SSM and SQS alike: `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What SES tells of the mails it took, as it puts it on its topic; for the first who asks.
    #[must_use]
    pub fn feedback(&self) -> Option<mpsc::Receiver<String>> {
        self.feedback.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }

    /// The on-failure queue's URL.
    #[must_use]
    pub fn queue_url(&self) -> String {
        format!("{}/000000000000/jari-local-mail-failures", self.endpoint)
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// SSM and SQS name the operation in a header, not in the path.
async fn by_target(State(caught): State<Caught>, headers: HeaderMap, body: Bytes) -> Response {
    match headers.get("x-amz-target").and_then(|target| target.to_str().ok()) {
        Some("AmazonSSM.GetParametersByPath") => {
            answer(&body, |request| Ok(ssm::by_path(&caught.parameters, &request)))
        }
        Some("AmazonSSM.GetParameter") => answer(&body, |request| ssm::by_name(&caught.parameters, &request)),
        Some("AmazonSQS.SendMessage") => answer(&body, |request| queue::send_message(&caught, request)),
        target => Refusal::new(
            "UnknownOperationException",
            format!("the local house does not know {}", target.unwrap_or("a request without x-amz-target")),
        )
        .into_response(),
    }
}

fn answer<'body, T: Deserialize<'body>>(
    body: &'body [u8],
    reply: impl FnOnce(T) -> Result<serde_json::Value, Refusal>,
) -> Response {
    let request = match serde_json::from_slice(body) {
        Ok(request) => request,
        Err(error) => return Refusal::new("SerializationException", error.to_string()).into_response(),
    };
    match reply(request) {
        Ok(value) => Json(value).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// An error in the form that every AWS JSON protocol shares.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.into() }
    }

    fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The journal's disk failed: nothing was kept, so nothing may be promised.
    fn not_kept(error: &io::Error) -> Self {
        Self::new("InternalFailure", error.to_string()).with_status(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "__type": self.code, "message": self.message });
        (self.status, [("x-amzn-errortype", self.code)], Json(body)).into_response()
    }
}

/// A random id in the length SES uses, so that nothing can rely on its order.
fn random_id() -> String {
    format!("{:016x}-{:016x}", fastrand::u64(..), fastrand::u64(..))
}
