//! The tests that need the whole house, and what they stand on: a house in the test's own process, guests who speak
//! HTTP to it, a proxy that puts faults between it and its DynamoDB, and Lambda's runtime API.
//!
//! The tests are in `tests/`, one file a promise. What is here fails by panicking: it is part of a test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "part of tests: a panic is how they fail"
)]

pub mod answer;
pub mod browser;
pub mod capacity;
pub mod claims;
pub mod fault_proxy;
pub mod history;
pub mod house;
pub mod local_process;
pub mod mail_facts;
pub mod people;
pub mod restaurants;
pub mod runtime_api;
pub mod wish;
pub mod workspace;

pub use answer::{Answer, Ticket};
pub use browser::{Browser, Form, Shown};
pub use fault_proxy::{Fault, FaultProxy};
pub use history::past_reservation;
pub use house::{DAY, House, NOW, Opening};
pub use local_process::{Door, LeftBehind, LocalProcess};
pub use people::{Ask, Introduced, Person};
pub use restaurants::{Bistro, bistro};
pub use wish::{Wish, on_day, table_for};
