//! The first page: where there is a table for so many on such a day. Its times are real and are buttons: one click from
//! here holds a table.

mod asked;
mod card;
mod form;
#[cfg(test)]
mod tests;

use askama::Template;
use axum::{
    Router,
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use futures::{StreamExt, TryStreamExt, stream};
use jari_api::Cursors;
use jari_domain::Spoken;
use jari_operations::{ListPage, list_restaurants};
use jari_store::ListPosition;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use self::{
    asked::{Asked, Part},
    card::{Card, Offer, look},
    form::SearchForm,
};
use crate::{
    Desk,
    hold_key::{HOLD_KEY_INPUT, new_hold_key},
    page::{Frame, answer},
    texts::Texts,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

const RESTAURANTS_A_PAGE: usize = 12;
/// So many restaurants are looked at side by side.
const AT_ONCE: usize = 8;
/// Where the house is until a restaurant says where it is.
const HOME_ZONE: &str = "Asia/Seoul";

#[derive(Template)]
#[template(path = "search/home.html")]
struct Home {
    frame: Frame,
    form: SearchForm,
    /// What of the address was left out, in words.
    notices: Vec<String>,
    results: Results,
    hold_key: String,
    /// The next page's address.
    next: Option<String>,
    /// The first page's address, on any other.
    first: Option<String>,
    /// The address without what narrows the search.
    clear: Option<String>,
}

/// What was found.
struct Results {
    heading: String,
    near: Option<String>,
    cards: Vec<Card>,
    /// In place of cards: heading and advice.
    none: Option<(String, String)>,
    party: u8,
}

pub(crate) fn routes() -> Router<Desk> {
    Router::new().route("/", get(show))
}

async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let mut asked = Asked::read(query.as_deref());
    let filter = asked.filter();
    let filters = (&filter.name, &filter.cuisine, &filter.area);
    let cursors = Cursors::new(&desk.cursors, "page-of-restaurants", &filters);
    let cursors = cursors.map_err(|_| visitor.trouble(Trouble::Broken))?;
    let after: Option<ListPosition> = asked.place.take().and_then(|place| {
        let position = cursors.open(&place).ok();
        if position.is_none() {
            asked.ignored.push(Part::Place);
        }
        position
    });
    let is_first = after.is_none();
    let page = list_restaurants(&desk.booking.store, &filter, after, RESTAURANTS_A_PAGE).await;
    let page = page.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;

    let zone = zone(&page);
    let date = asked.day(now, &zone);
    let wish = card::Wish { date, time: asked.time, party: asked.party, now };
    let seen: Vec<_> = page.restaurants.iter().map(|listed| look(&desk.booking, listed.id, wish)).collect();
    let seen: Vec<_> = stream::iter(seen)
        .buffered(AT_ONCE)
        .try_collect()
        .await
        .map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;

    let frame = visitor.frame().listed_at(&asked.listed_at());
    let cards = seen.iter().flatten().map(|seen| Card::new(seen, wish, frame.t)).collect();
    let next = page.next.and_then(|position| cursors.seal(&position).ok());
    let home = Home {
        form: SearchForm::new(&asked, date, now, &zone, frame.t),
        notices: asked.notices(date, &zone, frame.t),
        results: Results::new(&asked, date, now, &zone, cards, (is_first, next.is_some()), frame.t),
        hold_key: new_hold_key(),
        next: next.map(|place| asked.address(date, Some(&place))),
        first: (!is_first).then(|| asked.address(date, None)),
        clear: asked.is_narrow().then(|| asked.without_narrowing(date)),
        frame,
    };
    Ok(answer(StatusCode::OK, &home.frame, &home))
}

/// The zone in which a day is meant that nobody named: that of the restaurants.
fn zone(page: &ListPage) -> TimeZone {
    let first = page.restaurants.first().map_or(HOME_ZONE, |listed| listed.profile.time_zone.name());
    TimeZone::get(first).unwrap_or(TimeZone::UTC)
}

impl Results {
    /// `place` in the list: whether it is the first page, and whether another follows.
    fn new(
        asked: &Asked,
        date: Date,
        now: Timestamp,
        zone: &TimeZone,
        mut cards: Vec<Card>,
        place: (bool, bool),
        t: Texts,
    ) -> Self {
        let spoken = Spoken { language: t.0, zone };
        let (day, party) = (spoken.date(date), spoken.party(asked.party));
        let is_today = date == jari_domain::service_day(now, zone);
        let key = if is_today { "search-results-today" } else { "search-results" };
        let heading = t.with(key).set("day", day).set("party", party).to_string();
        let near = asked.time.and_then(|time| time.on(date, zone)).map(|time| spoken.time(time));
        let near = near.map(|time| t.with("search-results-near").set("time", time).to_string());
        // Whoever looks for a table sees first who has one; otherwise they stay in order.
        cards.sort_by_key(|card| !matches!(card.offer, Offer::Times { .. }));
        let none = cards.is_empty().then(|| match (place, asked.is_narrow()) {
            ((true, false), false) => (t.say("search-none-yet"), t.say("search-none-yet-advice")),
            ((_, true), _) => (t.say("search-none-here"), t.say("search-none-here-advice")),
            _ => (t.say("search-none"), t.say("search-none-advice")),
        });
        let none = none.map(|(heading, advice)| (heading.into_owned(), advice.into_owned()));
        Self { heading, near, cards, none, party: asked.party.size() }
    }
}

impl Home {
    /// The input that carries [`Home::hold_key`].
    #[allow(clippy::unused_self, reason = "templates call what belongs to them")]
    fn key_input(&self) -> &'static str {
        HOLD_KEY_INPUT
    }
}
