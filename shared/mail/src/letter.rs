//! Letters: what the house itself writes to who has an account, wants one, or has become something at a restaurant. They
//! come in the house's own name. Nothing in them but what their reader needs; never a password.

use std::fmt;

use jari_domain::{EmailAddress, Language, LocalizedText, StaffRole};

/// A mail of the house's own.
#[derive(Clone)]
pub struct Letter {
    /// What it tells.
    pub kind: LetterKind,
    /// To whom.
    pub to: EmailAddress,
    /// The reader's language.
    pub language: Language,
    /// Where the house's pages are, such as `https://jari.example`.
    pub site_url: String,
}

/// What a letter tells.
#[derive(Clone, PartialEq, Eq)]
pub enum LetterKind {
    /// Somebody signed up with this address: is it theirs?
    VerifyEmail {
        /// The single-use token of the page that asks.
        token: String,
        /// How long that works.
        minutes: u16,
    },
    /// Somebody signed up with this address, which has an account.
    AlreadyRegistered,
    /// Somebody asked for a new password.
    PasswordReset {
        /// The single-use token of the page that takes it.
        token: String,
        /// How long that works.
        minutes: u16,
    },
    /// The password was reset.
    PasswordChanged,
    /// A restaurant is public from now on.
    RestaurantApproved {
        /// Its name.
        restaurant: LocalizedText,
    },
    /// A restaurant's registration was turned down.
    RestaurantRejected {
        /// Its name.
        restaurant: LocalizedText,
        /// Why: always given.
        why: String,
    },
    /// The reader is on a restaurant's staff from now on.
    StaffAdded {
        /// Its name.
        restaurant: LocalizedText,
        /// As what.
        role: StaffRole,
    },
}

impl LetterKind {
    /// A short, stable name: part of the key that guards against a second mail, and a tag on the mail in SES. It
    /// never changes once in use.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::VerifyEmail { .. } => "verify-email",
            Self::AlreadyRegistered => "already-registered",
            Self::PasswordReset { .. } => "password-reset",
            Self::PasswordChanged => "password-changed",
            Self::RestaurantApproved { .. } => "restaurant-approved",
            Self::RestaurantRejected { .. } => "restaurant-rejected",
            Self::StaffAdded { .. } => "staff-added",
        }
    }

    /// The page that its button opens, if it has one. Opening acts on nothing.
    pub(crate) fn path(&self) -> Option<String> {
        match self {
            Self::VerifyEmail { token, .. } => Some(format!("/verify/{token}")),
            Self::PasswordReset { token, .. } => Some(format!("/reset/{token}")),
            _ => None,
        }
    }

    pub(crate) fn why(&self) -> Option<&str> {
        match self {
            Self::RestaurantRejected { why, .. } => Some(why.trim()).filter(|why| !why.is_empty()),
            _ => None,
        }
    }

    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::RestaurantRejected { .. })
    }
}

impl fmt::Debug for Letter {
    /// The kind: address, token and reason stay out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({})", self.kind.key())
    }
}

impl fmt::Debug for LetterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}
