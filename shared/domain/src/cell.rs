//! Cells: time in quarter hours. A table at 19:00 for 90 minutes is six cells of that table, and two bookings
//! clash exactly when they share a cell. Cells are absolute time, so that daylight saving and service past
//! midnight need no case of their own.

use jiff::Timestamp;

/// A quarter hour of absolute time: seconds since the Unix epoch divided by 900.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(pub u32);

/// An unbroken run of cells: from the first, `count` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    first: Cell,
    count: u8,
}

impl Cell {
    /// How long a cell is.
    pub const MINUTES: u16 = 15;
    const SECONDS: i64 = 900;

    /// The cell that begins exactly at `instant`, or none when `instant` is off the grid (or before 1970).
    #[must_use]
    pub fn starting_at(instant: Timestamp) -> Option<Self> {
        let on_grid = instant.as_second() % Self::SECONDS == 0 && instant.subsec_nanosecond() == 0;
        on_grid.then(|| Self::containing(instant)).flatten()
    }

    /// The cell that `instant` falls into; none before 1970.
    #[must_use]
    pub fn containing(instant: Timestamp) -> Option<Self> {
        u32::try_from(instant.as_second().div_euclid(Self::SECONDS)).ok().map(Self)
    }

    /// When it begins.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp::from_second(i64::from(self.0) * Self::SECONDS).unwrap_or(Timestamp::MAX)
    }
}

impl Span {
    /// The longest stay that can be claimed: 8 hours. A transaction's expression must stay small.
    pub const MAX_MINUTES: u16 = 480;

    /// The cells from `start` for `minutes`; none when either is off the grid, or the length is 0 or over
    /// [`Span::MAX_MINUTES`].
    #[must_use]
    pub fn new(start: Timestamp, minutes: u16) -> Option<Self> {
        let first = Cell::starting_at(start)?;
        let on_grid = minutes.is_multiple_of(Cell::MINUTES) && (1..=Self::MAX_MINUTES).contains(&minutes);
        let count = u8::try_from(minutes / Cell::MINUTES).ok()?;
        on_grid.then_some(Self { first, count })
    }

    /// Its cells, in order.
    pub fn cells(self) -> impl Iterator<Item = Cell> + Clone {
        (self.first.0..self.first.0 + u32::from(self.count)).map(Cell)
    }

    /// The quarter hour in which the party arrives: what pacing counts.
    #[must_use]
    pub fn first(self) -> Cell {
        self.first
    }

    /// When it begins.
    #[must_use]
    pub fn start(self) -> Timestamp {
        self.first.start()
    }

    /// When it ends: the first instant that is free again.
    #[must_use]
    pub fn end(self) -> Timestamp {
        Cell(self.first.0 + u32::from(self.count)).start()
    }

    /// How long it is, in minutes.
    #[must_use]
    pub fn minutes(self) -> u16 {
        u16::from(self.count) * Cell::MINUTES
    }

    /// Whether the two share a cell. Back to back does not.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start() < other.end() && other.start() < self.end()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(first: u32, count: u16) -> Span {
        Span::new(Cell(first).start(), count * Cell::MINUTES).unwrap()
    }

    #[test]
    fn off_the_grid_is_no_cell() {
        for second in [1, 899, 901, -900] {
            assert_eq!(Cell::starting_at(Timestamp::from_second(second).unwrap()), None);
        }
        assert_eq!(Cell::starting_at(Timestamp::from_millisecond(900_001).unwrap()), None);
        let start = Cell(1).start();
        for minutes in [0, 7, 495] {
            assert_eq!(Span::new(start, minutes), None, "{minutes}");
        }
    }

    #[test]
    fn back_to_back_does_not_clash() {
        assert!(!span(100, 6).overlaps(span(106, 6)));
        assert!(!span(106, 6).overlaps(span(100, 6)));
        assert!(span(100, 6).overlaps(span(105, 6)));
    }

    proptest! {
        // The mistake this guards against: comparing only whether one's ends fall into the other, which misses a
        // shorter booking inside a longer one.
        #[test]
        fn two_spans_clash_exactly_when_they_share_a_cell(a in 1000u32..1060, n in 1u16..=32, b in 1000u32..1060, m in 1u16..=32) {
            let (one, other) = (span(a, n), span(b, m));
            let shared = one.cells().any(|cell| other.cells().any(|theirs| theirs == cell));
            prop_assert_eq!(one.overlaps(other), shared);
            prop_assert_eq!(one.overlaps(other), other.overlaps(one));
        }

        #[test]
        fn a_span_begins_and_ends_where_its_cells_do(a in 0u32..4_000_000, n in 1u16..=32) {
            let one = span(a, n);
            prop_assert_eq!(one.cells().next().unwrap().start(), one.start());
            prop_assert_eq!(Cell(one.cells().last().unwrap().0 + 1).start(), one.end());
            prop_assert_eq!(one.cells().count(), usize::from(n));
        }
    }
}
