//! What was recorded, told apart by what it is about, and judged.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use jari_model::{
    linearizable::{Call, Object, Verdict, check},
    seats::{Between, Cells, Lasts, Record, RecordStep, RecordWhat, SeatStep, SeatWhat, Seats, Status},
};
use jari_tests::Answer;

use super::TIMES;

/// One question and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) asked_at: u64,
    pub(crate) answered: u64,
    /// The house's clock meanwhile.
    pub(crate) now: Between,
    /// When a hold that was made then ends.
    pub(crate) until: Between,
    /// Which reservation.
    pub(crate) name: u32,
    pub(crate) table: usize,
    pub(crate) day: usize,
    /// Whose it is, once it is anybody's.
    pub(crate) diner: u32,
    pub(crate) asked: Asked,
    pub(crate) heard: Heard,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Asked {
    Book { time: usize, hold: bool },
    Confirm,
    Change { time: usize },
    Cancel,
    Look,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Heard {
    Done,
    SlotTaken,
    DinerBusy,
    /// Not in the state that this takes.
    WrongState,
    Shown(Status, usize),
    /// Another has changed it meanwhile: nothing is said of the state.
    Nothing,
    /// It may yet happen.
    Unknown,
    /// The same, and no answer that a house may give.
    Failed,
}

impl Heard {
    pub(crate) fn of(answer: &Answer, asked: &Asked) -> Self {
        match (answer.status, answer.code(), asked) {
            (200, _, Asked::Look) => {
                let status = match answer.reservation_status() {
                    "held" => Status::Held,
                    "confirmed" => Status::Confirmed,
                    "cancelled" => Status::Cancelled,
                    "expired" => Status::Expired,
                    other => panic!("{other}"),
                };
                let starts_at = answer.json["startsAt"].as_str().unwrap();
                Self::Shown(status, TIMES.iter().position(|time| *time == &starts_at[11..16]).unwrap())
            }
            (500.., ..) if matches!(asked, Asked::Look) => Self::Nothing,
            (200 | 201, ..) => Self::Done,
            (409, "slot_taken", _) => Self::SlotTaken,
            (409, "diner_busy", _) => Self::DinerBusy,
            (409, "state_conflict", _) => Self::WrongState,
            (409 | 412, "stale_revision", _) => Self::Nothing,
            (503, ..) => Self::Unknown,
            (500, ..) => Self::Failed,
            (status, code, asked) => panic!("{asked:?} was answered with {status} {code}: {}", answer.text),
        }
    }
}

/// An hour and a half.
fn cells(time: usize) -> Cells {
    0b11_1111 << (2 * time)
}

impl Recorded {
    fn call<S>(&self, step: S) -> Call<S> {
        let answered = (!matches!(self.heard, Heard::Unknown | Heard::Failed)).then_some(self.answered);
        Call { asked: self.asked_at, answered, step }
    }

    fn seat(&self, what: SeatWhat) -> Call<SeatStep> {
        self.call(SeatStep { now: self.now, name: self.name, what })
    }

    /// What it was to the table.
    fn of_table(&self) -> Option<Call<SeatStep>> {
        let what = match (self.asked, self.heard) {
            (Asked::Book { time, .. } | Asked::Change { time }, Heard::SlotTaken) => {
                SeatWhat::Refused(cells(time))
            }
            (Asked::Book { time, hold }, Heard::Done | Heard::Unknown | Heard::Failed) => {
                SeatWhat::Takes(cells(time), hold.then_some(self.until))
            }
            (Asked::Confirm, Heard::Done | Heard::Unknown | Heard::Failed) => SeatWhat::Keeps,
            (Asked::Change { time }, Heard::Done | Heard::Unknown | Heard::Failed) => {
                SeatWhat::Moves(cells(time))
            }
            (Asked::Cancel, Heard::Done | Heard::Unknown | Heard::Failed) => SeatWhat::Frees,
            // What is undecided of one object is told by what is seen of another: they were written together.
            (Asked::Look, Heard::Shown(Status::Confirmed, time)) => {
                SeatWhat::Has(cells(time), Lasts::ForGood)
            }
            (Asked::Look, Heard::Shown(Status::Held, time)) => SeatWhat::Has(cells(time), Lasts::UntilItEnds),
            (Asked::Look, Heard::Shown(..)) => SeatWhat::HasNone,
            _ => return None,
        };
        Some(self.seat(what))
    }

    /// What it was to its diner's time. `held_at`: which time a hold is for, which knows no diner yet.
    fn of_diner(&self, held_at: Option<usize>) -> Option<Call<SeatStep>> {
        let what = match (self.asked, self.heard) {
            (Asked::Book { time, hold: false } | Asked::Change { time }, Heard::DinerBusy) => {
                SeatWhat::Refused(cells(time))
            }
            (Asked::Confirm, Heard::DinerBusy) => SeatWhat::Refused(cells(held_at?)),
            (Asked::Book { time, hold: false }, Heard::Done | Heard::Unknown | Heard::Failed) => {
                SeatWhat::Takes(cells(time), None)
            }
            (Asked::Confirm, Heard::Done | Heard::Unknown | Heard::Failed) => {
                SeatWhat::Takes(cells(held_at?), None)
            }
            (Asked::Change { time }, Heard::Done | Heard::Unknown | Heard::Failed) => {
                SeatWhat::Moves(cells(time))
            }
            // A hold that is cancelled had no time of its diner's.
            (Asked::Cancel, Heard::Done | Heard::Unknown | Heard::Failed) => SeatWhat::FreesIfAny,
            (Asked::Look, Heard::Shown(Status::Confirmed, time)) => {
                SeatWhat::Has(cells(time), Lasts::ForGood)
            }
            (Asked::Look, Heard::Shown(..)) => SeatWhat::HasNone,
            _ => return None,
        };
        Some(self.seat(what))
    }

    /// What it was to the reservation.
    fn of_reservation(&self) -> Option<Call<RecordStep>> {
        let what = match (self.asked, self.heard) {
            (Asked::Book { time, hold }, Heard::Done | Heard::Unknown | Heard::Failed) => {
                RecordWhat::Made(cells(time), hold.then_some(self.until))
            }
            (Asked::Look, Heard::Shown(status, time)) => RecordWhat::Seen(status, cells(time)),
            (Asked::Confirm, Heard::Done | Heard::Unknown | Heard::Failed) => RecordWhat::Confirmed,
            (Asked::Change { time }, Heard::Done | Heard::Unknown | Heard::Failed) => {
                RecordWhat::Moved(cells(time))
            }
            (Asked::Cancel, Heard::Done | Heard::Unknown | Heard::Failed) => RecordWhat::Cancelled,
            (Asked::Confirm, Heard::WrongState) => RecordWhat::NotHeld,
            (Asked::Cancel, Heard::WrongState) => RecordWhat::NotActive,
            _ => return None,
        };
        Some(self.call(RecordStep { now: self.now, what }))
    }
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Judged {
    pub(crate) objects: usize,
    pub(crate) steps: usize,
    pub(crate) unknown: usize,
    /// Of which kind, and how many of it: too much was at once.
    pub(crate) undecided: BTreeMap<&'static str, usize>,
    /// What is not as if one after another had asked, with its history.
    pub(crate) wrong: Vec<String>,
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { objects, steps, unknown, undecided, wrong } = self;
        let wrong = wrong.len();
        write!(
            f,
            "{steps} steps ({unknown} of unknown outcome) on {objects} objects; {wrong} wrong, undecided {undecided:?}"
        )
    }
}

impl Judged {
    fn judge<K: Ord + fmt::Debug, O: Object + Default>(
        &mut self,
        kind: &'static str,
        histories: BTreeMap<K, Vec<Call<O::Step>>>,
    ) where
        O::Step: fmt::Debug,
    {
        for (key, history) in histories {
            self.objects += 1;
            self.steps += history.len();
            self.unknown += history.iter().filter(|call| call.answered.is_none()).count();
            match check(O::default(), &history) {
                Verdict::Linearizable => {}
                Verdict::Undecided => *self.undecided.entry(kind).or_default() += 1,
                Verdict::Wrong => {
                    let lines: Vec<String> = history.iter().map(|call| format!("{call:?}")).collect();
                    self.wrong.push(format!("{kind} {key:?}:\n{}", lines.join("\n")));
                }
            }
        }
    }
}

/// How much of what matters happened.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Happened {
    pub(crate) booked: usize,
    pub(crate) confirmed: usize,
    pub(crate) refused: usize,
    /// Places of holds that had ended, given to others.
    pub(crate) taken_over: usize,
}

impl Happened {
    /// With what happened on another evening.
    pub(crate) fn and(self, other: &Self) -> Self {
        Self {
            booked: self.booked + other.booked,
            confirmed: self.confirmed + other.confirmed,
            refused: self.refused + other.refused,
            taken_over: self.taken_over + other.taken_over,
        }
    }

    pub(crate) fn of(history: &[Recorded]) -> Self {
        let count =
            |is: fn(&Asked, &Heard) -> bool| history.iter().filter(|one| is(&one.asked, &one.heard)).count();
        let expired: BTreeSet<u32> = history
            .iter()
            .filter(|one| matches!(one.heard, Heard::Shown(Status::Expired, _)))
            .map(|one| one.name)
            .collect();
        let ended = history.iter().filter_map(|one| match (one.asked, one.heard) {
            (Asked::Book { time, hold: true }, Heard::Done) if expired.contains(&one.name) => {
                Some((one, time))
            }
            _ => None,
        });
        let ended: Vec<_> = ended.collect();
        let takes_over = |one: &&Recorded| {
            let (Asked::Book { time, .. } | Asked::Change { time }, Heard::Done) = (one.asked, one.heard)
            else {
                return false;
            };
            ended.iter().any(|(hold, its)| {
                (hold.table, hold.day) == (one.table, one.day)
                    && hold.until.1 <= one.now.0
                    && cells(*its) & cells(time) != 0
            })
        };
        Self {
            booked: count(|asked, heard| matches!((asked, heard), (Asked::Book { .. }, Heard::Done))),
            confirmed: count(|asked, heard| matches!((asked, heard), (Asked::Confirm, Heard::Done))),
            refused: count(|_, heard| matches!(heard, Heard::SlotTaken)),
            taken_over: history.iter().filter(takes_over).count(),
        }
    }
}

/// Judges every table on every day, every diner's time, and every reservation, each by itself: linearizability is local.
pub(crate) fn judge(history: &[Recorded]) -> Judged {
    let (mut tables, mut diners, mut reservations) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut held_at = BTreeMap::new();
    for one in history {
        if let Asked::Book { time, .. } = one.asked {
            held_at.insert(one.name, time);
        }
    }
    for one in history {
        let mut add = |key, call| {
            if let Some(call) = call {
                let calls: &mut Vec<Call<SeatStep>> = tables.entry(key).or_default();
                calls.push(call);
            }
        };
        add((one.table, one.day), one.of_table());
        if let Some(call) = one.of_diner(held_at.get(&one.name).copied()) {
            diners.entry((one.diner, one.day)).or_insert_with(Vec::new).push(call);
        }
        if let Some(call) = one.of_reservation() {
            reservations.entry(one.name).or_insert_with(Vec::new).push(call);
        }
    }
    let mut judged = Judged::default();
    judged.judge::<_, Seats>("table", tables);
    judged.judge::<_, Seats>("diner", diners);
    judged.judge::<_, Record>("reservation", reservations);
    judged
}
