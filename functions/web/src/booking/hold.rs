//! POST `/restaurants/{restaurantId}/hold`: a time was chosen, and a table is held while the visitor tells who comes.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Form, Problem, fields};
use jari_domain::{Party, Reservation, RestaurantId, Status, VisitId};
use jari_operations::{Booker, Booking, BookingKind, Refusal, RequestKey, book};
use jiff::Timestamp;

use crate::{
    Desk,
    booking::{held, not_held, word::link_token},
    hold_key::{HOLD_KEY_INPUT, LONGEST_HOLD_KEY},
    posted::Posted,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// What a button of a page that shows times asks for.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) restaurant: RestaurantId,
    pub(crate) starts_at: Timestamp,
    pub(crate) party: Party,
    pub(crate) area: Option<String>,
    key: String,
}

/// How often the same button of the same page can be pressed again after what it held was let go or has ended.
const MOST_AGAIN: usize = 20;

/// The address alone shows nothing: it leads to the restaurant.
pub(crate) async fn back(path: Result<Path<String>, PathRejection>) -> Redirect {
    let restaurant = path.ok().and_then(|Path(id)| id.parse::<RestaurantId>().ok());
    Redirect::to(&restaurant.map_or_else(|| "/".to_owned(), |id| format!("/restaurants/{id}")))
}

pub(crate) async fn hold(
    State(desk): State<Desk>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let visitor = &posted.visitor;
    let restaurant = path.ok().and_then(|Path(id)| id.parse().ok());
    let restaurant = restaurant.ok_or_else(|| visitor.trouble(Trouble::NoPage))?;
    let wish = Wish::read(restaurant, &posted.form).map_err(|_| visitor.trouble(Trouble::UnreadableForm))?;
    let held = match hold_once(&desk, visitor, &wish, now).await {
        Ok(held) => held,
        Err(refusal) => return not_held::show(&desk, visitor, &headers, &wish, &refusal, now).await,
    };
    let mut response = Redirect::to(&format!("/book/{}", link_token(&desk, &held))).into_response();
    held::note(&headers, response.headers_mut(), held.id);
    Ok(response)
}

impl Wish {
    fn read(restaurant: RestaurantId, form: &Form) -> Result<Self, Problem> {
        let mut fields = form.fields();
        let starts_at = fields.required("startsAt", fields::instant);
        let party = fields.required("partySize", fields::party);
        let area = fields.optional("area", fields::area);
        let key = fields.required(HOLD_KEY_INPUT, fields::text(LONGEST_HOLD_KEY));
        let (starts_at, party, key) = fields.finish((starts_at, party, key))?;
        Ok(Self { restaurant, starts_at, party, area, key })
    }

    /// Under what this press is known, the `again`th time that what it made is gone. A key is the visit's own: nobody else
    /// finds its hold with it, and one page's key does for all of its times.
    fn key(&self, visit: VisitId, again: usize) -> RequestKey {
        let area = self.area.as_deref().unwrap_or_default();
        let key = format!("{} {} {} {area} {again}", self.key, self.starts_at, self.party.size());
        RequestKey { caller: format!("visit {visit}"), key }
    }

    /// The page of the restaurant, with the day and the party that were wanted.
    pub(crate) fn page(&self, zone: &jiff::tz::TimeZone) -> String {
        restaurant_address(self.restaurant, self.starts_at, self.party, zone)
    }
}

/// The page of a restaurant, with the times of a day for a party.
pub(crate) fn restaurant_address(
    restaurant: RestaurantId,
    starts_at: Timestamp,
    party: Party,
    zone: &jiff::tz::TimeZone,
) -> String {
    let date = jari_domain::service_day(starts_at, zone);
    format!("/restaurants/{restaurant}?date={date}&party={}", party.size())
}

/// Whose holds count together: an account's, on whatever device, or a visit's.
pub(crate) fn visit_of(visitor: &Visitor) -> VisitId {
    let own = visitor.access.as_ref().and_then(|access| VisitId::from_digits(&access.account.digits()).ok());
    own.unwrap_or(visitor.visit)
}

/// Who books.
pub(crate) fn booker(visitor: &Visitor) -> Booker {
    visitor.access.as_ref().map_or(Booker::Anonymous, |access| Booker::SignedIn {
        account: access.account,
        diner: access.diner.clone(),
    })
}

/// Holds the table, or finds the hold that the same press has made before, or what has become of it.
async fn hold_once(
    desk: &Desk,
    visitor: &Visitor,
    wish: &Wish,
    now: Timestamp,
) -> Result<Reservation, Refusal> {
    let visit = visit_of(visitor);
    let mut booking = Booking {
        restaurant: wish.restaurant,
        starts_at: wish.starts_at,
        party: wish.party,
        area: wish.area.clone(),
        note: None,
        kind: BookingKind::Hold { visit, guest: None },
        booker: booker(visitor),
        key: None,
    };
    for again in 0..MOST_AGAIN {
        booking.key = Some(wish.key(visit, again));
        let booked = book(&desk.booking, &booking, now).await?;
        let is_gone = matches!(
            booked.reservation.status_at(now),
            Status::Cancelled | Status::Declined | Status::Expired
        );
        // Whoever comes back to a page and chooses the same time again wants it again.
        if !is_gone {
            return Ok(booked.reservation);
        }
    }
    Err(Refusal::TooManyHolds)
}
