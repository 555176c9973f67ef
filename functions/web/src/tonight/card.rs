//! What the page says of one reservation, wherever it stands: on the timeline, in the list, in its own panel.

use jari_api::respond::instant;
use jari_domain::{Channel, Line, Misfit, Reservation, Restaurant, Status, TableId};
use jari_operations::DayRead;
use jiff::{Timestamp, tz::TimeZone};

use crate::texts::Texts;

/// A reservation, in words.
#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) revision: u64,
    pub(crate) name: String,
    pub(crate) party: String,
    /// `19:00–20:30`.
    pub(crate) times: String,
    pub(crate) starts: String,
    pub(crate) starts_at: String,
    pub(crate) tables: String,
    pub(crate) table_ids: String,
    pub(crate) note: Option<String>,
    pub(crate) status: String,
    pub(crate) mark: &'static str,
    /// The class of its colours.
    pub(crate) tone: &'static str,
    /// What a host should see at a glance, each with a sign.
    pub(crate) flags: Vec<Flag>,
    /// Whether another table or time can be chosen for it.
    pub(crate) can_move: bool,
    pub(crate) can_move_in_time: bool,
    /// What is done to it with one press.
    pub(crate) next: Option<Next>,
    /// It takes up no place and is not coming.
    pub(crate) is_off: bool,
}

/// A sign and what it says; without a sign the words are shown.
#[derive(Debug)]
pub(crate) struct Flag {
    pub(crate) sign: &'static str,
    pub(crate) text: String,
    pub(crate) tone: &'static str,
}

/// The step of the evening that comes next.
#[derive(Debug)]
pub(crate) struct Next {
    /// As in the form's address.
    pub(crate) step: &'static str,
    pub(crate) text: String,
}

/// A time as the page tells it: staff read a clock of 24 hours.
pub(crate) fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// Tables by the names that staff call them.
pub(crate) fn named(restaurant: &Restaurant, tables: &[TableId], t: Texts) -> String {
    if tables.is_empty() {
        return t.say("tonight-no-table").into_owned();
    }
    let name = |id: &TableId| {
        let table = restaurant.floor.table(*id);
        table.map_or_else(|| t.say("tonight-gone-table").into_owned(), |table| table.name.clone())
    };
    tables.iter().map(name).collect::<Vec<_>>().join(" + ")
}

/// The word for a status.
pub(crate) fn status_text(status: Status, t: Texts) -> String {
    let text = match status {
        Status::Held => t.say("tonight-held"),
        Status::Requested => t.say("tonight-requested"),
        Status::Confirmed => t.say("tonight-confirmed"),
        Status::Seated => t.say("tonight-seated"),
        Status::Completed => t.say("tonight-completed"),
        Status::NoShow => t.say("tonight-no-show"),
        Status::Cancelled => t.say("tonight-cancelled"),
        Status::Declined => t.say("tonight-declined"),
        Status::Expired => t.say("tonight-expired"),
    };
    text.into_owned()
}

impl Card {
    pub(crate) fn new(restaurant: &Restaurant, line: &Line<'_>, read: &DayRead, t: Texts) -> Self {
        let Line { reservation, status, late, .. } = *line;
        let zone = restaurant.zone();
        let (starts, ends) = (clock(reservation.span.start(), zone), clock(reservation.span.end(), zone));
        let size = reservation.party.size();
        let (mark, tone) = mark(status, late);
        let is_known = status != Status::Held;
        Self {
            id: reservation.id.to_string(),
            revision: reservation.revision,
            name: name(reservation, status, t),
            party: t.with("tonight-party").set("count", size).to_string(),
            times: format!("{starts}–{ends}"),
            starts,
            starts_at: instant(reservation.span.start(), zone),
            tables: named(restaurant, &reservation.tables, t),
            table_ids: reservation.tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            note: reservation.note.as_ref().filter(|_| is_known).map(|note| note.as_str().to_owned()),
            status: status_text(status, t),
            mark,
            tone,
            flags: flags(line, read, t),
            can_move: matches!(status, Status::Requested | Status::Confirmed | Status::Seated),
            can_move_in_time: matches!(status, Status::Requested | Status::Confirmed),
            next: next(status, t),
            is_off: matches!(status, Status::NoShow | Status::Cancelled | Status::Declined | Status::Expired),
        }
    }
}

fn name(reservation: &Reservation, status: Status, t: Texts) -> String {
    match &reservation.guest {
        _ if status == Status::Held => t.say("tonight-held-by-somebody").into_owned(),
        Some(guest) => guest.name.as_str().to_owned(),
        None if reservation.channel == Channel::WalkIn => t.say("tonight-walk-in").into_owned(),
        None => t.say("tonight-nameless").into_owned(),
    }
}

/// A shape and a colour, which say the same.
fn mark(status: Status, late: bool) -> (&'static str, &'static str) {
    match status {
        Status::Held => ("◌", "held"),
        Status::Requested => ("?", "waiting"),
        Status::Confirmed if late => ("!", "bad"),
        Status::Confirmed => ("○", "calm"),
        Status::Seated => ("●", "good"),
        Status::Completed => ("✓", "done"),
        Status::NoShow => ("✕", "bad"),
        Status::Cancelled | Status::Declined | Status::Expired => ("–", "done"),
    }
}

fn next(status: Status, t: Texts) -> Option<Next> {
    let (step, text) = match status {
        Status::Requested => ("accept", t.say("tonight-accept")),
        Status::Confirmed => ("seat", t.say("tonight-seat")),
        Status::Seated => ("complete", t.say("tonight-complete")),
        _ => return None,
    };
    Some(Next { step, text: text.into_owned() })
}

fn flags(line: &Line<'_>, read: &DayRead, t: Texts) -> Vec<Flag> {
    let mut flags = Vec::new();
    let mut flag = |sign, tone, text: String| flags.push(Flag { sign, text, tone });
    if line.late {
        flag("", "bad", t.say("tonight-late").into_owned());
    }
    if read.finds_it_closed(line) {
        flag("⚠", "bad", t.say("tonight-misfit-closed").into_owned());
    } else if let Some(misfit) = line.stranded {
        flag("⚠", "bad", misfit_text(misfit, t));
    }
    let standing = read.standing(line);
    if standing.no_shows > 0 {
        flag("✕", "waiting", t.with("tonight-no-shows").set("count", standing.no_shows).to_string());
    }
    if standing.mail_stopped {
        flag("✉", "waiting", t.say("tonight-mail-stopped").into_owned());
    }
    if standing.visits > 0 {
        flag("★", "good", t.with("tonight-visits").set("count", standing.visits).to_string());
    }
    if line.reservation.reconfirmed_at.is_some() && line.status == Status::Confirmed {
        flag("☑", "good", t.say("tonight-reconfirmed").into_owned());
    }
    if line.reservation.note.is_some() && line.status != Status::Held {
        flag("✎", "calm", t.say("tonight-has-note").into_owned());
    }
    flags
}

fn misfit_text(misfit: Misfit, t: Texts) -> String {
    let text = match misfit {
        Misfit::TableGone => t.say("tonight-misfit-table-gone"),
        Misfit::TableTooSmall => t.say("tonight-misfit-table-too-small"),
        Misfit::NotJoined => t.say("tonight-misfit-not-joined"),
        Misfit::AreaGone => t.say("tonight-misfit-area-gone"),
        Misfit::OutsideHours => t.say("tonight-misfit-outside-hours"),
        Misfit::PartyTooLarge => t.say("tonight-misfit-party-too-large"),
    };
    text.into_owned()
}
