//! What the clock sets in motion.

pub mod expire_holds;
