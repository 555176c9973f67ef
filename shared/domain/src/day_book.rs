//! What is taken on one service day: each table's cells, and how many covers arrive in each quarter hour.

use std::collections::{HashMap, HashSet};

use crate::{Cell, Span, TableId};

/// What is taken at a restaurant on a service day, as of one read.
#[derive(Debug, Clone, Default)]
pub struct DayBook {
    /// The restaurant has closed the day.
    pub closed: bool,
    taken: HashSet<(TableId, Cell)>,
    arriving: HashMap<Cell, u16>,
}

impl DayBook {
    /// Marks a cell of a table as taken.
    pub fn take(&mut self, table: TableId, cell: Cell) {
        self.taken.insert((table, cell));
    }

    /// Adds covers that arrive in a quarter hour.
    pub fn expect(&mut self, cell: Cell, covers: u16) {
        let sum = self.arriving.entry(cell).or_default();
        *sum = sum.saturating_add(covers);
    }

    /// Whether nobody has `table` at any time of `span`.
    #[must_use]
    pub fn is_free(&self, table: TableId, span: Span) -> bool {
        span.cells().all(|cell| !self.taken.contains(&(table, cell)))
    }

    /// How many covers arrive in that quarter hour.
    #[must_use]
    pub fn covers(&self, cell: Cell) -> u16 {
        self.arriving.get(&cell).copied().unwrap_or_default()
    }

    /// Forgets `span` of `table`: a reservation that is being moved does not stand in its own way.
    pub fn give_back(&mut self, table: TableId, span: Span) {
        for cell in span.cells() {
            self.taken.remove(&(table, cell));
        }
    }

    /// Corrects how many covers arrive in a quarter hour.
    pub fn correct_covers(&mut self, cell: Cell, covers: u16) {
        self.arriving.insert(cell, covers);
    }

    /// Forgets covers that arrive in a quarter hour.
    pub fn expect_fewer(&mut self, cell: Cell, covers: u16) {
        if let Some(sum) = self.arriving.get_mut(&cell) {
            *sum = sum.saturating_sub(covers);
        }
    }
}
