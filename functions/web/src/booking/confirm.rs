//! The form of `/book/{token}`: confirms the hold; or, once that has ended, books at once the time whose button was pressed.
//! And "let it go".

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Form, Problem, fields};
use jari_domain::{Guest, Note};
use jari_identity::Operation;
use jari_operations::{
    Booking, BookingKind, Details, Refusal, RequestKey, Viewed, book, cancel_reservation,
    confirm_reservation, view_reservation,
};
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    Desk,
    booking::{
        details::{Hold, page},
        hold::{booker, restaurant_address, visit_of},
        told::Why,
        word::{Word, link_token},
    },
    hold_key::{HOLD_KEY_INPUT, LONGEST_HOLD_KEY},
    posted::{Faults, Inputs, Posted},
    trouble::{Trouble, TroublePage},
    visitor::next_page,
};

pub(crate) async fn confirm(
    State(desk): State<Desk>,
    word: Word,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let pressed = posted.take("startsAt");
    let key = posted.take(HOLD_KEY_INPUT);
    let details = read(&posted.form);
    let Posted { visitor, form } = posted;
    let again = |faults| Inputs::again(form, faults, visitor.language(None));
    let details = match details {
        Ok(details) => details,
        Err(problem) => {
            let viewed = word.view(&desk).await?;
            if Hold::of(&viewed, now) == Hold::Booked {
                return Ok(Redirect::to(&word.address()).into_response());
            }
            return page(&desk, &word, &viewed, again(Faults::new(problem.errors())), None, now).await;
        }
    };
    let refusal = match pressed {
        None => match confirm_hold(&desk, &word, details, now).await {
            Ok(_) => return Ok(Redirect::to(&word.address()).into_response()),
            Err(refusal) => refusal,
        },
        Some(pressed) => {
            let unreadable = || visitor.trouble(Trouble::UnreadableForm);
            let starts_at = fields::instant(&Value::from(pressed)).map_err(|_| unreadable())?;
            let key = key.filter(|key| key.len() <= LONGEST_HOLD_KEY).ok_or_else(unreadable)?;
            match book_at_once(&desk, &word, details, starts_at, &key, now).await {
                Ok(address) => return Ok(Redirect::to(&address).into_response()),
                Err(refusal) => refusal,
            }
        }
    };
    let (viewed, why) = match refusal {
        // Confirmed before, by an earlier press perhaps; else its time was over.
        Refusal::WrongStatus(_, current) | Refusal::Stale(current) => match Hold::of(&current, now) {
            Hold::Gone(why) => (*current, why),
            Hold::Live | Hold::Booked => return Ok(Redirect::to(&word.address()).into_response()),
        },
        refusal => {
            let why = Why::of(&refusal).ok_or_else(|| word.turned_away(&refusal))?;
            (word.view(&desk).await?, why)
        }
    };
    page(&desk, &word, &viewed, again(Faults::default()), Some(why), now).await
}

/// Gives the table back before its time is over, and leads to the restaurant, or on to `next`.
pub(crate) async fn let_go(
    State(desk): State<Desk>,
    word: Word,
    mut posted: Posted,
) -> Result<Redirect, TroublePage> {
    let now = desk.clock.now();
    let next = posted.take("next");
    let (store, restaurants) = (&desk.booking.store, &desk.booking.restaurants);
    let asked = word.asks(&desk, Operation::CancelReservation, None).await;
    let asked = asked.map_err(|refusal| word.turned_away(&refusal))?;
    let viewed = asked.clone().view(restaurants).await.map_err(|refusal| word.turned_away(&refusal))?;
    match Hold::of(&viewed, now) {
        // What was confirmed in another window stays: this gives up a hold and nothing else.
        Hold::Booked => return Ok(Redirect::to(&word.address())),
        Hold::Gone(_) => {}
        Hold::Live => match cancel_reservation(store, restaurants, asked, None, now).await {
            Ok(_) => {}
            Err(Refusal::WrongStatus(_, current) | Refusal::Stale(current)) => {
                if Hold::of(&current, now) == Hold::Booked {
                    return Ok(Redirect::to(&word.address()));
                }
            }
            Err(refusal) => return Err(word.turned_away(&refusal)),
        },
    }
    let Viewed { reservation, restaurant, .. } = &viewed;
    let page = restaurant_address(
        reservation.restaurant,
        reservation.span.start(),
        reservation.party,
        restaurant.zone(),
    );
    Ok(Redirect::to(next.as_deref().and_then(next_page).unwrap_or(&page)))
}

/// Who comes, and what they tell the restaurant.
fn read(form: &Form) -> Result<(Guest, Option<Note>), Problem> {
    // In a copy: what is shown again is what was typed.
    let mut form = form.clone();
    form.complete_phone("/guest/phone");
    let mut fields = form.fields();
    let guest = fields.required_object("guest", fields::guest);
    let note = fields.optional("note", fields::note);
    Ok((fields.finish(guest)?, note))
}

async fn confirm_hold(
    desk: &Desk,
    word: &Word,
    (guest, note): (Guest, Option<Note>),
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    let asked = word.asks(desk, Operation::ConfirmReservation, None).await?;
    let details = Details { guest: Some(guest), note };
    confirm_reservation(&desk.booking, asked, details, now).await
}

/// Books another time than the one that was held, for the same party; says where its page is.
async fn book_at_once(
    desk: &Desk,
    word: &Word,
    (guest, note): (Guest, Option<Note>),
    starts_at: Timestamp,
    key: &str,
    now: Timestamp,
) -> Result<String, Refusal> {
    let asked = word.asks(desk, Operation::GetReservation, None).await?;
    let held = asked.stored.reservation;
    let visitor = &word.visitor;
    let key = RequestKey {
        caller: format!("visit {}", visit_of(visitor)),
        key: format!("{key} {starts_at} direct"),
    };
    let own = key.reservation_id();
    let booking = Booking {
        restaurant: held.restaurant,
        starts_at,
        party: held.party,
        area: None,
        note,
        kind: BookingKind::Direct(Some(guest)),
        booker: booker(visitor),
        key: Some(key),
    };
    let booked = match book(&desk.booking, &booking, now).await {
        Ok(booked) => booked.reservation,
        // Pressed again with other details: what the first press booked is there, and can be changed there.
        Err(Refusal::KeyReused) => {
            view_reservation(&desk.booking.store, &desk.booking.restaurants, own).await?.reservation
        }
        Err(refusal) => return Err(refusal),
    };
    Ok(format!("/r/{}", link_token(desk, &booked)))
}
