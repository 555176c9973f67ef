//! Changing a reservation for the house: its time off the grid, its tables by hand, its end, whoever it is for if staff
//! wrote it in; also while the party sits. As for diners, the old place is kept until the new one is certain.

use futures::FutureExt;
use jari_domain::{
    Guest, Note, Party, Reservation, Status, TableId, Transition, reminders_past, service_day,
};
use jari_identity::DinerKey;
use jari_store::{Claims, Commit, RetryBudget, Store, Transaction};
use jiff::Timestamp;

use crate::{
    Asked, Refusal, RestaurantCache, Viewed,
    book_by_staff::{choose, request, stay},
    claiming::{DayRace, Lesson, claims_of_step, lesson_of},
    tables_by_hand::tables_taken,
    view_reservation::Read,
};

/// What is to be otherwise; none: as it is.
#[derive(Debug, Clone, Default)]
pub struct StaffChange {
    /// Another time: any quarter hour.
    pub starts_at: Option<Timestamp>,
    /// Another end.
    pub ends_at: Option<Timestamp>,
    /// Another size.
    pub party: Option<Party>,
    /// Another area, by key.
    pub area: Option<String>,
    /// These tables, whatever parties they are meant for.
    pub tables: Option<Vec<TableId>>,
    /// Another note; `Some(None)`: none.
    pub note: Option<Option<Note>>,
    /// Other details of a guest whom staff wrote in.
    pub guest: Option<Guest>,
}

/// Changes a reservation for the restaurant's staff.
///
/// # Errors
/// [`Refusal::BadStay`], [`Refusal::NoArea`], [`Refusal::NoTables`], [`Refusal::NotBookable`],
/// [`Refusal::GuestsOwn`], [`Refusal::TableTaken`], [`Refusal::DinerBusy`], [`Refusal::WrongStatus`],
/// [`Refusal::Stale`], [`Refusal::Store`]. The reservation is then as it was.
pub async fn change_by_staff(
    store: &Store,
    restaurants: &RestaurantCache,
    diners: &DinerKey,
    asked: Asked,
    change: &StaffChange,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked
        .carried_out(store, restaurants, now, |read| change_as_staff(read, store, diners, change).boxed())
        .await
}

async fn change_as_staff(
    read: Read,
    store: &Store,
    diners: &DinerKey,
    change: &StaffChange,
) -> Result<Viewed, Refusal> {
    let now = read.now;
    let mut next = read.after(Transition::Change, None)?;
    let before = read.reservation();
    if let Some(note) = &change.note {
        next.note.clone_from(note);
    }
    if let Some(guest) = &change.guest {
        if before.channel == jari_domain::Channel::Online {
            return Err(Refusal::GuestsOwn);
        }
        next.diner = diners.diner_of_guest(guest);
        next.guest = Some(guest.clone());
    }
    let moves_in_time = change.starts_at.is_some_and(|starts_at| starts_at != before.span.start());
    if moves_in_time && before.status == Status::Seated {
        return Err(read.wrong_status());
    }
    next.party = change.party.unwrap_or(before.party);
    let is_new_stay = before.status != Status::Seated && (moves_in_time || next.party != before.party);
    let starts_at = change.starts_at.unwrap_or(before.span.start());
    if is_new_stay || change.ends_at.is_some() {
        let minutes = read.restaurant.stay(starts_at, next.party).0;
        next.span = stay(&read.restaurant, starts_at, change.ends_at, minutes, now)?;
        next.date = service_day(starts_at, read.restaurant.zone());
    }
    if moves_in_time {
        next.reminded = reminders_past(starts_at, now);
        next.reconfirmed_at = None;
    }
    let seeks_table = before.status != Status::Seated
        && change.tables.is_none()
        && (is_new_stay || change.area.as_ref().is_some_and(|area| Some(area) != before.area.as_ref()));
    let tables = if seeks_table { None } else { Some(change.tables.as_deref().unwrap_or(&before.tables)) };
    let is_place = seeks_table || change.tables.is_some() || next.span != before.span;
    let is_nothing =
        Reservation { revision: before.revision, history: before.history.clone(), ..next.clone() } == *before
            && !is_place;
    if is_nothing {
        return Ok(read.view_of(before.clone()));
    }
    if !is_place {
        let claims = claims_of_step(Some(before), Some(&next), None, now);
        return write(store, &read, claims, next).await;
    }
    let request =
        request(&read.restaurant, next.date, next.party, change.area.as_deref(), before.channel, now)?;
    let mut race = DayRace::new(store, before.restaurant, next.date, now);
    loop {
        let mut book = race.read_day().await?;
        if next.date == before.date {
            before.tables.iter().for_each(|table| book.give_back(*table, before.span));
            // It is in the house, or expected, already.
            book.closed = false;
        }
        let is_as_it_was = tables == Some(&*before.tables);
        if !is_as_it_was {
            let chosen = choose(&request, next.span, tables, &before.tables, &book)?;
            (next.tables, next.area) = (chosen.tables, chosen.area);
        }
        if !next.tables.iter().all(|table| book.is_free(*table, next.span)) {
            return Err(tables_taken(store, &read.restaurant, &next, &[before], now).await?);
        }
        let claims = claims_of_step(Some(before), Some(&next), None, now);
        let transaction = Transaction::replace(claims, &next, &read.stored)?;
        let refused = match store.commit(&transaction, &mut race.budget).await? {
            Commit::Done(_) => return Ok(read.view_of(next)),
            Commit::Refused(refused) => refused,
        };
        if refused.reservation_differs {
            return Err(read.overtaken(store).await);
        }
        match lesson_of(&refused.claims, Some(before), &next, None, now) {
            Lesson::Lost => {}
            Lesson::Final(refusal) => return Err(refusal),
            Lesson::Ended | Lesson::HoldPlaceTaken => return Err(read.overtaken(store).await),
        }
    }
}

/// Writes what does not touch the place, but perhaps whose time it takes.
async fn write(store: &Store, read: &Read, claims: Claims, next: Reservation) -> Result<Viewed, Refusal> {
    let transaction = Transaction::replace(claims, &next, &read.stored)?;
    let refused = match store.commit(&transaction, &mut RetryBudget::start()).await? {
        Commit::Done(_) => return Ok(read.view_of(next)),
        Commit::Refused(refused) => refused,
    };
    let before = read.reservation();
    if !refused.reservation_differs
        && let Lesson::Final(refusal) = lesson_of(&refused.claims, Some(before), &next, None, read.now)
    {
        return Err(refusal);
    }
    Err(read.overtaken(store).await)
}
