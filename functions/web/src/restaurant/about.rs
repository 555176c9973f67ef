//! What a restaurant is: its menu, when it is open, what its policy says, and how to get there.

use jari_domain::{
    Confirmation, MapLink, Menu, MenuItem, Restaurant, ServiceTime, Shift, Spoken, maps, service_day,
};
use jari_operations::DayTimes;
use jiff::{Timestamp, ToSpan, civil::Date};

use crate::{
    page::Told,
    picture,
    places::{self, PriceBand},
    texts::Texts,
};

/// The longest description for search engines and for links that are passed on.
const LONGEST_SUMMARY: usize = 150;
/// Today and the days after it.
const WEEK: i64 = 7;

/// What a restaurant is.
pub(super) struct About {
    pub(super) name: Told,
    pub(super) kind: String,
    pub(super) price: PriceBand,
    pub(super) description: Told,
    pub(super) summary: String,
    pub(super) picture: String,
    pub(super) today: String,
    pub(super) menu: Vec<Section>,
    pub(super) week: Vec<OpeningDay>,
    pub(super) policy: Vec<String>,
    pub(super) address: Told,
    pub(super) maps: Vec<MapLink>,
    pub(super) phone: String,
    pub(super) phone_number: String,
}

/// A part of the menu.
pub(super) struct Section {
    pub(super) name: Told,
    pub(super) items: Vec<Dish>,
}

/// A dish or drink.
pub(super) struct Dish {
    pub(super) name: Told,
    pub(super) description: Option<Told>,
    pub(super) price: String,
    /// The `https` address of its picture.
    pub(super) picture: Option<String>,
}

/// When guests are seated on a day; no shifts: closed.
pub(super) struct OpeningDay {
    pub(super) day: String,
    pub(super) is_today: bool,
    pub(super) special: Option<Told>,
    pub(super) shifts: Vec<OpeningShift>,
}

/// A shift.
pub(super) struct OpeningShift {
    pub(super) name: Told,
    pub(super) hours: String,
    pub(super) last_seating: String,
}

impl About {
    /// `days`: those that were read, of which some may have been closed.
    pub(super) fn new(
        restaurant: &Restaurant,
        menu: &Menu,
        days: &[DayTimes],
        now: Timestamp,
        t: Texts,
    ) -> Self {
        let profile = &restaurant.profile;
        let today = service_day(now, restaurant.zone());
        let dates = (0..WEEK).map(|n| today.saturating_add(n.days()));
        let week: Vec<OpeningDay> =
            dates.map(|date| OpeningDay::new(restaurant, date, today, days, t)).collect();
        let description = Told::of(&profile.description, t.0);
        Self {
            name: Told::of(&profile.name, t.0),
            kind: places::kind(profile, t),
            price: PriceBand::new(profile.price_band, &profile.currency.to_string(), t),
            summary: summary(&description.text),
            description,
            picture: picture::of(restaurant.id, &profile.cuisines),
            today: week.first().map(|day| day.in_short(t)).unwrap_or_default(),
            menu: sections(menu, t),
            week,
            policy: policy(restaurant, t),
            address: Told::of(&profile.address, t.0),
            maps: maps(profile, t.0),
            phone: profile.phone.spoken(t.0),
            phone_number: profile.phone.as_str().to_owned(),
        }
    }
}

impl OpeningDay {
    fn new(restaurant: &Restaurant, date: Date, today: Date, days: &[DayTimes], t: Texts) -> Self {
        let special = restaurant.schedule.special_days.iter().find(|special| special.date == date);
        let is_closed = days.iter().any(|day| day.date == date && day.closed);
        let shifts = restaurant.schedule.shifts(date).into_iter().filter(|_| !is_closed);
        Self {
            day: Spoken { language: t.0, zone: restaurant.zone() }.date(date),
            is_today: date == today,
            special: special.map(|day| Told::of(&day.name, t.0)).filter(|name| !name.text.is_empty()),
            shifts: shifts.map(|shift| OpeningShift::new(shift, t)).collect(),
        }
    }

    /// Today in a line.
    fn in_short(&self, t: Texts) -> String {
        if self.shifts.is_empty() {
            return t.say("restaurant-closed-today").into_owned();
        }
        let hours: Vec<&str> = self.shifts.iter().map(|shift| shift.hours.as_str()).collect();
        t.with("restaurant-open-today").set("hours", hours.join(", ")).to_string()
    }
}

impl OpeningShift {
    fn new(shift: &Shift, t: Texts) -> Self {
        let last = hour(shift.last_seating, t);
        Self {
            name: Told::of(&shift.name, t.0),
            hours: format!("{}–{}", hour(shift.opens, t), hour(shift.closes, t)),
            last_seating: t.with("restaurant-last-seating").set("time", last).to_string(),
        }
    }
}

/// As on a door, by 24 hours; past midnight, on the next day.
fn hour(time: ServiceTime, t: Texts) -> String {
    const MIDNIGHT: u16 = 24 * 60;
    if time.minutes() < MIDNIGHT {
        time.to_string()
    } else {
        t.with("restaurant-next-day").set("time", time.to_string()).to_string()
    }
}

fn sections(menu: &Menu, t: Texts) -> Vec<Section> {
    let dish = |item: &MenuItem| Dish {
        name: Told::of(&item.name, t.0),
        description: Some(Told::of(&item.description, t.0)).filter(|told| !told.text.is_empty()),
        price: item.price.spoken(t.0),
        picture: item.picture.clone().filter(|address| address.starts_with("https://")),
    };
    let section = |section: &jari_domain::MenuSection| Section {
        name: Told::of(&section.name, t.0),
        items: section.items.iter().map(dish).collect(),
    };
    menu.sections.iter().map(section).filter(|section| !section.items.is_empty()).collect()
}

/// The policy as a restaurant would say it.
fn policy(restaurant: &Restaurant, t: Texts) -> Vec<String> {
    let policy = &restaurant.policy;
    let lasting = |minutes: u16| t.0.duration(minutes);
    let confirmation = match policy.confirmation {
        Confirmation::Instant => t.say("restaurant-policy-instant"),
        Confirmation::Request => t.say("restaurant-policy-request"),
    };
    let cutoff = match policy.cutoff_minutes {
        0 => t.say("restaurant-policy-no-cutoff").into_owned(),
        minutes => t.with("restaurant-policy-cutoff").set("before", lasting(minutes)).to_string(),
    };
    let change = match policy.change_until_minutes {
        0 => t.say("restaurant-policy-change-always").into_owned(),
        minutes => t.with("restaurant-policy-change").set("before", lasting(minutes)).to_string(),
    };
    let mut words = vec![
        confirmation.into_owned(),
        t.with("restaurant-policy-hold").set("minutes", lasting(policy.hold_minutes)).to_string(),
        t.with("restaurant-policy-window").set("days", policy.window_days).to_string(),
        cutoff,
        change,
        t.with("restaurant-policy-party").set("size", policy.max_online_party).to_string(),
    ];
    if policy.late_after_minutes > 0 {
        let late = lasting(policy.late_after_minutes);
        words.push(t.with("restaurant-policy-late").set("minutes", late).to_string());
    }
    words
}

/// The beginning of a description, up to the end of a word.
fn summary(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(LONGEST_SUMMARY) else { return text };
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_description_is_cut_between_words() {
        assert_eq!(summary("A small\n bistro."), "A small bistro.");
        let long = "밥집 ".repeat(100);
        let cut = summary(&long);
        assert!(cut.ends_with("밥집…") && cut.chars().count() <= LONGEST_SUMMARY + 1, "{cut}");
    }
}
