//! A proxy between the house and its DynamoDB: counts and records what goes through, and makes go wrong what a real
//! network and a real service do wrong. The stream passes untouched.
//!
//! Faults are asked for one by one ([`FaultProxy::next`]), for good ([`FaultProxy::always`]) or by a seeded mix
//! ([`FaultProxy::mix`]).

use std::{
    collections::{HashMap, VecDeque, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, StatusCode, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another transaction is at one of the items: nothing was done.
    Conflict,
    /// Too many requests: nothing was done.
    Throttled,
    /// The service's own error: nothing was done.
    InternalError,
    /// Done, but the answer comes after the caller has given up.
    LateAnswer,
    /// Not done, and no answer before the caller has given up.
    NeverArrives,
    /// Done only after the caller has given up.
    ArrivesLate,
    /// Done, but the connection breaks before the answer.
    LostAnswer,
    /// Done, but answered as if it had failed.
    DoneButError,
    /// The connection breaks before anything was done.
    Unreachable,
}

/// A request that went through, or did not.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Such as `TransactWriteItems`.
    pub operation: String,
    /// The request's body.
    pub request: Bytes,
    /// The engine's answer; empty if it was not asked.
    pub answer: Bytes,
    /// What went wrong, if anything was made to.
    pub fault: Option<Fault>,
}

/// The running proxy. Dropping it stops it.
pub struct FaultProxy {
    endpoint: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    upstream: String,
    client: reqwest::Client,
    plan: Mutex<Plan>,
    exchanges: Mutex<Vec<Exchange>>,
    without_conditions: AtomicBool,
    without_tokens: AtomicBool,
    asks_what_is_consumed: AtomicBool,
}

#[derive(Default)]
struct Plan {
    next: VecDeque<(String, Fault)>,
    always: Vec<(String, Fault)>,
    mix: Option<(fastrand::Rng, Vec<(Fault, f64)>)>,
    /// How often a request has failed already, by its body.
    failed: HashMap<u64, u8>,
}

/// Chances for [`FaultProxy::mix`] by which about a fifth of all requests to the table go wrong.
pub const A_FIFTH: [(Fault, f64); 9] = [
    (Fault::Conflict, 0.05),
    (Fault::Throttled, 0.03),
    (Fault::InternalError, 0.02),
    (Fault::LostAnswer, 0.03),
    (Fault::DoneButError, 0.03),
    (Fault::Unreachable, 0.02),
    (Fault::LateAnswer, 0.005),
    (Fault::NeverArrives, 0.005),
    (Fault::ArrivesLate, 0.01),
];

/// Every operation, for [`FaultProxy::next`] and [`FaultProxy::always`].
pub const ANY: &str = "*";
/// The mix lets a request through that has failed so often, unless it is a transaction: those have a retry budget of
/// their own that may end, all others must get through in the SDK's three attempts.
const MOST_FAILURES: u8 = 2;
const WRITES: [&str; 5] = ["TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"];

/// The connection ends without an answer.
#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is broken on purpose")
    }
}

impl std::error::Error for Broken {}

impl FaultProxy {
    /// Opens it on a free loopback port, before the DynamoDB at `upstream`.
    pub async fn open(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            upstream: upstream.to_owned(),
            client: reqwest::Client::new(),
            plan: Mutex::default(),
            exchanges: Mutex::default(),
            without_conditions: AtomicBool::new(false),
            without_tokens: AtomicBool::new(false),
            asks_what_is_consumed: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                let _ = stream.set_nodelay(true);
                let service = service_fn(move |request| answer(Arc::clone(&shared), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { endpoint, shared, server }
    }

    /// Where the house finds it.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The next request of that operation goes wrong. Called again, the one after it does too.
    pub fn next(&self, operation: &str, fault: Fault) {
        self.plan().next.push_back((operation.to_owned(), fault));
    }

    /// Every request of that operation goes wrong until [`FaultProxy::heal`].
    pub fn always(&self, operation: &str, fault: Fault) {
        self.plan().always.push((operation.to_owned(), fault));
    }

    /// Each request goes wrong with these chances until [`FaultProxy::heal`].
    pub fn mix(&self, seed: u64, chances: &[(Fault, f64)]) {
        self.plan().mix = Some((fastrand::Rng::with_seed(seed), chances.to_vec()));
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        *self.plan() = Plan::default();
    }

    /// From now on every write's condition holds, whatever the item: the negative control.
    pub fn without_conditions(&self) {
        self.shared.without_conditions.store(true, Ordering::SeqCst);
    }

    /// From now on DynamoDB does not know a repeated transaction again by its token, as after the ten minutes for which it
    /// remembers one: only conditions tell that it was done.
    pub fn without_tokens(&self) {
        self.shared.without_tokens.store(true, Ordering::SeqCst);
    }

    /// From now on every request asks what it consumes, also those of which the house does not want to know.
    pub fn ask_what_is_consumed(&self) {
        self.shared.asks_what_is_consumed.store(true, Ordering::SeqCst);
    }

    /// Forgets what went through so far.
    pub fn record_from_here(&self) {
        self.shared.exchanges.lock().unwrap().clear();
    }

    /// What went through since then, without the stream's requests.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.shared.exchanges.lock().unwrap().clone()
    }

    /// The writes among them.
    pub fn writes(&self) -> Vec<Exchange> {
        let is_write = |exchange: &Exchange| WRITES.contains(&exchange.operation.as_str());
        self.exchanges().into_iter().filter(is_write).collect()
    }

    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.shared.plan.lock().unwrap()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Exchange {
    /// The request as JSON.
    pub fn asked(&self) -> Value {
        serde_json::from_slice(&self.request).unwrap_or_default()
    }

    /// Every `ConsumedCapacity` in the answer.
    pub fn capacities(&self) -> Vec<Value> {
        let answer: Value = serde_json::from_slice(&self.answer).unwrap_or_default();
        match &answer["ConsumedCapacity"] {
            Value::Array(all) => all.clone(),
            Value::Null => Vec::new(),
            one => vec![one.clone()],
        }
    }

    /// The capacity units that the engine reports.
    pub fn units(&self) -> f64 {
        let units = |capacity: &Value| capacity["CapacityUnits"].as_f64().unwrap_or_default();
        self.capacities().iter().map(units).sum()
    }
}

impl Plan {
    fn fault(&mut self, operation: &str, body: &[u8]) -> Option<Fault> {
        let meant = |of: &String| of == operation || of == ANY;
        if let Some(at) = self.next.iter().position(|(of, _)| meant(of)) {
            return self.next.remove(at).map(|(_, fault)| fault);
        }
        if let Some((_, fault)) = self.always.iter().find(|(of, _)| meant(of)) {
            return Some(*fault);
        }
        let (random, chances) = self.mix.as_mut()?;
        let mut drawn = random.f64();
        let drawn = chances.iter().find(|(_, chance)| {
            drawn -= chance;
            drawn < 0.0
        });
        let fault = drawn.map(|(fault, _)| *fault)?;
        if operation != "TransactWriteItems" {
            let mut hasher = DefaultHasher::new();
            (operation, body).hash(&mut hasher);
            let failed = self.failed.entry(hasher.finish()).or_default();
            if *failed >= MOST_FAILURES {
                return None;
            }
            *failed += 1;
        }
        Some(fault)
    }
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Broken> {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let target = target.unwrap_or_default().to_owned();
    let operation = target.split('.').next_back().unwrap_or_default().to_owned();
    let body = request.into_body().collect().await.map_err(|_| Broken)?.to_bytes();
    if !target.starts_with("DynamoDB_") {
        return shared.forward(&target, body).await.map(respond);
    }
    let body = shared.rewritten(body);
    let fault = shared.plan.lock().unwrap().fault(&operation, &body);
    let mut exchange = Exchange { operation, request: body.clone(), answer: Bytes::new(), fault };
    let patience = patience(&exchange.operation);
    let answered = match fault {
        None => shared.forward(&target, body).await.map(Some),
        Some(Fault::LostAnswer | Fault::DoneButError | Fault::LateAnswer) => {
            // Done even if the caller hangs up meanwhile.
            let doing = Arc::clone(&shared);
            let done = tokio::spawn(async move { doing.forward(&target, body).await }).await;
            done.map_err(|_| Broken)?.map(Some)
        }
        Some(Fault::ArrivesLate) => {
            let late = Arc::clone(&shared);
            tokio::spawn(async move {
                tokio::time::sleep(patience).await;
                late.forward(&target, body).await
            });
            Ok(None)
        }
        Some(_) => Ok(None),
    };
    if let Ok(Some((_, answer))) = &answered {
        exchange.answer.clone_from(answer);
    }
    let actions = transacted(&exchange);
    shared.exchanges.lock().unwrap().push(exchange);
    match fault {
        None => answered?.map(respond).ok_or(Broken),
        Some(Fault::LateAnswer) => {
            tokio::time::sleep(patience).await;
            answered?.map(respond).ok_or(Broken)
        }
        Some(Fault::ArrivesLate | Fault::NeverArrives) => {
            tokio::time::sleep(patience).await;
            Ok(respond(error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &Value::Null)))
        }
        Some(Fault::LostAnswer | Fault::Unreachable) => Err(Broken),
        Some(Fault::DoneButError | Fault::InternalError) => {
            Ok(respond(error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &Value::Null)))
        }
        Some(Fault::Throttled) => Ok(respond(throttled())),
        Some(Fault::Conflict) => Ok(respond(match actions {
            Some(actions) => conflict(actions),
            None => throttled(),
        })),
    }
}

/// Makes another request of one.
type Rewrite = fn(&mut Value);

impl Shared {
    fn rewritten(&self, body: Bytes) -> Bytes {
        let asked = |switch: &AtomicBool| switch.load(Ordering::SeqCst);
        let rewrites: [(&AtomicBool, Rewrite); 3] = [
            (&self.without_conditions, unconditional),
            (&self.without_tokens, without_token),
            (&self.asks_what_is_consumed, with_capacity),
        ];
        if !rewrites.iter().any(|(switch, _)| asked(switch)) {
            return body;
        }
        let Ok(mut request) = serde_json::from_slice(&body) else {
            return body;
        };
        for (_, rewrite) in rewrites.iter().filter(|(switch, _)| asked(switch)) {
            rewrite(&mut request);
        }
        request.to_string().into()
    }

    async fn forward(&self, target: &str, body: Bytes) -> Result<(StatusCode, Bytes), Broken> {
        let request = self
            .client
            .post(&self.upstream)
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.0")
            // The engine wants to see that somebody signed; who, it does not check.
            .header("authorization", "AWS4-HMAC-SHA256 Credential=local/20261201/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
            .header("x-amz-date", "20261201T000000Z");
        let answer = request.body(body).send().await.map_err(|_| Broken)?;
        let status = answer.status();
        Ok((status, answer.bytes().await.map_err(|_| Broken)?))
    }
}

/// Longer than the house waits for one attempt: 2 s for a transaction, 3 s for everything else.
fn patience(operation: &str) -> Duration {
    Duration::from_millis(if operation == "TransactWriteItems" { 2_300 } else { 3_300 })
}

fn respond((status, body): (StatusCode, Bytes)) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let json = hyper::header::HeaderValue::from_static("application/x-amz-json-1.0");
    response.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
    response
}

fn error(status: StatusCode, code: &str, more: &Value) -> (StatusCode, Bytes) {
    let mut body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": code });
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    (status, body.to_string().into())
}

fn throttled() -> (StatusCode, Bytes) {
    error(StatusCode::BAD_REQUEST, "ThrottlingException", &Value::Null)
}

/// How many actions a transaction has.
fn transacted(exchange: &Exchange) -> Option<usize> {
    exchange.asked()["TransactItems"].as_array().map(Vec::len)
}

/// As DynamoDB says it: a reason an action, in their order.
fn conflict(actions: usize) -> (StatusCode, Bytes) {
    let conflicting = actions.saturating_sub(1);
    let reason = |n: usize| {
        if n == conflicting {
            json!({ "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" })
        } else {
            json!({ "Code": "None" })
        }
    };
    let reasons: Vec<Value> = (0..actions).map(reason).collect();
    error(StatusCode::BAD_REQUEST, "TransactionCanceledException", &json!({ "CancellationReasons": reasons }))
}

/// The request, asking what it consumes.
fn with_capacity(request: &mut Value) {
    request["ReturnConsumedCapacity"] = json!("TOTAL");
}

/// The transaction, by which nobody knows that it is a repeated one.
fn without_token(request: &mut Value) {
    if let Some(request) = request.as_object_mut() {
        request.remove("ClientRequestToken");
    }
}

/// The write with a condition that always holds. The original stays in it: every value and name must be used.
fn unconditional(request: &mut Value) {
    let loosen = |action: &mut Value| {
        if let Some(Value::String(condition)) = action.get_mut("ConditionExpression") {
            *condition = format!("({condition}) OR attribute_not_exists(PK) OR attribute_exists(PK)");
        }
    };
    loosen(request);
    for action in request.get_mut("TransactItems").and_then(Value::as_array_mut).into_iter().flatten() {
        action.as_object_mut().into_iter().flat_map(serde_json::Map::values_mut).for_each(loosen);
    }
}
