//! A restaurant's parts in words: for who may look and not change, for an admin who decides, and for who was slower than
//! somebody else and wants to know what there is now.

use std::borrow::Cow;

use jari_domain::{
    Bookable, Confirmation, DayName, Floor, LocalizedText, Menu, Party, Policy, Profile, Restaurant,
    Schedule, Shift, Table,
};
use jari_store::StoredRestaurant;

use crate::{places, texts::Texts};

/// A part in words.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) facts: Vec<Fact>,
    pub(crate) lists: Vec<List>,
}

/// What something is.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) label: Cow<'static, str>,
    pub(crate) value: String,
}

/// What belongs together: the dishes of a section, the tables of an area.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) heading: String,
    pub(crate) lines: Vec<String>,
}

/// All parts of a restaurant, each with its heading.
pub(crate) fn all_parts(stored: &StoredRestaurant, t: Texts) -> Vec<(Cow<'static, str>, Summary)> {
    let restaurant = &stored.restaurant;
    vec![
        (t.say("office-profile"), profile(&restaurant.profile, t)),
        (t.say("office-floor"), floor(&restaurant.floor, t)),
        (t.say("office-schedule"), schedule(restaurant, t)),
        (t.say("office-menu"), menu(&stored.menu, t)),
        (t.say("office-policy"), policy(&restaurant.policy, t)),
    ]
}

/// A text in both languages, as it stands in both.
pub(crate) fn both(text: &LocalizedText) -> String {
    match (text.ko.as_str(), text.en.as_str()) {
        (ko, "") => ko.to_owned(),
        ("", en) => en.to_owned(),
        (ko, en) => format!("{ko} / {en}"),
    }
}

pub(crate) fn profile(profile: &Profile, t: Texts) -> Summary {
    let location = profile.location;
    let facts = vec![
        fact(t.say("office-name"), both(&profile.name)),
        fact(t.say("office-address"), both(&profile.address)),
        fact(t.say("office-phone"), profile.phone.spoken(t.0)),
        fact(t.say("office-email"), profile.email.as_str().to_owned()),
        fact(t.say("office-location"), format!("{}, {}", location.lat, location.lng)),
        fact(t.say("office-area"), places::area(&profile.area, t)),
        fact(t.say("office-cuisines"), places::cuisines(&profile.cuisines, t)),
        fact(t.say("office-price-band"), price_band(profile.price_band, t).into_owned()),
        fact(t.say("office-description"), both(&profile.description)),
        fact(t.say("office-time-zone"), profile.time_zone.name().to_owned()),
        fact(t.say("office-currency"), profile.currency.to_string()),
    ];
    Summary { facts: facts.into_iter().filter(|fact| !fact.value.is_empty()).collect(), lists: Vec::new() }
}

/// What a meal costs there, in words.
pub(crate) fn price_band(band: u8, t: Texts) -> Cow<'static, str> {
    match band {
        1 => t.say("office-price-1"),
        2 => t.say("office-price-2"),
        3 => t.say("office-price-3"),
        _ => t.say("office-price-4"),
    }
}

pub(crate) fn menu(menu: &Menu, t: Texts) -> Summary {
    let sections = menu.sections.iter().map(|section| List {
        heading: both(&section.name),
        lines: section
            .items
            .iter()
            .map(|item| format!("{} · {}", both(&item.name), item.price.spoken(t.0)))
            .collect(),
    });
    Summary { facts: Vec::new(), lists: sections.collect() }
}

pub(crate) fn floor(floor: &Floor, t: Texts) -> Summary {
    let mut lists: Vec<List> = floor
        .areas
        .iter()
        .map(|area| List {
            heading: both(&area.name),
            lines: floor
                .tables
                .iter()
                .filter(|table| table.area == area.key)
                .map(|table| table_line(table, t))
                .collect(),
        })
        .collect();
    let joined: Vec<String> = floor
        .combinations
        .iter()
        .map(|combination| {
            let names: Vec<&str> = combination
                .tables
                .iter()
                .filter_map(|id| floor.table(*id))
                .map(|table| table.name.as_str())
                .collect();
            let party = parties(combination.min_party, combination.max_party, t);
            format!("{} · {party} · {}", names.join(" + "), who_books(combination.bookable, t))
        })
        .collect();
    if !joined.is_empty() {
        lists.push(List { heading: t.say("office-combinations").into_owned(), lines: joined });
    }
    Summary { facts: Vec::new(), lists }
}

fn table_line(table: &Table, t: Texts) -> String {
    let party = parties(table.min_party, table.max_party, t);
    format!("{} · {party} · {}", table.name, who_books(table.bookable, t))
}

fn parties(least: Party, most: Party, t: Texts) -> String {
    t.with("office-parties").set("least", least.size()).set("most", most.size()).to_string()
}

fn who_books(who: Bookable, t: Texts) -> String {
    let ways = [
        (who.online, t.say("office-online")),
        (who.in_house, t.say("office-in-house")),
        (who.walk_in, t.say("office-walk-in")),
    ];
    let ways: Vec<_> = ways.into_iter().filter(|(open, _)| *open).map(|(_, name)| name).collect();
    if ways.is_empty() { t.say("office-nobody-books").into_owned() } else { ways.join(", ") }
}

pub(crate) fn schedule(restaurant: &Restaurant, t: Texts) -> Summary {
    let schedule: &Schedule = &restaurant.schedule;
    let mut lists: Vec<List> = schedule
        .weekly
        .iter()
        .map(|weekly| {
            let days: Vec<_> = weekly.days.iter().map(|day| day_name(*day, t)).collect();
            let name = both(&weekly.shift.name);
            let heading =
                if name.is_empty() { days.join(" ") } else { format!("{name} · {}", days.join(" ")) };
            List { heading, lines: shift_lines(&weekly.shift, t) }
        })
        .collect();
    lists.extend(schedule.special_days.iter().map(|day| {
        let name = both(&day.name);
        let heading = if name.is_empty() { day.date.to_string() } else { format!("{} · {name}", day.date) };
        let mut lines: Vec<String> = day.shifts.iter().map(|shift| hours(shift, t)).collect();
        if lines.is_empty() {
            lines.push(t.say("office-closed-that-day").into_owned());
        }
        List { heading, lines }
    }));
    Summary { facts: Vec::new(), lists }
}

fn shift_lines(shift: &Shift, t: Texts) -> Vec<String> {
    let stays: Vec<String> = shift
        .turn_times
        .0
        .iter()
        .map(|band| {
            let stay = t.0.duration(band.minutes);
            if band.up_to.size() == Party::MAX {
                return t.with("office-stay-of-more").set("stay", stay).to_string();
            }
            t.with("office-stay-of").set("size", band.up_to.size()).set("stay", stay).to_string()
        })
        .collect();
    let mut lines = vec![
        hours(shift, t),
        t.with("office-every").set("minutes", shift.step_minutes).to_string(),
        stays.join(", "),
    ];
    lines.extend(shift.pace.map(|pace| t.with("office-paced").set("covers", pace).to_string()));
    lines
}

fn hours(shift: &Shift, t: Texts) -> String {
    let name = both(&shift.name);
    let told = t
        .with("office-hours")
        .set("opens", shift.opens.to_string())
        .set("last", shift.last_seating.to_string())
        .set("closes", shift.closes.to_string())
        .to_string();
    if name.is_empty() { told } else { format!("{name} {told}") }
}

pub(crate) fn day_name(day: DayName, t: Texts) -> Cow<'static, str> {
    match day {
        DayName::Monday => t.say("office-monday"),
        DayName::Tuesday => t.say("office-tuesday"),
        DayName::Wednesday => t.say("office-wednesday"),
        DayName::Thursday => t.say("office-thursday"),
        DayName::Friday => t.say("office-friday"),
        DayName::Saturday => t.say("office-saturday"),
        DayName::Sunday => t.say("office-sunday"),
    }
}

pub(crate) fn policy(policy: &Policy, t: Texts) -> Summary {
    let before = |minutes: u16| match minutes {
        0 => t.say("office-until-the-time").into_owned(),
        minutes => t.with("office-before").set("time", t.0.duration(minutes)).to_string(),
    };
    let confirmation = match policy.confirmation {
        Confirmation::Instant => t.say("office-instant"),
        Confirmation::Request => t.say("office-request"),
    };
    let minutes = |minutes: u16| t.with("office-minutes").set("minutes", minutes).to_string();
    let facts = vec![
        fact(t.say("office-window"), t.with("office-days").set("days", policy.window_days).to_string()),
        fact(t.say("office-cutoff"), before(policy.cutoff_minutes)),
        fact(
            t.say("office-max-party"),
            t.with("office-people").set("people", policy.max_online_party).to_string(),
        ),
        fact(t.say("office-confirmation"), confirmation.into_owned()),
        fact(t.say("office-change-until"), before(policy.change_until_minutes)),
        fact(t.say("office-late-after"), minutes(policy.late_after_minutes)),
        fact(t.say("office-hold"), minutes(policy.hold_minutes)),
        fact(t.say("office-oversize"), t.with("office-seats").set("seats", policy.max_oversize).to_string()),
    ];
    Summary { facts, lists: Vec::new() }
}

fn fact(label: Cow<'static, str>, value: String) -> Fact {
    Fact { label, value }
}
