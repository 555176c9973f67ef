//! Log lines: JSON on standard output on Lambda, where CloudWatch reads them; for people on standard
//! error anywhere else, where standard output may belong to a program's answer.

use std::io::IsTerminal;

use tracing::Span;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What is logged unless `RUST_LOG` says otherwise: ours, and only trouble from the SDK's inside.
const DEFAULT_FILTER: &str =
    "info,aws_config=warn,aws_smithy_runtime=warn,hyper=warn,hyper_util=warn,lambda_runtime=warn";

/// Starts logging for this process; a second call changes nothing.
///
/// `RUST_LOG` chooses what is logged (default: everything from `info`).
pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let registry = tracing_subscriber::registry().with(filter);
    let started = if std::env::var_os("AWS_LAMBDA_FUNCTION_NAME").is_some() {
        let json = tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_writer(std::io::stdout);
        registry.with(json).try_init()
    } else {
        let text = tracing_subscriber::fmt::layer()
            .compact()
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr);
        registry.with(text).try_init()
    };
    // Only ever fails because logging has started already.
    drop(started);
}

/// The span a request is handled in: every line logged inside it carries the request's id.
#[must_use]
pub fn request_span(request_id: &str) -> Span {
    tracing::info_span!("request", requestId = request_id)
}
