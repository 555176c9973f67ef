//! The house's mails: what they say, in Korean and English, the calendar invitation that comes with them, and
//! sending them by SES.
//!
//! [`compose`] turns a [`Notice`] (a fact about a reservation, and who is told) into a [`Message`], [`compose_letter`] a
//! [`Letter`] (the house's own mail to who has or wants an account); [`Mailer`] sends it. Composing is pure: the same
//! notice at the same time gives the same message, so that every mail is held by a snapshot. To change what a mail says,
//! open `wording.rs` or `wording/letters.rs`; how it looks, `templates/`.

mod calendar;
mod compose;
mod invitation;
mod json_ld;
mod letter;
mod message;
mod notice;
mod send;
mod wording;

pub use calendar::{calendar_file, google_calendar};
pub use compose::{ComposeError, compose, compose_letter};
pub use invitation::{Invitation, Method, invite};
pub use letter::{Letter, LetterKind};
pub use message::{Attachment, Header, Message, Sender};
pub use notice::{Audience, Notice, NoticeKind, restaurant_language};
pub use send::{KIND_TAG, Mailer, MessageId, SendError};
