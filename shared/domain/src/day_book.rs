//! What is taken on one service day: each table's cells, and how many covers arrive in each quarter hour.

use std::collections::{BTreeMap, HashMap};

use crate::{Cell, Span, TableId};

/// What is taken at a restaurant on a service day, as of one read.
#[derive(Debug, Clone, Default)]
pub struct DayBook {
    /// The restaurant has closed the day.
    pub closed: bool,
    taken: BTreeMap<TableId, DayCells>,
    arriving: HashMap<Cell, u16>,
}

/// Cells of one service day, a bit each. A service day has a hundred quarter hours at most, so no two of them share a
/// bit; a stray cell of another day could only make a table look taken, never free.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct DayCells(u128);

impl DayCells {
    fn of(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self(cells.into_iter().fold(0, |bits, cell| bits | 1 << (cell.0 % u128::BITS)))
    }
}

impl DayBook {
    /// Marks a cell of a table as taken.
    pub fn take(&mut self, table: TableId, cell: Cell) {
        self.taken.entry(table).or_default().0 |= DayCells::of([cell]).0;
    }

    /// Adds covers that arrive in a quarter hour.
    pub fn expect(&mut self, cell: Cell, covers: u16) {
        let sum = self.arriving.entry(cell).or_default();
        *sum = sum.saturating_add(covers);
    }

    /// Whether nobody has `table` at any time of `span`.
    #[must_use]
    pub fn is_free(&self, table: TableId, span: Span) -> bool {
        self.taken.get(&table).is_none_or(|taken| taken.0 & DayCells::of(span.cells()).0 == 0)
    }

    /// How many covers arrive in that quarter hour.
    #[must_use]
    pub fn covers(&self, cell: Cell) -> u16 {
        self.arriving.get(&cell).copied().unwrap_or_default()
    }

    /// Forgets `span` of `table`: a reservation that is being moved does not stand in its own way.
    pub fn give_back(&mut self, table: TableId, span: Span) {
        if let Some(taken) = self.taken.get_mut(&table) {
            taken.0 &= !DayCells::of(span.cells()).0;
        }
    }

    /// Forgets covers that arrive in a quarter hour.
    pub fn expect_fewer(&mut self, cell: Cell, covers: u16) {
        if let Some(sum) = self.arriving.get_mut(&cell) {
            *sum = sum.saturating_sub(covers);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Take(u32),
        GiveBack(u32, u16),
    }

    fn steps() -> impl Strategy<Value = Vec<(u8, Step)>> {
        let step = prop_oneof![
            (0u32..100).prop_map(Step::Take),
            (0u32..92, 1u16..=8).prop_map(|(first, count)| Step::GiveBack(first, count)),
        ];
        prop::collection::vec((0u8..3, step), 0..60)
    }

    proptest! {
        #[test]
        fn a_day_is_the_set_of_what_is_taken(start in 0u32..4_000_000, steps in steps(), first in 0u32..92, count in 1u16..=8) {
            let table = |n: u8| format!("tbl_{n:026}").parse::<TableId>().unwrap();
            let span = |first, count| Span::new(Cell(start + first).start(), count * Cell::MINUTES).unwrap();
            let (mut book, mut plain) = (DayBook::default(), HashSet::new());
            for (n, step) in steps {
                match step {
                    Step::Take(cell) => {
                        book.take(table(n), Cell(start + cell));
                        plain.insert((n, Cell(start + cell)));
                    }
                    Step::GiveBack(first, count) => {
                        book.give_back(table(n), span(first, count));
                        span(first, count).cells().for_each(|cell| { plain.remove(&(n, cell)); });
                    }
                }
            }
            for n in 0..3 {
                let free = span(first, count).cells().all(|cell| !plain.contains(&(n, cell)));
                prop_assert_eq!(book.is_free(table(n), span(first, count)), free);
            }
        }
    }
}
