//! `/book/{token}`: who comes. The table is held for some minutes; once the hold has ended, what was typed stays and the
//! nearest free times stand above it as buttons, each of which books at once.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_domain::{Confirmation, Status};
use jari_operations::{Refusal, Viewed, own_account};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    Desk, assets,
    booking::{
        hold::restaurant_address,
        times::{DayOfTimes, nearest},
        told::{Why, Words},
        word::Word,
    },
    hold_key::new_hold_key,
    page::{Frame, Told, answer},
    posted::Inputs,
    trouble::{Trouble, TroublePage},
};

/// What has become of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// It waits for the details.
    Live,
    /// The table is not held any more.
    Gone(Why),
    /// It is a reservation.
    Booked,
}

#[derive(Template)]
#[template(path = "booking/details.html")]
pub(crate) struct Page {
    frame: Frame,
    restaurant: Told,
    restaurant_address: String,
    heading: String,
    /// What went wrong, and what can be done.
    told: Option<(String, String)>,
    /// As it is dialled, and as it is read.
    phone: Option<(String, String)>,
    day: String,
    time_and_party: String,
    until: Option<Until>,
    action: String,
    key: String,
    inputs: Inputs,
    /// The restaurant answers itself.
    is_request: bool,
    deadline: String,
    instead: Vec<DayOfTimes>,
    signed_in: bool,
}

/// When a hold ends.
struct Until {
    /// In words.
    told: String,
    /// As instants, for the countdown.
    at: String,
    now: String,
}

impl Hold {
    pub(crate) fn of(viewed: &Viewed, now: Timestamp) -> Self {
        let reservation = &viewed.reservation;
        match reservation.status_at(now) {
            Status::Held => Self::Live,
            Status::Expired => Self::Gone(Why::Ended),
            // One that nobody had given a name to.
            Status::Cancelled if reservation.guest.is_none() => Self::Gone(Why::LetGo),
            _ => Self::Booked,
        }
    }
}

pub(crate) async fn show(State(desk): State<Desk>, word: Word) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let viewed = word.view(&desk).await?;
    if Hold::of(&viewed, now) == Hold::Booked {
        return Ok(Redirect::to(&word.address()).into_response());
    }
    let language = word.visitor.language(None);
    let inputs = Inputs::new(&known(&desk, &word, &viewed).await?, language);
    page(&desk, &word, &viewed, inputs, None, now).await
}

/// A page shown in answer to a form of it has the form's address: opened again, it leads back.
pub(crate) async fn back(State(desk): State<Desk>, word: Word) -> Result<Redirect, TroublePage> {
    let viewed = word.view(&desk).await?;
    Ok(Redirect::to(&word.book_address(&desk, &viewed.reservation)))
}

/// What is known of who comes: what the hold was made with, else the profile of who has signed in.
async fn known(desk: &Desk, word: &Word, viewed: &Viewed) -> Result<Value, TroublePage> {
    let language = word.visitor.language(None);
    if let Some(guest) = &viewed.reservation.guest {
        let phone = guest.phone.as_ref().map(|phone| phone.spoken(language));
        return Ok(json!({ "guest": { "name": guest.name, "email": guest.email, "phone": phone } }));
    }
    if word.visitor.access.is_none() {
        return Ok(json!({}));
    }
    match own_account(&desk.booking.store, &word.visitor.bearer()).await {
        Ok(stored) => {
            let account = stored.account;
            let phone = account.phone.as_ref().map(|phone| phone.spoken(language));
            Ok(json!({ "guest": { "name": account.name, "email": account.email, "phone": phone } }))
        }
        // Signed out elsewhere: they can still type it.
        Err(Refusal::Unauthenticated) => Ok(json!({})),
        Err(refusal) => Err(word.turned_away(&refusal)),
    }
}

/// The form, with what it holds and what was wrong with it: in answer to it, as what `refused` says.
pub(crate) async fn page(
    desk: &Desk,
    word: &Word,
    viewed: &Viewed,
    inputs: Inputs,
    refused: Option<Why>,
    now: Timestamp,
) -> Result<Response, TroublePage> {
    let Viewed { reservation, restaurant, .. } = viewed;
    let frame = word.visitor.frame().private().with_script(&assets::BOOKING);
    let words = Words { t: frame.t, zone: restaurant.zone() };
    let starts_at = reservation.span.start();
    let hold = Hold::of(viewed, now);
    let gone = match hold {
        Hold::Gone(why) => Some(why),
        Hold::Live | Hold::Booked => None,
    };
    let instead = if gone.is_some() {
        let store = &desk.booking.store;
        let found = nearest(store, restaurant, starts_at, reservation.party, None, words, now).await;
        found.map_err(|error| word.visitor.trouble(Trouble::of_store(&error)))?
    } else {
        Vec::new()
    };
    let why = refused.or(gone);
    let status = match refused {
        None if inputs.faults.is_empty() => StatusCode::OK,
        Some(why) if why.is_a_conflict() => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let told = why.map(|why| words.why(why));
    let phone = &restaurant.profile.phone;
    let heading = if gone.is_some() { "booking-choose-another" } else { "booking-details" };
    let page = Page {
        restaurant: Told::of(&restaurant.profile.name, frame.language()),
        restaurant_address: restaurant_address(
            reservation.restaurant,
            starts_at,
            reservation.party,
            restaurant.zone(),
        ),
        heading: frame.t.say(heading).into_owned(),
        told: told.map(|(heading, advice)| (heading.into_owned(), advice.into_owned())),
        phone: why
            .is_some_and(Why::asks_to_call)
            .then(|| (phone.as_str().to_owned(), phone.spoken(frame.language()))),
        day: words.spoken().day(starts_at),
        time_and_party: words.time_and_party(starts_at, reservation.party),
        until: reservation.until.filter(|_| hold == Hold::Live).map(|until| Until {
            told: frame.t.with("booking-held-until").set("until", words.spoken().time(until)).to_string(),
            at: until.to_string(),
            now: now.to_string(),
        }),
        action: word.book_address(desk, reservation),
        key: new_hold_key(),
        inputs,
        is_request: restaurant.policy.confirmation == Confirmation::Request,
        deadline: words.deadline(Status::Confirmed, restaurant, starts_at, now),
        instead,
        signed_in: word.visitor.access.is_some(),
        // What was typed would not come along into another language.
        frame: if status == StatusCode::OK { frame } else { frame.passing() },
    };
    Ok(answer(status, &page.frame, &page))
}
