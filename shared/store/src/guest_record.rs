//! What a restaurant knows of a diner, and whom it has barred. Written only together with the reservation that they
//! follow from: see [`crate::Transaction`].

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, Update};
use jari_domain::{Bar, BarredDiners, DinerId, GuestRecord, RestaurantId};
use jiff::Timestamp;

use crate::{
    Item, Store, StoreError,
    changes::Condition,
    item::{number, number_of, text_of},
    keys,
    restaurant::{self, NO_SHOWS_SK},
};

const VISITS: &str = "visits";
const NO_SHOWS: &str = "noShows";
const LIFTED_AT: &str = "liftedAt";
const REVISION: &str = "revision";

/// A change to what a restaurant knows of a diner.
#[derive(Debug, Clone)]
pub enum GuestChange {
    /// They came once more. Counted whatever else the record says.
    Visit,
    /// The no-shows are these now, in place of those that were read.
    NoShows {
        /// What is to be.
        next: GuestRecord,
        /// The bar that begins (`Some(Some)`) or ends (`Some(None)`) with it.
        bar: Option<Option<Bar>>,
        /// Who makes room, where the restaurant has barred as many as it may.
        makes_room: Option<DinerId>,
    },
}

impl GuestChange {
    /// The updates that it takes, each with its condition.
    pub(crate) fn updates(
        &self,
        restaurant: RestaurantId,
        diner: &DinerId,
        table: &str,
    ) -> Result<Vec<Update>, StoreError> {
        let record = keys::guest_record(restaurant, diner);
        match self {
            Self::Visit => {
                let condition = Condition::any().name("#v", VISITS).value(":one", number(1));
                Ok(vec![condition.on_update(record, "ADD #v :one", table)?])
            }
            Self::NoShows { next, bar, makes_room } => {
                let no_shows = next.no_shows.iter().map(|start| number(start.as_second())).collect();
                let read = next.revision.saturating_sub(1);
                let unchanged = if read == 0 { "attribute_not_exists(#rev)" } else { "#rev = :read" };
                let mut condition = Condition::new(unchanged)
                    .name("#rev", REVISION)
                    .name("#n", NO_SHOWS)
                    .value(":n", AttributeValue::L(no_shows))
                    .value(":next", number(next.revision));
                if read > 0 {
                    condition = condition.value(":read", number(read));
                }
                let mut updates = vec![condition.on_update(record, "SET #n = :n, #rev = :next", table)?];
                let Some(bar) = bar else { return Ok(updates) };
                let mut condition = Condition::any().name("#d", &diner.0);
                let mut clauses = Vec::new();
                match bar {
                    Some(bar) => {
                        condition = condition.value(":bar", serde_dynamo::to_attribute_value(bar)?);
                        clauses.push("SET #d = :bar");
                        if let Some(oldest) = makes_room {
                            condition = condition.name("#o", &oldest.0);
                            clauses.push("REMOVE #o");
                        }
                    }
                    None => clauses.push("REMOVE #d"),
                }
                let bars = keys::key(keys::restaurant(restaurant), NO_SHOWS_SK);
                updates.push(condition.on_update(bars, &clauses.join(" "), table)?);
                Ok(updates)
            }
        }
    }
}

impl Store {
    /// What a restaurant knows of a diner, read consistently; the empty record of one it does not know.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn guest_record(
        &self,
        restaurant: RestaurantId,
        diner: &DinerId,
    ) -> Result<GuestRecord, StoreError> {
        let key = keys::guest_record(restaurant, diner);
        let item = self.item(key).await?;
        item.map_or_else(|| Ok(GuestRecord::default()), |item| from_item(&item))
    }

    /// What each of these restaurants knows of a diner, of those that know anything, in no order; eventually consistent.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn guest_records(
        &self,
        diner: &DinerId,
        restaurants: &BTreeSet<RestaurantId>,
    ) -> Result<Vec<(RestaurantId, GuestRecord)>, StoreError> {
        let (mut wanted, mut by_pk) = (Vec::new(), HashMap::new());
        for restaurant in restaurants {
            let key = keys::guest_record(*restaurant, diner);
            by_pk.insert(text_of(&key, keys::PK)?.to_owned(), *restaurant);
            wanted.push(key);
        }
        let mut records = Vec::new();
        for item in self.items_of(wanted).await? {
            if let Some(restaurant) = by_pk.get(text_of(&item, keys::PK)?) {
                records.push((*restaurant, from_item(&item)?));
            }
        }
        Ok(records)
    }

    /// Whom a restaurant has barred, read consistently.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn barred_diners(&self, id: RestaurantId) -> Result<BarredDiners, StoreError> {
        let key = keys::key(keys::restaurant(id), NO_SHOWS_SK);
        restaurant::barred(self.item(key).await?.as_slice())
    }
}

pub(crate) fn from_item(item: &Item) -> Result<GuestRecord, StoreError> {
    let corrupt = || StoreError::Corrupt("a guest's record".into());
    let second = |value: &AttributeValue| {
        let second = value.as_n().ok()?.parse().ok()?;
        Timestamp::from_second(second).ok()
    };
    let no_shows = match item.get(NO_SHOWS) {
        Some(AttributeValue::L(list)) => {
            list.iter().map(second).collect::<Option<_>>().ok_or_else(corrupt)?
        }
        _ => Vec::new(),
    };
    Ok(GuestRecord {
        visits: number_of(item, VISITS).unwrap_or_default(),
        no_shows,
        lifted_at: item.get(LIFTED_AT).and_then(second),
        revision: number_of(item, REVISION).unwrap_or_default(),
    })
}
