//! What the clock sets in motion.

pub mod decline_stale_requests;
pub mod expire_holds;
pub mod send_reminders;
