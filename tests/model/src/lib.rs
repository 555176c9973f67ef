//! The house in small: what it promises, without its table and its network.
//!
//! [`claims`] is how tables, a diner's own time and reservations are written, and [`mails`] how a mail goes out once: small state
//! machines, which a model checker takes through every order that messages, clocks, lost answers and crashes can come in.
//! Each can be broken in one place, so that the checker is seen to find what it is there to find.
//!
//! [`linearizable`] judges what was told to many at once by the real house, against what [`seats`] says a table, a diner's time
//! and a reservation are; `tests/house` has the histories.

pub mod claims;
pub mod linearizable;
pub mod mails;
pub mod seats;
