//! Confirming a hold: the diner has given the details.

use futures::FutureExt;
use jari_domain::{Confirmation, Guest, Note, Transition, reminders_past};
use jari_store::{Commit, RetryBudget, Store, Transaction};
use jari_telemetry::Metric;
use jiff::Timestamp;

use crate::{
    Asked, Desk, Refusal, Standing, Viewed,
    book::{first_status, guest_of_account},
    claiming::{Lesson, claims_of_step, lesson_of},
    view_reservation::Read,
};

/// What a diner gives to confirm a hold.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// Who comes; may be left out when the hold knows.
    pub guest: Option<Guest>,
    /// What the guest tells the restaurant; left out, the hold's stays.
    pub note: Option<Note>,
}

/// Turns a live hold into a confirmed reservation, or a request where the restaurant answers itself. The claims are
/// confirmed on the condition that each is still the hold's.
///
/// # Errors
/// [`Refusal::GuestMissing`], [`Refusal::Barred`], [`Refusal::DinerBusy`], [`Refusal::WrongStatus`] also when the hold has ended,
/// [`Refusal::Stale`], [`Refusal::NoReservation`], [`Refusal::Store`].
pub async fn confirm_reservation(
    desk: &Desk,
    asked: Asked,
    details: Details,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(&desk.store, &desk.restaurants, now, |read| confirm(read, desk, &details).boxed()).await
}

async fn confirm(read: Read, desk: &Desk, details: &Details) -> Result<Viewed, Refusal> {
    let now = read.now;
    let held = read.reservation();
    let transition = match read.restaurant.policy.confirmation {
        Confirmation::Instant => Transition::Confirm,
        Confirmation::Request => Transition::Request,
    };
    let mut next = read.after(transition, None)?;
    let guest = match details.guest.clone().or_else(|| held.guest.clone()) {
        Some(guest) => guest,
        None => profile_of(&desk.store, read.standing).await?.ok_or(Refusal::GuestMissing)?,
    };
    // Who signed in holds and books for themselves, whatever address the mails are to go to.
    next.diner = match read.standing {
        Standing::Guest(Some(_)) => held.diner.clone(),
        _ => desk.diners.diner_of_guest(&guest),
    };
    read.may_book_online(next.diner.as_ref())?;
    next.guest = Some(guest);
    next.note = details.note.clone().or_else(|| held.note.clone());
    next.until = first_status(&read.restaurant, now, held.span.start()).1;
    next.hold_place = None;
    next.reminded = reminders_past(held.span.start(), now);

    let claims = claims_of_step(Some(held), Some(&next), None, now);
    let transaction = Transaction::replace(claims, &next, &read.stored)?;
    let refused = match desk.store.commit(&transaction, &mut RetryBudget::start()).await? {
        Commit::Done(_) => {
            jari_telemetry::count(Metric::Booked);
            return Ok(read.view_of(next));
        }
        Commit::Refused(refused) => refused,
    };
    if !refused.reservation_differs
        && let Lesson::Final(refusal) = lesson_of(&refused.claims, Some(held), &next, None, now)
    {
        return Err(refusal);
    }
    Err(read.overtaken(&desk.store).await)
}

/// The guest that somebody who signed in is, by their profile.
async fn profile_of(store: &Store, standing: Standing) -> Result<Option<Guest>, Refusal> {
    match standing {
        Standing::Guest(Some(account)) => Ok(guest_of_account(store, account).await?),
        _ => Ok(None),
    }
}
