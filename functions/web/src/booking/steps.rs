//! The steps that a reservation's page offers: cancel it, and "I'm coming".

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Form, Problem, fields};
use jari_domain::Status;
use jari_identity::Operation;
use jari_operations::{Refusal, cancel_reservation, reconfirm_reservation};

use crate::{
    Desk,
    booking::{reservation::page, told::Notice, word::Word},
    posted::{Faults, Inputs, Posted},
    trouble::{Trouble, TroublePage},
};

/// A page shown in answer to a form has the form's address: opened again, it leads back.
pub(crate) async fn back(word: Word) -> Redirect {
    Redirect::to(&word.address())
}

pub(crate) async fn cancel(
    State(desk): State<Desk>,
    word: Word,
    posted: Posted,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let read = read_cancellation(&posted.form);
    let language = posted.visitor.language(None);
    let again = |faults| Inputs::again(posted.form, faults, language);
    let (revision, reason) = match read {
        Ok(read) => read,
        Err(problem) => {
            let viewed = word.view(&desk).await?;
            let again = again(Faults::new(problem.errors()));
            return Ok(page(&desk, &word, &viewed, StatusCode::UNPROCESSABLE_ENTITY, None, again));
        }
    };
    let cancelled = match word.asks(&desk, Operation::CancelReservation, Some(revision)).await {
        Ok(asked) => {
            cancel_reservation(&desk.booking.store, &desk.booking.restaurants, asked, reason, now).await
        }
        Err(refusal) => Err(refusal),
    };
    let (viewed, status, notice) = match cancelled {
        Ok(_) => return Ok(Redirect::to(&word.address()).into_response()),
        Err(Refusal::TooLate { .. }) => {
            (word.view(&desk).await?, StatusCode::UNPROCESSABLE_ENTITY, Notice::TooLate)
        }
        Err(Refusal::Stale(current) | Refusal::WrongStatus(_, current)) => {
            let notice = why_not(current.reservation.status_at(now));
            (*current, StatusCode::CONFLICT, notice)
        }
        Err(refusal) => return Err(word.turned_away(&refusal)),
    };
    Ok(page(&desk, &word, &viewed, status, Some(notice), again(Faults::default())))
}

pub(crate) async fn reconfirm(
    State(desk): State<Desk>,
    word: Word,
    posted: Posted,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let revision =
        read_revision(&posted.form).map_err(|_| posted.visitor.trouble(Trouble::UnreadableForm))?;
    let said = match word.asks(&desk, Operation::ReconfirmReservation, Some(revision)).await {
        Ok(asked) => reconfirm_reservation(&desk.booking.store, &desk.booking.restaurants, asked, now).await,
        Err(refusal) => Err(refusal),
    };
    match said {
        Ok(_) => Ok(Redirect::to(&word.address()).into_response()),
        Err(Refusal::Stale(current) | Refusal::WrongStatus(_, current)) => {
            // Said twice is said.
            if current.reservation.reconfirmed_at.is_some() {
                return Ok(Redirect::to(&word.address()).into_response());
            }
            let again = Inputs::again(posted.form, Faults::default(), posted.visitor.language(None));
            Ok(page(&desk, &word, &current, StatusCode::CONFLICT, Some(Notice::LookAgain), again))
        }
        Err(refusal) => Err(word.turned_away(&refusal)),
    }
}

/// The revision that the page showed.
pub(crate) fn revision(fields: &mut jari_api::Fields<'_>) -> Option<u64> {
    let revision = fields.required("revision", fields::integer(0..=i64::MAX))?;
    u64::try_from(revision).ok()
}

fn read_revision(form: &Form) -> Result<u64, Problem> {
    let mut fields = form.fields();
    let revision = revision(&mut fields);
    fields.finish(revision)
}

fn read_cancellation(form: &Form) -> Result<(u64, Option<String>), Problem> {
    let mut fields = form.fields();
    let revision = revision(&mut fields);
    let reason = fields.optional("reason", fields::reason);
    Ok((fields.finish(revision)?, reason))
}

/// Why a reservation that was shown as cancellable could not be cancelled, now that its status is this.
fn why_not(current: Status) -> Notice {
    match current {
        Status::Cancelled => Notice::AlreadyCancelled,
        Status::Held | Status::Requested | Status::Confirmed => Notice::Changed,
        _ => Notice::NotPossible,
    }
}
