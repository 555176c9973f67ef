//! The HTTP kit: everything an endpoint or a page needs between a request and its operation, down to
//! the readers of what several of them read: a reservation's fields, a restaurant's [`parts`].
//!
//! A handler takes typed extractors ([`Body`], [`QueryFields`], [`PathId`], [`Caller`] …), reads fields
//! through [`Fields`] so that all bad ones are named at once, and answers `Result<_, Problem>`.
//! [`finish`] wraps a router, once, after all routers of a process are merged.

pub mod bodies;
mod caller;
mod client_address;
mod codes;
mod cookie;
pub mod fields;
mod finish;
mod form;
mod language;
pub mod openapi;
pub mod paging;
pub mod parameters;
pub mod parts;
mod problem;
mod request;
pub mod respond;
mod visit;

pub use caller::Caller;
pub use client_address::ClientAddress;
pub use codes::{Code, FieldCode};
pub use cookie::cookie;
pub use fields::{FieldError, Fields};
pub use finish::{MAX_BODY_BYTES, finish};
pub use form::Form;
pub use language::{Preferred, preferred_language};
pub use paging::{Cursors, Items};
pub use problem::{BadField, Problem, Text};
pub use request::{Body, IdempotencyKey, IfMatch, IfNoneMatch, MaybeBody, PathId, QueryFields};
pub use visit::Visit;
