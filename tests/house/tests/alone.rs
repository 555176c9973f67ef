//! What is measured under its own pressure only: races, faults, crashes, histories, costs, and how long a refusal takes. Each test
//! has the machine to itself, as `.config/nextest.toml` says (those that mostly wait share it); without nextest, by
//! `--test-threads=1`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod chaos;
mod cost;
mod crash;
mod guessing;
mod history;
mod lost_answers;
mod race;
