//! The whole house on one machine, in one process: an embedded `DynamoDB`, a catcher for what would go to
//! SES, SSM and SQS, the stream and the schedules pumped into the real functions, and one HTTP gateway.
//!
//! [`LocalHouse::open`] opens it, for `cargo local` and for tests; the parts can be used alone.

pub mod catcher;
pub mod clock;
mod demo;
mod document;
mod engine;
mod events;
mod gateway;
mod house;
mod journal;
mod local_routes;
mod mailbox_page;
mod options;
mod parameters;
pub mod schedules;
pub mod stream;

pub use clock::HouseClock;
pub use demo::DemoError;
pub use document::{document, document_text};
pub use engine::{Engine, EngineError};
pub use gateway::endpoints;
pub use house::{LocalError, LocalHouse, ResetError};
pub use journal::Journal;
pub use options::Options;
pub use parameters::{Parameters, ParametersError, SECRETS_PATH};
