//! What the mails say, what goes with them, and how they are sent.

mod composed;
mod house;
mod invitations;
mod sending;
