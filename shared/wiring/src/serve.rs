//! [`Endpoint`] and the two ways a function meets Lambda. [`serve`] is deliberately not generic: it is
//! compiled once, in this library, and each further binary only links it.

use std::future::Future;
use std::time::Instant;

use futures::future::BoxFuture;
use jari_api::finish;
use jari_telemetry::{Cause, Metric};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::openapi::OpenApi;

use crate::edge::Edge;
use crate::{House, OpenError};

/// An HTTP function: its name, its description and its routes, which come from one handler.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The function's name, which is its binary's.
    pub function: &'static str,
    /// Its part of the `OpenAPI` document.
    pub describe: fn() -> OpenApi,
    /// Its routes, with all they need. Not finished yet: whoever serves them does that once.
    pub open: fn(House) -> BoxFuture<'static, Result<axum::Router, OpenError>>,
}

/// Serves one endpoint as a Lambda function until the environment ends.
pub async fn serve(endpoint: Endpoint) -> Result<(), Error> {
    let started = Instant::now();
    let house = open_house().await?;
    // Side by side, as both wait for the network and the first caller waits for both.
    let (router, ()) = tokio::join!((endpoint.open)(house.clone()), house.warm_up());
    let router = router.inspect_err(|error| tracing::error!(%error, endpoint.function, "can't be opened"))?;
    let router = Edge::new(&house.settings().edge_keys).before(router);
    let router = finish(router, &house.settings().cors_origins);
    note_cold_start(started);
    lambda_http::run(router).await
}

/// Serves a function that answers events. `open` makes the handler once; it is called with each
/// event's payload.
pub async fn serve_events<Event, Answer, Handler, Handling>(
    open: impl AsyncFnOnce(House) -> Result<Handler, OpenError>,
) -> Result<(), Error>
where
    Event: DeserializeOwned + Send + 'static,
    Answer: Serialize + Send + Sync + 'static,
    Handler: Fn(Event) -> Handling + Send,
    Handling: Future<Output = Result<Answer, Error>> + Send,
{
    let started = Instant::now();
    let house = open_house().await?;
    let (handler, ()) = tokio::join!(open(house.clone()), house.warm_up());
    let handler = handler.inspect_err(|error| tracing::error!(%error, "can't be opened"))?;
    note_cold_start(started);
    let handle = |event: LambdaEvent<Event>| {
        let cause = Cause::of_request(&event.context.request_id).unwrap_or_default();
        cause.traced(event.context.xray_trace_id.as_deref()).during(handler(event.payload))
    };
    Box::pin(lambda_runtime::run(service_fn(handle))).await
}

/// Lambda's own word on this, the init duration, is below the level its log is kept at.
fn note_cold_start(started: Instant) {
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    jari_telemetry::record(Metric::ColdStart, milliseconds);
}

async fn open_house() -> Result<House, OpenError> {
    jari_telemetry::init();
    House::from_environment().await.inspect_err(|error| tracing::error!(%error, "can't be opened"))
}
