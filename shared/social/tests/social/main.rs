//! Sign-in with providers, against one that behaves as they do, and as they should not.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod provider;
mod refused;
mod signed_in;
