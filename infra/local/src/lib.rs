//! The whole house on one machine, in one process: an embedded DynamoDB, a catcher for what would go to
//! SES, SSM and SQS, the stream and the schedules pumped into the real functions, and one HTTP gateway.

pub mod catcher;
pub mod clock;
mod engine;
mod journal;
mod parameters;
pub mod schedules;
pub mod stream;

pub use clock::HouseClock;
pub use engine::{Engine, EngineError};
pub use journal::Journal;
pub use parameters::{Parameters, ParametersError, SECRETS_PATH};
