//! `/restaurants/{restaurantId}`: what a restaurant is, and when it has a table: the days of a month, the times of a day as
//! buttons that hold, and why the others can't be had.

mod about;
mod json_ld;
mod looked;
mod month;
#[cfg(test)]
mod tests;
mod times;

use askama::Template;
use axum::{
    Router,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
    routing::get,
};
use jari_domain::{Confirmation, Menu, Party, Restaurant, RestaurantId, Spoken, service_day};
use jari_operations::{DayTimes, times_of_days};
use jiff::{Timestamp, civil::Date};

use self::{
    about::About,
    looked::{Part, Plan},
    month::Month,
    times::Times,
};
pub(crate) use self::{looked::Looked, times::time_of_day};
use crate::{
    Desk,
    hold_key::{HOLD_KEY_INPUT, new_hold_key},
    page::{Frame, Told, answer},
    texts::Texts,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "restaurant/page.html")]
struct Page {
    frame: Frame,
    id: String,
    about: About,
    /// schema.org, as JSON that can stand in a `script` element.
    json_ld: String,
    notices: Vec<String>,
    /// Where to call when the party is too large to book here.
    call: Option<String>,
    parties: Vec<Chip>,
    areas: Vec<Chip>,
    month: Month,
    times: Times,
    /// The day and the party whose times are shown.
    heading: String,
    /// What a press on a time does, and what it does not.
    promise: String,
    /// The restaurant answers itself.
    on_request: bool,
    party: u8,
    /// The key of the area that was asked for.
    area: Option<String>,
    hold_key: String,
}

/// One of several choices, each a link.
struct Chip {
    label: Told,
    address: String,
    chosen: bool,
}

pub(crate) fn routes() -> Router<Desk> {
    Router::new().route("/restaurants/{restaurantId}", get(show))
}

async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, TroublePage> {
    let id: Option<RestaurantId> = id.ok().and_then(|Path(id)| id.parse().ok());
    let id = id.ok_or_else(|| visitor.trouble(Trouble::NoPage))?;
    // With its menu, which is not kept: one Query, as for the JSON of a restaurant.
    let read = desk.booking.store.restaurant(id).await;
    let read = read.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let read = read.filter(|(restaurant, _)| restaurant.is_public());
    let (restaurant, menu) = read.ok_or_else(|| visitor.trouble(Trouble::NoPage))?;

    let now = desk.clock.now();
    let looked = Looked::read(query.as_deref(), &restaurant, now);
    let plan = Plan::new(&looked, &restaurant, now);
    let days =
        times_of_days(&desk.booking.store, &restaurant, plan.dates.iter().copied(), looked.party, now).await;
    let days = days.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let frame = visitor.frame().listed_at(&format!("/restaurants/{id}"));
    let page = Page::new(frame, &restaurant, &menu, looked, &plan, &days, now);
    Ok(answer(StatusCode::OK, &page.frame, &page))
}

impl Page {
    fn new(
        frame: Frame,
        restaurant: &Restaurant,
        menu: &Menu,
        looked: Looked,
        plan: &Plan,
        days: &[DayTimes],
        now: Timestamp,
    ) -> Self {
        let t = frame.t;
        let spoken = Spoken { language: t.0, zone: restaurant.zone() };
        let area = looked.area.as_deref();
        let date = plan.day(days, area);
        // The day says which month it is, unless another one is looked at beside it.
        let month = looked.month.filter(|month| *month != date.first_of_month());
        let looked = Looked { date: Some(date), month, ..looked };
        let is_today = date == service_day(now, restaurant.zone());
        let key = if is_today { "restaurant-times-today" } else { "restaurant-times-of" };
        let heading = t.with(key).set("day", spoken.date(date)).set("party", spoken.party(looked.party));
        let largest = largest_party(restaurant);
        let is_too_large = looked.party.size() > largest;
        Self {
            id: restaurant.id.to_string(),
            about: About::new(restaurant, menu, days, now, t),
            json_ld: json_ld::restaurant(restaurant, &frame.site, t.0),
            notices: notices(&looked, restaurant, date, t),
            call: is_too_large.then(|| t.with("restaurant-too-large").set("size", largest).to_string()),
            parties: parties(restaurant, &looked, largest, t),
            areas: areas(restaurant, &looked, days, t),
            month: Month::new(restaurant, &looked, plan, days, t),
            times: Times::new(restaurant, &looked, date, days, t),
            heading: heading.to_string(),
            promise: promise(restaurant, t),
            on_request: restaurant.policy.confirmation == Confirmation::Request,
            party: looked.party.size(),
            area: looked.area,
            hold_key: new_hold_key(),
            frame,
        }
    }

    /// The input that carries [`Page::hold_key`].
    #[allow(clippy::unused_self, reason = "templates call what belongs to them")]
    fn key_input(&self) -> &'static str {
        HOLD_KEY_INPUT
    }
}

/// The largest party that can book online: what the policy allows, if there is a table for it.
fn largest_party(restaurant: &Restaurant) -> u8 {
    let online = restaurant.floor.seatings().filter(|seating| seating.bookable.online);
    let seats = online.map(|seating| seating.max_party.size()).max().unwrap_or(Party::MAX);
    restaurant.policy.max_online_party.min(seats)
}

fn parties(restaurant: &Restaurant, looked: &Looked, largest: u8, t: Texts) -> Vec<Chip> {
    let asked = looked.party.size();
    let sizes = (1..=largest).chain(Some(asked).filter(|size| *size > largest));
    let chip = |party: Party| {
        let looked = Looked { party, ..looked.clone() };
        let label = Spoken { language: t.0, zone: restaurant.zone() }.party(party);
        Chip {
            label: Told { text: label, lang: t.code() },
            address: format!("{}#book", looked.address(restaurant.id)),
            chosen: party.size() == asked,
        }
    };
    sizes.filter_map(|size| Party::new(size).ok()).map(chip).collect()
}

/// The parts of the house, where there is a choice for this party.
fn areas(restaurant: &Restaurant, looked: &Looked, days: &[DayTimes], t: Texts) -> Vec<Chip> {
    let free = |key: &str| {
        let mut times = days.iter().flat_map(|day| &day.times).filter_map(|time| time.areas.as_ref().ok());
        times.any(|areas| areas.iter().any(|area| area == key))
    };
    let shown: Vec<_> = restaurant.floor.areas.iter().filter(|area| free(&area.key)).collect();
    if shown.len() < 2 && looked.area.is_none() {
        return Vec::new();
    }
    let address = |area: Option<&str>| {
        let looked = Looked { area: area.map(str::to_owned), ..looked.clone() };
        format!("{}#book", looked.address(restaurant.id))
    };
    let any = Chip {
        label: Told { text: t.say("restaurant-area-any").into_owned(), lang: t.code() },
        address: address(None),
        chosen: looked.area.is_none(),
    };
    let chosen = |key: &str| looked.area.as_deref() == Some(key);
    let others = restaurant.floor.areas.iter().filter(|area| free(&area.key) || chosen(&area.key));
    let others = others.map(|area| Chip {
        label: Told::of(&area.name, t.0),
        address: address(Some(&area.key)),
        chosen: chosen(&area.key),
    });
    std::iter::once(any).chain(others).collect()
}

fn promise(restaurant: &Restaurant, t: Texts) -> String {
    let minutes = t.0.duration(restaurant.policy.hold_minutes);
    t.with("restaurant-promise").set("minutes", minutes).to_string()
}

fn notices(looked: &Looked, restaurant: &Restaurant, date: Date, t: Texts) -> Vec<String> {
    let day = Spoken { language: t.0, zone: restaurant.zone() }.date(date);
    let notice = |part: &Part| match part {
        Part::Date => t.with("restaurant-ignored-date").set("day", day.as_str()).to_string(),
        Part::Month => t.say("restaurant-ignored-month").into_owned(),
        Part::Party => t.say("restaurant-ignored-party").into_owned(),
        Part::Area => t.say("restaurant-ignored-area").into_owned(),
    };
    looked.ignored.iter().map(notice).collect()
}
