//! What is written down about a running process: log lines, and metrics in CloudWatch's embedded
//! format. Personal data goes into neither; a person is at most an id.

mod cause;
mod logs;
mod metrics;

pub use cause::{Cause, NoCause};
pub use logs::init;
pub use metrics::{Metric, NAMESPACE, capture_metrics, count, record};
