//! Why something was not done, in words for who runs the evening; and the reservation as it is, where that is why.

use axum::http::StatusCode;
use jari_domain::{BadTiming, Reservation, Restaurant, Unavailable};
use jari_operations::Refusal;

use crate::{
    texts::Texts,
    tonight::card::{clock, named, status_text},
    trouble::Trouble,
};

/// What was not done, and why.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) notice: String,
    /// As it is now, where it was seen otherwise.
    pub(crate) current: Option<Reservation>,
}

impl Refused {
    /// What to tell of `refusal`.
    ///
    /// # Errors
    /// [`Trouble`] where there is no page to tell it on.
    pub(crate) fn of(refusal: Refusal, restaurant: &Restaurant, t: Texts) -> Result<Self, Trouble> {
        let (lost, wrong) = (StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY);
        let told = |status, notice: String| Self { status, notice, current: None };
        Ok(match refusal {
            Refusal::Stale(current) => {
                let current = Some(current.reservation);
                Self { status: lost, notice: t.say("tonight-stale").into_owned(), current }
            }
            Refusal::WrongStatus(status, current) => {
                let notice = t.with("tonight-wrong-status").set("status", status_text(status, t)).to_string();
                Self { status: lost, notice, current: Some(current.reservation) }
            }
            Refusal::TableTaken { taken, alternatives } => {
                let free: Vec<String> =
                    alternatives.iter().map(|tables| named(restaurant, tables, t)).collect();
                let what = if taken.is_empty() {
                    t.say("tonight-full").into_owned()
                } else {
                    t.with("tonight-taken").set("tables", named(restaurant, &taken, t)).to_string()
                };
                let free = if free.is_empty() {
                    t.say("tonight-none-free").into_owned()
                } else {
                    t.with("tonight-free").set("tables", free.join(", ")).to_string()
                };
                told(lost, format!("{what} {free}"))
            }
            Refusal::DinerBusy => told(lost, t.say("tonight-diner-busy").into_owned()),
            Refusal::KeyReused => told(lost, t.say("tonight-sent-already").into_owned()),
            Refusal::NotBookable(why) => {
                let text = match why {
                    Unavailable::Closed => t.say("tonight-closed-to-bookings"),
                    Unavailable::PartyTooLarge => t.say("tonight-party-too-large"),
                    _ => t.say("tonight-no-table-for-it"),
                };
                told(wrong, text.into_owned())
            }
            Refusal::NoTables => told(wrong, t.say("tonight-no-such-tables").into_owned()),
            Refusal::NoArea => told(wrong, t.say("tonight-no-such-area").into_owned()),
            Refusal::BadStay => told(wrong, t.say("tonight-bad-stay").into_owned()),
            Refusal::NothingToSwap => told(wrong, t.say("tonight-nothing-to-swap").into_owned()),
            Refusal::GuestsOwn => told(wrong, t.say("tonight-guests-own").into_owned()),
            Refusal::BadTiming(timing, zone) => {
                let notice = match timing {
                    BadTiming::NotBefore(from) => {
                        t.with("tonight-not-before").set("time", clock(from, &zone)).to_string()
                    }
                    BadTiming::OnlyUntil(until) => {
                        t.with("tonight-only-until").set("time", clock(until, &zone)).to_string()
                    }
                    BadTiming::AnotherDay => t.say("tonight-another-day").into_owned(),
                };
                told(wrong, notice)
            }
            refusal => return Err(Trouble::of_refusal(&refusal)),
        })
    }
}
