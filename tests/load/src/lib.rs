//! What the benchmark shares with what it measures the house against.

pub mod bare;
pub mod calls;
