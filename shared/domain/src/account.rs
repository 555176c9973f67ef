//! Who has an account, and what they may be: a diner always; at a restaurant and on the platform perhaps more.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AccountId, EmailAddress, GuestName, Language, Phone};

/// A person with an account. Its address is verified: until then there is only a pending sign-up. Debug output shows
/// its id and nothing personal.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Where mails go; unique without regard to case.
    pub email: EmailAddress,
    /// As a host will call it out.
    pub name: GuestName,
    /// For restaurants to call.
    pub phone: Option<Phone>,
    /// The language of mails and pages.
    pub language: Language,
    /// Which mails, beside those about a reservation's own facts.
    pub mail: MailPreferences,
    /// What it is on the platform, beside a diner.
    pub platform: Option<PlatformRole>,
    /// Rises when all its sessions end at once; a session of an older generation is over.
    pub generation: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Rises with every write, from 1.
    pub revision: u64,
}

/// Which mails a diner wants. What concerns a reservation itself (confirmed, changed, cancelled) always comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct MailPreferences {
    /// The reminders a day and three hours before.
    pub reminders: bool,
}

/// What somebody is at one restaurant. Each may do all that the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StaffRole {
    /// Runs the day sheet.
    Host,
    /// Also floor, schedule, menu and policy.
    Manager,
    /// Also staff, and the restaurant itself.
    Owner,
}

/// What somebody is for the whole house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PlatformRole {
    /// Helps diners with their reservations, at any restaurant.
    Concierge,
    /// Approves restaurants and reads their audit logs.
    Admin,
}

/// What is kept of a password: a PHC string, made and checked in `identity` alone. Debug output shows none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(pub String);

/// What is kept of a token that was handed out: its SHA-256, made in `identity` alone. Debug output shows none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenHash(pub String);

/// Not the name of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such role")]
pub struct UnknownRole;

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({})", self.id)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

impl Default for MailPreferences {
    fn default() -> Self {
        Self { reminders: true }
    }
}

impl StaffRole {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Host, Self::Manager, Self::Owner];

    /// As it is on the wire and in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Manager => "manager",
            Self::Owner => "owner",
        }
    }
}

impl PlatformRole {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Concierge, Self::Admin];

    /// As it is on the wire and in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Concierge => "concierge",
            Self::Admin => "admin",
        }
    }
}

impl FromStr for StaffRole {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

impl FromStr for PlatformRole {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}
