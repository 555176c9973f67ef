//! The house's mails: what they say, in Korean and English, the calendar invitation that comes with them, and
//! sending them by SES.
//!
//! [`compose`] turns a [`Notice`] (a fact, and who is told) into a [`Message`]; [`Mailer`] sends it. Composing is
//! pure: the same notice at the same time gives the same message, so that every mail is held by a snapshot. To
//! change what a mail says, open `wording.rs`; how it looks, `templates/`.

mod compose;
mod directions;
mod invitation;
mod json_ld;
mod message;
mod notice;
mod send;
mod wording;

pub use compose::{ComposeError, compose};
pub use invitation::{Invitation, Method, invite};
pub use message::{Attachment, Message, Sender};
pub use notice::{Audience, Notice, NoticeKind};
pub use send::{Mailer, MessageId, SendError};
