//! What is done to a reservation in the course of an evening: each step a form that names the revision it was shown.
//!
//! Whoever is on the staff acts as staff here, also on a table they have booked for themselves.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Form, Problem, fields};
use jari_domain::{Channel, ReservationId};
use jari_identity::Operation;
use jari_operations::{
    AdmittedToReservation, Asked, Refusal, StaffChange, Viewed, accept_reservation, admit,
    cancel_reservation, change_by_staff, complete_reservation, decline_reservation, no_show_reservation,
    seat_reservation, swap_tables, undo_reservation,
};

use crate::{
    Desk,
    posted::{Faults, Posted},
    tonight::{
        Day, Evening, View,
        panel::{Again, Wanted},
        path_text,
        refused::Refused,
    },
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// A step, by its name in the form's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Accept,
    Decline,
    Seat,
    Complete,
    NoShow,
    Undo,
    Cancel,
    Move,
    Change,
    Swap,
}

/// Which reservation a form is about, and which step it asks for.
pub(crate) struct Asks {
    reservation: ReservationId,
    step: Step,
}

/// Why a step was not taken.
enum Lost {
    Refused(Refusal),
    Faults(Problem),
}

impl From<Refusal> for Lost {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Problem> for Lost {
    fn from(problem: Problem) -> Self {
        Self::Faults(problem)
    }
}

impl Step {
    const ALL: [Self; 10] = [
        Self::Accept,
        Self::Decline,
        Self::Seat,
        Self::Complete,
        Self::NoShow,
        Self::Undo,
        Self::Cancel,
        Self::Move,
        Self::Change,
        Self::Swap,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Seat => "seat",
            Self::Complete => "complete",
            Self::NoShow => "no-show",
            Self::Undo => "undo",
            Self::Cancel => "cancel",
            Self::Move => "move",
            Self::Change => "change",
            Self::Swap => "swap",
        }
    }

    const fn operation(self) -> Operation {
        match self {
            Self::Accept => Operation::AcceptReservation,
            Self::Decline => Operation::DeclineReservation,
            Self::Seat => Operation::SeatReservation,
            Self::Complete => Operation::CompleteReservation,
            Self::NoShow => Operation::NoShowReservation,
            Self::Undo => Operation::UndoReservation,
            Self::Cancel => Operation::CancelReservation,
            Self::Move | Self::Change => Operation::ChangeReservation,
            Self::Swap => Operation::SwapTables,
        }
    }

    /// The form of the panel that is open when it is shown again.
    const fn form(self) -> &'static str {
        match self {
            Self::Decline => "cancel",
            step => step.name(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asks {
    type Rejection = TroublePage;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, TroublePage> {
        let reservation = path_text(parts, state, "reservationId").await;
        let step = path_text(parts, state, "step").await;
        let step = step.and_then(|name| Step::ALL.into_iter().find(|step| step.name() == name));
        if let (Some(reservation), Some(step)) = (reservation.and_then(|id| id.parse().ok()), step) {
            return Ok(Self { reservation, step });
        }
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        Err(visitor.trouble(Trouble::NoPage))
    }
}

pub(crate) async fn take(
    State(desk): State<Desk>,
    day: Day,
    Asks { reservation: id, step }: Asks,
    view: View,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    if posted.visitor.access.is_none() {
        return Ok(day.to_sign_in().into_response());
    }
    let seen = posted.take("revision").and_then(|revision| revision.parse().ok());
    let Posted { visitor, form } = posted;
    let Some(seen) = seen else { return Err(visitor.trouble(Trouble::UnreadableForm)) };
    let refused = |refusal: Refusal| visitor.trouble(Trouble::of_refusal(&refusal));
    let store = &desk.booking.store;
    let admitted = admit(store, &visitor.bearer(), step.operation(), day.restaurant).await;
    let admitted = admitted.map_err(refused)?;
    let stored = store.reservation(id).await.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let stored = stored.filter(|stored| stored.reservation.restaurant == day.restaurant);
    let Some(stored) = stored else { return Err(visitor.trouble(Trouble::NoReservation)) };
    let restaurant = Arc::new(admitted.stored.restaurant);
    let admitted = AdmittedToReservation {
        stored,
        standing: admitted.standing,
        restaurant: Some(Arc::clone(&restaurant)),
    };
    let asked = Asked::new(admitted, Some(seen));
    let lost = match act(&desk, step, asked, &form).await {
        Ok(done) => {
            let day = Day { date: done.reservation.date, ..day };
            return Ok(Redirect::to(&day.address_of(id, view)).into_response());
        }
        Err(lost) => lost,
    };

    let frame = visitor.frame().at(&day.address()).private();
    let (status, notice, faults, current) = match lost {
        Lost::Refused(refusal) => {
            let refused = Refused::of(refusal, &restaurant, frame.t);
            let refused = refused.map_err(|trouble| visitor.trouble(trouble))?;
            (refused.status, Some(refused.notice), Faults::default(), refused.current)
        }
        Lost::Faults(problem) => {
            (StatusCode::UNPROCESSABLE_ENTITY, None, Faults::new(problem.errors()), None)
        }
    };
    let mut evening = Evening::read(&desk, &visitor, day).await?;
    match current {
        Some(current) => evening.put(current),
        None => drop(evening.look(&desk, &visitor, id).await?),
    }
    let again = Again { notice, form: Some((form, faults)), step: Some(step.form()) };
    let panel = evening.panel_again(Wanted::Reservation(id), &frame, view, again);
    let panel = panel.map_err(|_| visitor.trouble(Trouble::Broken))?;
    evening.page(&visitor, frame, status, view, panel)
}

async fn act(desk: &Desk, step: Step, asked: Asked, form: &Form) -> Result<Viewed, Lost> {
    let (store, restaurants) = (&desk.booking.store, &desk.booking.restaurants);
    let now = desk.clock.now();
    let mut read = form.fields();
    Ok(match step {
        Step::Accept => accept_reservation(store, restaurants, asked, now).await?,
        Step::Seat => seat_reservation(store, restaurants, asked, now).await?,
        Step::Complete => complete_reservation(store, restaurants, asked, now).await?,
        Step::NoShow => no_show_reservation(store, restaurants, asked, now).await?,
        Step::Undo => undo_reservation(store, restaurants, asked, now).await?,
        Step::Decline | Step::Cancel => {
            let reason = read.optional("reason", fields::reason);
            read.finish(())?;
            if step == Step::Decline {
                decline_reservation(store, restaurants, asked, reason, now).await?
            } else {
                cancel_reservation(store, restaurants, asked, reason, now).await?
            }
        }
        Step::Swap => {
            let with = form.text("/with").split_once('.');
            let with = with.and_then(|(id, revision)| Some((id.parse().ok()?, revision.parse().ok()?)));
            let (with, revision) = with.ok_or(Refusal::NothingToSwap)?;
            swap_tables(store, restaurants, asked, with, Some(revision), now).await?
        }
        Step::Move => {
            let change = to_place(form, &asked)?;
            change_by_staff(store, restaurants, &desk.booking.diners, asked, &change, now).await?
        }
        Step::Change => {
            let change = to_details(form, &asked)?;
            change_by_staff(store, restaurants, &desk.booking.diners, asked, &change, now).await?
        }
    })
}

/// Another time, or tables by hand. What is as it was is not asked for: a new time has an end of its own.
fn to_place(form: &Form, asked: &Asked) -> Result<StaffChange, Problem> {
    let before = &asked.stored.reservation;
    let mut read = form.fields();
    let starts_at = read.optional("startsAt", fields::instant);
    let ends_at = read.optional("endsAt", fields::instant);
    let tables = fields::tables(&mut read);
    read.finish(())?;
    let starts_at = starts_at.filter(|at| *at != before.span.start());
    let ends_at = ends_at.filter(|at| *at != before.span.end());
    let is_as_it_was = tables.as_ref().is_some_and(|tables| {
        tables.len() == before.tables.len() && tables.iter().all(|table| before.tables.contains(table))
    });
    // A party that keeps its tables keeps them by hand when its time changes, and nothing is asked for when it does not.
    let tables = tables.filter(|_| !is_as_it_was || starts_at.is_some());
    Ok(StaffChange { starts_at, ends_at, tables, ..StaffChange::default() })
}

/// Another size, note or guest. An empty note is none.
fn to_details(form: &Form, asked: &Asked) -> Result<StaffChange, Problem> {
    let mut form = form.clone();
    form.complete_phone("/guest/phone");
    let mut read = form.fields();
    let party = read.required("partySize", fields::party);
    let note = read.optional("note", fields::note);
    let guest = read.has("guest") && asked.stored.reservation.channel != Channel::Online;
    let guest = if guest && !form.text("/guest/name").is_empty() {
        read.optional_object("guest", fields::guest_by_staff)
    } else {
        let _ = read.optional("guest", |_| Ok(()));
        None
    };
    let party = read.finish(party)?;
    Ok(StaffChange { party: Some(party), note: Some(note), guest, ..StaffChange::default() })
}
