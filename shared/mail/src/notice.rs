//! Notices: a fact about a reservation, and who is told of it. The waitlist will be a further kind; each needs a key that
//! no other has, a heading and a lead in `wording.rs`, and nothing else here.

use std::{fmt, sync::Arc};

use jari_domain::{Actor, Language, Place, Profile, Reservation, Restaurant};
use serde::{Deserialize, Serialize};

/// A fact about a reservation that someone is to be told by mail.
#[derive(Clone)]
pub struct Notice {
    /// What happened, and who is told.
    pub kind: NoticeKind,
    /// The reservation as it is after that.
    pub reservation: Reservation,
    /// Where it is.
    pub restaurant: Arc<Restaurant>,
    /// The address of the reservation's private page, token inside. Only mails to the diner show it.
    pub link: Option<String>,
    /// Where the house's pages are, such as `https://jari.example`. Its host is part of the invitation's UID: once
    /// it changes, calendars take later invitations for new events.
    pub site_url: String,
}

/// What happened, and who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum NoticeKind {
    /// To the diner: the restaurant will answer.
    Requested,
    /// To the diner: the table is theirs.
    Confirmed,
    /// To the diner: another time, party or table.
    Changed {
        /// What it was.
        before: Place,
    },
    /// To the diner: called off.
    Cancelled {
        /// By whom.
        by: Actor,
        /// The reason given, if any.
        why: Option<String>,
    },
    /// To the diner: the restaurant said no, or nothing in time.
    Declined {
        /// The reason given, if any.
        why: Option<String>,
    },
    /// To the diner: a day before the visit.
    ReminderDayBefore,
    /// To the diner: three hours before the visit.
    ReminderHoursBefore,
    /// To the restaurant: a new reservation.
    RestaurantNew,
    /// To the restaurant: another time, party or table.
    RestaurantChanged {
        /// What it was.
        before: Place,
    },
    /// To the restaurant: called off.
    RestaurantCancelled {
        /// By whom.
        by: Actor,
        /// The reason given, if any.
        why: Option<String>,
    },
    /// To the restaurant: a request waits for its answer.
    RestaurantRequestWaiting,
}

/// Who reads a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The guest of the reservation.
    Diner,
    /// The restaurant, at the address in its profile.
    Restaurant,
}

impl NoticeKind {
    /// A short, stable name: part of the key that guards against a second mail, and a tag on the mail in SES. It
    /// never changes once in use.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Changed { .. } => "changed",
            Self::Cancelled { .. } => "cancelled",
            Self::Declined { .. } => "declined",
            Self::ReminderDayBefore => "reminder-24h",
            Self::ReminderHoursBefore => "reminder-3h",
            Self::RestaurantNew => "restaurant-new",
            Self::RestaurantChanged { .. } => "restaurant-changed",
            Self::RestaurantCancelled { .. } => "restaurant-cancelled",
            Self::RestaurantRequestWaiting => "restaurant-request-waiting",
        }
    }

    /// Who is told.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self {
            Self::Requested
            | Self::Confirmed
            | Self::Changed { .. }
            | Self::Cancelled { .. }
            | Self::Declined { .. }
            | Self::ReminderDayBefore
            | Self::ReminderHoursBefore => Audience::Diner,
            Self::RestaurantNew
            | Self::RestaurantChanged { .. }
            | Self::RestaurantCancelled { .. }
            | Self::RestaurantRequestWaiting => Audience::Restaurant,
        }
    }

    pub(crate) fn before(&self) -> Option<&Place> {
        match self {
            Self::Changed { before } | Self::RestaurantChanged { before } => Some(before),
            _ => None,
        }
    }

    pub(crate) fn why(&self) -> Option<&str> {
        match self {
            Self::Cancelled { why, .. } | Self::RestaurantCancelled { why, .. } | Self::Declined { why } => {
                why.as_deref().map(str::trim).filter(|why| !why.is_empty())
            }
            _ => None,
        }
    }

    /// Whether it reminds of what is known.
    #[must_use]
    pub fn is_reminder(&self) -> bool {
        matches!(self, Self::ReminderDayBefore | Self::ReminderHoursBefore)
    }

    /// Whether it leaves nothing to come to.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self, Self::Cancelled { .. } | Self::Declined { .. } | Self::RestaurantCancelled { .. })
    }
}

impl Notice {
    /// The language of the mail: the guest's, or the [restaurant's](restaurant_language).
    #[must_use]
    pub fn language(&self) -> Language {
        match (self.kind.audience(), &self.reservation.guest) {
            (Audience::Diner, Some(guest)) => guest.language,
            _ => restaurant_language(&self.restaurant.profile),
        }
    }
}

/// The language of mails to a restaurant: Korean where it is in Korea and has a Korean name, else English.
#[must_use]
pub fn restaurant_language(profile: &Profile) -> Language {
    let is_korean = profile.time_zone.name() == "Asia/Seoul" && !profile.name.ko.is_empty();
    if is_korean { Language::Ko } else { Language::En }
}

impl fmt::Debug for Notice {
    /// Kind and reservation: the link's token and the reasons given stay out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notice({}, {})", self.kind.key(), self.reservation.id)
    }
}
