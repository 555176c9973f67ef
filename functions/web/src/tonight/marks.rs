//! The note of a day, and whether it is closed.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::fields;
use jari_identity::Operation;
use jari_operations::{Admitted, DayRefusal, admit, close_day, open_day, put_day_note};

use crate::{
    Desk,
    posted::{Faults, Posted},
    tonight::{
        Day, Evening, View,
        panel::{Again, Wanted},
    },
    trouble::{Trouble, TroublePage},
};

pub(crate) async fn put_note(
    State(desk): State<Desk>,
    day: Day,
    view: View,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    if posted.visitor.access.is_none() {
        return Ok(day.to_sign_in().into_response());
    }
    let admitted = let_in(&desk, day, Operation::PutDayNote, &posted).await?;
    let seen = revision(&mut posted)?;
    let mut read = posted.fields();
    let text = read.optional("text", fields::day_note);
    let done = match read.finish(()) {
        Ok(()) => {
            let (store, now) = (&desk.booking.store, desk.clock.now());
            let text = text.as_deref().filter(|text| !text.is_empty());
            put_day_note(store, &admitted, day.date, text, Some(seen), now).await.map(drop)
        }
        Err(problem) => {
            let (status, faults) = (StatusCode::UNPROCESSABLE_ENTITY, Faults::new(problem.errors()));
            return again(&desk, day, view, posted, Wanted::Note, (status, None, faults)).await;
        }
    };
    answer(&desk, day, view, posted, Wanted::Note, done).await
}

pub(crate) async fn close_or_open(
    State(desk): State<Desk>,
    day: Day,
    view: View,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    if posted.visitor.access.is_none() {
        return Ok(day.to_sign_in().into_response());
    }
    let closes = posted.take("step").as_deref() == Some("close");
    let operation = if closes { Operation::CloseDay } else { Operation::OpenDay };
    let admitted = let_in(&desk, day, operation, &posted).await?;
    let seen = Some(revision(&mut posted)?);
    let mut read = posted.fields();
    let reason = read.optional("reason", fields::reason);
    if let Err(problem) = read.finish(()) {
        let (status, faults) = (StatusCode::UNPROCESSABLE_ENTITY, Faults::new(problem.errors()));
        return again(&desk, day, view, posted, Wanted::Closure, (status, None, faults)).await;
    }
    let (store, now) = (&desk.booking.store, desk.clock.now());
    let done = if closes {
        close_day(store, &admitted, day.date, reason.as_deref(), seen, now).await.map(drop)
    } else {
        open_day(store, &admitted, day.date, seen, now).await
    };
    answer(&desk, day, view, posted, Wanted::Closure, done).await
}

async fn let_in(
    desk: &Desk,
    day: Day,
    operation: Operation,
    posted: &Posted,
) -> Result<Admitted, TroublePage> {
    let admitted = admit(&desk.booking.store, &posted.visitor.bearer(), operation, day.restaurant).await;
    admitted.map_err(|refusal| posted.visitor.trouble(Trouble::of_refusal(&refusal)))
}

/// The revision that the form was shown with; 0: there was nothing.
fn revision(posted: &mut Posted) -> Result<u64, TroublePage> {
    let revision = posted.take("revision").and_then(|revision| revision.parse().ok());
    revision.ok_or_else(|| posted.visitor.trouble(Trouble::UnreadableForm))
}

async fn answer(
    desk: &Desk,
    day: Day,
    view: View,
    posted: Posted,
    wanted: Wanted,
    done: Result<(), DayRefusal>,
) -> Result<Response, TroublePage> {
    let t = posted.visitor.frame().t;
    let (status, notice) = match done {
        Ok(()) => {
            let address = format!("{}{}", day.address(), view.query());
            return Ok(Redirect::to(&address).into_response());
        }
        Err(DayRefusal::Door(refusal)) => {
            return Err(posted.visitor.trouble(Trouble::of_refusal(&refusal)));
        }
        Err(DayRefusal::NotPlanned) => (StatusCode::UNPROCESSABLE_ENTITY, t.say("tonight-not-planned")),
        Err(DayRefusal::Stale(_)) => (StatusCode::CONFLICT, t.say("tonight-day-stale")),
    };
    again(desk, day, view, posted, wanted, (status, Some(notice.into_owned()), Faults::default())).await
}

/// The form once more, with what was typed and the revision that is there now.
async fn again(
    desk: &Desk,
    day: Day,
    view: View,
    Posted { visitor, form }: Posted,
    wanted: Wanted,
    (status, notice, faults): (StatusCode, Option<String>, Faults),
) -> Result<Response, TroublePage> {
    let evening = Evening::read(desk, &visitor, day).await?;
    let frame = visitor.frame().at(&day.address()).private();
    let again = Again { notice, form: Some((form, faults)), step: None };
    let panel = evening.panel_again(wanted, &frame, view, again);
    let panel = panel.map_err(|_| visitor.trouble(Trouble::Broken))?;
    evening.page(&visitor, frame, status, view, panel)
}
