//! `/me`: one's own reservations, those made as a guest with the same address too.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jari_api::Cursors;
use jari_domain::{Spoken, Status};
use jari_operations::{MyPage, Viewed, When, my_reservations, my_restaurants};
use jiff::Timestamp;

use crate::{
    Desk,
    account::profile::own,
    away::Away,
    page::{Frame, Told, answer},
    trouble::Trouble,
    visitor::{Member, query},
};

const A_PAGE: usize = 10;
/// What a cursor may be long.
const LONGEST_CURSOR: usize = 2048;

#[derive(Template)]
#[template(path = "account/my_reservations.html")]
struct Page {
    frame: Frame,
    is_upcoming: bool,
    welcome: bool,
    cards: Vec<Card>,
    more: Option<String>,
    works_somewhere: bool,
}

struct Card {
    address: String,
    restaurant: Told,
    day: String,
    time_and_party: String,
    status: &'static str,
    tone: &'static str,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    member: Member,
    RawQuery(asked): RawQuery,
) -> Result<Response, Away> {
    let Member { visitor, access } = &member;
    let now = desk.clock.now();
    let store = &desk.booking.store;
    let account = own(&desk, visitor).await?;
    let when = match query(asked.as_deref(), "when").as_deref() {
        Some("past") => When::Past,
        _ => When::Upcoming,
    };
    let is_upcoming = when == When::Upcoming;
    let list = if is_upcoming { "my-upcoming-page" } else { "my-past-page" };
    let cursors = Cursors::new(&desk.cursors, list, &account.diner);
    let cursors = cursors.map_err(|_| visitor.trouble(Trouble::Broken))?;
    let cursor = query(asked.as_deref(), "after").filter(|cursor| cursor.len() <= LONGEST_CURSOR);
    // One that is none begins at the first.
    let after = cursor.and_then(|cursor| cursors.open(&cursor).ok());
    let page = my_reservations(store, &desk.booking.restaurants, &account, when, after, A_PAGE, now).await;
    let MyPage { reservations, next } = page.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let works_at = my_restaurants(store, access.account).await;
    let frame = visitor.frame().private();
    let more = next.and_then(|next| cursors.seal(&next).ok()).map(|cursor| {
        let when = if is_upcoming { "upcoming" } else { "past" };
        format!("/me?when={when}&after={cursor}")
    });
    let page = Page {
        is_upcoming,
        welcome: query(asked.as_deref(), "notice").as_deref() == Some("welcome"),
        cards: reservations.iter().map(|viewed| Card::new(viewed, &frame, now)).collect(),
        more,
        works_somewhere: works_at.is_ok_and(|works_at| !works_at.is_empty()),
        frame,
    };
    Ok(answer(StatusCode::OK, &page.frame, &page).into_response())
}

impl Card {
    fn new(viewed: &Viewed, frame: &Frame, now: Timestamp) -> Self {
        let Viewed { reservation, restaurant, .. } = viewed;
        let spoken = Spoken { language: frame.language(), zone: restaurant.zone() };
        let starts_at = reservation.span.start();
        let (status, tone) = match reservation.status_at(now) {
            Status::Held => ("account-status-held", "waiting"),
            Status::Requested => ("account-status-requested", "waiting"),
            Status::Confirmed => ("account-status-confirmed", "good"),
            Status::Seated => ("account-status-seated", "good"),
            Status::Completed => ("account-status-completed", "calm"),
            Status::NoShow => ("account-status-no-show", "over"),
            Status::Cancelled => ("account-status-cancelled", "over"),
            Status::Declined => ("account-status-declined", "over"),
            Status::Expired => ("account-status-expired", "over"),
        };
        Self {
            address: format!("/me/reservations/{}", reservation.id),
            restaurant: Told::of(&restaurant.profile.name, frame.language()),
            day: spoken.day(starts_at),
            time_and_party: format!("{} · {}", spoken.time(starts_at), spoken.party(reservation.party)),
            status,
            tone,
        }
    }
}
