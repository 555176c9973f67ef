//! Every claim held against every reservation, cell by cell.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jari_domain::{Cell, Reservation, RestaurantId, Status, TableId};
use jari_store::{Item, Owner};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// A cell: of which item, and by which name of its own.
type CellOf = (String, String, String);
/// Until when, in seconds, and whose.
type Claimed = BTreeMap<CellOf, (u32, Owner)>;

/// Whose each cell is that is claimed now, and until when in seconds: as it is stored.
fn claimed(items: &[Item], now: Timestamp) -> Claimed {
    let mut claimed = BTreeMap::new();
    for item in items {
        let [pk, sk] = ["PK", "SK"].map(|name| item[name].as_s().unwrap().clone());
        if !(sk.starts_with("TABLE#") || ["DINER#", "VISIT#"].iter().any(|kind| pk.starts_with(kind))) {
            continue;
        }
        for (name, value) in item.iter().filter(|(name, value)| name.len() == 4 && value.is_b()) {
            let (until, owner) = value.as_b().unwrap().as_ref().split_first_chunk::<4>().unwrap();
            let until = u32::from_be_bytes(*until);
            if i64::from(until) > now.as_second() {
                claimed.insert((pk.clone(), sk.clone(), name.clone()), (until, owner.try_into().unwrap()));
            }
        }
    }
    claimed
}

/// Whose each cell of a restaurant's tables is on a service day, as it is stored.
pub fn table_claims(
    items: &[Item],
    restaurant: RestaurantId,
    date: Date,
    now: Timestamp,
) -> BTreeMap<(TableId, Cell), Owner> {
    let day = day_key(restaurant, date);
    let of_day =
        claimed(items, now).into_iter().filter(|((pk, sk, _), _)| *pk == day && sk.starts_with("TABLE#"));
    of_day
        .map(|((_, sk, name), (_, owner))| {
            let table = sk.replacen("TABLE#", "tbl_", 1).parse().unwrap();
            let mut cell = [0; 4];
            URL_SAFE_NO_PAD.decode_slice(name, &mut cell[1..]).unwrap();
            ((table, Cell(u32::from_be_bytes(cell))), owner)
        })
        .collect()
}

fn day_key(restaurant: RestaurantId, date: Date) -> String {
    format!("DAY#{}#{date}", restaurant.digits())
}

/// Whose each cell is, as the reservations have it; and the cells that two of them have.
fn to_be_claimed(all: &[Reservation], now: Timestamp) -> (Claimed, Vec<CellOf>) {
    let (mut due, mut double) = (BTreeMap::new(), Vec::new());
    for one in all.iter().filter(|one| one.status_at(now).is_active()) {
        let until = one.until.map_or(u32::MAX, |until| u32::try_from(until.as_second()).unwrap());
        let mut add = |pk: &str, sk: &str, cell: Cell| {
            let cell = (pk.to_owned(), sk.to_owned(), URL_SAFE_NO_PAD.encode(&cell.0.to_be_bytes()[1..]));
            if due.insert(cell.clone(), (until, one.id.short())).is_some() {
                double.push(cell);
            }
        };
        for cell in one.span.cells() {
            let day = day_key(one.restaurant, one.date);
            for table in &one.tables {
                add(&day, &format!("TABLE#{}", table.digits()), cell);
            }
            if let Some(diner) = &one.diner {
                let day = TimeZone::UTC.to_datetime(cell.start()).date();
                add(&format!("DINER#{}#{day}", diner.0), "TIME", cell);
            }
        }
        if let Some(hold) = one.hold_place.filter(|_| one.status == Status::Held) {
            add(&format!("VISIT#{}", hold.visit.digits()), "HOLDS", Cell(u32::from(hold.place)));
        }
    }
    (due, double)
}

/// Where claims and reservations differ: each cell of a table, of a diner's time and of a visit's holds that is claimed is one
/// that an active reservation has, until when it has it, and the other way round; and no two have the same.
pub fn wrong_claims(items: &[Item], all: &[Reservation], now: Timestamp) -> Vec<String> {
    let (claimed, (due, double)) = (claimed(items, now), to_be_claimed(all, now));
    let mut wrong: Vec<String> = double.iter().map(|cell| format!("two have {cell:?}")).collect();
    let stray = claimed.iter().filter(|(cell, claim)| due.get(*cell) != Some(*claim));
    wrong.extend(stray.map(|one| format!("is claimed, and nobody's: {one:?}")));
    let lacking = due.iter().filter(|(cell, claim)| claimed.get(*cell) != Some(*claim));
    wrong.extend(lacking.map(|one| format!("is somebody's, and not claimed: {one:?}")));
    wrong
}
