//! `/office/{restaurantId}/days/{date}`: the evening, as a host runs it. The timeline, the list, and a panel for what is
//! looked at or written: a reservation, a walk-in, a guest who calls, the day's note.
//!
//! The panel is a part of the page; a script shows it as a dialog. Whatever is done posts a form that names the revision it
//! shows, and a tablet that was behind gets the page as it is now.

mod board;
mod booking_form;
mod bookings;
mod card;
mod marks;
mod panel;
mod refused;
mod steps;
#[cfg(test)]
mod tests;
mod timeline;

use askama::Template;
use axum::{
    Router,
    extract::{FromRequestParts, RawPathParams, State},
    http::{StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jari_api::{IfNoneMatch, fields, respond};
use jari_domain::{Reservation, ReservationId, Restaurant, RestaurantId, service_day};
use jari_identity::Operation;
use jari_operations::{DayRead, Standing, admit, read_day};
use jiff::{Timestamp, ToSpan, civil::Date};
use url::form_urlencoded;

use crate::{
    Desk, assets,
    office::Place,
    page::{Frame, Told, answer},
    tonight::{board::Board, panel::Wanted},
    trouble::{Trouble, TroublePage},
    visitor::{Member, Visitor, query},
};

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/office/{restaurantId}/tonight", get(tonight))
        .route("/office/{restaurantId}/days/{date}", get(show))
        .route("/office/{restaurantId}/days/{date}/sheet", get(sheet))
        .route("/office/{restaurantId}/days/{date}/note", post(marks::put_note).get(back))
        .route("/office/{restaurantId}/days/{date}/closure", post(marks::close_or_open).get(back))
        .route("/office/{restaurantId}/days/{date}/bookings/{channel}", post(bookings::book).get(back))
        .route(
            "/office/{restaurantId}/days/{date}/reservations/{reservationId}/{step}",
            post(steps::take).get(back),
        )
}

/// The day that a page is about, as its path has it. What is none is no page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    pub(crate) restaurant: RestaurantId,
    pub(crate) date: Date,
}

/// How a page shows the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Timeline,
    List,
}

/// A restaurant's day as it was read, for whoever may see it.
pub(crate) struct Evening {
    pub(crate) day: Day,
    pub(crate) restaurant: Restaurant,
    pub(crate) read: DayRead,
    pub(crate) now: Timestamp,
    /// Whether whoever looks may close and open it.
    pub(crate) may_close: bool,
}

#[derive(Template)]
#[template(path = "tonight/day.html")]
struct Page<'p> {
    frame: Frame,
    restaurant: Told,
    address: &'p str,
    office: String,
    day: String,
    date: Date,
    before: Option<Date>,
    after: Option<Date>,
    today: Date,
    now: String,
    view: View,
    may_close: bool,
    is_closed: bool,
    board: Board,
    panel: Option<String>,
}

impl View {
    /// What the day's address ends in for it.
    pub(crate) const fn query(self) -> &'static str {
        match self {
            Self::Timeline => "",
            Self::List => "?view=list",
        }
    }
}

impl Day {
    /// The page's address.
    pub(crate) fn address(self) -> String {
        format!("/office/{}/days/{}", self.restaurant, self.date)
    }

    /// The address of the page that shows a reservation.
    pub(crate) fn address_of(self, reservation: ReservationId, view: View) -> String {
        let view = if view == View::List { "&view=list" } else { "" };
        format!("{}?reservation={reservation}{view}", self.address())
    }

    /// To sign in, and then to the day: what was posted is not done.
    pub(crate) fn to_sign_in(self) -> Redirect {
        let next: String = form_urlencoded::byte_serialize(self.address().as_bytes()).collect();
        Redirect::to(&format!("/sign-in?next={next}"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Day {
    type Rejection = TroublePage;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, TroublePage> {
        let restaurant = path_text(parts, state, "restaurantId").await;
        let date = path_text(parts, state, "date").await;
        let date = date.and_then(|date| fields::date(&date.into()).ok());
        let restaurant = restaurant.and_then(|restaurant| restaurant.parse().ok());
        if let (Some(restaurant), Some(date)) = (restaurant, date) {
            return Ok(Self { restaurant, date });
        }
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        Err(visitor.trouble(Trouble::NoPage))
    }
}

/// A part of the path, by its name.
pub(crate) async fn path_text<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Option<String> {
    let parameters = RawPathParams::from_request_parts(parts, state).await.ok()?;
    parameters.iter().find(|(other, _)| *other == name).map(|(_, text)| text.to_owned())
}

impl<S: Sync> FromRequestParts<S> for View {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let view = query(parts.uri.query(), "view");
        Ok(if view.as_deref() == Some("list") { Self::List } else { Self::Timeline })
    }
}

/// To the day that is on now, or to the one that is picked.
async fn tonight(
    State(desk): State<Desk>,
    Member { visitor, .. }: Member,
    Place(restaurant): Place,
    view: View,
    parts: Parts,
) -> Result<Redirect, TroublePage> {
    let bearer = visitor.bearer();
    let admitted = admit(&desk.booking.store, &bearer, Operation::GetDaySheet, restaurant).await;
    let admitted = admitted.map_err(|refusal| visitor.trouble(Trouble::of_refusal(&refusal)))?;
    let picked = query(parts.uri.query(), "date").and_then(|date| fields::date(&date.into()).ok());
    let today = service_day(desk.clock.now(), admitted.stored.restaurant.zone());
    let day = Day { restaurant, date: picked.unwrap_or(today) };
    Ok(Redirect::to(&format!("{}{}", day.address(), view.query())))
}

async fn show(
    State(desk): State<Desk>,
    Member { visitor, .. }: Member,
    day: Day,
    view: View,
    parts: Parts,
) -> Result<Response, TroublePage> {
    let mut evening = Evening::read(&desk, &visitor, day).await?;
    let wanted = match query(parts.uri.query(), "reservation").and_then(|id| id.parse().ok()) {
        Some(id) => {
            let Some(reservation) = evening.look(&desk, &visitor, id).await? else {
                return Err(visitor.trouble(Trouble::NoReservation));
            };
            // Moved to another day since whoever asks has seen it.
            if reservation.date != day.date {
                let day = Day { date: reservation.date, ..day };
                return Ok(Redirect::to(&day.address_of(id, view)).into_response());
            }
            Some(Wanted::Reservation(id))
        }
        None => query(parts.uri.query(), "open").and_then(|name| Wanted::named(&name)),
    };
    let frame = visitor.frame().private();
    let panel = wanted.map(|wanted| evening.panel(wanted, &frame, view)).transpose();
    let panel = panel.map_err(|_| visitor.trouble(Trouble::Broken))?;
    evening.page(&visitor, frame, StatusCode::OK, view, panel.flatten())
}

/// The part that a page asks for again and again.
async fn sheet(
    State(desk): State<Desk>,
    Member { visitor, .. }: Member,
    day: Day,
    known: IfNoneMatch,
) -> Result<Response, TroublePage> {
    let evening = Evening::read(&desk, &visitor, day).await?;
    let board = evening.board(&visitor)?;
    let etag = respond::etag(board.revision);
    if etag.to_str().is_ok_and(|etag| known.has(etag)) {
        return Ok(respond::not_modified(etag));
    }
    let mut response = Html(board.html).into_response();
    response.headers_mut().insert(header::ETAG, etag);
    Ok(response)
}

/// A form's address opened as a page leads to the day.
async fn back(day: Day) -> Redirect {
    Redirect::to(&day.address())
}

impl Evening {
    pub(crate) async fn read(desk: &Desk, visitor: &Visitor, day: Day) -> Result<Self, TroublePage> {
        let store = &desk.booking.store;
        let admitted = admit(store, &visitor.bearer(), Operation::GetDaySheet, day.restaurant).await;
        let admitted = admitted.map_err(|refusal| visitor.trouble(Trouble::of_refusal(&refusal)))?;
        let may_close = matches!(
            admitted.standing,
            Standing::Staff(_, role) if Operation::CloseDay.admits_staff(role)
        );
        let restaurant = admitted.stored.restaurant;
        let read = read_day(store, &restaurant, day.date).await;
        let read = read.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
        Ok(Self { day, restaurant, read, now: desk.clock.now(), may_close })
    }

    /// Reads one reservation as it is now, which the day may be a moment behind, and has the day show it so.
    pub(crate) async fn look(
        &mut self,
        desk: &Desk,
        visitor: &Visitor,
        id: ReservationId,
    ) -> Result<Option<Reservation>, TroublePage> {
        let stored = desk.booking.store.reservation(id).await;
        let stored = stored.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
        let reservation = stored.map(|stored| stored.reservation);
        let reservation = reservation.filter(|reservation| reservation.restaurant == self.restaurant.id);
        if let Some(reservation) = &reservation {
            self.put(reservation.clone());
        }
        Ok(reservation)
    }

    /// Has the day show a reservation as it is known to be.
    pub(crate) fn put(&mut self, reservation: Reservation) {
        let id = reservation.id;
        self.read.reservations.retain(|known| known.id != id);
        if reservation.date == self.day.date {
            self.read.reservations.push(reservation);
        }
    }

    fn board(&self, visitor: &Visitor) -> Result<Board, TroublePage> {
        let t = visitor.frame().t;
        let Self { day, restaurant, read, now, .. } = self;
        let board = Board::new(restaurant, day.date, read, *now, &day.address(), t);
        board.map_err(|_| visitor.trouble(Trouble::Broken))
    }

    /// The page, with a panel or without.
    pub(crate) fn page(
        &self,
        visitor: &Visitor,
        frame: Frame,
        status: StatusCode,
        view: View,
        panel: Option<String>,
    ) -> Result<Response, TroublePage> {
        let zone = self.restaurant.zone();
        let Day { restaurant, date } = self.day;
        let noon = date.at(12, 0, 0, 0).to_zoned(zone.clone());
        let noon = noon.map_or(self.now, |noon| noon.timestamp());
        let spoken = jari_domain::Spoken { language: frame.language(), zone };
        let page = Page {
            restaurant: Told::of(&self.restaurant.profile.name, frame.language()),
            address: &self.day.address(),
            office: format!("/office/{restaurant}"),
            day: spoken.day(noon),
            date,
            before: date.checked_sub(1.day()).ok(),
            after: date.checked_add(1.day()).ok(),
            today: service_day(self.now, zone),
            now: respond::instant(self.now, zone),
            view,
            may_close: self.may_close,
            is_closed: self.read.marks.closure.is_some(),
            board: self.board(visitor)?,
            panel,
            frame: frame.with_script(&assets::TONIGHT),
        };
        Ok(answer(status, &page.frame, &page))
    }
}
