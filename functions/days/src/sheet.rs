//! The day sheet on the wire.

use aws_lc_rs::digest::{SHA256, digest};
use jari_api::{Problem, respond::instant};
use jari_domain::{
    Arrivals, Channel, DaySheet, Guest, Language, Line, OccupiedTable, Party, ReservationId, Restaurant,
    Status, TableId,
};
use jari_operations::DayRead;
use jari_wiring::Stranding;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;

/// A service day.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySheet)]
pub(crate) struct SheetView {
    #[schema(format = Date, example = "2026-12-24")]
    date: String,
    /// Another with every change, also with what time alone changes; it tells whether the sheet is the same, not which is
    /// newer. Also the `ETag`.
    revision: u64,
    /// By time. Holds and requests whose time has passed are not among the active ones; holds that came to nothing are left
    /// out.
    reservations: Vec<LineView>,
    /// The floor's tables, then those that only reservations still name.
    tables: Vec<TableView>,
    /// Every quarter hour of the day's shifts, and wherever else somebody arrives.
    pacing: Vec<PacingView>,
    /// What whoever works the day is to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<NoteView>,
    /// The day is closed: nobody books it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<ClosedView>,
}

/// A reservation on a day sheet.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySheetReservation)]
#[serde(rename_all = "camelCase")]
struct LineView {
    #[schema(value_type = String, example = "rsv_01kc9x3v2rq8f5m7w1d6e4t0zn")]
    id: ReservationId,
    #[schema(value_type = String, example = "confirmed")]
    status: Status,
    #[schema(format = DateTime, example = "2026-12-24T19:00:00+09:00")]
    starts_at: String,
    #[schema(format = DateTime, example = "2026-12-24T20:30:00+09:00")]
    ends_at: String,
    #[schema(value_type = u8, minimum = 1, maximum = 99, example = 2)]
    party_size: Party,
    #[schema(value_type = Vec<String>)]
    tables: Vec<TableId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "hall")]
    area: Option<String>,
    /// Missing while it is only held, and once the guest's details have been erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    guest: Option<GuestView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "창가 자리 부탁드려요.")]
    note: Option<String>,
    /// `online`, `inHouse` or `walkIn`.
    #[schema(value_type = String, example = "online")]
    channel: Channel,
    /// Rises with every change; to be sent as `If-Match` with whatever is done to it.
    revision: u64,
    /// Expected, and later than the policy waits.
    late: bool,
    /// The guest said, after a reminder, that they are coming.
    reconfirmed: bool,
    /// How often the guest has come here.
    visits: u32,
    /// How often the guest booked here and did not come.
    no_shows: u32,
    /// No mail reaches the guest: please call.
    mail_stopped: bool,
    /// Why it no longer fits the restaurant.
    #[serde(skip_serializing_if = "Option::is_none")]
    stranded: Option<Stranding>,
    /// When the hold ends or the unanswered request is declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    until: Option<String>,
}

/// Who comes.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySheetGuest)]
struct GuestView {
    #[schema(example = "김민지")]
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Email, example = "minji@example.kr")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+821012345678")]
    phone: Option<String>,
    /// `ko` or `en`.
    #[schema(value_type = String, example = "ko")]
    language: Language,
}

/// A table and when it is somebody's.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySheetTable)]
#[serde(rename_all = "camelCase")]
struct TableView {
    #[schema(value_type = String)]
    id: TableId,
    /// As the staff call it; missing when it is no longer on the floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "창가 2")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "hall")]
    area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u8>)]
    min_party: Option<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u8>)]
    max_party: Option<Party>,
    /// In order; no two overlap.
    spans: Vec<SpanView>,
}

/// A table is somebody's.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySheetSpan)]
#[serde(rename_all = "camelCase")]
struct SpanView {
    #[schema(value_type = String)]
    reservation_id: ReservationId,
    #[schema(format = DateTime)]
    starts_at: String,
    #[schema(format = DateTime)]
    ends_at: String,
    /// Only held, by somebody who is filling in the form.
    held: bool,
}

/// The covers that arrive in a quarter hour.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySheetPacing)]
#[serde(rename_all = "camelCase")]
struct PacingView {
    #[schema(format = DateTime)]
    starts_at: String,
    covers: u16,
    /// How many may be booked; missing where the shift has no pace.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<u16>,
}

/// The note of the day.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySheetNote)]
struct NoteView {
    text: String,
    /// To be sent as `If-Match` with another note.
    revision: u64,
}

/// The day is closed.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySheetClosure)]
struct ClosedView {
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// To be sent as `If-Match` with opening it.
    revision: u64,
}

impl SheetView {
    pub(crate) fn new(
        restaurant: &Restaurant,
        date: Date,
        read: &DayRead,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let sheet = DaySheet::new(restaurant, date, &read.reservations, now);
        let lines = sheet.lines.iter().map(|line| line_view(restaurant, line, read));
        let tables = sheet.tables.iter().map(|table| table_view(restaurant, table, &sheet));
        let mut view = Self {
            date: date.to_string(),
            revision: 0,
            reservations: lines.collect(),
            tables: tables.collect(),
            pacing: sheet.pacing.iter().map(|arrivals| pacing_view(restaurant, arrivals)).collect(),
            note: read.marks.note.clone().map(|note| NoteView { text: note.text, revision: note.revision }),
            closed: read
                .marks
                .closure
                .clone()
                .map(|closure| ClosedView { reason: closure.reason, revision: closure.revision }),
        };
        let content = serde_json::to_vec(&view).map_err(Problem::internal)?;
        view.revision = revision_of(&content);
        Ok(view)
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }
}

/// Of the content itself: 48 bits of its hash, as a number that JSON's readers keep whole. Never 0.
fn revision_of(content: &[u8]) -> u64 {
    let bits = digest(&SHA256, content);
    let first = bits.as_ref().iter().take(6);
    first.fold(0, |number, byte| (number << 8) | u64::from(*byte)).max(1)
}

fn line_view(restaurant: &Restaurant, line: &Line<'_>, read: &DayRead) -> LineView {
    let reservation = line.reservation;
    let at = |timestamp: Timestamp| instant(timestamp, restaurant.zone());
    let known = line.status != Status::Held;
    let standing = read.standing(line);
    let stranded =
        if read.finds_it_closed(line) { Some(Stranding::Closed) } else { line.stranded.map(Stranding::from) };
    LineView {
        id: reservation.id,
        status: line.status,
        starts_at: at(reservation.span.start()),
        ends_at: at(reservation.span.end()),
        party_size: reservation.party,
        tables: reservation.tables.clone(),
        area: reservation.area.clone(),
        guest: reservation.guest.as_ref().filter(|_| known).map(guest_view),
        note: reservation.note.as_ref().filter(|_| known).map(|note| note.as_str().to_owned()),
        channel: reservation.channel,
        revision: reservation.revision,
        late: line.late,
        reconfirmed: reservation.reconfirmed_at.is_some(),
        visits: standing.visits,
        no_shows: standing.no_shows,
        mail_stopped: standing.mail_stopped,
        stranded,
        until: reservation.until.filter(|_| line.status.is_active()).map(at),
    }
}

fn guest_view(guest: &Guest) -> GuestView {
    GuestView {
        name: guest.name.as_str().to_owned(),
        email: guest.email.as_ref().map(|email| email.as_str().to_owned()),
        phone: guest.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        language: guest.language,
    }
}

fn table_view(restaurant: &Restaurant, table: &OccupiedTable, sheet: &DaySheet<'_>) -> TableView {
    let on_floor = restaurant.floor.table(table.id);
    let spans = table.spans.iter().filter_map(|occupied| {
        let line = sheet.lines.get(occupied.line)?;
        Some(SpanView {
            reservation_id: line.reservation.id,
            starts_at: instant(occupied.span.start(), restaurant.zone()),
            ends_at: instant(occupied.span.end(), restaurant.zone()),
            held: line.status == Status::Held,
        })
    });
    TableView {
        id: table.id,
        name: on_floor.map(|table| table.name.clone()),
        area: on_floor.map(|table| table.area.clone()),
        min_party: on_floor.map(|table| table.min_party),
        max_party: on_floor.map(|table| table.max_party),
        spans: spans.collect(),
    }
}

fn pacing_view(restaurant: &Restaurant, arrivals: &Arrivals) -> PacingView {
    PacingView {
        starts_at: instant(arrivals.cell.start(), restaurant.zone()),
        covers: arrivals.covers,
        max: arrivals.most,
    }
}
