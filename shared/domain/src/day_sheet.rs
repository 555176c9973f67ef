//! The day sheet: everything a host needs of a service day, made of what was read. The one thing to know before touching
//! it: a table's time is taken cell by cell, so that its spans can't overlap, whatever the reservations say.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::{Cell, Misfit, Reservation, Restaurant, ServiceTime, Span, Status, TableId};

/// A service day at a restaurant, as a host needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySheet<'a> {
    /// The reservations that are of interest, in the order of their times.
    pub lines: Vec<Line<'a>>,
    /// The floor's tables in its order, then those that only reservations still name.
    pub tables: Vec<OccupiedTable>,
    /// Every quarter hour of the day's shifts, and those others in which somebody arrives.
    pub pacing: Vec<Arrivals>,
}

/// A reservation on a day sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// The reservation.
    pub reservation: &'a Reservation,
    /// Its status now.
    pub status: Status,
    /// Expected, and later than the restaurant's policy waits.
    pub late: bool,
    /// Why it no longer fits the restaurant, if it still matters.
    pub stranded: Option<Misfit>,
}

/// A table and when it is somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OccupiedTable {
    /// Which.
    pub id: TableId,
    /// Still one of the floor's.
    pub on_floor: bool,
    /// In order; no two overlap.
    pub spans: Vec<Occupied>,
}

/// A table is somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occupied {
    /// Whose: a place among [`DaySheet::lines`].
    pub line: usize,
    /// From when to when.
    pub span: Span,
}

/// The covers that arrive in a quarter hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrivals {
    /// Which quarter hour.
    pub cell: Cell,
    /// How many covers, of parties that are expected or came.
    pub covers: u16,
    /// How many may, where the shift has a pace.
    pub most: Option<u16>,
}

impl<'a> DaySheet<'a> {
    /// The sheet of `date` at `now`. Of `reservations` the holds that came to nothing are left out: nobody ever knew of
    /// them.
    #[must_use]
    pub fn new(
        restaurant: &Restaurant,
        date: Date,
        reservations: impl IntoIterator<Item = &'a Reservation>,
        now: Timestamp,
    ) -> Self {
        let lines = reservations.into_iter().filter_map(|reservation| line(restaurant, reservation, now));
        let mut lines: Vec<Line<'a>> = lines.collect();
        lines.sort_by_key(|line| (line.reservation.span.start(), line.reservation.id));
        let tables = tables(restaurant, &lines);
        let pacing = pacing(restaurant, date, &lines);
        Self { lines, tables, pacing }
    }
}

fn line<'a>(restaurant: &Restaurant, reservation: &'a Reservation, now: Timestamp) -> Option<Line<'a>> {
    let status = reservation.status_at(now);
    let was_only_held = reservation.guest.is_none()
        && reservation.history.iter().all(|entry| !matches!(entry.to, Status::Confirmed | Status::Requested));
    if status == Status::Expired || (status == Status::Cancelled && was_only_held) {
        return None;
    }
    let waits = SignedDuration::from_mins(i64::from(restaurant.policy.late_after_minutes));
    let late = status == Status::Confirmed && now.duration_since(reservation.span.start()) > waits;
    let matters = status.is_active() && reservation.span.end() > now;
    let stranded = matters.then(|| restaurant.misfit(reservation)).flatten();
    Some(Line { reservation, status, late, stranded })
}

/// When a party that has left gave its tables back: the cell in which it left is the next one's.
fn left_in(reservation: &Reservation) -> Option<Cell> {
    let left = reservation.history.iter().rev().find(|entry| entry.to == Status::Completed)?;
    Cell::containing(left.at)
}

fn tables(restaurant: &Restaurant, lines: &[Line<'_>]) -> Vec<OccupiedTable> {
    let named = lines.iter().flat_map(|line| &line.reservation.tables);
    let mut taken: BTreeMap<TableId, BTreeMap<Cell, usize>> =
        named.map(|table| (*table, BTreeMap::new())).collect();
    // Who has a table now goes before who had it: while an index catches up, both may seem to.
    for is_now in [true, false] {
        for (n, line) in lines.iter().enumerate() {
            let end = match (is_now, line.status) {
                (true, status) if status.is_active() => None,
                (false, Status::Completed) => left_in(line.reservation),
                _ => continue,
            };
            let cells = line.reservation.span.cells().filter(|cell| end.is_none_or(|end| *cell < end));
            for table in &line.reservation.tables {
                let table = taken.entry(*table).or_default();
                for cell in cells.clone() {
                    table.entry(cell).or_insert(n);
                }
            }
        }
    }
    let mut tables = Vec::with_capacity(restaurant.floor.tables.len());
    for table in &restaurant.floor.tables {
        let cells = taken.remove(&table.id).unwrap_or_default();
        tables.push(OccupiedTable { id: table.id, on_floor: true, spans: spans(&cells) });
    }
    let gone = taken.into_iter();
    tables.extend(gone.map(|(id, cells)| OccupiedTable { id, on_floor: false, spans: spans(&cells) }));
    tables
}

/// Cells as unbroken runs, each of one line.
fn spans(cells: &BTreeMap<Cell, usize>) -> Vec<Occupied> {
    let mut runs: Vec<(Cell, u16, usize)> = Vec::new();
    for (cell, line) in cells {
        match runs.last_mut() {
            Some((first, count, last)) if last == line && first.0 + u32::from(*count) == cell.0 => {
                *count += 1;
            }
            _ => runs.push((*cell, 1, *line)),
        }
    }
    let occupied = runs.into_iter().filter_map(|(first, count, line)| {
        Some(Occupied { line, span: Span::new(first.start(), count * Cell::MINUTES)? })
    });
    occupied.collect()
}

fn pacing(restaurant: &Restaurant, date: Date, lines: &[Line<'_>]) -> Vec<Arrivals> {
    let mut quarters: BTreeMap<Cell, Arrivals> = BTreeMap::new();
    for shift in restaurant.schedule.shifts(date) {
        let times = std::iter::successors(Some(shift.opens), |time: &ServiceTime| time.plus(Cell::MINUTES));
        for time in times.take_while(|time| *time <= shift.last_seating) {
            // The clocks may skip it.
            if let Some(cell) = time.on(date, restaurant.zone()).and_then(Cell::starting_at) {
                quarters.insert(cell, Arrivals { cell, covers: 0, most: shift.pace });
            }
        }
    }
    for line in lines.iter().filter(|line| line.status.is_active() || line.status == Status::Completed) {
        let cell = line.reservation.span.first();
        let arrivals = quarters.entry(cell).or_insert(Arrivals { cell, covers: 0, most: None });
        arrivals.covers = arrivals.covers.saturating_add(line.reservation.party.size().into());
    }
    quarters.into_values().collect()
}

#[cfg(test)]
mod tests;
