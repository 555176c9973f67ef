//! What a process is told from outside: plain settings from environment variables, resolved at
//! deployment so that a cold start pays no call for them, and [`Secrets`], read at run time from the
//! parameter store by the few functions that need one.
//!
//! A missing variable is an error only of the accessor that asks for it: a function that sends no
//! mail needs no mail settings.

mod environment;
mod https;
mod secrets;

pub use aws_config::SdkConfig;
pub use environment::{Settings, SettingsError};
pub use secrets::{Secrets, SecretsError, names};
