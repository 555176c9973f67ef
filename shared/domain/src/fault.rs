//! What is wrong with a whole that was put together by hand, and where: all of it at once, so that a form is mended once
//! and not once a field.

use std::fmt;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault<E> {
    /// Where, as it stands in the whole's JSON: `tables/3/maxParty`.
    pub at: String,
    /// What.
    pub what: E,
}

impl<E> Fault<E> {
    pub(crate) fn new(at: impl fmt::Display, what: E) -> Self {
        Self { at: at.to_string(), what }
    }
}
