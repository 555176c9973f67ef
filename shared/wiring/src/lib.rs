//! What a function is opened with and how it is served: the one place where settings, secrets, store
//! and HTTP meet.
//!
//! [`House`] hands out the parts; each endpoint takes the least it needs when it is opened. The same
//! endpoints run one to a process on Lambda, through [`serve`], and all in one on a single machine.

pub mod edge;
mod export;
mod house;
mod own;
mod problems;
mod serve;
mod stranded;

pub use export::Export;
pub use house::{House, OpenError};
pub use own::MeView;
pub use problems::{admission_problem, store_problem};
pub use serve::{Endpoint, serve, serve_events};
pub use stranded::{StrandedView, Stranding};
