//! What the clock sets in motion.

pub mod decline_stale_requests;
pub mod expire_holds;
pub mod finish_erasures;
pub mod send_reminders;
