//! Metrics in CloudWatch's embedded metric format: one line of JSON on standard output a value, from which CloudWatch
//! makes the metric; no network call, nothing to flush.
//!
//! A line's only dimension is the stage, since each combination of dimensions is a metric that is paid for by the month.
//! Function and release stand beside it, to be searched for. Nothing of a person is in it, and nothing of a restaurant.

use std::io::Write;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// The namespace every metric of ours is in.
pub const NAMESPACE: &str = "Jari";

/// What is counted or measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// A reservation was made, by whichever way; one that was held first counts when it is confirmed.
    Booked,
    /// A table was held while a form is filled in.
    Held,
    /// A write found a table or the pace taken since it was read: a race was lost, and the next table is tried.
    RaceLost,
    /// Somebody was told that the time is no longer free.
    SoldOut,
    /// A hold ended without being confirmed.
    HoldExpired,
    /// A request ended without the restaurant's answer.
    RequestLapsed,
    /// Something that was due could not be done; the next run tries again.
    DueWorkFailed,
    /// SES took a mail.
    MailSent,
    /// A mail, or a record of which none could be made, went into the on-failure queue.
    MailParked,
    /// An address does not take mail any more, as SES tells.
    MailBounced,
    /// A reader called a mail spam, as SES tells.
    MailComplained,
    /// Milliseconds from a process's first line until it asks for its first request.
    ColdStart,
}

impl Metric {
    /// All there are.
    pub const ALL: [Self; 12] = [
        Self::Booked,
        Self::Held,
        Self::RaceLost,
        Self::SoldOut,
        Self::HoldExpired,
        Self::RequestLapsed,
        Self::DueWorkFailed,
        Self::MailSent,
        Self::MailParked,
        Self::MailBounced,
        Self::MailComplained,
        Self::ColdStart,
    ];

    /// Its name in CloudWatch.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booked => "Booked",
            Self::Held => "Held",
            Self::RaceLost => "RaceLost",
            Self::SoldOut => "SoldOut",
            Self::HoldExpired => "HoldExpired",
            Self::RequestLapsed => "RequestLapsed",
            Self::DueWorkFailed => "DueWorkFailed",
            Self::MailSent => "MailSent",
            Self::MailParked => "MailParked",
            Self::MailBounced => "MailBounced",
            Self::MailComplained => "MailComplained",
            Self::ColdStart => "ColdStart",
        }
    }

    /// CloudWatch's name of what its values count.
    const fn unit(self) -> &'static str {
        match self {
            Self::ColdStart => "Milliseconds",
            _ => "Count",
        }
    }
}

type Target = dyn Fn(&str) + Send + Sync;

/// Where this process's lines go.
static TARGET: OnceLock<Option<Box<Target>>> = OnceLock::new();

/// Records that something happened once.
pub fn count(metric: Metric) {
    record(metric, 1);
}

/// Records one value, such as how often something happened. On Lambda it is a line on standard output, anywhere else
/// nothing. Zero is recorded, too: it is how a metric tells that somebody looks.
pub fn record(metric: Metric, value: u64) {
    if let Some(target) = TARGET.get_or_init(of_environment) {
        let milliseconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or_default());
        target(&line(milliseconds, metric, value, |name| std::env::var(name).ok()));
    }
}

/// Sends every line of this process to `target`, if nothing was recorded before. For tests.
pub fn capture_metrics(target: impl Fn(&str) + Send + Sync + 'static) {
    drop(TARGET.set(Some(Box::new(target))));
}

fn of_environment() -> Option<Box<Target>> {
    std::env::var_os("AWS_LAMBDA_FUNCTION_NAME").map(|_| -> Box<Target> {
        Box::new(|line| {
            // A metric that can't be written is no reason to fail what it measures.
            drop(writeln!(std::io::stdout().lock(), "{line}"));
        })
    })
}

fn line(
    milliseconds: u64,
    metric: Metric,
    value: u64,
    variable: impl Fn(&'static str) -> Option<String>,
) -> String {
    let mut blob = Map::new();
    blob.insert("stage".to_owned(), variable("JARI_STAGE").unwrap_or_else(|| "local".to_owned()).into());
    for (key, name) in [("function", "AWS_LAMBDA_FUNCTION_NAME"), ("release", "JARI_RELEASE")] {
        if let Some(value) = variable(name) {
            blob.insert(key.to_owned(), value.into());
        }
    }
    blob.insert(metric.name().to_owned(), value.into());
    blob.insert(
        "_aws".to_owned(),
        json!({
            "Timestamp": milliseconds,
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [["stage"]],
                "Metrics": [{ "Name": metric.name(), "Unit": metric.unit() }],
            }],
        }),
    );
    Value::Object(blob).to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn on_lambda(name: &'static str) -> Option<String> {
        let known = [
            ("JARI_STAGE", "dev"),
            ("JARI_RELEASE", "7"),
            ("AWS_LAMBDA_FUNCTION_NAME", "jari-dev-create-reservation"),
        ];
        known.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    #[test]
    fn a_line_is_what_cloudwatch_reads() {
        let line = line(1_764_500_000_000, Metric::RaceLost, 1, on_lambda);
        assert_eq!(
            serde_json::from_str::<Value>(&line).unwrap(),
            json!({
                "stage": "dev",
                "function": "jari-dev-create-reservation",
                "release": "7",
                "RaceLost": 1,
                "_aws": {
                    "Timestamp": 1_764_500_000_000_u64,
                    "CloudWatchMetrics": [{
                        "Namespace": "Jari",
                        "Dimensions": [["stage"]],
                        "Metrics": [{ "Name": "RaceLost", "Unit": "Count" }],
                    }],
                },
            })
        );
    }

    #[test]
    fn a_time_says_its_unit() {
        let line = line(0, Metric::ColdStart, 180, on_lambda);
        assert!(line.contains(r#"{"Name":"ColdStart","Unit":"Milliseconds"}"#), "{line}");
    }

    #[test]
    fn names_are_metrics_and_no_two_are_alike() {
        let mut names = Metric::ALL.map(Metric::name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Metric::ALL.len());
        for metric in Metric::ALL {
            assert_eq!(format!("{metric:?}"), metric.name());
        }
    }

    #[test]
    fn every_value_is_one_line_at_the_target() {
        static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
        capture_metrics(|line| LINES.lock().unwrap().push(line.to_owned()));
        count(Metric::MailSent);
        record(Metric::HoldExpired, 3);
        let lines = LINES.lock().unwrap();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| !line.contains('\n')));
        assert!(lines[1].contains(r#""HoldExpired":3"#));
    }
}
