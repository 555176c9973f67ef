//! Log lines: JSON on standard output on Lambda, where CloudWatch reads them; for people on standard
//! error anywhere else, where standard output may belong to a program's answer.

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What is logged unless `RUST_LOG` says otherwise: ours, and only trouble from the SDK's inside.
const DEFAULT_FILTER: &str =
    "info,aws_config=warn,aws_smithy_runtime=warn,hyper=warn,hyper_util=warn,lambda_runtime=warn";

/// Starts logging for this process; a second call changes nothing.
///
/// `RUST_LOG` chooses what is logged by target and level, such as `info,jari_store=debug` (default: everything from
/// `info`). Choosing by span or field would need regular expressions in every function's binary.
pub fn init() {
    let asked = std::env::var("RUST_LOG").ok().filter(|asked| !asked.is_empty());
    let filter = asked.and_then(|asked| asked.parse().ok()).unwrap_or_else(default_filter);
    let registry = tracing_subscriber::registry().with(filter);
    let started = if std::env::var_os("AWS_LAMBDA_FUNCTION_NAME").is_some() {
        std::panic::set_hook(Box::new(log_panic));
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

fn default_filter() -> Targets {
    DEFAULT_FILTER.parse().unwrap_or_else(|_| Targets::new().with_default(Level::INFO))
}

/// Says where a panic was, inside the span of its request, and as much of why as can't be somebody's
/// data.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    let why = panic.payload_as_str().map(without_data).unwrap_or_default();
    tracing::error!(location, why, "panicked");
}

/// A panic's message up to where it may quote a value: `index out of bounds`, not what was indexed.
fn without_data(message: &str) -> &str {
    let end = message.find([':', ';', '`', '"', '\'', '(', '\n']).unwrap_or(message.len());
    message[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unless_asked_for_more_ours_is_logged_and_of_the_sdk_only_trouble() {
        let filter = default_filter();
        assert!(filter.would_enable("jari_store", &Level::INFO));
        assert!(!filter.would_enable("jari_store", &Level::DEBUG));
        assert!(!filter.would_enable("hyper_util::client", &Level::INFO));
        assert!(filter.would_enable("hyper_util::client", &Level::WARN));
    }

    #[test]
    fn a_panics_message_loses_what_it_may_quote() {
        for (message, logged) in [
            ("index out of bounds: the len is 3 but the index is 7", "index out of bounds"),
            ("called `Result::unwrap()` on an `Err` value: minji@example.kr", "called"),
            ("byte index 1 is not a char boundary; it is inside '김'", "byte index 1 is not a char boundary"),
            ("a plain mistake", "a plain mistake"),
        ] {
            assert_eq!(without_data(message), logged);
        }
    }
}
