//! Why a time that was chosen could not be held, and what else there is: the nearest free times, again as buttons; or the
//! tables that the visitor holds already.

use askama::Template;
use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jari_operations::Refusal;
use jiff::Timestamp;

use crate::{
    Desk,
    booking::{
        held,
        hold::{Wish, visit_of},
        times::{DayOfTimes, nearest},
        told::{Why, Words},
        word::link_token,
    },
    hold_key::new_hold_key,
    page::{Frame, Told, answer},
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "booking/not_held.html")]
struct Page {
    frame: Frame,
    restaurant: Told,
    heading: String,
    advice: String,
    day: String,
    time_and_party: String,
    /// The restaurant's page, with the day and the party.
    restaurant_address: String,
    action: String,
    key: String,
    party: u8,
    area: Option<String>,
    instead: Vec<DayOfTimes>,
    /// Other times were looked for, and there are none.
    is_full: bool,
    holds: Vec<Hold>,
    /// As it is dialled, and as it is read.
    phone: Option<(String, String)>,
}

/// A table that is held already.
struct Hold {
    restaurant: Told,
    when: String,
    until: String,
    book: String,
}

pub(crate) async fn show(
    desk: &Desk,
    visitor: &Visitor,
    headers: &HeaderMap,
    wish: &Wish,
    refusal: &Refusal,
    now: Timestamp,
) -> Result<Response, TroublePage> {
    let Some(why) = Why::of(refusal) else { return Err(visitor.trouble(Trouble::of_refusal(refusal))) };
    let store = &desk.booking.store;
    let unread = |error| visitor.trouble(Trouble::of_store(&error));
    let restaurant = desk.booking.restaurants.get(wish.restaurant).await.map_err(unread)?;
    let restaurant = restaurant.ok_or_else(|| visitor.trouble(Trouble::NoPage))?;
    let frame = visitor.frame().passing();
    let words = Words { t: frame.t, zone: restaurant.zone() };
    // An area that is not there would stand in the way again.
    let area = wish.area.clone().filter(|_| !matches!(refusal, Refusal::NoArea));
    let instead = if why.leaves_others() {
        let found =
            nearest(store, &restaurant, wish.starts_at, wish.party, area.as_deref(), words, now).await;
        found.map_err(unread)?
    } else {
        Vec::new()
    };
    let holds = if why == Why::TooManyHolds {
        holds(desk, visitor, headers, &frame, now).await.map_err(unread)?
    } else {
        Vec::new()
    };
    let (heading, advice) = words.why(why);
    let phone = &restaurant.profile.phone;
    let page = Page {
        restaurant: Told::of(&restaurant.profile.name, frame.language()),
        heading: heading.into_owned(),
        advice: advice.into_owned(),
        day: words.spoken().day(wish.starts_at),
        time_and_party: words.time_and_party(wish.starts_at, wish.party),
        restaurant_address: wish.page(restaurant.zone()),
        action: format!("/restaurants/{}/hold", wish.restaurant),
        key: new_hold_key(),
        party: wish.party.size(),
        area,
        is_full: why.leaves_others() && instead.is_empty(),
        instead,
        holds,
        phone: why.asks_to_call().then(|| (phone.as_str().to_owned(), phone.spoken(frame.language()))),
        frame,
    };
    let status = if why.is_a_conflict() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(answer(status, &page.frame, &page))
}

/// The tables that the visitor holds, as far as this browser knows them.
async fn holds(
    desk: &Desk,
    visitor: &Visitor,
    headers: &HeaderMap,
    frame: &Frame,
    now: Timestamp,
) -> Result<Vec<Hold>, jari_store::StoreError> {
    let mut holds = Vec::new();
    for held in held::live(&desk.booking.store, headers, visit_of(visitor), now).await? {
        let Some(restaurant) = desk.booking.restaurants.get(held.restaurant).await? else { continue };
        let words = Words { t: frame.t, zone: restaurant.zone() };
        let starts_at = held.span.start();
        let until = held.until.unwrap_or(now);
        holds.push(Hold {
            restaurant: Told::of(&restaurant.profile.name, frame.language()),
            when: format!(
                "{} · {}",
                words.spoken().day_and_time(starts_at),
                words.spoken().party(held.party)
            ),
            until: frame.t.with("booking-held-until").set("until", words.spoken().time(until)).to_string(),
            book: format!("/book/{}", link_token(desk, &held)),
        });
    }
    Ok(holds)
}
