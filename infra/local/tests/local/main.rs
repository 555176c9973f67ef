//! The local stack's parts, asked from outside by the real SDK clients. One binary: it links once.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests, and the helpers of tests")]

mod catcher;
mod engine;
mod house;
mod process;
mod stream;
mod table;
