//! Readers of a restaurant's own parts. The endpoints and the pages read the same fields with the same errors: each takes
//! [`crate::Fields`], of a body or of a form.

pub mod floor;
pub mod menu;
pub mod policy;
pub mod profile;
pub mod schedule;
mod texts;
