//! The times of a day, shift by shift: a button for each that is free, and why the others can't be had.

use jari_api::respond::instant;
use jari_domain::{Restaurant, Spoken, Unavailable};
use jari_operations::{DayTimes, Time};
use jiff::{Timestamp, civil::Date};

use super::looked::Looked;
use crate::{page::Told, texts::Texts, why_not};

/// The times of a day.
pub(super) struct Times {
    pub(super) shifts: Vec<ShiftTimes>,
    pub(super) has_free: bool,
    /// Each reason there is, in a word and in a sentence.
    pub(super) reasons: Vec<(String, String)>,
    /// What the day is, if it is a special one.
    pub(super) special: Option<Told>,
    /// Why there is no time to show at all.
    pub(super) nothing: Option<String>,
    /// The next day of the month with room, if this one has none: in words, and where it is.
    pub(super) next: Option<(String, String)>,
}

/// The times of a shift.
pub(super) struct ShiftTimes {
    pub(super) name: Told,
    pub(super) slots: Vec<Slot>,
}

/// A time.
pub(super) struct Slot {
    pub(super) time: String,
    /// What pressing it sends: RFC 3339.
    pub(super) starts_at: String,
    /// Why it can't be had, in a word.
    pub(super) why: Option<String>,
}

/// Whether a party can have a time; in an area, if one is asked for.
pub(super) fn is_free(time: &Time, area: Option<&str>) -> bool {
    time.areas.as_ref().is_ok_and(|areas| area.is_none_or(|key| areas.iter().any(|area| area == key)))
}

/// A time of a service day as people say it: after midnight, on the next day.
pub(crate) fn time_of_day(at: Timestamp, date: Date, spoken: Spoken<'_>, t: Texts) -> String {
    let time = spoken.time(at);
    if spoken.zone.to_datetime(at).date() == date {
        time
    } else {
        t.with("restaurant-next-day").set("time", time).to_string()
    }
}

/// What keeps a time from being had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Unavailable(Unavailable),
    /// It is free in another part of the house.
    OtherArea,
}

impl Why {
    fn of(time: &Time, area: Option<&str>) -> Option<Self> {
        match &time.areas {
            Err(why) => Some(Self::Unavailable(*why)),
            Ok(_) if is_free(time, area) => None,
            Ok(_) => Some(Self::OtherArea),
        }
    }

    fn word(self, t: Texts) -> String {
        match self {
            Self::Unavailable(why) => why_not::word(why, t),
            Self::OtherArea => t.say("why-other-area").into_owned(),
        }
    }

    fn sentence(self, t: Texts) -> String {
        match self {
            Self::Unavailable(why) => why_not::sentence(why, t),
            Self::OtherArea => t.say("why-other-area-more").into_owned(),
        }
    }
}

impl Times {
    pub(super) fn new(
        restaurant: &Restaurant,
        looked: &Looked,
        date: Date,
        days: &[DayTimes],
        t: Texts,
    ) -> Self {
        let area = looked.area.as_deref();
        let day = days.iter().find(|day| day.date == date);
        let times = day.map_or(&[][..], |day| &day.times);
        let has_free = times.iter().any(|time| is_free(time, area));
        let mut reasons: Vec<Why> = Vec::new();
        for why in times.iter().filter_map(|time| Why::of(time, area)) {
            if !reasons.contains(&why) {
                reasons.push(why);
            }
        }
        let special = restaurant.schedule.special_days.iter().find(|special| special.date == date);
        let next = days.iter().filter(|day| day.date > date);
        let next = next.filter(|_| !has_free).find(|day| day.times.iter().any(|time| is_free(time, area)));
        let spoken = Spoken { language: t.0, zone: restaurant.zone() };
        let address = |date| {
            let looked = Looked { date: Some(date), month: None, ..looked.clone() };
            format!("{}#times", looked.address(restaurant.id))
        };
        let is_closed = day.is_none_or(|day| day.closed);
        if is_closed {
            // Each of its times would say the same.
            reasons.clear();
        }
        let shown = if is_closed { &[] } else { times };
        Self {
            shifts: shifts(restaurant, shown, date, area, spoken, t),
            has_free,
            reasons: reasons.into_iter().map(|why| (why.word(t), why.sentence(t))).collect(),
            special: special.map(|day| Told::of(&day.name, t.0)).filter(|name| !name.text.is_empty()),
            nothing: is_closed.then(|| t.say("why-closed-more").into_owned()),
            next: next.map(|day| (spoken.date(day.date), address(day.date))),
        }
    }
}

/// The times by the shift they are in.
fn shifts(
    restaurant: &Restaurant,
    times: &[Time],
    date: Date,
    area: Option<&str>,
    spoken: Spoken<'_>,
    t: Texts,
) -> Vec<ShiftTimes> {
    let zone = restaurant.zone();
    let slot = |time: &Time| Slot {
        time: time_of_day(time.starts_at, date, spoken, t),
        starts_at: instant(time.starts_at, zone),
        why: Why::of(time, area).map(|why| why.word(t)),
    };
    let shifts = restaurant.schedule.shifts(date).into_iter().map(|shift| {
        let opens = shift.opens.on(date, zone).unwrap_or(Timestamp::MIN);
        let last = shift.last_seating.on(date, zone).unwrap_or(Timestamp::MAX);
        let in_shift = times.iter().filter(|time| (opens..=last).contains(&time.starts_at));
        ShiftTimes { name: Told::of(&shift.name, t.0), slots: in_shift.map(slot).collect() }
    });
    shifts.filter(|shift| !shift.slots.is_empty()).collect()
}
