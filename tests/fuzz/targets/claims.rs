//! Claims: the update and condition expressions that are sent to DynamoDB, applied to plain items, against what claims mean.
//! The input is a program: transactions of several owners, one after another, as the clock goes on.
#![no_main]

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, Update};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jari_domain::{Cell, DinerId};
use jari_store::{Claim, Claims, Counted, Resource};
use jiff::{Timestamp, civil::date};
use libfuzzer_sys::fuzz_target;

type Item = BTreeMap<String, AttributeValue>;
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
}

/// A change of a cell, or of what an owner has of the counted capacity.
#[derive(Clone, Copy)]
enum Change {
    Cell { resource: u8, cell: u8, from: Option<Meant>, to: Option<Meant> },
    Count { from: Option<(u16, Meant)>, to: Option<(u16, Meant)> },
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
            Change::Count { from, to } => {
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
            Change::Count { from, to } => {
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
    let (mut model, mut items, mut now) = (Model::default(), BTreeMap::<Resource, Item>::new(), BEGINS);
    while let Some(step) = bytes.next() {
        now += i64::from(step % 4) * 60;
        let mut changes: Vec<Change> = Vec::new();
        for _ in 0..=step / 64 {
            let (Some(what), Some(how)) = (bytes.next(), bytes.next()) else { break };
            changes.extend(
                change(&model, what, how, now).filter(|new| !changes.iter().any(|old| is_same(old, new))),
            );
        }
        let mut claims = Claims::new(instant(now));
        changes.iter().for_each(|change| describe(&mut claims, change));
        let updates = claims.updates("table");
        let item = |items: &BTreeMap<Resource, Item>, resource: &Resource| {
            items.get(resource).cloned().unwrap_or_default()
        };
        let accepted = updates.iter().all(|(resource, update)| holds(update, &item(&items, resource)));
        let meant = changes.iter().all(|change| model.allows(change, now));
        assert_eq!(accepted, meant, "at {}: {updates:#?}\non {items:#?}", now - BEGINS);
        if accepted {
            for (resource, update) in &updates {
                let after = applied(update, item(&items, resource));
                items.insert(resource.clone(), after);
            }
            changes.iter().for_each(|change| model.apply(change));
        }
        assert_same(&model, &items);
    }
});

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
        return (from.is_some() || to.is_some()).then_some(Change::Count { from, to });
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
        Change::Count { from, to } => {
            let counted = |(units, meant)| Counted { units, claim: claim(meant) };
            claims.count(&arrivals(), from.map(counted), to.map(counted), PACE);
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

fn number(value: &AttributeValue) -> Option<i64> {
    value.as_n().ok()?.parse().ok()
}

/// DynamoDB's condition expressions, as far as claims use them.
fn holds(update: &Update, item: &Item) -> bool {
    update.condition_expression().is_none_or(|condition| {
        condition
            .split(" AND (")
            .flat_map(|part| part.split(" AND #"))
            .all(|part| alternative(update, item, part))
    })
}

/// `(a OR b)`, `(a AND b)` of the counted capacity, or one comparison; the parenthesis or the sign may be split away.
fn alternative(update: &Update, item: &Item, part: &str) -> bool {
    let part = part.trim_start_matches('(');
    let part = part
        .strip_suffix(')')
        .filter(|_| part.matches(')').count() > part.matches('(').count())
        .unwrap_or(part);
    part.split(" OR ").any(|one| comparison(update, item, one))
}

fn comparison(update: &Update, item: &Item, text: &str) -> bool {
    let attribute = |placeholder: &str| {
        let placeholder = format!("#{}", placeholder.trim_start_matches('#'));
        item.get(&update.expression_attribute_names().expect("names")[&placeholder])
    };
    let value = |placeholder: &str| &update.expression_attribute_values().expect("values")[placeholder];
    if let Some(name) = text.strip_prefix("attribute_not_exists(") {
        return attribute(name.trim_end_matches(')')).is_none();
    }
    if let Some(name) = text.strip_prefix("attribute_exists(") {
        return attribute(name.trim_end_matches(')')).is_some();
    }
    let mut words = text.split(' ');
    let (Some(name), Some(operator), Some(with), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        panic!("not a comparison: {text}");
    };
    let (Some(attribute), with) = (attribute(name), value(with)) else { return false };
    match (operator, attribute, with) {
        ("=", one, other) => one == other,
        // Byte by byte, unsigned; and what is longer is greater.
        ("<", AttributeValue::B(one), AttributeValue::B(other)) => one.as_ref() < other.as_ref(),
        ("<=", one, other) => number(one).expect("a number") <= number(other).expect("a number"),
        _ => panic!("not an operator of ours: {text}"),
    }
}

/// DynamoDB's update expressions, as far as claims use them: `SET …, … ADD … … REMOVE …, …`.
fn applied(update: &Update, mut item: Item) -> Item {
    let (mut clause, mut words) = ("", Vec::new());
    let mut actions: Vec<(String, Vec<String>)> = Vec::new();
    for word in update.update_expression().split(' ').chain(["END"]) {
        if ["SET", "ADD", "REMOVE", "END"].contains(&word) {
            if !words.is_empty() {
                actions.push((clause.to_owned(), std::mem::take(&mut words)));
            }
            clause = word;
            continue;
        }
        words.push(word.trim_end_matches(',').to_owned());
        if word.ends_with(',') {
            actions.push((clause.to_owned(), std::mem::take(&mut words)));
        }
    }
    for (clause, words) in actions {
        let name = update.expression_attribute_names().expect("names")[&words[0]].clone();
        let value = |at: usize| update.expression_attribute_values().expect("values")[&words[at]].clone();
        match clause.as_str() {
            "SET" => {
                assert_eq!(words[1], "=");
                item.insert(name, value(2));
            }
            "ADD" => {
                let sum = item.get(&name).and_then(number).unwrap_or_default()
                    + number(&value(1)).expect("a number");
                item.insert(name, AttributeValue::N(sum.to_string()));
            }
            _ => {
                item.remove(&name);
            }
        }
    }
    item
}
