//! What the pages say of a reservation. Times are told in the restaurant's zone, as the mails tell them; here the house
//! speaks, there the restaurant.

use std::borrow::Cow;

use jari_domain::{Actor, Reservation, Restaurant, Spoken, Status, Unavailable};
use jari_operations::Refusal;
use jiff::{Timestamp, tz::TimeZone};

use crate::texts::Texts;

/// The words of one language, with times told in the restaurant's zone.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) t: Texts,
    pub(crate) zone: &'a TimeZone,
}

/// What is to be told before anything else, at the top of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// What was asked for is done.
    HasChanged,
    /// The deadline for cancelling has passed.
    TooLate,
    /// It is cancelled, by an earlier press perhaps.
    AlreadyCancelled,
    /// It is no longer as it was shown.
    Changed,
    /// Nothing that can be cancelled.
    NotPossible,
    /// No longer what "I'm coming" or a change was said to.
    LookAgain,
    /// Why it could not be changed.
    NotMoved(Why),
}

/// Why a time can't be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// Somebody was faster.
    Taken,
    /// Too many arrive then.
    Pacing,
    Closed,
    PastCutoff,
    BeyondWindow,
    PartyTooLarge,
    PartyTooSmall,
    InHouseOnly,
    /// Not one of the restaurant's times, or areas.
    NotOffered,
    /// The diner has another reservation then.
    DinerBusy,
    /// The visitor has as many holds as one may have.
    TooManyHolds,
    /// The diner is barred after no-shows.
    Barred,
    /// The hold has ended.
    Ended,
    /// The diner has let it go.
    LetGo,
    /// Too late for a diner to change it.
    TooLate,
}

impl Why {
    /// Why a time was refused; none for refusals that are not about the time.
    pub(crate) fn of(refusal: &Refusal) -> Option<Self> {
        Some(match refusal {
            Refusal::SlotTaken { why, .. } | Refusal::NotBookable(why) => match why {
                Unavailable::Full => Self::Taken,
                Unavailable::Pacing => Self::Pacing,
                Unavailable::Closed => Self::Closed,
                Unavailable::PastCutoff => Self::PastCutoff,
                Unavailable::BeyondWindow => Self::BeyondWindow,
                Unavailable::PartyTooLarge => Self::PartyTooLarge,
                Unavailable::PartyTooSmall => Self::PartyTooSmall,
                Unavailable::InHouseOnly => Self::InHouseOnly,
            },
            Refusal::NotOffered { .. } | Refusal::NoArea => Self::NotOffered,
            Refusal::DinerBusy => Self::DinerBusy,
            Refusal::TooManyHolds => Self::TooManyHolds,
            Refusal::Barred => Self::Barred,
            Refusal::TooLate { .. } => Self::TooLate,
            _ => return None,
        })
    }

    /// Whether it was lost to a state that could have been otherwise, and not against a rule.
    pub(crate) fn is_a_conflict(self) -> bool {
        matches!(
            self,
            Self::Taken | Self::Pacing | Self::DinerBusy | Self::TooManyHolds | Self::Ended | Self::LetGo
        )
    }

    /// Whether another time of the same restaurant would do.
    pub(crate) fn leaves_others(self) -> bool {
        !matches!(
            self,
            Self::PartyTooLarge
                | Self::PartyTooSmall
                | Self::InHouseOnly
                | Self::TooManyHolds
                | Self::Barred
                | Self::TooLate
        )
    }

    /// Whether the restaurant itself can help on the telephone.
    pub(crate) fn asks_to_call(self) -> bool {
        matches!(
            self,
            Self::PastCutoff
                | Self::PartyTooLarge
                | Self::PartyTooSmall
                | Self::InHouseOnly
                | Self::Barred
                | Self::TooLate
        )
    }

    /// The keys of heading and advice.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Taken => ("booking-why-taken", "booking-why-taken-advice"),
            Self::Pacing => ("booking-why-pacing", "booking-why-pacing-advice"),
            Self::Closed => ("booking-why-closed", "booking-why-closed-advice"),
            Self::PastCutoff => ("booking-why-cutoff", "booking-why-cutoff-advice"),
            Self::BeyondWindow => ("booking-why-window", "booking-why-window-advice"),
            Self::PartyTooLarge => ("booking-why-large", "booking-why-large-advice"),
            Self::PartyTooSmall => ("booking-why-small", "booking-why-small-advice"),
            Self::InHouseOnly => ("booking-why-in-house", "booking-why-in-house-advice"),
            Self::NotOffered => ("booking-why-not-offered", "booking-why-not-offered-advice"),
            Self::DinerBusy => ("booking-why-busy", "booking-why-busy-advice"),
            Self::TooManyHolds => ("booking-why-holds", "booking-why-holds-advice"),
            Self::Barred => ("booking-why-barred", "booking-why-barred-advice"),
            Self::Ended => ("booking-why-ended", "booking-why-ended-advice"),
            Self::LetGo => ("booking-why-let-go", "booking-why-let-go-advice"),
            Self::TooLate => ("booking-why-late", "booking-why-late-advice"),
        }
    }
}

impl<'a> Words<'a> {
    /// What happened, and what can be done about it.
    pub(crate) fn why(self, why: Why) -> (Cow<'static, str>, Cow<'static, str>) {
        let (heading, advice) = why.keys();
        (self.t.say(heading), self.t.say(advice))
    }

    /// The status as a heading.
    pub(crate) fn heading(self, status: Status) -> Cow<'static, str> {
        self.t.say(match status {
            Status::Held => "booking-held",
            Status::Requested => "booking-requested",
            Status::Confirmed => "booking-confirmed",
            Status::Seated => "booking-seated",
            Status::Completed => "booking-completed",
            Status::NoShow => "booking-no-show",
            Status::Cancelled => "booking-cancelled",
            Status::Declined => "booking-declined",
            Status::Expired => "booking-expired",
        })
    }

    /// What the status means for the guest, if there is anything to add.
    pub(crate) fn lead(self, status: Status, reservation: &Reservation) -> Option<String> {
        let until = reservation.until.map(|until| self.spoken().day_and_time(until));
        let key = match status {
            Status::Held => {
                return Some(self.t.with("booking-held-lead").set("until", until?).to_string());
            }
            Status::Requested => {
                return Some(self.t.with("booking-requested-lead").set("until", until?).to_string());
            }
            Status::Confirmed => return None,
            Status::Seated => "booking-seated-lead",
            Status::Completed => "booking-completed-lead",
            Status::NoShow => "booking-no-show-lead",
            Status::Cancelled => match reservation.history.last().map(|entry| entry.by) {
                Some(Actor::Staff(_)) => "booking-cancelled-by-restaurant",
                Some(Actor::House) => "booking-cancelled-by-house",
                _ => "booking-cancelled-by-guest",
            },
            Status::Declined => "booking-declined-lead",
            Status::Expired => "booking-expired-lead",
        };
        Some(self.t.say(key).into_owned())
    }

    /// Until when it can be changed or cancelled online. Where that is past it says so as a rule: whoever has only now booked
    /// missed nothing.
    pub(crate) fn deadline(
        self,
        status: Status,
        restaurant: &Restaurant,
        starts_at: Timestamp,
        now: Timestamp,
    ) -> String {
        let minutes = restaurant.policy.change_until_minutes;
        let deadline = restaurant.policy.change_until(starts_at);
        let before = self.t.0.duration(minutes);
        match status {
            Status::Held => self.t.say("booking-deadline-held").into_owned(),
            Status::Requested => self.t.say("booking-deadline-requested").into_owned(),
            _ if minutes == 0 => self.t.say("booking-deadline-beginning").into_owned(),
            _ if now > deadline => self.t.with("booking-deadline-over").set("before", before).to_string(),
            _ => {
                let until = self.spoken().day_and_time(deadline);
                self.t.with("booking-deadline").set("until", until).set("before", before).to_string()
            }
        }
    }

    /// How long the table waits for late guests.
    pub(crate) fn late_after(self, restaurant: &Restaurant) -> String {
        match restaurant.policy.late_after_minutes {
            0 => self.t.say("booking-late-call").into_owned(),
            minutes => self.t.with("booking-late-after").set("wait", self.t.0.duration(minutes)).to_string(),
        }
    }

    pub(crate) fn notice(self, notice: Notice) -> String {
        let key = match notice {
            Notice::HasChanged => "booking-notice-changed",
            Notice::TooLate => "booking-notice-too-late",
            Notice::AlreadyCancelled => "booking-notice-already-cancelled",
            Notice::Changed => "booking-notice-look-before-cancelling",
            Notice::NotPossible => "booking-notice-not-possible",
            Notice::LookAgain => "booking-notice-look-again",
            Notice::NotMoved(why) => {
                let (heading, advice) = self.why(why);
                return self
                    .t
                    .with("booking-notice-stays")
                    .set("why", heading.into_owned())
                    .set("advice", advice.into_owned())
                    .to_string();
            }
        };
        self.t.say(key).into_owned()
    }

    /// The time of a visit and its party: `오후 7:00 · 2명`.
    pub(crate) fn time_and_party(self, starts_at: Timestamp, party: jari_domain::Party) -> String {
        format!("{} · {}", self.spoken().time(starts_at), self.spoken().party(party))
    }

    /// How days, times and parties are said.
    pub(crate) fn spoken(self) -> Spoken<'a> {
        Spoken { language: self.t.0, zone: self.zone }
    }
}
