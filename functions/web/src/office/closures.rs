//! `/office/{restaurantId}/closures`: days off. A day is looked at, closed and opened again; who had booked it is listed, to
//! be called.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::fields;
use jari_domain::{Reservation, Spoken, Status, service_day};
use jari_identity::Operation;
use jari_operations::{Admitted, DayRefusal, close_day, open_day};
use jari_store::{DayMarks, StoreError};
use jiff::civil::Date;
use serde_json::json;

use super::{
    Away, Place,
    head::{Head, Room},
    let_in,
    part::{BUTTON, Notice, Told, seen},
    stranded::Stranded,
};
use crate::{
    Desk,
    page::{Frame, answer},
    posted::{Faults, Inputs, Posted},
    trouble::Trouble,
    visitor::{Visitor, query},
};

#[derive(Template)]
#[template(path = "office/closures.html")]
struct Page {
    frame: Frame,
    head: Head,
    told: Told,
    today: Date,
    /// The day that is looked at.
    day: Option<Day>,
}

struct Day {
    date: Date,
    name: String,
    /// Over: nothing of it can be decided any more.
    is_past: bool,
    is_closed: bool,
    reason: Option<String>,
    inputs: Inputs,
}

/// A day as it is read.
struct Read {
    marks: DayMarks,
    standing: Vec<Reservation>,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    place: Place,
    parts: Parts,
) -> Result<Response, Away> {
    let admitted = let_in(&desk, &visitor, Operation::CloseDay, place).await?;
    let frame = visitor.frame().private();
    let asked = query(parts.uri.query(), "date").and_then(|date| fields::date(&date.into()).ok());
    let Some(date) = asked else {
        return Ok(page(&desk, &admitted, frame, StatusCode::OK, None, None));
    };
    let read = read(&desk, &admitted, date).await;
    let read = read.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let notice = query(parts.uri.query(), "saved").and_then(|_| Notice::good(frame.t.say("office-saved")));
    let inputs = Inputs::new(&json!({}), frame.language());
    Ok(page(&desk, &admitted, frame, StatusCode::OK, notice, Some((date, read, inputs))))
}

pub(crate) async fn send(
    State(desk): State<Desk>,
    place: Place,
    mut posted: Posted,
) -> Result<Response, Away> {
    let closes = posted.take(BUTTON).as_deref() == Some("close");
    let operation = if closes { Operation::CloseDay } else { Operation::OpenDay };
    let admitted = let_in(&desk, &posted.visitor, operation, place).await?;
    let seen = seen(&mut posted)?;
    let date = posted.take("date").and_then(|date| fields::date(&date.into()).ok());
    let date = date.ok_or_else(|| posted.visitor.trouble(Trouble::UnreadableForm))?;
    let Posted { visitor, form } = posted;
    let address = format!("/office/{}/closures?date={date}", place.0);
    let frame = visitor.frame().at(&address).private();
    let mut fields_read = form.fields();
    let reason = fields_read.optional("reason", fields::reason);
    let t = frame.t;
    let (status, notice, faults) = if let Err(problem) = fields_read.finish(()) {
        (StatusCode::UNPROCESSABLE_ENTITY, None, Faults::new(problem.errors()))
    } else {
        let (store, now) = (&desk.booking.store, desk.clock.now());
        let done = if closes {
            close_day(store, &admitted, date, reason.as_deref(), Some(seen), now).await.map(drop)
        } else {
            open_day(store, &admitted, date, Some(seen), now).await
        };
        let (status, text) = match done {
            Ok(()) => return Ok(Redirect::to(&format!("{address}&saved=yes")).into_response()),
            Err(DayRefusal::Door(refusal)) => {
                return Err(visitor.trouble(Trouble::of_refusal(&refusal)).into());
            }
            Err(DayRefusal::NotPlanned) => {
                (StatusCode::UNPROCESSABLE_ENTITY, t.say("office-day-not-planned"))
            }
            Err(DayRefusal::Stale(_)) => (StatusCode::CONFLICT, t.say("office-day-behind")),
        };
        (status, Notice::bad(text), Faults::default())
    };
    let read = read(&desk, &admitted, date).await;
    let read = read.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let inputs = Inputs::again(form, faults, frame.language());
    Ok(page(&desk, &admitted, frame, status, notice, Some((date, read, inputs))))
}

async fn read(desk: &Desk, admitted: &Admitted, date: Date) -> Result<Read, StoreError> {
    let (store, id, now) = (&desk.booking.store, admitted.stored.restaurant.id, desk.clock.now());
    let marks = store.day_marks(id, date).await?;
    let standing = store.reservations_of_day(id, date).await?.into_iter();
    let standing = standing.map(|stored| stored.reservation).filter(|reservation| {
        matches!(reservation.status_at(now), Status::Held | Status::Requested | Status::Confirmed)
    });
    Ok(Read { marks, standing: standing.collect() })
}

fn page(
    desk: &Desk,
    admitted: &Admitted,
    frame: Frame,
    status: StatusCode,
    notice: Option<Notice>,
    day: Option<(Date, Read, Inputs)>,
) -> Response {
    let (t, restaurant, now) = (frame.t, &admitted.stored.restaurant, desk.clock.now());
    let today = service_day(now, restaurant.zone());
    let mut told = Told { notice, ..Told::default() };
    let day = day.map(|(date, Read { marks, standing }, inputs)| {
        told.revision = marks.closure.as_ref().map(|closure| closure.revision).unwrap_or_default();
        let line = |reservation: &Reservation| {
            Stranded::new(reservation, None, restaurant, reservation.status_at(now) == Status::Held, t)
        };
        told.stranded = standing.iter().map(line).collect();
        let noon = date.at(12, 0, 0, 0).to_zoned(restaurant.zone().clone());
        let spoken = Spoken { language: t.0, zone: restaurant.zone() };
        Day {
            date,
            name: noon.map_or_else(|_| date.to_string(), |noon| spoken.day(noon.timestamp())),
            is_past: date < today,
            is_closed: marks.closure.is_some(),
            reason: marks.closure.and_then(|closure| closure.reason),
            inputs,
        }
    });
    let head = Head::new(admitted, Room::Closures, t);
    let page = Page { frame, head, told, today, day };
    answer(status, &page.frame, &page)
}
