//! What is written into the book: a party at the door, a guest who calls.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{FieldCode, FieldError, Form, Problem, Text, fields};
use jari_domain::{AccountId, Channel, TableId};
use jari_identity::Operation;
use jari_operations::{Booked, Refusal, RequestKey, StaffBooking, admit, book_by_staff};
use serde_json::json;

use crate::{
    Desk,
    posted::{Faults, Posted},
    tonight::{
        Day, Evening, View,
        booking_form::LARGEST_BUTTON,
        panel::{Again, Wanted},
        path_text,
        refused::Refused,
    },
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// On which of the staff's ways a booking comes in, as the path has it.
pub(crate) struct Way(Channel);

impl<S: Send + Sync> FromRequestParts<S> for Way {
    type Rejection = TroublePage;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, TroublePage> {
        match path_text(parts, state, "channel").await.as_deref() {
            Some("walk-in") => Ok(Self(Channel::WalkIn)),
            Some("phone") => Ok(Self(Channel::InHouse)),
            _ => {
                let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
                Err(visitor.trouble(Trouble::NoPage))
            }
        }
    }
}

pub(crate) async fn book(
    State(desk): State<Desk>,
    day: Day,
    Way(channel): Way,
    view: View,
    Posted { visitor, form }: Posted,
) -> Result<Response, TroublePage> {
    let Some(access) = &visitor.access else { return Ok(day.to_sign_in().into_response()) };
    let admitted =
        admit(&desk.booking.store, &visitor.bearer(), Operation::CreateReservation, day.restaurant).await;
    let admitted = admitted.map_err(|refusal| visitor.trouble(Trouble::of_refusal(&refusal)))?;
    // Everybody may book; into the book writes who works here.
    if !admitted.standing.is_staff() {
        return Err(visitor.trouble(Trouble::Forbidden));
    }
    let frame = visitor.frame().at(&day.address()).private();
    let restaurant = Arc::new(admitted.stored.restaurant);
    let (status, notice, faults) = match read(&form, channel, access.account) {
        Ok((booking, suggested)) => match write(&desk, &restaurant, booking, suggested).await {
            Ok(booked) => {
                let reservation = booked.reservation;
                let day = Day { date: reservation.date, ..day };
                let address = day.address_of(reservation.id, view);
                return Ok(Redirect::to(&address).into_response());
            }
            Err(refusal) => {
                let refused = Refused::of(refusal, &restaurant, frame.t);
                let refused = refused.map_err(|trouble| visitor.trouble(trouble))?;
                (refused.status, Some(refused.notice), Faults::default())
            }
        },
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, None, Faults::new(problem.errors())),
    };
    let evening = Evening::read(&desk, &visitor, day).await?;
    let again = Again { notice, form: Some((form, faults)), step: None };
    let panel = evening.panel_again(Wanted::Booking(channel), &frame, view, again);
    let panel = panel.map_err(|_| visitor.trouble(Trouble::Broken))?;
    evening.page(&visitor, frame, status, view, panel)
}

/// Books the tables that the form suggested; when they are gone by now, the best that are free.
async fn write(
    desk: &Desk,
    restaurant: &Arc<jari_domain::Restaurant>,
    mut booking: StaffBooking,
    suggested: Option<Vec<TableId>>,
) -> Result<Booked, Refusal> {
    let (booking_desk, now) = (&desk.booking, desk.clock.now());
    let (store, diners) = (&booking_desk.store, &booking_desk.diners);
    let is_suggested = booking.tables.is_none() && suggested.is_some();
    if is_suggested {
        booking.tables = suggested;
        match book_by_staff(store, diners, Arc::clone(restaurant), &booking, now).await {
            Err(Refusal::TableTaken { .. } | Refusal::NoTables) => booking.tables = None,
            done => return done,
        }
    }
    book_by_staff(store, diners, Arc::clone(restaurant), &booking, now).await
}

/// The booking, and the tables that its form suggested for a party of this size.
fn read(
    form: &Form,
    channel: Channel,
    account: AccountId,
) -> Result<(StaffBooking, Option<Vec<TableId>>), Problem> {
    let mut form = form.clone();
    if channel != Channel::WalkIn && form.value().get("guest").is_none() {
        // So that what is missing is told beside its input.
        let mut values = form.value().clone();
        values["guest"] = json!({});
        form = Form::holding(&values);
    }
    form.complete_phone("/guest/phone");
    let suggested: Vec<Option<String>> =
        (1..=LARGEST_BUTTON).map(|size| form.take(&format!("suggested{size}"))).collect();
    let key = form.take("key");
    let table = form.take("table");
    let mut read = form.fields();
    let chosen = read.optional("partySize", fields::party);
    // What was typed counts more than a button.
    let party = read.optional("larger", fields::party).or(chosen);
    if party.is_none() && !read.has("larger") && !read.has("partySize") {
        let detail = Text::fixed("인원을 골라 주세요.", "Please choose how many.");
        read.refuse("partySize", FieldError::new(FieldCode::Required, detail));
    }
    let (starts_at, guest) = if channel == Channel::WalkIn {
        let guest = read.optional_object("guest", fields::guest_by_staff);
        (Some(read.optional("startsAt", fields::instant)), Some(guest))
    } else {
        let guest = read.required_object("guest", fields::guest_by_staff);
        (read.required("startsAt", fields::instant).map(Some), guest.map(Some))
    };
    let note = read.optional("note", fields::note);
    let (starts_at, party, guest) = read.finish((starts_at, party, guest))?;
    let of_size = suggested.get(usize::from(party.size()) - 1).cloned().flatten();
    let caller = account.to_string();
    let booking = StaffBooking {
        account,
        channel,
        starts_at,
        ends_at: None,
        party,
        area: None,
        tables: table.as_deref().and_then(tables),
        note,
        guest,
        key: key.map(|key| RequestKey { caller, key }),
    };
    Ok((booking, of_size.as_deref().and_then(tables)))
}

fn tables(ids: &str) -> Option<Vec<TableId>> {
    ids.split(',').map(|id| id.parse().ok()).collect()
}
