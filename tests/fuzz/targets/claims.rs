//! Claims: the update and condition expressions that are sent to DynamoDB, applied to plain items, against what claims mean.
//! The input is a program: transactions of several owners, one after another, as the clock goes on.
#![no_main]

#[path = "claims/expressions.rs"]
mod expressions;

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jari_domain::{Cell, DinerId};
use jari_store::{Claim, Claims, Counted, Item, Resource};
use jiff::{Timestamp, civil::date};
use libfuzzer_sys::fuzz_target;

use expressions::{number, one_transaction, tried};

/// Until when (none: for good) and whose.
type Meant = (Option<i64>, u8);

const RESOURCES: u8 = 2;
const CELLS: u8 = 4;
const PACE: u16 = 10;
const BEGINS: i64 = 1_796_086_800;

/// What it all means, without any expression.
#[derive(Clone, Default)]
struct Model {
    cells: BTreeMap<(u8, u8), Meant>,
    counted: BTreeMap<u8, (u16, Meant)>,
    /// Also of what has ended and nobody has swept.
    sum: i64,
    /// What somebody who is about to sweep has seen.
    seen: BTreeMap<u8, (u16, Meant)>,
}

/// A change of a cell, or of what an owner has of the counted capacity.
#[derive(Clone, Copy)]
enum Change {
    Cell { resource: u8, cell: u8, from: Option<Meant>, to: Option<Meant> },
    Count { from: Option<(u16, Meant)>, to: Option<(u16, Meant)>, is_told_apart: bool },
}

impl Model {
    fn allows(&self, change: &Change, now: i64) -> bool {
        match *change {
            Change::Cell { resource, cell, from: Some(from), .. } => {
                self.cells.get(&(resource, cell)) == Some(&from)
            }
            Change::Cell { resource, cell, from: None, .. } => {
                let has_ended = |(until, _): &Meant| until.is_some_and(|until| until <= now);
                self.cells.get(&(resource, cell)).is_none_or(has_ended)
            }
            Change::Count { from, to, .. } => {
                let units = |counted: Option<(u16, Meant)>| counted.map_or(0, |(units, _)| i64::from(units));
                let more = units(to) - units(from);
                let is_still_so = from.is_none_or(|(units, (until, owner))| {
                    // What is counted for good is only a part of the sum.
                    until.is_none() || self.counted.get(&owner) == Some(&(units, (until, owner)))
                });
                is_still_so && (more <= 0 || self.sum + more <= i64::from(PACE))
            }
        }
    }

    fn apply(&mut self, change: &Change) {
        match *change {
            Change::Cell { resource, cell, to: Some(to), .. } => {
                self.cells.insert((resource, cell), to);
            }
            Change::Cell { resource, cell, to: None, .. } => {
                self.cells.remove(&(resource, cell));
            }
            Change::Count { from, to, .. } => {
                if let Some((units, (_, owner))) = from {
                    self.sum -= i64::from(units);
                    self.counted.remove(&owner);
                }
                if let Some((units, (until, owner))) = to {
                    self.sum += i64::from(units);
                    self.counted.insert(owner, (units, (until, owner)));
                }
            }
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let mut bytes = data.iter().copied();
    let (mut model, mut items, mut now) = (Model::default(), Items::default(), BEGINS);
    while let Some(step) = bytes.next() {
        now += i64::from(step % 4) * 60;
        match step >> 2 & 7 {
            0 => (model.seen, items.seen) = (model.counted.clone(), items.of(&arrivals())),
            1 => sweep(&mut model, &mut items, now),
            _ => transact(&mut model, &mut items, now, step / 64, &mut bytes),
        }
        assert_same(&model, &items.now);
    }
});

/// The items, and that of the counted capacity as somebody has seen it who is about to sweep.
#[derive(Default)]
struct Items {
    now: BTreeMap<Resource, Item>,
    seen: Item,
}

impl Items {
    fn of(&self, resource: &Resource) -> Item {
        self.now.get(resource).cloned().unwrap_or_default()
    }
}

fn transact(model: &mut Model, items: &mut Items, now: i64, more: u8, bytes: &mut impl Iterator<Item = u8>) {
    let mut changes: Vec<Change> = Vec::new();
    for _ in 0..=more {
        let (Some(what), Some(how)) = (bytes.next(), bytes.next()) else { break };
        let new = change(model, what, how, now);
        changes.extend(new.filter(|new| !changes.iter().any(|old| is_same(old, new))));
    }
    let mut claims = Claims::new(instant(now));
    for change in &changes {
        describe(&mut claims, change);
    }
    let updates = claims.updates("table");
    one_transaction(updates.iter().map(|(_, update)| update));
    let outcomes: Vec<_> =
        updates.iter().map(|(resource, update)| (resource, tried(update, &items.of(resource)))).collect();
    let accepted = outcomes.iter().all(|(_, (holds, _))| *holds);
    let meant = changes.iter().all(|change| model.allows(change, now));
    assert_eq!(accepted, meant, "at {}: {updates:#?}\non {:#?}", now - BEGINS, items.now);
    if accepted {
        items.now.extend(outcomes.into_iter().map(|(resource, (_, after))| (resource.clone(), after)));
        for change in &changes {
            model.apply(change);
        }
    }
}

/// Takes back what has ended of what was seen, unless any of it is not so any more.
fn sweep(model: &mut Model, items: &mut Items, now: i64) {
    let has_ended = |(_, (_, (until, _))): &(&u8, &(u16, Meant))| until.is_some_and(|until| until <= now);
    let ended: BTreeMap<u8, (u16, Meant)> =
        model.seen.iter().filter(has_ended).map(|(owner, counted)| (*owner, *counted)).collect();
    let mut claims = Claims::new(instant(now));
    assert!(claims.sweep(&arrivals(), &items.seen, "table").is_none(), "nothing is counted here");
    claims.count(&arrivals(), None, Some(Counted { units: 1, claim: claim((None, 0)) }), PACE);
    let Some(update) = claims.sweep(&arrivals(), &items.seen, "table") else {
        assert!(ended.is_empty(), "{ended:?}");
        return;
    };
    let meant = ended.iter().all(|(owner, counted)| model.counted.get(owner) == Some(counted));
    let (accepted, after) = tried(&update, &items.of(&arrivals()));
    assert_eq!(accepted, meant, "at {}: {update:#?}\non {:#?}", now - BEGINS, items.now);
    if accepted {
        items.now.insert(arrivals(), after);
        for (owner, (units, _)) in ended {
            model.sum -= i64::from(units);
            model.counted.remove(&owner);
        }
    }
}

/// The next change of a program. Half of them are about what is there, so that they are not all refused.
fn change(model: &Model, what: u8, how: u8, now: i64) -> Option<Change> {
    let (owner, until) = (how % 3, (how & 8 != 0).then(|| now + i64::from(how >> 5) * 60));
    let to = (how & 4 != 0).then_some((until, owner));
    if what & 0x80 != 0 {
        let has = model.counted.get(&owner).copied();
        // A reservation gives up what it has; sometimes it is wrong about that.
        let from = has.map(|(units, (until, owner))| match until {
            Some(until) if what & 0x40 != 0 => (units, (Some(until + 1), owner)),
            until => (units, (until, owner)),
        });
        let to = to.map(|to| (u16::from(what & 0x0f), to));
        let is_told_apart = what & 0x20 != 0;
        return (from.is_some() || to.is_some()).then_some(Change::Count { from, to, is_told_apart });
    }
    let (resource, cell) = (what % RESOURCES, (what >> 1) % CELLS);
    let from = match (what >> 4) % 4 {
        0 | 1 => None,
        2 => model.cells.get(&(resource, cell)).copied(),
        _ => Some((until.map(|until| until - 60), owner)),
    };
    (from.is_some() || to.is_some()).then_some(Change::Cell { resource, cell, from, to })
}

fn is_same(one: &Change, other: &Change) -> bool {
    match (one, other) {
        (Change::Cell { resource: a, cell: b, .. }, Change::Cell { resource: c, cell: d, .. }) => {
            (a, b) == (c, d)
        }
        (Change::Count { .. }, Change::Count { .. }) => true,
        _ => false,
    }
}

fn describe(claims: &mut Claims, change: &Change) {
    match *change {
        Change::Cell { resource, cell, from, to } => {
            let (resource, cell) = (table(resource), Cell(u32::from(cell) * 1_000));
            if let Some(from) = from {
                claims.give_up(&resource, [cell], claim(from));
            }
            if let Some(to) = to {
                claims.take(&resource, [cell], claim(to));
            }
        }
        Change::Count { from, to, is_told_apart } => {
            let counted = |(units, meant)| Counted { units, claim: claim(meant) };
            let (from, to) = (from.map(counted), to.map(counted));
            if is_told_apart {
                claims.count(&arrivals(), from, None, PACE);
                claims.count(&arrivals(), None, to, PACE);
            } else {
                claims.count(&arrivals(), from, to, PACE);
            }
        }
    }
}

fn table(n: u8) -> Resource {
    Resource::diner_time(&DinerId(format!("diner{n}")), date(2026, 12, 24))
}

fn arrivals() -> Resource {
    table(RESOURCES)
}

fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("in range")
}

fn claim((until, owner): Meant) -> Claim {
    until.map_or(Claim::lasting([owner; 10]), |until| Claim::until(instant(until), [owner; 10]))
}

fn claim_bytes((until, owner): Meant) -> Vec<u8> {
    let until = until.map_or(u32::MAX, |until| u32::try_from(until).expect("in range"));
    [&until.to_be_bytes()[..], &[owner; 10]].concat()
}

/// The items are what is meant, and hold nothing else.
fn assert_same(model: &Model, items: &BTreeMap<Resource, Item>) {
    let mut due: BTreeMap<Resource, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for ((resource, cell), meant) in &model.cells {
        let name = URL_SAFE_NO_PAD.encode(&(u32::from(*cell) * 1_000).to_be_bytes()[1..]);
        due.entry(table(*resource)).or_default().insert(name, claim_bytes(*meant));
    }
    for (owner, (units, meant)) in model.counted.iter().filter(|(_, (_, (until, _)))| until.is_some()) {
        let name = format!("+{}", URL_SAFE_NO_PAD.encode([*owner; 10]));
        let entry = [claim_bytes(*meant), units.to_be_bytes().to_vec()].concat();
        due.entry(arrivals()).or_default().insert(name, entry);
    }
    for (resource, item) in items {
        let bytes = item
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_b().ok()?.as_ref().to_vec())));
        assert_eq!(bytes.collect::<BTreeMap<_, _>>(), due.remove(resource).unwrap_or_default());
        let sum = item.get("sum").and_then(number).unwrap_or_default();
        assert_eq!(sum, if *resource == arrivals() { model.sum } else { 0 });
    }
    assert!(due.is_empty(), "{due:?}");
}
