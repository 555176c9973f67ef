//! What stands at the head of every page about one restaurant: its name, where it stands, and the ways to its other pages.

use std::borrow::Cow;

use jari_domain::{RestaurantStatus, StaffRole};
use jari_identity::Operation;
use jari_operations::Admitted;

use super::may;
use crate::{page::Told, texts::Texts};

/// A page about a restaurant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Overview,
    Profile,
    Menu,
    Floor,
    Schedule,
    Policy,
    Closures,
    Staff,
    AuditLog,
}

/// The head of such a page.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) address: String,
    pub(crate) name: Told,
    pub(crate) status: Cow<'static, str>,
    pub(crate) tone: &'static str,
    pub(crate) ways: Vec<Way>,
}

/// A way to another page.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) address: String,
    pub(crate) label: Cow<'static, str>,
    pub(crate) is_here: bool,
}

impl Room {
    const ALL: [Self; 9] = [
        Self::Overview,
        Self::Profile,
        Self::Menu,
        Self::Floor,
        Self::Schedule,
        Self::Policy,
        Self::Closures,
        Self::Staff,
        Self::AuditLog,
    ];

    /// After the restaurant's own address.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Profile => "/profile",
            Self::Menu => "/menu",
            Self::Floor => "/floor",
            Self::Schedule => "/schedule",
            Self::Policy => "/policy",
            Self::Closures => "/closures",
            Self::Staff => "/staff",
            Self::AuditLog => "/audit-log",
        }
    }

    /// Who may do this sees the page.
    const fn sees(self) -> Operation {
        match self {
            Self::Overview | Self::Profile => Operation::GetProfile,
            Self::Menu => Operation::GetMenu,
            Self::Floor => Operation::GetFloor,
            Self::Schedule => Operation::GetSchedule,
            Self::Policy => Operation::GetPolicy,
            Self::Closures => Operation::CloseDay,
            Self::Staff => Operation::ListStaff,
            Self::AuditLog => Operation::ListAuditLog,
        }
    }

    pub(crate) fn name(self, t: Texts) -> Cow<'static, str> {
        match self {
            Self::Overview => t.say("office-overview"),
            Self::Profile => t.say("office-profile"),
            Self::Menu => t.say("office-menu"),
            Self::Floor => t.say("office-floor"),
            Self::Schedule => t.say("office-schedule"),
            Self::Policy => t.say("office-policy"),
            Self::Closures => t.say("office-closures"),
            Self::Staff => t.say("office-staff"),
            Self::AuditLog => t.say("office-audit-log"),
        }
    }
}

impl Head {
    /// The address of another page about the restaurant.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub(crate) fn new(admitted: &Admitted, here: Room, t: Texts) -> Self {
        let restaurant = &admitted.stored.restaurant;
        let address = format!("/office/{}", restaurant.id);
        let way = |room: Room| Way {
            address: format!("{address}{}", room.path()),
            label: room.name(t),
            is_here: room == here,
        };
        let mut ways: Vec<Way> =
            Room::ALL.into_iter().filter(|room| may(admitted, room.sees())).map(way).collect();
        if may(admitted, Operation::GetDaySheet) {
            let tonight =
                Way { address: format!("{address}/tonight"), label: t.say("office-tonight"), is_here: false };
            ways.insert(1.min(ways.len()), tonight);
        }
        let status = restaurant.profile.status;
        Self {
            name: Told::of(&restaurant.profile.name, t.0),
            status: registration(status, t),
            tone: status_tone(status),
            address,
            ways,
        }
    }
}

/// Where a restaurant stands in registration, in a word.
pub(crate) fn registration(status: RestaurantStatus, t: Texts) -> Cow<'static, str> {
    match status {
        RestaurantStatus::Draft => t.say("office-status-draft"),
        RestaurantStatus::Submitted => t.say("office-status-submitted"),
        RestaurantStatus::Approved => t.say("office-status-approved"),
        RestaurantStatus::Rejected => t.say("office-status-rejected"),
        RestaurantStatus::Closed => t.say("office-status-closed"),
    }
}

pub(crate) const fn status_tone(status: RestaurantStatus) -> &'static str {
    match status {
        RestaurantStatus::Draft => "calm",
        RestaurantStatus::Submitted => "waiting",
        RestaurantStatus::Approved => "good",
        RestaurantStatus::Rejected => "bad",
        RestaurantStatus::Closed => "over",
    }
}

/// What somebody is at a restaurant.
pub(crate) fn role_name(role: StaffRole, t: Texts) -> Cow<'static, str> {
    match role {
        StaffRole::Host => t.say("office-role-host"),
        StaffRole::Manager => t.say("office-role-manager"),
        StaffRole::Owner => t.say("office-role-owner"),
    }
}
