//! The panel: one reservation with all that can be done to it, or the form of what is written into the book.

use askama::Template;
use jari_api::{Form, Problem, respond::instant};
use jari_domain::{
    Cell, Channel, DaySheet, EmailAddress, Line, Reservation, ReservationId, Span, Status, TableId,
    lies_in_service_day,
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use crate::{
    page::Frame,
    posted::{Faults, Inputs},
    texts::Texts,
    tonight::{
        Evening, View,
        board::seats,
        card::{Card, clock},
        timeline::Timeline,
    },
};

/// What a page shows beside the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Reservation(ReservationId),
    Booking(Channel),
    Note,
    Closure,
}

/// What came of a form that is shown again.
#[derive(Default)]
pub(crate) struct Again {
    /// Why it was not done.
    pub(crate) notice: Option<String>,
    /// As it was sent, and what is wrong with it.
    pub(crate) form: Option<(Form, Faults)>,
    /// Which of a reservation's forms it was.
    pub(crate) step: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "tonight/reservation.html")]
#[allow(clippy::struct_excessive_bools, reason = "what a template shows or leaves out")]
struct ReservationPanel<'p> {
    frame: &'p Frame,
    /// The address that its forms begin with.
    action: String,
    /// What their addresses end in, to come back to the same view.
    query: &'static str,
    close: String,
    notice: Option<String>,
    card: Card,
    told: String,
    /// At which tables.
    place_text: String,
    phone: Option<(String, String)>,
    email: Option<String>,
    channel: String,
    until: Option<String>,
    /// Why it was cancelled or declined.
    reason: Option<String>,
    is_requested: bool,
    is_confirmed: bool,
    is_seated: bool,
    /// From when it can be marked as a no-show, if that is not yet.
    no_show_from: Option<String>,
    can_undo: bool,
    can_cancel: bool,
    /// Whom staff wrote in, staff may correct.
    is_ours: bool,
    open: Option<&'static str>,
    place: Inputs,
    details: Inputs,
    why: Inputs,
    tables: Vec<TableChoice>,
    times: Vec<(String, String)>,
    ends: Vec<(String, String)>,
    swaps: Vec<(String, String)>,
}

/// A table that can be chosen.
pub(crate) struct TableChoice {
    id: String,
    name: String,
    seats: String,
    is_chosen: bool,
    is_free: bool,
}

#[derive(Template)]
#[template(path = "tonight/note.html")]
struct NotePanel<'p> {
    frame: &'p Frame,
    action: String,
    close: String,
    notice: Option<String>,
    inputs: Inputs,
    revision: u64,
}

#[derive(Template)]
#[template(path = "tonight/closure.html")]
struct ClosurePanel<'p> {
    frame: &'p Frame,
    action: String,
    close: String,
    notice: Option<String>,
    inputs: Inputs,
    is_closed: bool,
    revision: u64,
}

/// In place of a reservation that the day shows no more: a hold that came to nothing.
#[derive(Template)]
#[template(path = "tonight/lost.html")]
struct LostPanel {
    t: Texts,
    notice: String,
    close: String,
}

impl Wanted {
    /// A form by its name in an address.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "walk-in" => Some(Self::Booking(Channel::WalkIn)),
            "phone" => Some(Self::Booking(Channel::InHouse)),
            "note" => Some(Self::Note),
            "closure" => Some(Self::Closure),
            _ => None,
        }
    }
}

impl Evening {
    /// The panel as it is opened; none for what is not there, or not for whoever looks.
    pub(crate) fn panel(&self, wanted: Wanted, frame: &Frame, view: View) -> Result<Option<String>, Problem> {
        self.panel_again(wanted, frame, view, Again::default())
    }

    /// The panel in answer to a form.
    pub(crate) fn panel_again(
        &self,
        wanted: Wanted,
        frame: &Frame,
        view: View,
        again: Again,
    ) -> Result<Option<String>, Problem> {
        let sheet = DaySheet::new(&self.restaurant, self.day.date, &self.read.reservations, self.now);
        let html = match wanted {
            Wanted::Reservation(id) => {
                let Some(line) = sheet.lines.iter().find(|line| line.reservation.id == id) else {
                    let Some(notice) = again.notice else { return Ok(None) };
                    let close = format!("{}{}", self.day.address(), view.query());
                    let lost = LostPanel { t: frame.t, notice, close };
                    return lost.render().map(Some).map_err(Problem::internal);
                };
                self.reservation(line, &sheet, frame, view, again).render()
            }
            Wanted::Booking(channel) => self.booking(channel, &sheet, frame, view, again).render(),
            Wanted::Note => self.note(frame, view, again).render(),
            Wanted::Closure if !self.may_close => return Ok(None),
            Wanted::Closure => self.closure(frame, view, again).render(),
        };
        html.map(Some).map_err(Problem::internal)
    }

    fn reservation<'p>(
        &self,
        line: &Line<'_>,
        sheet: &DaySheet<'_>,
        frame: &'p Frame,
        view: View,
        again: Again,
    ) -> ReservationPanel<'p> {
        let (t, zone) = (frame.t, self.restaurant.zone());
        let Line { reservation, status, .. } = *line;
        let card = Card::new(&self.restaurant, line, &self.read, t);
        let guest = reservation.guest.as_ref().filter(|_| status != Status::Held);
        let phone = guest.and_then(|guest| guest.phone.as_ref());
        let last = reservation.history.last().filter(|_| card.is_off);
        let no_show = reservation.in_time_for_no_show(self.now);
        let inputs = |step: &str, values: serde_json::Value| match &again.form {
            Some((form, faults)) if again.step == Some(step) => {
                Inputs::again(form.clone(), faults.clone(), t.0)
            }
            _ => Inputs::new(&values, t.0),
        };
        let place = inputs(
            "move",
            json!({
                "startsAt": card.starts_at, "endsAt": instant(reservation.span.end(), zone),
            }),
        );
        let email = guest.and_then(|guest| guest.email.as_ref());
        let details = inputs(
            "change",
            json!({
                "partySize": reservation.party.size(),
                "note": card.note,
                "guest": {
                    "name": guest.map(|guest| guest.name.as_str()),
                    "phone": phone.map(|phone| phone.spoken(jari_domain::Language::Ko)),
                    "email": email.map(EmailAddress::as_str),
                    "language": guest.map(|guest| guest.language.code()),
                },
            }),
        );
        let chosen = again.form.as_ref().filter(|_| again.step == Some("move"));
        let chosen = chosen.and_then(|(form, _)| form.value().get("tables")?.as_array().cloned());
        let tables = self.restaurant.floor.tables.iter().map(|table| {
            let id = table.id.to_string();
            let is_own = reservation.tables.contains(&table.id);
            TableChoice {
                name: table.name.clone(),
                seats: seats(&self.restaurant, table.id).unwrap_or_default(),
                is_chosen: chosen
                    .as_ref()
                    .map_or(is_own, |chosen| chosen.iter().any(|chosen| chosen == id.as_str())),
                is_free: is_free(sheet, table.id, reservation.span, Some(reservation.id)),
                id,
            }
        });
        let place_text = if reservation.tables.is_empty() {
            card.tables.clone()
        } else {
            t.with("tonight-at").set("tables", card.tables.as_str()).to_string()
        };
        let told = format!("{} · {} · {} · {place_text}", card.name, card.status, card.times);
        let query = view.query();
        ReservationPanel {
            frame,
            action: format!("{}/reservations/{}", self.day.address(), reservation.id),
            query,
            close: format!("{}{query}", self.day.address()),
            told,
            place_text,
            phone: phone.map(|phone| (phone.as_str().to_owned(), phone.spoken(t.0))),
            email: email.map(|email| email.as_str().to_owned()),
            channel: match reservation.channel {
                Channel::Online => t.say("tonight-by-diner"),
                Channel::InHouse => t.say("tonight-by-phone"),
                Channel::WalkIn => t.say("tonight-walk-in"),
            }
            .into_owned(),
            until: reservation.until.filter(|_| status.is_active()).map(|until| clock(until, zone)),
            reason: last.and_then(|entry| entry.why.clone()),
            is_requested: status == Status::Requested,
            is_confirmed: status == Status::Confirmed,
            is_seated: status == Status::Seated,
            no_show_from: match no_show {
                Err(jari_domain::BadTiming::NotBefore(from)) => Some(clock(from, zone)),
                _ => None,
            },
            can_undo: matches!(status, Status::Seated | Status::NoShow)
                && reservation.in_time_to_undo(self.now, zone).is_ok(),
            can_cancel: matches!(status, Status::Held | Status::Requested | Status::Confirmed),
            is_ours: reservation.channel != Channel::Online,
            open: again.step,
            place,
            details,
            why: inputs("cancel", json!({})),
            tables: tables.collect(),
            times: self.times(sheet, zone),
            ends: self.ends(reservation, sheet, zone),
            swaps: self.swaps(line, sheet, frame),
            notice: again.notice,
            card,
        }
    }

    /// The quarter hours of the day, each with its time.
    pub(super) fn times(&self, sheet: &DaySheet<'_>, zone: &TimeZone) -> Vec<(String, String)> {
        let told = |at: Timestamp| (instant(at, zone), clock(at, zone));
        self.quarters(sheet).into_iter().map(told).collect()
    }

    pub(super) fn quarters(&self, sheet: &DaySheet<'_>) -> Vec<Timestamp> {
        if let Some(timeline) = Timeline::new(&self.restaurant, self.day.date, sheet, self.now) {
            return timeline.columns.iter().map(|column| column.at).collect();
        }
        // A day without shifts: from ten in the morning, for fourteen hours.
        let ten = self.day.date.at(10, 0, 0, 0).to_zoned(self.restaurant.zone().clone());
        let first = ten.ok().and_then(|ten| Cell::containing(ten.timestamp()));
        first.map(|first| (0..56).map(|n| Cell(first.0 + n).start()).collect()).unwrap_or_default()
    }

    fn ends(
        &self,
        reservation: &Reservation,
        sheet: &DaySheet<'_>,
        zone: &TimeZone,
    ) -> Vec<(String, String)> {
        let start = reservation.span.start();
        let last = self.quarters(sheet).last().copied().unwrap_or(reservation.span.end());
        let lengths = (1..=Span::MAX_MINUTES / Cell::MINUTES).map(|cells| cells * Cell::MINUTES);
        let spans = lengths.filter_map(|minutes| Span::new(start, minutes));
        let spans = spans.filter(|span| {
            let is_shown = span.end() <= last.max(reservation.span.end())
                || span.end().duration_since(last).as_mins() <= 60;
            is_shown
                && span.end() > self.now.min(reservation.span.end())
                && lies_in_service_day(*span, self.day.date, zone)
        });
        spans.map(|span| (instant(span.end(), zone), clock(span.end(), zone))).collect()
    }

    /// With whom it can change tables.
    fn swaps(&self, own: &Line<'_>, sheet: &DaySheet<'_>, frame: &Frame) -> Vec<(String, String)> {
        let others = sheet.lines.iter().filter(|line| {
            matches!(line.status, Status::Requested | Status::Confirmed | Status::Seated)
                && line.reservation.id != own.reservation.id
                && line.reservation.tables != own.reservation.tables
        });
        let told = |line: &Line<'_>| {
            let card = Card::new(&self.restaurant, line, &self.read, frame.t);
            let label = format!("{} · {} · {} · {}", card.tables, card.starts, card.name, card.party);
            (format!("{}.{}", card.id, card.revision), label)
        };
        others.map(told).collect()
    }

    fn note<'p>(&self, frame: &'p Frame, view: View, again: Again) -> NotePanel<'p> {
        let query = view.query();
        let note = self.read.marks.note.as_ref();
        NotePanel {
            frame,
            action: format!("{}/note{query}", self.day.address()),
            close: format!("{}{query}", self.day.address()),
            revision: note.map(|note| note.revision).unwrap_or_default(),
            inputs: match again.form {
                Some((form, faults)) => Inputs::again(form, faults, frame.t.0),
                None => Inputs::new(&json!({ "text": note.map(|note| &note.text) }), frame.t.0),
            },
            notice: again.notice,
        }
    }

    fn closure<'p>(&self, frame: &'p Frame, view: View, again: Again) -> ClosurePanel<'p> {
        let query = view.query();
        let closure = self.read.marks.closure.as_ref();
        ClosurePanel {
            frame,
            action: format!("{}/closure{query}", self.day.address()),
            close: format!("{}{query}", self.day.address()),
            is_closed: closure.is_some(),
            revision: closure.map(|closure| closure.revision).unwrap_or_default(),
            inputs: match again.form {
                Some((form, faults)) => Inputs::again(form, faults, frame.t.0),
                None => Inputs::new(&json!({}), frame.t.0),
            },
            notice: again.notice,
        }
    }
}

/// Whether nobody but `own` has `table` at any time of `span`.
fn is_free(sheet: &DaySheet<'_>, table: TableId, span: Span, own: Option<ReservationId>) -> bool {
    let is_others = |occupied: &&jari_domain::Occupied| {
        let line = sheet.lines.get(occupied.line);
        line.is_some_and(|line| Some(line.reservation.id) != own)
    };
    let table = sheet.tables.iter().find(|known| known.id == table);
    table.is_none_or(|table| {
        !table.spans.iter().filter(is_others).any(|occupied| occupied.span.overlaps(span))
    })
}
