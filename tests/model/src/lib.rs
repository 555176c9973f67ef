//! The protocols of the house as small state machines, which a model checker takes through every order that messages,
//! clocks, lost answers and crashes can come in.
//!
//! [`claims`] is how tables, a diner's own time and reservations are written; [`mails`] is how a mail goes out once. Each has
//! switches that break it in one place, so that the checker can be seen to find what it is there to find. That the real
//! expressions do what these transitions say is for other tests: `shared/store` holds them against a plain model, and
//! `tests/house` runs them.

pub mod claims;
pub mod mails;
