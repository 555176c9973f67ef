//! What needs the whole house, a file a subject. Few binaries, as each is linked with all of the house: this one, `alone` for what
//! has the machine to itself, and `metrics`, whose lines are those of a whole process.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod account_mails;
mod accounts;
mod bad_input;
mod contracts;
mod day_sheet;
mod erasure;
mod evening;
mod feedback;
mod floors;
mod from_request_to_mail;
mod invitations;
mod life;
mod logs;
mod mail_once;
mod management;
mod me;
mod operations;
mod pages_account;
mod pages_booking;
mod pages_office;
mod pages_search;
mod pages_tonight;
mod panics;
mod reminders;
mod restart;
mod rules;
mod runtime;
mod sessions;
mod social_sign_in;
mod staff;
mod tokens;
mod walk;

#[allow(dead_code, reason = "its other tests use the rest")]
#[path = "../../../shared/social/tests/social/provider.rs"]
mod provider;
