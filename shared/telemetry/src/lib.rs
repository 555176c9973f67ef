//! What is written down about a running process: log lines, and metrics in CloudWatch's embedded
//! format. Personal data goes into neither; a person is at most an id.

mod logs;
mod metrics;

pub use logs::{init, request_span};
pub use metrics::{Metric, NAMESPACE, capture_metrics, count, record};
