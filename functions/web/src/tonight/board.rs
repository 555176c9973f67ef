//! The part of the page that is looked at again every some seconds: what is set down for the day, timeline and list. No form
//! and no token is in it, so that it is the same as long as the evening is, and its hash says whether it is.

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use jari_api::{Problem, respond::instant};
use jari_domain::{DaySheet, Restaurant, Status, TableId};
use jari_operations::DayRead;
use jiff::{Timestamp, civil::Date};

use crate::{
    texts::Texts,
    tonight::{
        card::{Card, clock},
        timeline::{Slot, Timeline},
    },
};

/// The part as it is written, and its revision: 48 bits of its hash, as the day sheet's.
pub(crate) struct Board {
    pub(crate) html: String,
    pub(crate) revision: u64,
}

#[derive(Template)]
#[template(path = "tonight/board.html")]
struct Sheet<'s> {
    t: Texts,
    /// The day's address.
    day: &'s str,
    /// Of a closed day; its reason may be empty.
    closed: Option<&'s str>,
    note: Option<&'s str>,
    reservations: usize,
    covers: u32,
    cards: Vec<Card>,
    timeline: Option<Table>,
}

/// The timeline in words.
struct Table {
    columns: Vec<Head>,
    hours: Vec<(String, usize)>,
    waiting: Vec<Row>,
    groups: Vec<Group>,
    covers: Vec<(u16, Option<u16>, bool)>,
}

struct Head {
    at: String,
    minute: String,
    time: String,
    opens_hour: bool,
    is_now: bool,
}

struct Group {
    name: String,
    is_gone: bool,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    /// `2–4`.
    seats: String,
    slots: Vec<Slot>,
}

impl Board {
    /// The part for the day at the address `day`.
    pub(crate) fn new(
        restaurant: &Restaurant,
        date: Date,
        read: &DayRead,
        now: Timestamp,
        day: &str,
        t: Texts,
    ) -> Result<Self, Problem> {
        let sheet = DaySheet::new(restaurant, date, &read.reservations, now);
        let timeline = Timeline::new(restaurant, date, &sheet, now);
        let comes = sheet.lines.iter().filter(|line| {
            matches!(line.status, Status::Requested | Status::Confirmed | Status::Seated | Status::Completed)
        });
        let closure = read.marks.closure.as_ref();
        let part = Sheet {
            t,
            day,
            closed: closure.map(|closure| closure.reason.as_deref().unwrap_or_default()),
            note: read.marks.note.as_ref().map(|note| note.text.as_str()),
            reservations: comes.clone().count(),
            covers: comes.map(|line| u32::from(line.reservation.party.size())).sum(),
            cards: sheet.lines.iter().map(|line| Card::new(restaurant, line, read, t)).collect(),
            timeline: timeline.map(|timeline| table(timeline, restaurant, t)),
        };
        let html = part.render().map_err(Problem::internal)?;
        let bits = digest(&SHA256, html.as_bytes());
        let revision = bits.as_ref().iter().take(6).fold(0, |number, byte| (number << 8) | u64::from(*byte));
        Ok(Self { html, revision })
    }
}

fn table(timeline: Timeline, restaurant: &Restaurant, t: Texts) -> Table {
    let zone = restaurant.zone();
    let head = |column: &super::timeline::Column| {
        let wall = zone.to_datetime(column.at);
        Head {
            at: instant(column.at, zone),
            minute: format!("{:02}", wall.minute()),
            time: clock(column.at, zone),
            opens_hour: column.opens_hour,
            is_now: column.is_now,
        }
    };
    let row = |row: super::timeline::Row| Row {
        id: row.table.map(|id| id.to_string()).unwrap_or_default(),
        name: row.table.map(|id| table_name(restaurant, id, t)).unwrap_or_default(),
        seats: row.table.and_then(|id| seats(restaurant, id)).unwrap_or_default(),
        slots: row.slots,
    };
    let area = |n: usize| restaurant.floor.areas.get(n).map(|area| area.name.get(t.0).to_owned());
    let group = |group: super::timeline::Group| Group {
        name: group.area.and_then(area).unwrap_or_else(|| t.say("tonight-gone-tables").into_owned()),
        is_gone: group.area.is_none(),
        rows: group.rows.into_iter().map(row).collect(),
    };
    Table {
        columns: timeline.columns.iter().map(head).collect(),
        hours: timeline
            .hours
            .iter()
            .map(|hour| (zone.to_datetime(hour.at).hour().to_string(), hour.columns))
            .collect(),
        waiting: timeline.waiting.into_iter().map(row).collect(),
        groups: timeline.groups.into_iter().map(group).collect(),
        covers: timeline
            .covers
            .iter()
            .map(|covers| (covers.arriving, covers.most, covers.is_full() && covers.arriving > 0))
            .collect(),
    }
}

fn table_name(restaurant: &Restaurant, id: TableId, t: Texts) -> String {
    let table = restaurant.floor.table(id);
    table.map_or_else(|| t.say("tonight-gone-table").into_owned(), |table| table.name.clone())
}

/// How many a table is for.
pub(crate) fn seats(restaurant: &Restaurant, id: TableId) -> Option<String> {
    let table = restaurant.floor.table(id)?;
    let (least, most) = (table.min_party.size(), table.max_party.size());
    Some(if least == most { most.to_string() } else { format!("{least}–{most}") })
}
