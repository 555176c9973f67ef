//! Changing a reservation: another day, time, party or note. Until another place is certain it stays as it was.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Form, Problem, fields};
use jari_domain::{Note, Party, Reservation, Restaurant, Status, service_day};
use jari_identity::Operation;
use jari_operations::{Change, Refusal, Viewed, change_reservation, day_times_to_move};
use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

use crate::{
    Desk,
    booking::{
        reservation,
        steps::revision,
        times::{Choice, DayOfTimes, nearest},
        told::{Notice, Why, Words},
        word::Word,
    },
    page::{Frame, Told, answer},
    posted::{Faults, Inputs, Posted},
    trouble::{Trouble, TroublePage},
    visitor::query,
};

/// Which times are to be shown.
#[derive(Debug, Clone, Copy)]
struct Asked {
    date: Date,
    party: Party,
}

/// What is to be otherwise.
struct Wanted {
    revision: u64,
    change: Change,
}

/// What is told at the top, and the form that was not right, if it came from one.
struct Answer {
    status: StatusCode,
    notice: Option<Notice>,
    note: Option<Inputs>,
}

#[derive(Template)]
#[template(path = "booking/change.html")]
struct Page {
    frame: Frame,
    notice: Option<String>,
    restaurant: Told,
    /// The reservation's page.
    back: String,
    action: String,
    revision: u64,
    day: String,
    time_and_party: String,
    /// Why it can't be changed, in place of everything else.
    closed: Option<String>,
    deadline: String,
    phone: String,
    phone_number: String,
    date: Date,
    first: Date,
    last: Date,
    parties: Vec<(u8, String)>,
    party: u8,
    times: Vec<(Choice, bool)>,
    times_day: String,
    instead: Vec<DayOfTimes>,
    inputs: Inputs,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    word: Word,
    RawQuery(asked): RawQuery,
) -> Result<Response, TroublePage> {
    let viewed = word.view(&desk).await?;
    let asked = Asked::read(asked.as_deref(), &viewed);
    let answer = Answer { status: StatusCode::OK, notice: None, note: None };
    page(&desk, &word, &viewed, asked, answer).await
}

pub(crate) async fn change(
    State(desk): State<Desk>,
    word: Word,
    posted: Posted,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let language = posted.visitor.language(None);
    let wanted = match Wanted::read(&posted.form) {
        Ok(wanted) => wanted,
        // Only what is written oneself can be wrong in a form of ours.
        Err(problem) if posted.text("/startsAt").is_empty() => {
            let viewed = word.view(&desk).await?;
            let note = Inputs::again(posted.form, Faults::new(problem.errors()), language);
            let answer = Answer { status: StatusCode::UNPROCESSABLE_ENTITY, notice: None, note: Some(note) };
            return page(&desk, &word, &viewed, Asked::of(&viewed.reservation), answer).await;
        }
        Err(_) => return Err(posted.visitor.trouble(Trouble::UnreadableForm)),
    };
    let changed = match word.asks(&desk, Operation::ChangeReservation, Some(wanted.revision)).await {
        Ok(asked) => {
            let (store, restaurants) = (&desk.booking.store, &desk.booking.restaurants);
            change_reservation(store, restaurants, asked, &wanted.change, now).await
        }
        Err(refusal) => Err(refusal),
    };
    let (viewed, status, notice) = match changed {
        Ok(viewed) => {
            let address = word.address_after(&desk, &viewed.reservation);
            return Ok(Redirect::to(&format!("{address}?done=changed")).into_response());
        }
        Err(Refusal::Stale(current)) => (*current, StatusCode::CONFLICT, Notice::LookAgain),
        Err(Refusal::WrongStatus(_, current)) => {
            let inputs = Inputs::new(&json!({}), language);
            let status = StatusCode::CONFLICT;
            return Ok(reservation::page(&desk, &word, &current, status, Some(Notice::LookAgain), inputs));
        }
        Err(refusal) => {
            let why = Why::of(&refusal).ok_or_else(|| word.turned_away(&refusal))?;
            let conflict = why.is_a_conflict();
            let status = if conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            (word.view(&desk).await?, status, Notice::NotMoved(why))
        }
    };
    let asked = Asked::wanted(&wanted.change, &viewed);
    // What was written stays, whatever stood in its way.
    let note = wanted.change.note.is_some();
    let note = note.then(|| Inputs::again(posted.form, Faults::default(), language));
    page(&desk, &word, &viewed, asked, Answer { status, notice: Some(notice), note }).await
}

impl Asked {
    /// The reservation's own day and party.
    fn of(reservation: &Reservation) -> Self {
        Self { date: reservation.date, party: reservation.party }
    }

    /// What a query asks for; the reservation's own where it asks for nothing that could be.
    fn read(asked: Option<&str>, viewed: &Viewed) -> Self {
        let own = Self::of(&viewed.reservation);
        let read = |name| query(asked, name).map(Value::from);
        let date = read("date").and_then(|date| fields::date(&date).ok());
        let party = query(asked, "party").and_then(|party| Party::new(party.parse().ok()?).ok());
        Self { date: date.unwrap_or(own.date), party: party.unwrap_or(own.party) }
    }

    /// The day and the party that could not be had.
    fn wanted(change: &Change, viewed: &Viewed) -> Self {
        let own = Self::of(&viewed.reservation);
        let date = change.starts_at.map(|starts_at| service_day(starts_at, viewed.restaurant.zone()));
        Self { date: date.unwrap_or(own.date), party: change.party.unwrap_or(own.party) }
    }

    /// The reservation's time of day, on that day.
    fn same_time(self, reservation: &Reservation, restaurant: &Restaurant) -> Timestamp {
        let starts_at = reservation.span.start();
        let moved = self
            .date
            .since(reservation.date)
            .ok()
            .and_then(|days| starts_at.to_zoned(restaurant.zone().clone()).checked_add(days).ok());
        moved.map_or(starts_at, |moved| moved.timestamp())
    }
}

impl Wanted {
    fn read(form: &Form) -> Result<Self, Problem> {
        let mut fields = form.fields();
        let revision = revision(&mut fields);
        let starts_at = fields.optional("startsAt", fields::instant);
        let party = fields.optional("partySize", fields::party);
        let note: Option<Note> = fields.optional("note", fields::note);
        let revision = fields.finish(revision)?;
        // A form is about the one or the other: a note left empty is none any more.
        let note = starts_at.is_none().then_some(note);
        Ok(Self { revision, change: Change { starts_at, party, area: None, note } })
    }
}

async fn page(
    desk: &Desk,
    word: &Word,
    viewed: &Viewed,
    asked: Asked,
    Answer { status, notice, note }: Answer,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let Viewed { reservation, restaurant, .. } = viewed;
    let action = format!("{}/change", word.address());
    let address = format!("{action}?date={}&party={}", asked.date, asked.party.size());
    let frame = word.frame(viewed, &address);
    let words = Words { t: frame.t, zone: restaurant.zone() };
    let starts_at = reservation.span.start();
    let closed = why_closed(viewed, words, now);
    let (mut times, mut instead) = (Vec::new(), Vec::new());
    if closed.is_none() {
        let store = &desk.booking.store;
        let unread = |error| word.visitor.trouble(Trouble::of_store(&error));
        let day = day_times_to_move(store, restaurant, reservation, asked.date, asked.party, now).await;
        let free = day.map_err(unread)?.times.into_iter().filter(|time| time.areas.is_ok());
        times = free
            .map(|time| {
                let is_own = time.starts_at == starts_at && asked.party == reservation.party;
                (Choice::new(time.starts_at, words), is_own)
            })
            .collect();
        if times.iter().all(|(_, is_own)| *is_own) {
            let wanted = asked.same_time(reservation, restaurant);
            let found = nearest(store, restaurant, wanted, asked.party, None, words, now).await;
            instead = found.map_err(unread)?;
        }
    }
    let (first, last) = restaurant.booking_window(now);
    let written = reservation.note.as_ref().map(Note::as_str);
    let page = Page {
        notice: notice.map(|notice| words.notice(notice)),
        restaurant: Told::of(&restaurant.profile.name, frame.language()),
        back: word.address(),
        action,
        revision: reservation.revision,
        day: words.spoken().day(starts_at),
        time_and_party: words.time_and_party(starts_at, reservation.party),
        closed,
        deadline: words.deadline(reservation.status_at(now), restaurant, starts_at, now),
        phone: restaurant.profile.phone.spoken(frame.language()),
        phone_number: restaurant.profile.phone.as_str().to_owned(),
        date: asked.date,
        first: first.min(reservation.date),
        last: last.max(reservation.date),
        parties: parties(restaurant, reservation, asked.party, words),
        party: asked.party.size(),
        times,
        times_day: words.spoken().day(asked.same_time(reservation, restaurant)),
        instead,
        inputs: match note {
            Some(note) => note.spoken_in(frame.language()),
            None => Inputs::new(&json!({ "note": written }), frame.language()),
        },
        frame: if status == StatusCode::OK { frame } else { frame.passing() },
    };
    Ok(answer(status, &page.frame, &page))
}

/// Why its diner can't change it now, if so.
fn why_closed(viewed: &Viewed, words: Words<'_>, now: Timestamp) -> Option<String> {
    let Viewed { reservation, restaurant, .. } = viewed;
    let starts_at = reservation.span.start();
    match reservation.status_at(now) {
        Status::Requested if now < starts_at => None,
        Status::Confirmed if now < starts_at && now <= restaurant.policy.change_until(starts_at) => None,
        Status::Confirmed => Some(words.deadline(Status::Confirmed, restaurant, starts_at, now)),
        status => Some(words.heading(status).into_owned()),
    }
}

/// The parties that can be chosen: all that the restaurant takes online, its own, and the one that was asked for.
fn parties(
    restaurant: &Restaurant,
    reservation: &Reservation,
    asked: Party,
    words: Words<'_>,
) -> Vec<(u8, String)> {
    let most = restaurant.policy.max_online_party.max(reservation.party.size()).max(asked.size());
    let sizes = (1..=most).filter_map(|size| Party::new(size).ok());
    sizes.map(|party| (party.size(), words.spoken().party(party))).collect()
}
