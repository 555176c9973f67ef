//! What the table's stream sets in motion: mails about what was committed, and nothing else; and what SES tells of them.

mod cause;
mod facts;
mod letterbox;
mod parking;
mod record;
pub mod record_mail_feedback;
pub mod send_mail;
