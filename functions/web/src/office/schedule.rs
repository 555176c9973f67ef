//! `/office/{restaurantId}/schedule`: when guests are seated; and, before it is saved, the times that come of it.

use std::borrow::Cow;

use askama::Template;
use axum::response::Response;
use jari_api::{Form, Problem, parts};
use jari_domain::{DayName, Schedule as Planned, Shift};
use jari_identity::Operation;
use jari_store::{RestaurantPart, StoredRestaurant};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    head::{Head, Room},
    part::{Part, Shown, Told},
    rows::Press,
    summary::{self, Summary, both, day_name},
};
use crate::{
    page::{Frame, answer},
    posted::Inputs,
    texts::Texts,
};

pub(crate) struct Schedule;

#[derive(Template)]
#[template(path = "office/schedule.html")]
struct Page {
    frame: Frame,
    head: Head,
    told: Told,
    inputs: Option<Inputs>,
    days: Vec<(&'static str, Cow<'static, str>)>,
    steps: Vec<(&'static str, String)>,
    preview: Option<Vec<Day>>,
}

/// The times of a day, shift by shift.
#[derive(Debug, PartialEq, Eq)]
struct Day {
    name: String,
    shifts: Vec<Times>,
}

#[derive(Debug, PartialEq, Eq)]
struct Times {
    name: String,
    times: Vec<String>,
}

/// Rows for turn times are shown beyond those that are filled in.
const SPARE_BANDS: usize = 1;

impl Part for Schedule {
    const ROOM: Room = Room::Schedule;
    const SEES: Operation = Operation::GetSchedule;
    const CHANGES: Operation = Operation::PutSchedule;
    const STRANDS: bool = true;

    fn revision(stored: &StoredRestaurant) -> u64 {
        stored.revisions.schedule
    }

    fn values(stored: &StoredRestaurant) -> Value {
        json!(stored.restaurant.schedule)
    }

    fn summary(stored: &StoredRestaurant, t: Texts) -> Summary {
        summary::schedule(&stored.restaurant, t)
    }

    fn complete(values: &mut Value, _: &StoredRestaurant) {
        if let Some(values) = values.as_object_mut() {
            values.entry("weekly").or_insert_with(|| json!([]));
        }
    }

    fn read(form: &Form, _: &StoredRestaurant, _: Timestamp) -> Result<RestaurantPart, Problem> {
        parts::schedule::read(form.fields()).map(RestaurantPart::Schedule)
    }

    fn press(values: &mut Value, button: &str, _: Timestamp) -> Option<()> {
        let press = Press::read(button)?;
        press.on(values, |rows| {
            let shift = match press.verb {
                "add-lunch" => lunch(),
                _ => dinner(),
            };
            Some(vec![match press.list {
                "weekly" => json!({ "days": every_day(), "shift": shift }),
                "specialDays" => json!({}),
                list if list.ends_with("/shifts") && rows.len() < 20 => shift,
                _ => return None,
            }])
        })
    }

    fn page(shown: Shown<'_>) -> Response {
        let Shown { status, frame, head, told, inputs, preview, .. } = shown;
        let t = frame.t;
        let preview = match preview {
            Some(RestaurantPart::Schedule(planned)) => Some(times(&planned, t)),
            _ => None,
        };
        let step =
            |minutes: &'static str| (minutes, t.with("office-every").set("minutes", minutes).to_string());
        let page = Page {
            days: DayName::ALL.into_iter().map(|day| (key(day), day_name(day, t))).collect(),
            steps: ["15", "30", "60"].into_iter().map(step).collect(),
            preview,
            frame,
            head,
            told,
            inputs,
        };
        answer(status, &page.frame, &page)
    }
}

impl Page {
    /// The rows for turn times of the shift at `at`.
    fn bands(&self, at: &str) -> std::ops::Range<usize> {
        let count = self.inputs.as_ref().map(|inputs| inputs.count(format!("{at}/turnTimes")));
        0..count.unwrap_or_default() + SPARE_BANDS
    }

    fn is_on(&self, at: &str, day: &str) -> bool {
        let days = self.inputs.as_ref().map(|inputs| inputs.list(format!("{at}/days"))).unwrap_or_default();
        days.iter().any(|other| other == day)
    }
}

const fn key(day: DayName) -> &'static str {
    match day {
        DayName::Monday => "monday",
        DayName::Tuesday => "tuesday",
        DayName::Wednesday => "wednesday",
        DayName::Thursday => "thursday",
        DayName::Friday => "friday",
        DayName::Saturday => "saturday",
        DayName::Sunday => "sunday",
    }
}

fn every_day() -> Vec<&'static str> {
    DayName::ALL.into_iter().map(key).collect()
}

fn lunch() -> Value {
    new_shift(&json!({ "ko": "점심", "en": "Lunch" }), ["11:30", "13:30", "15:00"])
}

fn dinner() -> Value {
    new_shift(&json!({ "ko": "저녁", "en": "Dinner" }), ["17:30", "20:30", "22:00"])
}

fn new_shift(name: &Value, [opens, last, closes]: [&str; 3]) -> Value {
    json!({
        "name": name, "opens": opens, "lastSeating": last, "closes": closes, "stepMinutes": "30",
        "turnTimes": jari_domain::TurnTimes::default(),
    })
}

/// The times that diners are offered in an ordinary week, then on the special days.
fn times(planned: &Planned, t: Texts) -> Vec<Day> {
    let week = DayName::ALL.into_iter().map(|day| {
        let weekly = planned.weekly.iter().filter(|weekly| weekly.days.contains(&day));
        Day { name: day_name(day, t).into_owned(), shifts: of_shifts(weekly.map(|weekly| &weekly.shift), t) }
    });
    let special = planned.special_days.iter().map(|day| {
        let name = both(&day.name);
        let name = if name.is_empty() { day.date.to_string() } else { format!("{} {name}", day.date) };
        Day { name, shifts: of_shifts(day.shifts.iter(), t) }
    });
    week.chain(special).collect()
}

fn of_shifts<'s>(shifts: impl Iterator<Item = &'s Shift>, t: Texts) -> Vec<Times> {
    let mut shifts: Vec<&Shift> = shifts.collect();
    shifts.sort_by_key(|shift| shift.opens);
    let told = |shift: &&Shift| Times {
        name: shift.name.get(t.0).to_owned(),
        times: shift.times().map(|time| time.to_string()).collect(),
    };
    shifts.iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use jari_domain::Language;

    use super::*;

    #[test]
    fn the_preview_has_the_times_that_diners_will_be_offered() {
        let typed = json!({
            "weekly": [
                { "days": ["friday"], "shift": new_shift(&json!({ "ko": "밤" }), ["23:00", "00:30", "02:00"]) },
                { "days": ["friday"], "shift": lunch() },
            ],
            "specialDays": [{ "date": "2026-12-24", "name": { "ko": "쉼" } }],
        });
        let planned = parts::schedule::read(Form::holding(&typed).fields()).unwrap();
        let days = times(&planned, Texts(Language::Ko));
        assert_eq!(days.len(), 8);
        assert!(days[0].shifts.is_empty() && days[7].shifts.is_empty());
        let friday: Vec<&str> =
            days[4].shifts.iter().flat_map(|shift| &shift.times).map(String::as_str).collect();
        assert_eq!(friday, ["11:30", "12:00", "12:30", "13:00", "13:30", "23:00", "23:30", "00:00", "00:30"]);
        assert_eq!((days[4].name.as_str(), days[7].name.as_str()), ("금", "2026-12-24 쉼"));
    }

    #[test]
    fn a_shift_that_is_added_can_be_saved_as_it_is() {
        let mut values = json!({});
        let now = "2026-12-01T01:00:00Z".parse().unwrap();
        for button in
            ["add-lunch:weekly", "add-dinner:weekly", "add:specialDays", "add-dinner:specialDays/0/shifts"]
        {
            Schedule::press(&mut values, button, now).unwrap();
        }
        values["specialDays"][0]["date"] = json!("2026-12-24");
        let form = Form::holding(&values);
        assert!(parts::schedule::read(form.fields()).is_ok());
    }
}
