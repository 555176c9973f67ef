//! What the mails say, what goes with them, and how they are sent.

#![allow(clippy::unwrap_used, reason = "a test's own scenery may fail the test")]

mod composed;
mod house;
mod invitations;
mod sending;
