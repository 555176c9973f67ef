//! Confirming a hold: the diner has given the details.

use jari_domain::{Actor, Confirmation, DayBook, Guest, Note, ReservationId, Transition};
use jari_store::{Commit, Transaction};
use jiff::Timestamp;

use crate::{
    Desk, Refusal, Viewed,
    book::first_status,
    claiming::{Lesson, claims_of_step, learn, pace_of, split},
    view_reservation::{overtaken, read, wrong_status},
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
/// [`Refusal::GuestMissing`], [`Refusal::DinerBusy`], [`Refusal::WrongStatus`] also when the hold has ended,
/// [`Refusal::Stale`], [`Refusal::NoReservation`], [`Refusal::Store`].
pub async fn confirm_reservation(
    desk: &Desk,
    id: ReservationId,
    details: Details,
    seen: Option<u64>,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    let (stored, restaurant) = read(&desk.store, &desk.restaurants, id, seen).await?;
    let held = &stored.reservation;
    let transition = match restaurant.policy.confirmation {
        Confirmation::Instant => Transition::Confirm,
        Confirmation::Request => Transition::Request,
    };
    let mut next = held
        .after(transition, now, Actor::Guest, None)
        .map_err(wrong_status(&stored))?;
    let guest = details
        .guest
        .or_else(|| held.guest.clone())
        .ok_or(Refusal::GuestMissing)?;
    next.diner = Some(desk.diners.diner_of_email(&guest.email));
    next.guest = Some(guest);
    next.note = details.note.or_else(|| held.note.clone());
    next.until = first_status(&restaurant, now, held.span.start()).1;
    next.hold_place = None;

    let pace = pace_of(held, &restaurant).unwrap_or(u16::MAX);
    let claims = claims_of_step(Some(held), Some(&next), pace, now);
    let transaction = Transaction::replace(claims, &next, &stored)?;
    let refused = match desk.store.commit(&transaction).await? {
        Commit::Done(_) => {
            return Ok(Viewed {
                reservation: next,
                restaurant,
            });
        }
        Commit::Refused(refused) => refused,
    };
    let (of_reservation, claims) = split(refused);
    if of_reservation.is_none()
        && let Lesson::Final(refusal) = learn(claims, Some(held), &next, &mut DayBook::default(), now)
    {
        return Err(refusal);
    }
    Err(overtaken(&desk.store, &stored, seen, now).await)
}
