//! The claim engine: cells of a resource, taken and given up by conditional write alone.
//!
//! A claim is one attribute, named for its cell, whose 14 bytes say owner *and* deadline:
//! `until (4 bytes, big-endian Unix seconds) ++ owner (10 bytes)`. DynamoDB compares binary byte by byte, so
//! `#cell < :now` reads "its time has ended" and `#cell = :claim` reads "still mine". An ended claim is free the
//! very second it ends; nobody needs to sweep it.
//!
//! Nothing here knows what is claimed: a table's quarter hours, a diner's own time, one of a visitor's places for
//! holds. Counted capacity has the same shape with a sum beside the claims. All that a transaction does to one
//! item is merged into one expression, since DynamoDB takes an item only once a transaction.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, Update};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jari_domain::Cell;
use jiff::Timestamp;

use crate::{
    Item, Resource,
    item::{binary, number, number_of},
    keys::EXPIRES_AT,
};

/// Whose a claim is: the random bits of an id.
pub type Owner = [u8; 10];

/// Owner and deadline of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    until: u32,
    owner: Owner,
}

/// Units taken of a counted capacity, and on which claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How many units.
    pub units: u16,
    /// Whose they are and until when.
    pub claim: Claim,
}

/// Changes to claims, gathered by item.
#[derive(Debug, Clone)]
pub struct Claims {
    now: u32,
    items: BTreeMap<Resource, ItemChange>,
}

#[derive(Debug, Clone, Default)]
struct ItemChange {
    cells: BTreeMap<Cell, CellChange>,
    count: Option<CountChange>,
}

#[derive(Debug, Clone, Copy)]
struct CellChange {
    from: Option<Claim>,
    to: Option<Claim>,
}

#[derive(Debug, Clone, Copy)]
struct CountChange {
    from: Option<Counted>,
    to: Option<Counted>,
    max: u16,
}

/// The sum of a counted capacity.
const SUM: &str = "sum";
/// Before the owner, in the name of an entry that ends by itself.
const ENTRY: &str = "+";

impl Claim {
    const BYTES: usize = 14;

    /// A claim that ends by itself at `until`.
    #[must_use]
    pub fn until(until: Timestamp, owner: Owner) -> Self {
        // One below "never": a deadline is never mistaken for none.
        Self { until: seconds(until).min(u32::MAX - 1), owner }
    }

    /// A claim that holds until it is given up.
    #[must_use]
    pub fn lasting(owner: Owner) -> Self {
        Self { until: u32::MAX, owner }
    }

    /// Whose it is.
    #[must_use]
    pub fn owner(self) -> Owner {
        self.owner
    }

    /// Whether it still keeps others out at `now`.
    #[must_use]
    pub fn is_live(self, now: Timestamp) -> bool {
        self.until > seconds(now)
    }

    fn ends(self) -> bool {
        self.until != u32::MAX
    }

    fn bytes(self) -> Vec<u8> {
        [&self.until.to_be_bytes()[..], &self.owner].concat()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (until, owner) = bytes.split_first_chunk::<4>()?;
        Some(Self { until: u32::from_be_bytes(*until), owner: owner.try_into().ok()? })
    }
}

impl Claims {
    /// No changes yet; `now` decides which claims have ended.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now: seconds(now), items: BTreeMap::new() }
    }

    /// The partitions that it touches, some perhaps twice.
    pub(crate) fn partitions(&self) -> impl Iterator<Item = &str> {
        self.items.keys().map(Resource::partition)
    }

    /// Takes `cells`: each must be free or its claim ended.
    pub fn take(&mut self, resource: &Resource, cells: impl IntoIterator<Item = Cell>, claim: Claim) {
        self.change(resource, cells, |change| change.to = Some(claim));
    }

    /// Gives up `cells`: each must still be held by exactly `claim`. What is taken in the same transaction is kept
    /// instead.
    pub fn give_up(&mut self, resource: &Resource, cells: impl IntoIterator<Item = Cell>, claim: Claim) {
        self.change(resource, cells, |change| change.from = Some(claim));
    }

    /// Takes `to` instead of `from` of a counted capacity of `max` units; either may be none.
    pub fn count(&mut self, resource: &Resource, from: Option<Counted>, to: Option<Counted>, max: u16) {
        let item = self.items.entry(resource.clone()).or_default();
        let change = item.count.get_or_insert(CountChange { from: None, to: None, max });
        change.from = from.or(change.from);
        change.to = to.or(change.to);
        change.max = max.max(change.max);
    }

    fn change(
        &mut self,
        resource: &Resource,
        cells: impl IntoIterator<Item = Cell>,
        set: impl Fn(&mut CellChange),
    ) {
        let item = self.items.entry(resource.clone()).or_default();
        for cell in cells {
            set(item.cells.entry(cell).or_insert(CellChange { from: None, to: None }));
        }
    }

    /// One update an item of `table`, in the order of the resources: what a transaction sends, and what is held against a plain
    /// model of claims.
    #[must_use]
    pub fn updates(&self, table: &str) -> Vec<(Resource, Update)> {
        let update = |(resource, change): (&Resource, &ItemChange)| {
            (resource.clone(), change.update(resource, table, self.now))
        };
        self.items.iter().map(update).collect()
    }

    /// The update that takes back what ended entries count on `resource`, unless somebody already has; none when it is
    /// not counted here or none has ended. `current` may be out of date: it takes back only what is still so.
    #[must_use]
    pub fn sweep(&self, resource: &Resource, current: &Item, table: &str) -> Option<Update> {
        self.items.get(resource)?.count.as_ref()?;
        let ended: Vec<_> = entries(current)
            .filter(|(_, _, counted)| counted.claim.until <= self.now)
            .take(Self::MOST_SWEPT)
            .collect();
        if ended.is_empty() {
            return None;
        }
        let units: i32 = ended.iter().map(|(_, _, counted)| i32::from(counted.units)).sum();
        let mut expression = Expression::default();
        for (name, raw, _) in ended {
            let (entry, value) = (expression.name(name), expression.value(binary(raw)));
            expression.conditions.push(format!("{entry} = {value}"));
            expression.removes.push(entry);
        }
        let (sum, by) = (expression.name(SUM), expression.value(number(-units)));
        expression.adds.push(format!("{sum} {by}"));
        Some(expression.into_update(resource, table))
    }

    /// An expression has its limits; the rest is taken back another time.
    const MOST_SWEPT: usize = 50;
}

impl CountChange {
    fn units(counted: Option<Counted>) -> i32 {
        counted.map_or(0, |counted| i32::from(counted.units))
    }

    fn delta(&self) -> i32 {
        Self::units(self.to) - Self::units(self.from)
    }
}

impl ItemChange {
    fn update(&self, resource: &Resource, table: &str, now: u32) -> Update {
        let mut expression = Expression::default();
        for (cell, change) in &self.cells {
            let name = expression.name(&cell_name(*cell));
            if let Some(from) = change.from {
                let value = expression.value(binary(from.bytes()));
                expression.conditions.push(format!("{name} = {value}"));
            } else {
                // A claim that ends at `now` has ended, and a longer value with the same beginning is greater:
                // so the bound is the next second.
                let bound = expression.value(binary(now.saturating_add(1).to_be_bytes()));
                expression.conditions.push(format!("(attribute_not_exists({name}) OR {name} < {bound})"));
            }
            match change.to {
                Some(to) => {
                    let value = expression.value(binary(to.bytes()));
                    expression.sets.push(format!("{name} = {value}"));
                }
                None => expression.removes.push(name),
            }
        }
        if let Some(count) = &self.count {
            expression.count(count);
        }
        let expires_at = (expression.name(EXPIRES_AT), expression.value(number(resource.expires_at())));
        expression.sets.push(format!("{} = {}", expires_at.0, expires_at.1));
        expression.into_update(resource, table)
    }
}

/// An update expression under construction. Equal values share one placeholder.
#[derive(Default)]
struct Expression {
    names: Vec<String>,
    values: Vec<aws_sdk_dynamodb::types::AttributeValue>,
    conditions: Vec<String>,
    sets: Vec<String>,
    adds: Vec<String>,
    removes: Vec<String>,
}

impl Expression {
    fn name(&mut self, name: &str) -> String {
        let at = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        format!("#{at}")
    }

    fn value(&mut self, value: aws_sdk_dynamodb::types::AttributeValue) -> String {
        let at = self.values.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.values.push(value);
            self.values.len() - 1
        });
        format!(":{at}")
    }

    fn count(&mut self, count: &CountChange) {
        let delta = count.delta();
        let entry = |counted: Option<Counted>| counted.filter(|counted| counted.claim.ends());
        if delta != 0 {
            let (name, by) = (self.name(SUM), self.value(number(delta)));
            self.adds.push(format!("{name} {by}"));
        }
        if delta > 0 {
            let (name, most) = (self.name(SUM), self.value(number(i32::from(count.max) - delta)));
            // More than the maximum at once: no sum can allow it, not even that of an item that is not there.
            let fits = if delta > i32::from(count.max) { "attribute_exists" } else { "attribute_not_exists" };
            let empty = if delta > i32::from(count.max) { "AND" } else { "OR" };
            self.conditions.push(format!("({fits}({name}) {empty} {name} <= {most})"));
        }
        if let Some(from) = entry(count.from) {
            let (name, value) = (self.name(&entry_name(from)), self.value(binary(entry_bytes(from))));
            self.conditions.push(format!("{name} = {value}"));
            if entry(count.to).is_none() {
                self.removes.push(name);
            }
        }
        if let Some(to) = entry(count.to) {
            let (name, value) = (self.name(&entry_name(to)), self.value(binary(entry_bytes(to))));
            self.sets.push(format!("{name} = {value}"));
        }
    }

    fn into_update(self, resource: &Resource, table: &str) -> Update {
        let clause = |word: &str, parts: &[String]| {
            if parts.is_empty() { String::new() } else { format!("{word} {} ", parts.join(", ")) }
        };
        let change =
            clause("SET", &self.sets) + &clause("ADD", &self.adds) + &clause("REMOVE", &self.removes);
        let names = self.names.into_iter().enumerate().map(|(n, name)| (format!("#{n}"), name)).collect();
        let values = self.values.into_iter().enumerate().map(|(n, value)| (format!(":{n}"), value)).collect();
        let condition = (!self.conditions.is_empty()).then(|| self.conditions.join(" AND "));
        let update = Update::builder()
            .table_name(table)
            .set_key(Some(resource.key()))
            .update_expression(change.trim_end())
            .set_condition_expression(condition)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        // The builder asks for table, key and expression, which are all given above.
        update.build().unwrap_or_else(|error| unreachable!("{error}"))
    }
}

/// The cells of a resource's item and who has them, ended claims included.
pub(crate) fn cells_of(item: &Item) -> impl Iterator<Item = (Cell, Claim)> + '_ {
    item.keys().filter_map(|name| Some((parse_cell_name(name)?, claim_of(item, name)?)))
}

/// The units of a counted capacity that are taken at `now`.
pub(crate) fn units_of(item: &Item, now: Timestamp) -> u16 {
    let ended: u16 = entries(item)
        .filter(|(_, _, counted)| !counted.claim.is_live(now))
        .map(|(_, _, counted)| counted.units)
        .sum();
    number_of::<u16>(item, SUM).unwrap_or_default().saturating_sub(ended)
}

fn entries(item: &Item) -> impl Iterator<Item = (&str, &[u8], Counted)> {
    item.iter().filter_map(|(name, value)| {
        name.strip_prefix(ENTRY)?;
        let raw = value.as_b().ok()?.as_ref();
        let (claim, units) = raw.split_at_checked(Claim::BYTES)?;
        let counted =
            Counted { claim: Claim::parse(claim)?, units: u16::from_be_bytes(units.try_into().ok()?) };
        Some((name.as_str(), raw, counted))
    })
}

fn entry_name(counted: Counted) -> String {
    format!("{ENTRY}{}", URL_SAFE_NO_PAD.encode(counted.claim.owner))
}

fn entry_bytes(counted: Counted) -> Vec<u8> {
    [&counted.claim.bytes()[..], &counted.units.to_be_bytes()].concat()
}

fn claim_of(item: &Item, name: &str) -> Option<Claim> {
    Claim::parse(item.get(name)?.as_b().ok()?.as_ref())
}

/// A cell's name: its low 24 bits (until the year 2448) in four base64 characters. A table booked solid for twelve
/// hours stays below 1 KB, the unit of a write, which it would not with the number in digits.
fn cell_name(cell: Cell) -> String {
    URL_SAFE_NO_PAD.encode(&cell.0.to_be_bytes()[1..])
}

fn parse_cell_name(name: &str) -> Option<Cell> {
    if name.len() != 4 {
        return None;
    }
    let bytes: [u8; 3] = URL_SAFE_NO_PAD.decode(name).ok()?.try_into().ok()?;
    Some(Cell(u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]])))
}

fn seconds(instant: Timestamp) -> u32 {
    u32::try_from(instant.as_second()).unwrap_or(if instant.as_second() < 0 { 0 } else { u32::MAX - 1 })
}

#[cfg(test)]
mod tests;
