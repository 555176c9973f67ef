//! `/me`: one's own reservations, those made as a guest with the same address too.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use jari_api::Cursors;
use jari_domain::{Spoken, Status};
use jari_operations::{MyPage, Viewed, When, my_reservations};
use jari_store::DinerPosition;
use jiff::Timestamp;

use crate::{
    Desk,
    account::own::Own,
    page::{Frame, Told, answer},
    trouble::{Trouble, TroublePage},
    visitor::query,
};

const A_PAGE: usize = 10;
/// What a cursor may be long.
const LONGEST_CURSOR: usize = 2048;

#[derive(Template)]
#[template(path = "account/my_reservations.html")]
struct Page {
    frame: Frame,
    is_past: bool,
    /// The address of the first page, on any other.
    first: Option<&'static str>,
    /// The account has just been made.
    welcome: bool,
    cards: Vec<Card>,
    /// The address of the next page. It may hold some though this one holds none.
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
    Own { visitor, stored }: Own,
    RawQuery(asked): RawQuery,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let (store, restaurants) = (&desk.booking.store, &desk.booking.restaurants);
    let unread = |error| visitor.trouble(Trouble::of_store(&error));
    let is_past = query(asked.as_deref(), "when").as_deref() == Some("past");
    let (when, address) = if is_past { (When::Past, "/me?when=past") } else { (When::Upcoming, "/me") };
    // The diner is part of what a cursor is good for: nobody goes on in another's list.
    let cursors = Cursors::new(&desk.cursors, "my-reservations-page", &(&stored.diner, is_past));
    let cursors = cursors.map_err(|_| visitor.trouble(Trouble::Broken))?;
    let cursor = query(asked.as_deref(), "after").filter(|cursor| cursor.len() <= LONGEST_CURSOR);
    // One that is none begins at the first.
    let after: Option<DinerPosition> = cursor.and_then(|cursor| cursors.open(&cursor).ok());
    let is_first = after.is_none();
    let page = my_reservations(store, restaurants, &stored, when, after, A_PAGE, now);
    let (page, works_at) = tokio::join!(page, store.workplaces(stored.account.id, 1));
    let MyPage { reservations, next } = page.map_err(unread)?;
    let works_somewhere = !works_at.map_err(unread)?.is_empty();
    let frame = visitor.frame().private();
    let more = next.map(|next| cursors.seal(&next)).transpose();
    let more = more.map_err(|_| visitor.trouble(Trouble::Broken))?;
    let page = Page {
        is_past,
        first: (!is_first).then_some(address),
        welcome: query(asked.as_deref(), "notice").as_deref() == Some("welcome"),
        cards: reservations.iter().map(|viewed| Card::new(viewed, &frame, now)).collect(),
        more: more.map(|cursor| {
            let joint = if is_past { '&' } else { '?' };
            format!("{address}{joint}after={cursor}")
        }),
        works_somewhere,
        frame,
    };
    Ok(answer(StatusCode::OK, &page.frame, &page))
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
