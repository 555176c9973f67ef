//! The timeline: a day sheet as the rows and columns of a table. A column is a quarter hour, so a party's cell is as wide as
//! its stay is long; what can't share a row gets another.

use jari_domain::{Cell, DaySheet, Line, Misfit, Restaurant, Span, Status, TableId};
use jiff::{Timestamp, civil::Date};

/// A service day as a table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// Quarter hours, in order, none left out.
    pub(crate) columns: Vec<Column>,
    /// The columns by the hour they are in.
    pub(crate) hours: Vec<Hour>,
    /// Who waits for an answer or for a table; as many rows as it takes.
    pub(crate) waiting: Vec<Row>,
    /// The tables, by area.
    pub(crate) groups: Vec<Group>,
    /// The covers that arrive, one entry a column.
    pub(crate) covers: Vec<Covers>,
}

/// A quarter hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) at: Timestamp,
    pub(crate) opens_hour: bool,
    pub(crate) is_now: bool,
}

/// As much of an hour as the timeline shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hour {
    pub(crate) at: Timestamp,
    pub(crate) columns: usize,
}

/// The tables of an area.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// A place among the floor's areas; none: tables that are no longer on the floor.
    pub(crate) area: Option<usize>,
    pub(crate) rows: Vec<Row>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Whose time it shows; none: of those who wait.
    pub(crate) table: Option<TableId>,
    /// Together as wide as there are columns.
    pub(crate) slots: Vec<Slot>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Nobody's, for one column.
    Free(usize),
    /// A party's: a place among the sheet's lines, and for how many columns.
    Taken { line: usize, columns: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Covers {
    pub(crate) arriving: u16,
    pub(crate) most: Option<u16>,
}

impl Covers {
    pub(crate) fn is_full(self) -> bool {
        self.most.is_some_and(|most| self.arriving >= most)
    }
}

impl Timeline {
    /// The timeline of a day; none when no guest is seated on it and nobody comes.
    pub(crate) fn new(
        restaurant: &Restaurant,
        date: Date,
        sheet: &DaySheet<'_>,
        now: Timestamp,
    ) -> Option<Self> {
        let first = first_and_last(restaurant, date, sheet)?;
        let columns = columns(restaurant, first, now);
        let cells = first.0.0..=first.1.0;
        let place = |cell: Cell| cells.contains(&cell.0).then(|| (cell.0 - first.0.0) as usize);
        let arrivals = |column: usize| {
            let arrivals = sheet.pacing.iter().find(|arrivals| place(arrivals.cell) == Some(column));
            let covers = arrivals.map(|arrivals| Covers { arriving: arrivals.covers, most: arrivals.most });
            covers.unwrap_or_default()
        };
        let row = |spans: &[(usize, Span)], table| Row { table, slots: slots(spans, columns.len(), place) };
        let tables = |is_shown: &dyn Fn(TableId, bool) -> bool| -> Vec<Row> {
            let tables = sheet.tables.iter().filter(|table| is_shown(table.id, table.on_floor));
            let spans = tables.map(|table| {
                let spans: Vec<_> =
                    table.spans.iter().map(|occupied| (occupied.line, occupied.span)).collect();
                row(&spans, Some(table.id))
            });
            spans.collect()
        };
        let floor = &restaurant.floor;
        let mut groups: Vec<Group> = Vec::new();
        for (n, area) in floor.areas.iter().enumerate() {
            let is_in = |id, _| floor.table(id).is_some_and(|table| table.area == area.key);
            groups.push(Group { area: Some(n), rows: tables(&is_in) });
        }
        groups.push(Group { area: None, rows: tables(&|_, on_floor| !on_floor) });
        groups.retain(|group| !group.rows.is_empty());
        Some(Self {
            hours: hours(&columns),
            waiting: lanes(sheet).iter().map(|lane| row(lane, None)).collect(),
            groups,
            covers: (0..columns.len()).map(arrivals).collect(),
            columns,
        })
    }
}

/// The lines that have or had a place in the room or wait for one.
fn is_placed(line: &Line<'_>) -> bool {
    line.status.is_active() || line.status == Status::Completed
}

/// Whether a party waits: for an answer, or for a table that takes it.
fn waits(line: &Line<'_>, has_row: bool) -> bool {
    let lacks_table = matches!(
        line.stranded,
        Some(Misfit::TableGone | Misfit::TableTooSmall | Misfit::NotJoined | Misfit::AreaGone)
    );
    match line.status {
        Status::Requested => true,
        Status::Confirmed => lacks_table || !has_row,
        status => status.is_active() && !has_row,
    }
}

/// From when to when guests are seated or expected, in whole hours of the wall's clock.
fn first_and_last(restaurant: &Restaurant, date: Date, sheet: &DaySheet<'_>) -> Option<(Cell, Cell)> {
    let zone = restaurant.zone();
    let shifts = restaurant.schedule.shifts(date);
    let shown = || sheet.lines.iter().filter(|line| is_placed(line)).map(|line| line.reservation.span);
    let opens = shifts.iter().filter_map(|shift| shift.opens.on(date, zone));
    let closes = shifts.iter().filter_map(|shift| shift.closes.on(date, zone));
    let first = opens.chain(shown().map(Span::start)).min()?;
    let last = closes.chain(shown().map(Span::end)).max()?;
    let (first, last) = (Cell::containing(first)?, Cell::containing(last)?);
    let opens_hour = |cell: &Cell| zone.to_datetime(cell.start()).minute() == 0;
    let first = (0..4).filter_map(|back| first.0.checked_sub(back).map(Cell)).find(opens_hour)?;
    let last = (0..4).map(|on| Cell(last.0 + on)).find(opens_hour)?;
    // The last cell is the one before the hour; a day that ends where it begins has none.
    (last > first).then(|| (first, Cell(last.0 - 1)))
}

fn columns(restaurant: &Restaurant, (first, last): (Cell, Cell), now: Timestamp) -> Vec<Column> {
    let now = Cell::containing(now);
    let column = |cell: u32| {
        let at = Cell(cell).start();
        let opens_hour = restaurant.zone().to_datetime(at).minute() == 0;
        Column { at, opens_hour, is_now: now == Some(Cell(cell)) }
    };
    (first.0..=last.0).map(column).collect()
}

fn hours(columns: &[Column]) -> Vec<Hour> {
    let mut hours: Vec<Hour> = Vec::new();
    for column in columns {
        match hours.last_mut() {
            Some(hour) if !column.opens_hour => hour.columns += 1,
            _ => hours.push(Hour { at: column.at, columns: 1 }),
        }
    }
    hours
}

/// Those who wait, in as few rows as they need.
fn lanes(sheet: &DaySheet<'_>) -> Vec<Vec<(usize, Span)>> {
    let mut lanes: Vec<Vec<(usize, Span)>> = Vec::new();
    for (n, line) in sheet.lines.iter().enumerate() {
        let has_row = sheet.tables.iter().any(|table| table.spans.iter().any(|occupied| occupied.line == n));
        if !waits(line, has_row) {
            continue;
        }
        let span = line.reservation.span;
        let fits =
            |lane: &&mut Vec<(usize, Span)>| lane.last().is_none_or(|(_, last)| last.end() <= span.start());
        match lanes.iter_mut().find(fits) {
            Some(lane) => lane.push((n, span)),
            None => lanes.push(vec![(n, span)]),
        }
    }
    lanes
}

/// A row's cells. `spans` are in order and do not overlap.
fn slots(spans: &[(usize, Span)], columns: usize, place: impl Fn(Cell) -> Option<usize>) -> Vec<Slot> {
    let mut slots = Vec::with_capacity(columns);
    let mut next = 0;
    for (line, span) in spans {
        let shown = span.cells().filter_map(&place).filter(|column| *column >= next);
        let Some(first) = shown.clone().min() else { continue };
        let width = shown.count();
        slots.extend((next..first).map(Slot::Free));
        slots.push(Slot::Taken { line: *line, columns: width });
        next = first + width;
    }
    slots.extend((next..columns).map(Slot::Free));
    slots
}
