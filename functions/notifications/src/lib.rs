//! What the table's stream sets in motion: mails about what was committed, and nothing else.

mod facts;
mod parking;
pub mod send_mail;
