//! The floor: tables, areas, and which tables can be joined.

use serde::{Deserialize, Serialize};

use crate::{Fault, LocalizedText, Party, TableId};

/// Where and how a restaurant can seat its guests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Floor {
    /// Parts of the house that a guest can ask for: hall, terrace, room.
    pub areas: Vec<Area>,
    /// Its tables.
    pub tables: Vec<Table>,
    /// Tables that are joined for larger parties.
    #[serde(default)]
    pub combinations: Vec<Combination>,
}

/// A part of the house that a guest can ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Short and stable, as in `hall`.
    pub key: String,
    /// As shown.
    pub name: LocalizedText,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Table {
    /// Its id.
    pub id: TableId,
    /// As the staff call it: `7`, `창가 2`.
    pub name: String,
    /// The key of its [`Area`].
    pub area: String,
    /// The smallest party it is given to.
    pub min_party: Party,
    /// The largest party it seats.
    pub max_party: Party,
    /// Who may book it.
    #[serde(default)]
    pub bookable: Bookable,
}

/// Two or more tables pushed together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Combination {
    /// The tables joined, 2 to [`Combination::MAX_TABLES`].
    pub tables: Vec<TableId>,
    /// The smallest party it is given to.
    pub min_party: Party,
    /// The largest party it seats.
    pub max_party: Party,
    /// Who may book it.
    #[serde(default)]
    pub bookable: Bookable,
}

/// Who may book a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Bookable {
    /// Diners, on their own.
    pub online: bool,
    /// Staff, for a guest who calls.
    pub in_house: bool,
    /// Staff, for a guest at the door.
    pub walk_in: bool,
}

impl Default for Bookable {
    fn default() -> Self {
        Self { online: true, in_house: true, walk_in: true }
    }
}

/// On which way a booking comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    /// By the diner.
    #[default]
    Online,
    /// By staff, for a guest who calls.
    InHouse,
    /// By staff, for a guest at the door.
    WalkIn,
}

/// What a party can be given: one table or a combination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seating {
    /// Its tables, in the order of their ids.
    pub tables: Vec<TableId>,
    /// The area, when all its tables are in one.
    pub area: Option<String>,
    /// The smallest party it is given to.
    pub min_party: Party,
    /// The largest party it seats.
    pub max_party: Party,
    /// Who may book it.
    pub bookable: Bookable,
}

/// Why a floor can't be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFloor {
    /// More tables than a day's claims are planned for.
    #[error("a floor has at most {} tables", Floor::MAX_TABLES)]
    TooManyTables,
    /// Two areas have one key.
    #[error("area {0:?} is there twice")]
    TwiceTheSameArea(String),
    /// Two tables have one id.
    #[error("table {0} is there twice")]
    TwiceTheSameTable(TableId),
    /// An area that is not declared.
    #[error("there is no area {0:?}")]
    UnknownArea(String),
    /// A combination names a table that is not on the floor, names one twice, or joins too few or too many.
    #[error("a combination joins 2 to {} different tables of the floor", Combination::MAX_TABLES)]
    BadCombination,
    /// The smallest party is larger than the largest.
    #[error("minParty is larger than maxParty")]
    PartyRange,
}

impl Combination {
    /// The most tables joined; each is one more action in the booking's transaction.
    pub const MAX_TABLES: usize = 6;
}

impl Bookable {
    /// Whether bookings that come in on `channel` may have it.
    #[must_use]
    pub fn on(self, channel: Channel) -> bool {
        match channel {
            Channel::Online => self.online,
            Channel::InHouse => self.in_house,
            Channel::WalkIn => self.walk_in,
        }
    }
}

impl Floor {
    /// The most tables of a floor.
    pub const MAX_TABLES: usize = 200;

    /// Checks that the floor is consistent.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self) -> Result<(), InvalidFloor> {
        self.faults().into_iter().next().map_or(Ok(()), |fault| Err(fault.what))
    }

    /// Everything that is wrong with it, in order.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault<InvalidFloor>> {
        let mut faults = Vec::new();
        if self.tables.len() > Self::MAX_TABLES {
            faults.push(Fault::new("tables", InvalidFloor::TooManyTables));
            return faults;
        }
        for (n, area) in self.areas.iter().enumerate() {
            if self.areas[..n].iter().any(|other| other.key == area.key) {
                let twice = InvalidFloor::TwiceTheSameArea(area.key.clone());
                faults.push(Fault::new(format_args!("areas/{n}/key"), twice));
            }
        }
        for (n, table) in self.tables.iter().enumerate() {
            let at = |field: &str| format!("tables/{n}/{field}");
            if self.tables[..n].iter().any(|other| other.id == table.id) {
                faults.push(Fault::new(at("id"), InvalidFloor::TwiceTheSameTable(table.id)));
            }
            if !self.areas.iter().any(|area| area.key == table.area) {
                faults.push(Fault::new(at("area"), InvalidFloor::UnknownArea(table.area.clone())));
            }
            if table.min_party > table.max_party {
                faults.push(Fault::new(at("maxParty"), InvalidFloor::PartyRange));
            }
        }
        for (n, combination) in self.combinations.iter().enumerate() {
            let at = |field: &str| format!("combinations/{n}/{field}");
            let mut members = combination.tables.clone();
            members.sort_unstable();
            members.dedup();
            let known = members.iter().all(|id| self.table(*id).is_some());
            let count_fits = (2..=Combination::MAX_TABLES).contains(&members.len());
            if !known || !count_fits || members.len() != combination.tables.len() {
                faults.push(Fault::new(at("tables"), InvalidFloor::BadCombination));
            }
            if combination.min_party > combination.max_party {
                faults.push(Fault::new(at("maxParty"), InvalidFloor::PartyRange));
            }
        }
        faults
    }

    /// The table with that id.
    #[must_use]
    pub fn table(&self, id: TableId) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == id)
    }

    /// Tables given by hand, whatever party they are meant for; none when one of them is not on the floor, is named
    /// twice, or they are none or more than [`Combination::MAX_TABLES`].
    #[must_use]
    pub fn by_hand(&self, tables: &[TableId]) -> Option<Seating> {
        let mut sorted = tables.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        if sorted.len() != tables.len() || !(1..=Combination::MAX_TABLES).contains(&sorted.len()) {
            return None;
        }
        let known: Vec<&Table> = sorted.iter().map(|id| self.table(*id)).collect::<Option<_>>()?;
        let first = &known.first()?.area;
        let area = known.iter().all(|table| table.area == *first).then(|| first.clone());
        let sum = |of: fn(&Table) -> Party| {
            let seats: u16 = known.iter().map(|table| u16::from(of(table).size())).sum();
            Party::new(u8::try_from(seats).unwrap_or(Party::MAX).min(Party::MAX)).ok()
        };
        Some(Seating {
            tables: sorted,
            area,
            min_party: known.iter().map(|table| table.min_party).min()?,
            max_party: sum(|table| table.max_party)?,
            bookable: Bookable::default(),
        })
    }

    /// Everything a party can be given: each table, then each combination.
    pub fn seatings(&self) -> impl Iterator<Item = Seating> {
        let singles = self.tables.iter().map(|table| Seating {
            tables: vec![table.id],
            area: Some(table.area.clone()),
            min_party: table.min_party,
            max_party: table.max_party,
            bookable: table.bookable,
        });
        let joined = self.combinations.iter().map(|combination| {
            let mut tables = combination.tables.clone();
            tables.sort_unstable();
            let mut areas = tables.iter().filter_map(|id| self.table(*id)).map(|table| &table.area);
            let first = areas.next();
            let area = first.filter(|first| areas.all(|area| area == *first)).cloned();
            Seating {
                tables,
                area,
                min_party: combination.min_party,
                max_party: combination.max_party,
                bookable: combination.bookable,
            }
        });
        singles.chain(joined)
    }
}

impl Seating {
    /// Whether it is more than one table.
    #[must_use]
    pub fn is_joined(&self) -> bool {
        self.tables.len() > 1
    }

    /// Seats that would stay empty; none when the party does not fit.
    #[must_use]
    pub fn spare_seats(&self, party: Party) -> Option<u8> {
        (self.min_party <= party).then(|| self.max_party.size().checked_sub(party.size())).flatten()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_that_is_wrong_with_a_floor_is_named_with_its_place() {
        let (a, b) = (TableId::derived([1; 16]), TableId::derived([2; 16]));
        let floor: Floor = serde_json::from_value(json!({
            "areas": [{ "key": "hall", "name": {} }, { "key": "hall", "name": {} }],
            "tables": [
                { "id": a, "name": "1", "area": "hall", "minParty": 3, "maxParty": 2 },
                { "id": a, "name": "2", "area": "cellar", "minParty": 1, "maxParty": 2 },
            ],
            "combinations": [
                { "tables": [a, b], "minParty": 1, "maxParty": 2 },
                { "tables": [a], "minParty": 4, "maxParty": 2 },
            ],
        }))
        .unwrap();
        let places: Vec<String> = floor.faults().into_iter().map(|fault| fault.at).collect();
        assert_eq!(
            places,
            [
                "areas/1/key",
                "tables/0/maxParty",
                "tables/1/id",
                "tables/1/area",
                "combinations/0/tables",
                "combinations/1/tables",
                "combinations/1/maxParty",
            ]
        );
        assert_eq!(floor.check(), Err(InvalidFloor::TwiceTheSameArea("hall".into())));
    }
}
