//! The form for a party at the door, or a guest who calls: how many, when, and the table that they would get.

use askama::Template;
use jari_api::respond::instant;
use jari_domain::{Cell, Channel, DayBook, DaySheet, Party, Request, Span, TableId};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    page::Frame,
    posted::Inputs,
    tonight::{
        Evening, View,
        board::seats,
        card::{clock, named},
        panel::Again,
    },
};

#[derive(Template)]
#[template(path = "tonight/booking.html")]
pub(super) struct BookingPanel<'p> {
    frame: &'p Frame,
    action: String,
    close: String,
    notice: Option<String>,
    is_walk_in: bool,
    inputs: Inputs,
    /// Party sizes, each with the table that would be given and its ids.
    sizes: Vec<Size>,
    times: Vec<(String, String)>,
    tables: Vec<(String, String)>,
    /// A repeat of the form books nothing more.
    key: String,
}

struct Size {
    size: u8,
    /// None: nothing is free for so many.
    table: Option<(String, String)>,
}

/// The largest party with a button of its own.
pub(crate) const LARGEST_BUTTON: u8 = 8;

impl Evening {
    pub(super) fn booking<'p>(
        &self,
        channel: Channel,
        sheet: &DaySheet<'_>,
        frame: &'p Frame,
        view: View,
        again: Again,
    ) -> BookingPanel<'p> {
        let (t, zone) = (frame.t, self.restaurant.zone());
        let is_walk_in = channel == Channel::WalkIn;
        let begun = Cell::containing(self.now);
        let times = if is_walk_in {
            let begun = begun.map_or(self.now, Cell::start);
            let next = begun.checked_add(jiff::SignedDuration::from_mins(15)).unwrap_or(begun);
            let now = t.with("tonight-now").set("time", clock(begun, zone)).to_string();
            vec![(String::new(), now), (instant(next, zone), clock(next, zone))]
        } else {
            let mut times = self.times(sheet, zone);
            let gone = self.quarters(sheet).iter().filter(|at| Some(**at) < begun.map(Cell::start)).count();
            times.drain(..gone.min(times.len()));
            times
        };
        let sizes = (1..=LARGEST_BUTTON).map(|size| Size {
            size,
            table: is_walk_in
                .then(|| self.suggest(size, begun, sheet))
                .flatten()
                .map(|tables| (named(&self.restaurant, &tables, t), ids(&tables))),
        });
        let at = if is_walk_in { begun } else { None };
        let path = if is_walk_in { "walk-in" } else { "phone" };
        let query = view.query();
        BookingPanel {
            frame,
            action: format!("{}/bookings/{path}{query}", self.day.address()),
            close: format!("{}{query}", self.day.address()),
            is_walk_in,
            sizes: sizes.collect(),
            times,
            tables: self.tables(sheet, at, frame),
            inputs: match again.form {
                Some((form, faults)) => Inputs::again(form, faults, t.0),
                None => Inputs::new(&json!({}), t.0),
            },
            notice: again.notice,
            // Another one every time that the form is shown.
            key: frame.form_token.clone(),
        }
    }

    /// The tables that a party at the door would be given now.
    fn suggest(&self, size: u8, begun: Option<Cell>, sheet: &DaySheet<'_>) -> Option<Vec<TableId>> {
        let (begun, party) = (begun?.start(), Party::new(size).ok()?);
        let span = Span::new(begun, self.restaurant.stay(begun, party).0)?;
        let mut book = DayBook::default();
        for table in &sheet.tables {
            let cells = table.spans.iter().flat_map(|occupied| occupied.span.cells());
            cells.for_each(|cell| book.take(table.id, cell));
        }
        let request = Request {
            restaurant: &self.restaurant,
            date: self.day.date,
            party,
            area: None,
            channel: Channel::WalkIn,
            now: self.now,
            expected: None,
        };
        request.free_seatings(span, &book).ok()?.into_iter().next().map(|seating| seating.tables)
    }

    /// The tables to choose from, alone and joined, and until when each is free from `at` on.
    fn tables(&self, sheet: &DaySheet<'_>, at: Option<Cell>, frame: &Frame) -> Vec<(String, String)> {
        let (t, zone) = (frame.t, self.restaurant.zone());
        let floor = &self.restaurant.floor;
        let alone = floor.tables.iter().map(|table| vec![table.id]);
        let joined = floor.combinations.iter().map(|joined| joined.tables.clone());
        let told = |tables: Vec<TableId>| {
            let mut label = named(&self.restaurant, &tables, t);
            if let [table] = tables[..]
                && let Some(seats) = seats(&self.restaurant, table)
            {
                label = format!("{label} ({})", t.with("tonight-seats").set("seats", seats));
            }
            if let Some(at) = at {
                match free_until(sheet, &tables, at) {
                    Free::Taken => label = format!("{label} · {}", t.say("tonight-taken-now")),
                    Free::Until(until) => {
                        let until = t.with("tonight-free-until").set("time", clock(until, zone)).to_string();
                        label = format!("{label} · {until}");
                    }
                    Free::AllDay => {}
                }
            }
            (ids(&tables), label)
        };
        let any = (String::new(), t.say("tonight-best-table").into_owned());
        std::iter::once(any).chain(alone.chain(joined).map(told)).collect()
    }
}

fn ids(tables: &[TableId]) -> String {
    tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

enum Free {
    Taken,
    Until(Timestamp),
    AllDay,
}

/// How long all of `tables` are free from `at` on.
fn free_until(sheet: &DaySheet<'_>, tables: &[TableId], at: Cell) -> Free {
    let known = sheet.tables.iter().filter(|table| tables.contains(&table.id));
    let spans = known.flat_map(|table| &table.spans).map(|occupied| occupied.span);
    if spans.clone().any(|span| span.start() <= at.start() && at.start() < span.end()) {
        return Free::Taken;
    }
    let next = spans.map(Span::start).filter(|start| *start > at.start()).min();
    next.map_or(Free::AllDay, Free::Until)
}
