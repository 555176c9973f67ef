//! Metrics in CloudWatch's embedded metric format: one line of JSON on standard output a call, from
//! which CloudWatch makes the metric; no network call, nothing to flush.

use std::io::Write;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// The namespace every metric of ours is in.
const NAMESPACE: &str = "Jari";

/// What a metric's value counts. The names are CloudWatch's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// Thousandths of a second.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
}

impl Unit {
    const fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
            Self::Seconds => "Seconds",
            Self::Bytes => "Bytes",
        }
    }
}

type Target = dyn Fn(&str) + Send + Sync;

/// Where metrics go. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    target: Option<Arc<Target>>,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Metrics").field("off", &self.target.is_none()).finish()
    }
}

impl Metrics {
    /// On Lambda to standard output, anywhere else nowhere.
    #[must_use]
    pub fn from_environment() -> Self {
        if std::env::var_os("AWS_LAMBDA_FUNCTION_NAME").is_some() { Self::to_stdout() } else { Self::off() }
    }

    /// One line a metric on standard output.
    #[must_use]
    pub fn to_stdout() -> Self {
        Self::to(|line| {
            // A metric that can't be written is no reason to fail what it measures.
            drop(writeln!(std::io::stdout().lock(), "{line}"));
        })
    }

    /// Nowhere.
    #[must_use]
    pub const fn off() -> Self {
        Self { target: None }
    }

    /// Every line to `target`.
    pub fn to(target: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { target: Some(Arc::new(target)) }
    }

    /// Records one value. A dimension's value must come from a small set (a function, a stage, an
    /// outcome), never from a person: each combination is a metric of its own.
    pub fn put(&self, name: &str, unit: Unit, value: f64, dimensions: &[(&str, &str)]) {
        let Some(target) = &self.target else { return };
        let milliseconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or_default());
        target(&line(milliseconds, name, unit, value, dimensions));
    }

    /// Records that something happened once.
    pub fn count(&self, name: &str, dimensions: &[(&str, &str)]) {
        self.put(name, Unit::Count, 1.0, dimensions);
    }
}

fn line(milliseconds: u64, name: &str, unit: Unit, value: f64, dimensions: &[(&str, &str)]) -> String {
    let mut blob: Map<String, Value> =
        dimensions.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect();
    blob.insert(name.to_owned(), json!(value));
    let keys: Vec<&str> = dimensions.iter().map(|(key, _)| *key).collect();
    blob.insert(
        "_aws".to_owned(),
        json!({
            "Timestamp": milliseconds,
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [keys],
                "Metrics": [{ "Name": name, "Unit": unit.name() }],
            }],
        }),
    );
    Value::Object(blob).to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_line_is_what_cloudwatch_reads() {
        let line = line(1_764_500_000_000, "BookingLost", Unit::Count, 1.0, &[("stage", "dev")]);
        assert_eq!(
            serde_json::from_str::<Value>(&line).unwrap(),
            json!({
                "stage": "dev",
                "BookingLost": 1.0,
                "_aws": {
                    "Timestamp": 1_764_500_000_000_u64,
                    "CloudWatchMetrics": [{
                        "Namespace": "Jari",
                        "Dimensions": [["stage"]],
                        "Metrics": [{ "Name": "BookingLost", "Unit": "Count" }],
                    }],
                },
            })
        );
    }

    #[test]
    fn every_call_is_one_line_at_the_target() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lines);
        let metrics = Metrics::to(move |line| seen.lock().unwrap().push(line.to_owned()));
        metrics.count("MailSent", &[]);
        metrics.put("MailDelay", Unit::Milliseconds, 12.5, &[]);
        let lines = lines.lock().unwrap();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| !line.contains('\n')));
    }

    #[test]
    fn switched_off_nothing_is_written_and_nothing_fails() {
        Metrics::off().count("MailSent", &[]);
    }
}
