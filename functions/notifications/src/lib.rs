//! What the table's stream sets in motion: mails about what was committed, and nothing else.

mod facts;
mod letterbox;
mod parking;
mod record;
pub mod send_mail;
