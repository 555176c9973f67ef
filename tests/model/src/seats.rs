//! What a table on a day, a diner's own time, and a reservation are to those who use them at once.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::linearizable::Object;

/// A reservation, as whoever asked for it first calls it.
pub type Name = u32;
/// Quarter hours, a bit each.
pub type Cells = u64;

/// An instant that is known to be in between, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Between(pub i64, pub i64);

impl Between {
    fn is_surely_over(self, now: Self) -> bool {
        self.1 <= now.0
    }

    fn may_be_over(self, now: Self) -> bool {
        self.0 <= now.1
    }
}

/// A table on a day, or a diner's own time: each cell has one owner at a time, for good or until a hold ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Seats {
    taken: BTreeMap<Name, (Cells, Option<Between>)>,
    /// Those who had cells once. They do not come back: a reservation is made once.
    gone: BTreeSet<Name>,
}

/// What somebody asked of it, and was told.
#[derive(Debug, Clone, Copy)]
pub struct SeatStep {
    /// The time of the house's clock.
    pub now: Between,
    /// Who.
    pub name: Name,
    /// What.
    pub what: SeatWhat,
}

/// What was asked, with its answer.
#[derive(Debug, Clone, Copy)]
pub enum SeatWhat {
    /// Was given cells, until a hold ends or for good; or again what it was given already.
    Takes(Cells, Option<Between>),
    /// Has for good what it held.
    Keeps,
    /// Was given these cells instead of its own.
    Moves(Cells),
    /// Gave up what it had.
    Frees,
    /// The same, if it had any.
    FreesIfAny,
    /// Was told that one of these is another's.
    Refused(Cells),
    /// Was seen to have these cells, for good or not, and no others.
    Has(Cells, Lasts),
    /// Was seen to have none, or a hold that has ended.
    HasNone,
}

/// How long what somebody has lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// Until it is given up.
    ForGood,
    /// Until the hold ends, which it has not.
    UntilItEnds,
}

impl Seats {
    /// Whether another has one of the cells, or may have.
    fn is_another(&self, step: &SeatStep, cells: Cells, may_have: bool) -> bool {
        self.taken.iter().any(|(name, (its, until))| {
            let is_there = match until {
                None => true,
                Some(until) if may_have => !until.is_surely_over(step.now),
                Some(until) => !until.may_be_over(step.now),
            };
            *name != step.name && its & cells != 0 && is_there
        })
    }

    /// With these cells for `step`'s reservation; none if another surely has one.
    fn given(&self, step: &SeatStep, cells: Cells, until: Option<Between>) -> Option<Self> {
        if self.is_another(step, cells, false) {
            return None;
        }
        let mut after = self.clone();
        let over = |(name, (its, _)): (&Name, &(Cells, Option<Between>))| {
            (*name != step.name && its & cells != 0).then_some(*name)
        };
        let over: Vec<Name> = self.taken.iter().filter_map(over).collect();
        for name in over {
            after.taken.remove(&name);
            after.gone.insert(name);
        }
        after.taken.insert(step.name, (cells, until));
        Some(after)
    }
}

impl Object for Seats {
    type Step = SeatStep;

    fn after(&self, step: &SeatStep) -> Option<Self> {
        let own = self.taken.get(&step.name).copied();
        match step.what {
            // Asked again, it is what was made the first time, whatever has become of it.
            SeatWhat::Takes(..) if own.is_some() || self.gone.contains(&step.name) => Some(self.clone()),
            SeatWhat::Takes(cells, until) => self.given(step, cells, until),
            SeatWhat::Keeps => self.given(step, own?.0, None),
            SeatWhat::Moves(cells) => self.given(step, cells, own?.1),
            SeatWhat::Frees | SeatWhat::FreesIfAny => {
                if own.is_none() && matches!(step.what, SeatWhat::Frees) {
                    return None;
                }
                let mut after = self.clone();
                after.taken.remove(&step.name);
                after.gone.insert(step.name);
                Some(after)
            }
            SeatWhat::Refused(cells) => self.is_another(step, cells, true).then(|| self.clone()),
            SeatWhat::Has(cells, lasts) => {
                let (its, until) = own?;
                let is_so = match (lasts, until) {
                    (Lasts::ForGood, None) => true,
                    (Lasts::UntilItEnds, Some(until)) => !until.is_surely_over(step.now),
                    _ => false,
                };
                (is_so && its == cells).then(|| self.clone())
            }
            SeatWhat::HasNone => {
                let has_ended =
                    own.is_none_or(|(_, until)| until.is_some_and(|until| until.may_be_over(step.now)));
                has_ended.then(|| self.clone())
            }
        }
    }
}

/// A reservation: none, or where it stands and at which of its times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Record(Option<(Stands, Cells)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Stands {
    Held(Between),
    Confirmed,
    Cancelled,
}

/// What somebody asked of a reservation, and was told.
#[derive(Debug, Clone, Copy)]
pub struct RecordStep {
    /// The time of the house's clock.
    pub now: Between,
    /// What.
    pub what: RecordWhat,
}

/// What was asked, with its answer.
#[derive(Debug, Clone, Copy)]
pub enum RecordWhat {
    /// It was made, held until then or for good; or it was there.
    Made(Cells, Option<Between>),
    /// Its hold was confirmed.
    Confirmed,
    /// It was moved to these cells.
    Moved(Cells),
    /// It was cancelled.
    Cancelled,
    /// It was seen to be so, at these cells.
    Seen(Status, Cells),
    /// It was told not to be held (any more).
    NotHeld,
    /// It was told not to be active (any more).
    NotActive,
}

/// As the wire has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A hold that lasts.
    Held,
    /// For good.
    Confirmed,
    /// Given up.
    Cancelled,
    /// A hold that has ended.
    Expired,
}

impl Object for Record {
    type Step = RecordStep;

    fn after(&self, step: &RecordStep) -> Option<Self> {
        let now = step.now;
        let RecordWhat::Made(cells, until) = step.what else {
            let (stands, cells) = self.0?;
            let may_be_held = matches!(stands, Stands::Held(until) if !until.is_surely_over(now));
            let is_surely_held = matches!(stands, Stands::Held(until) if !until.may_be_over(now));
            let is_active = may_be_held || stands == Stands::Confirmed;
            return match step.what {
                RecordWhat::Confirmed => may_be_held.then_some(Self(Some((Stands::Confirmed, cells)))),
                RecordWhat::Moved(to) => (stands == Stands::Confirmed).then_some(Self(Some((stands, to)))),
                RecordWhat::Cancelled => is_active.then_some(Self(Some((Stands::Cancelled, cells)))),
                RecordWhat::Seen(status, at) => {
                    let is_so = match (status, stands) {
                        (Status::Held, Stands::Held(_)) => may_be_held,
                        (Status::Expired, Stands::Held(_)) => !is_surely_held,
                        (Status::Confirmed, Stands::Confirmed) | (Status::Cancelled, Stands::Cancelled) => {
                            true
                        }
                        _ => false,
                    };
                    (is_so && at == cells).then_some(*self)
                }
                RecordWhat::NotHeld => (!is_surely_held).then_some(*self),
                RecordWhat::NotActive => (!is_surely_held && stands != Stands::Confirmed).then_some(*self),
                RecordWhat::Made(..) => None,
            };
        };
        Some(
            self.0.map_or_else(
                || Self(Some((until.map_or(Stands::Confirmed, Stands::Held), cells))),
                |_| *self,
            ),
        )
    }
}
