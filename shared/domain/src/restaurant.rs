//! A restaurant: its profile, menu, floor, schedule and policy.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    Currency, DinerId, EmailAddress, Floor, LocalizedText, Money, Party, Phone, Policy, ReservationId,
    RestaurantId, Schedule, TurnTimes,
};

/// A restaurant with the parts that a booking needs. The menu is read on its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Restaurant {
    /// Its id.
    pub id: RestaurantId,
    /// What it is.
    pub profile: Profile,
    /// Where it seats guests.
    pub floor: Floor,
    /// When it seats guests.
    pub schedule: Schedule,
    /// What diners may do.
    pub policy: Policy,
    /// Who came too seldom to book online here; see [`BarredDiners`].
    pub barred: BarredDiners,
}

/// The diners who may not book online at a restaurant, until its staff lift it: four no-shows in twelve months.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BarredDiners(pub std::collections::BTreeMap<DinerId, Bar>);

/// Why and since when a diner is barred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// Since when.
    pub since: Timestamp,
    /// The no-show that was one too many.
    pub reservation: ReservationId,
}

/// What a restaurant is, as shown to diners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Profile {
    /// Its name.
    pub name: LocalizedText,
    /// The postal address.
    pub address: LocalizedText,
    /// What to expect, in a few sentences.
    pub description: LocalizedText,
    /// Where it is.
    pub location: Location,
    /// For guests to call.
    pub phone: Phone,
    /// Where its own mails go: new, changed, cancelled.
    pub email: EmailAddress,
    /// What it cooks, as short keys: `korean`, `sushi`.
    pub cuisines: Vec<String>,
    /// The part of town, as a short key: `seongsu`.
    pub area: String,
    /// 1 (inexpensive) to 4 (very expensive).
    pub price_band: u8,
    /// The IANA time zone of all its times.
    pub time_zone: Zone,
    /// The currency of its prices.
    pub currency: Currency,
    /// Where it stands in registration. Only an approved one is public and bookable.
    pub status: RestaurantStatus,
    /// Why it was sent back, until it is submitted again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejection: Option<String>,
}

/// Degrees north and east (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// −90 to 90.
    pub lat: f64,
    /// −180 to 180.
    pub lng: f64,
}

/// Where a restaurant stands in registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RestaurantStatus {
    /// Being set up.
    Draft,
    /// Waiting for an admin.
    Submitted,
    /// Public and bookable.
    Approved,
    /// Sent back, with a reason.
    Rejected,
    /// No longer in business here.
    Closed,
}

/// A step of a restaurant's registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegistrationStep {
    /// Its owner asks for approval.
    Submit,
    /// An admin lets it in.
    Approve,
    /// An admin sends it back.
    Reject,
    /// It goes out of business here.
    Close,
}

/// What a restaurant lacks that it needs to be approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// A name, in one language at least.
    Name,
    /// An address, in one language at least.
    Address,
    /// A table.
    Table,
    /// A shift in its week.
    Shift,
    /// Prices in its own currency: the menu has others.
    MenuCurrency,
}

/// An IANA time zone by name, such as `Asia/Seoul`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

/// Not in the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone of that name")]
pub struct UnknownZone;

/// What can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Menu {
    /// In the order they are shown.
    pub sections: Vec<MenuSection>,
}

/// A part of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuSection {
    /// Its heading.
    pub name: LocalizedText,
    /// Its dishes.
    pub items: Vec<MenuItem>,
}

/// A dish or drink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuItem {
    /// What it is called.
    pub name: LocalizedText,
    /// What is in it.
    #[serde(default)]
    pub description: LocalizedText,
    /// What it costs.
    pub price: Money,
    /// A picture's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

impl BarredDiners {
    /// So many no-shows within twelve months bar a diner.
    pub const NO_SHOWS: usize = 4;
    /// At most so many are kept; the one barred longest ago makes room.
    pub const MOST: usize = 1_000;

    /// Whether this diner is barred.
    #[must_use]
    pub fn has(&self, diner: &DinerId) -> bool {
        self.0.contains_key(diner)
    }
}

impl Restaurant {
    /// The zone of all its times.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.profile.time_zone.0
    }

    /// Public and bookable.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.profile.status == RestaurantStatus::Approved
    }

    /// What it lacks to be approved; nothing: it can be.
    #[must_use]
    pub fn missing(&self, menu: &Menu) -> Vec<Missing> {
        let shifts = &self.schedule.weekly;
        let other_currency = menu.items().any(|item| item.price.currency != self.profile.currency);
        let checks = [
            (Missing::Name, self.profile.name.is_empty()),
            (Missing::Address, self.profile.address.is_empty()),
            (Missing::Table, self.floor.tables.is_empty()),
            (Missing::Shift, shifts.iter().all(|weekly| weekly.days.is_empty())),
            (Missing::MenuCurrency, other_currency),
        ];
        checks.into_iter().filter(|(_, lacks)| *lacks).map(|(what, _)| what).collect()
    }

    /// How long a party that comes at `starts_at` stays, and at which pace guests may arrive then: those of the shift in
    /// which it falls, on or off the times that are offered. Outside of shifts, the house's default turn times.
    #[must_use]
    pub fn stay(&self, starts_at: Timestamp, party: Party) -> (u16, Option<u16>) {
        let date = crate::service_day(starts_at, self.zone());
        let shifts = self.schedule.shifts(date).into_iter();
        let runs = |shift: &&crate::Shift| {
            let opens = shift.opens.on(date, self.zone());
            let closes = shift.closes.on(date, self.zone());
            opens.is_some_and(|opens| opens <= starts_at) && closes.is_some_and(|closes| starts_at < closes)
        };
        let shift = shifts.rev().find(runs);
        let minutes = shift
            .map_or_else(|| TurnTimes::default().minutes(party), |shift| shift.turn_times.minutes(party));
        (minutes, shift.and_then(|shift| shift.pace))
    }

    /// The first and the last service day that diners can book at `now`.
    #[must_use]
    pub fn booking_window(&self, now: Timestamp) -> (Date, Date) {
        let today = crate::service_day(now, self.zone());
        let days = jiff::Span::new().days(i64::from(self.policy.window_days));
        (today, today.saturating_add(days))
    }
}

impl RestaurantStatus {
    /// As it is on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Closed => "closed",
        }
    }

    /// The status after `step`; none when it is not possible.
    #[must_use]
    pub const fn after(self, step: RegistrationStep) -> Option<Self> {
        match (self, step) {
            (Self::Draft | Self::Rejected, RegistrationStep::Submit) => Some(Self::Submitted),
            (Self::Submitted, RegistrationStep::Approve) => Some(Self::Approved),
            (Self::Submitted, RegistrationStep::Reject) => Some(Self::Rejected),
            // Whoever gives up before it is approved is not kept to it, nor any account by a draft that nobody wants.
            (Self::Draft | Self::Submitted | Self::Rejected | Self::Approved, RegistrationStep::Close) => {
                Some(Self::Closed)
            }
            _ => None,
        }
    }

    /// Whether nobody has relied on it yet: what times and prices mean may still be changed.
    #[must_use]
    pub const fn is_being_set_up(self) -> bool {
        matches!(self, Self::Draft | Self::Rejected)
    }
}

impl Menu {
    /// The most sections.
    pub const MAX_SECTIONS: usize = 30;
    /// The most dishes and drinks, in all sections.
    pub const MAX_ITEMS: usize = 300;

    /// All its dishes and drinks.
    pub fn items(&self) -> impl Iterator<Item = &MenuItem> {
        self.sections.iter().flat_map(|section| &section.items)
    }
}

impl Zone {
    /// The zone's IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, UnknownZone> {
        TimeZone::get(&name).map(Self).map_err(|_| UnknownZone)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}
