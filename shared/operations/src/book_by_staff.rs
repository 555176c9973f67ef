//! What staff write into the book: a guest who calls, a guest at the door. Window, cut-off, size and the offered times do
//! not bind them; a table that is taken does.

use std::sync::Arc;

use jari_domain::{
    AccountId, Actor, Cell, Channel, DayBook, Guest, HistoryEntry, Note, Party, Request, Reservation,
    Restaurant, Seating, Span, Status, TableId, Unavailable, lies_in_service_day, reminders_past,
    service_day,
};
use jari_identity::DinerKey;
use jari_store::{Commit, Store, StoreError, StoredReservation, Transaction};
use jari_telemetry::Metric;
use jiff::{Timestamp, civil::Date};

use crate::{
    Booked, Refusal, RequestKey,
    claiming::{DayRace, Lesson, claims_of_step, lesson_of},
    idempotency::{fingerprint, new_id},
    tables_by_hand::tables_taken,
};

/// What a member of the staff writes into the book.
#[derive(Debug, Clone)]
pub struct StaffBooking {
    /// Who writes.
    pub account: AccountId,
    /// In-house: the guest is expected. Walk-in: the party sits down now.
    pub channel: Channel,
    /// Any quarter hour; none: the one that has begun.
    pub starts_at: Option<Timestamp>,
    /// When the table is to be free again; none: after the turn time of the shift.
    pub ends_at: Option<Timestamp>,
    /// For how many.
    pub party: Party,
    /// Only in this area, by key, if any.
    pub area: Option<String>,
    /// These tables and no others, whatever parties they are meant for.
    pub tables: Option<Vec<TableId>>,
    /// What the restaurant should know.
    pub note: Option<Note>,
    /// Who comes, as far as it is known.
    pub guest: Option<Guest>,
    /// Under which a repeat of this request is known.
    pub key: Option<RequestKey>,
}

/// Writes a party into the book of `restaurant`, to which the writer was admitted. One read of the day, one transaction;
/// a table lost meanwhile teaches, and the next is tried.
///
/// # Errors
/// [`Refusal::BadStay`], [`Refusal::NoArea`], [`Refusal::NoTables`], [`Refusal::NotBookable`],
/// [`Refusal::TableTaken`], [`Refusal::DinerBusy`], [`Refusal::KeyReused`], [`Refusal::Store`].
pub async fn book_by_staff(
    store: &Store,
    diners: &DinerKey,
    restaurant: Arc<Restaurant>,
    booking: &StaffBooking,
    now: Timestamp,
) -> Result<Booked, Refusal> {
    let (fingerprint, id) = match &booking.key {
        Some(key) => (Some(fingerprint(&asked(&restaurant, booking))?), key.reservation_id()),
        None => (None, new_id(now)?),
    };
    let replay = |stored: StoredReservation| {
        if stored.fingerprint == fingerprint {
            let restaurant = Arc::clone(&restaurant);
            Ok(Booked { reservation: stored.reservation, restaurant, replayed: true })
        } else {
            Err(Refusal::KeyReused)
        }
    };
    // A repeat may come when the time is past, or its own table makes the slot full.
    if booking.key.is_some()
        && let Some(stored) = store.reservation(id).await?
    {
        return replay(stored);
    }
    let (starts_at, party) = (booking.starts_at.unwrap_or_else(|| begun_quarter(now)), booking.party);
    let (minutes, pace) = restaurant.stay(starts_at, party);
    let span = stay(&restaurant, starts_at, booking.ends_at, minutes, now)?;
    let date = service_day(starts_at, restaurant.zone());
    let request = request(&restaurant, date, party, booking.area.as_deref(), booking.channel, now)?;
    let guest = booking.guest.clone();
    let (status, reminded) = match booking.channel {
        Channel::WalkIn => (Status::Seated, 0),
        _ => (Status::Confirmed, reminders_past(starts_at, now)),
    };
    let by = Actor::Staff(booking.account);
    let mut reservation = Reservation {
        id,
        restaurant: restaurant.id,
        date,
        span,
        party,
        tables: Vec::new(),
        area: None,
        diner: guest.as_ref().and_then(|guest| diners.diner_of_guest(guest)),
        guest,
        note: booking.note.clone(),
        status,
        until: None,
        hold_place: None,
        paced: pace.is_some(),
        channel: booking.channel,
        reminded,
        reconfirmed_at: None,
        revision: 1,
        created_at: now,
        history: vec![HistoryEntry { at: now, by, from: None, to: status, why: None, before: None }],
    };
    let mut race = DayRace::new(store, restaurant.id, date, now);
    loop {
        let book = race.read_day().await?;
        let chosen = choose(&request, span, booking.tables.as_deref(), &[], &book)?;
        reservation.tables = chosen.tables;
        reservation.area = chosen.area;
        let free = reservation.tables.iter().all(|table| book.is_free(*table, span));
        if !free {
            return Err(tables_taken(store, &restaurant, &reservation, &[], now).await?);
        }
        // Staff know who is at the door: the pace counts their guests and does not hold them back.
        let claims = claims_of_step(None, Some(&reservation), None, now);
        let transaction = Transaction::create(claims, &reservation, fingerprint.as_deref())?;
        let refused = match store.commit(&transaction, &mut race.budget).await? {
            Commit::Done(_) => {
                jari_telemetry::count(Metric::Booked);
                return Ok(Booked { reservation, restaurant, replayed: false });
            }
            Commit::Refused(refused) => refused,
        };
        if let Some(stored) = refused.reservation {
            return replay(*stored);
        }
        match lesson_of(&refused.claims, None, &reservation, None, now) {
            Lesson::Lost => {}
            Lesson::Final(refusal) => return Err(refusal),
            Lesson::Ended | Lesson::HoldPlaceTaken => {
                return Err(StoreError::Corrupt("refused by nothing that is there".into()).into());
            }
        }
    }
}

/// What two requests under one key must have in common.
fn asked(restaurant: &Restaurant, booking: &StaffBooking) -> impl serde::Serialize {
    let StaffBooking { channel, starts_at, ends_at, party, area, tables, note, guest, .. } = booking.clone();
    let tables: Option<Vec<String>> = tables.map(|tables| tables.into_iter().map(TableId::digits).collect());
    (restaurant.id, channel, starts_at, ends_at, party, area, tables, note, guest)
}

/// The question what is free for staff to give.
pub(crate) fn request<'a>(
    restaurant: &'a Restaurant,
    date: Date,
    party: Party,
    area: Option<&'a str>,
    channel: Channel,
    now: Timestamp,
) -> Result<Request<'a>, Refusal> {
    if area.is_some_and(|area| !restaurant.floor.areas.iter().any(|known| known.key == area)) {
        return Err(Refusal::NoArea);
    }
    // Who came by another way is moved as a guest of the house.
    let channel = if channel == Channel::WalkIn { channel } else { Channel::InHouse };
    Ok(Request { restaurant, date, party, area, channel, now, expected: None })
}

/// The stay from `starts_at` to `ends_at`, or for `minutes` as far as the service day allows.
pub(crate) fn stay(
    restaurant: &Restaurant,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
    minutes: u16,
    now: Timestamp,
) -> Result<Span, Refusal> {
    let date = service_day(starts_at, restaurant.zone());
    let fits = |span: &Span| lies_in_service_day(*span, date, restaurant.zone());
    let span = if let Some(ends_at) = ends_at {
        let seconds = ends_at.duration_since(starts_at).as_secs();
        let minutes = u16::try_from(seconds / 60).ok().filter(|_| seconds % 60 == 0);
        minutes.and_then(|minutes| Span::new(starts_at, minutes)).filter(fits)
    } else {
        let lengths = (1..=minutes / Cell::MINUTES).rev();
        lengths.filter_map(|cells| Span::new(starts_at, cells * Cell::MINUTES)).find(fits)
    };
    span.filter(|span| span.end() > now).ok_or(Refusal::BadStay)
}

/// The tables asked for by hand; or the best that are free, of `preferred` and of all.
pub(crate) fn choose(
    request: &Request<'_>,
    span: Span,
    by_hand: Option<&[TableId]>,
    preferred: &[TableId],
    book: &DayBook,
) -> Result<Seating, Refusal> {
    if book.closed {
        return Err(Refusal::NotBookable(Unavailable::Closed));
    }
    if let Some(tables) = by_hand {
        return request.restaurant.floor.by_hand(tables).ok_or(Refusal::NoTables);
    }
    let free = request.free_seatings(span, book).map_err(|why| match why {
        Unavailable::Full => Refusal::TableTaken { taken: Vec::new(), alternatives: Vec::new() },
        why => Refusal::NotBookable(why),
    })?;
    let stays = free.iter().position(|seating| seating.tables == preferred).unwrap_or_default();
    let none = || Refusal::TableTaken { taken: Vec::new(), alternatives: Vec::new() };
    free.into_iter().nth(stays).ok_or_else(none)
}

/// The quarter hour that has begun.
fn begun_quarter(now: Timestamp) -> Timestamp {
    Cell::containing(now).map_or(now, Cell::start)
}
