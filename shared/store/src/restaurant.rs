//! A restaurant's parts: each an item with a revision of its own, all in one partition, so that one Query reads the
//! whole of it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jari_domain::{
    AccountId, Bar, BarredDiners, DinerId, Floor, Menu, Policy, Profile, Restaurant, RestaurantId,
    RestaurantStatus, Schedule, StaffRole,
};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Item, Store, StoreError,
    error::accepted,
    item::{number, number_of, text, text_of},
    keys::{self, LISTED, LISTED_KEY, LISTED_NAME, PK, SK},
};

/// A part of a restaurant.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "written once in a while, never kept in bulk")]
pub enum RestaurantPart {
    /// What it is.
    Profile(Profile),
    /// What can be ordered.
    Menu(Menu),
    /// Where it seats guests.
    Floor(Floor),
    /// When it seats guests.
    Schedule(Schedule),
    /// What diners may do.
    Policy(Policy),
}

/// Something with the revision it was read at.
#[derive(Debug, Clone, PartialEq)]
pub struct Revised<T> {
    /// What was read.
    pub value: T,
    /// Rises with every write, from 1.
    pub revision: u64,
}

/// A restaurant as its own people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRestaurant {
    /// All that booking needs.
    pub restaurant: Restaurant,
    /// What can be ordered.
    pub menu: Menu,
    /// At which revision each part was read.
    pub revisions: PartRevisions,
    /// Whose draft it is: who registered it, until it is first approved.
    pub draft_of: Option<AccountId>,
}

/// The revision of each part of a restaurant, from 1; 0: it was never written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "named as the parts")]
pub struct PartRevisions {
    pub profile: u64,
    pub menu: u64,
    pub floor: u64,
    pub schedule: u64,
    pub policy: u64,
}

/// A public restaurant in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its id.
    pub id: RestaurantId,
    /// What it is.
    pub profile: Profile,
    /// Where it stands in the list.
    pub position: ListPosition,
}

/// A place in the list of public restaurants, to go on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct ListPosition {
    id: RestaurantId,
    name: String,
}

/// Which restaurants a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// The public ones, by name.
    Public,
    /// Those that wait for approval, the longest first.
    Submitted,
}

/// All public restaurants are in one partition of the index: some thousands of small items, read a page at a time.
pub(crate) const ALL_LISTED: &str = "LISTED";
/// And those that wait for approval in another.
pub(crate) const ALL_SUBMITTED: &str = "SUBMITTED";
pub(crate) const PART: &str = "part";
pub(crate) const REVISION: &str = "revision";
/// Whose draft it is, in the item of the profile.
pub(crate) const DRAFT_OF: &str = "draftOf";
/// What a member of the staff is, in their item.
pub(crate) const STAFF_ROLE: &str = "role";

impl Listing {
    const fn key(self) -> &'static str {
        match self {
            Self::Public => ALL_LISTED,
            Self::Submitted => ALL_SUBMITTED,
        }
    }
}

impl RestaurantPart {
    pub(crate) fn sk(&self) -> &'static str {
        match self {
            Self::Profile(_) => "PROFILE",
            Self::Menu(_) => "MENU",
            Self::Floor(_) => "FLOOR",
            Self::Schedule(_) => "SCHEDULE",
            Self::Policy(_) => "POLICY",
        }
    }

    pub(crate) fn value(&self) -> Result<AttributeValue, StoreError> {
        Ok(match self {
            Self::Profile(part) => serde_dynamo::to_attribute_value(part)?,
            Self::Menu(part) => serde_dynamo::to_attribute_value(part)?,
            Self::Floor(part) => serde_dynamo::to_attribute_value(part)?,
            Self::Schedule(part) => serde_dynamo::to_attribute_value(part)?,
            Self::Policy(part) => serde_dynamo::to_attribute_value(part)?,
        })
    }

    /// The item of a part that is new.
    pub(crate) fn first_item(&self, id: RestaurantId) -> Result<Item, StoreError> {
        let mut item = keys::key(keys::restaurant(id), self.sk());
        item.insert(PART.into(), self.value()?);
        item.insert(REVISION.into(), number(1));
        Ok(item)
    }
}

impl Store {
    /// Writes a part of a restaurant in place of revision `read`; `None` creates it. False when it is no longer (or
    /// already) there at that revision. For restaurants that come from elsewhere, such as the demo's: nothing is said in
    /// the audit log. What people change goes through [`Store::change_restaurant_part`].
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn put_restaurant_part(
        &self,
        id: RestaurantId,
        part: &RestaurantPart,
        read: Option<u64>,
    ) -> Result<bool, StoreError> {
        let mut item = keys::key(keys::restaurant(id), part.sk());
        item.insert(PART.into(), part.value()?);
        item.insert(REVISION.into(), number(read.unwrap_or_default() + 1));
        if let RestaurantPart::Profile(profile) = part
            && profile.status == RestaurantStatus::Approved
        {
            item.insert(LISTED_KEY.into(), text(ALL_LISTED));
            item.insert(LISTED_NAME.into(), text(listed_name(id, profile)));
        }
        let put = self.client.put_item().table_name(&*self.table).set_item(Some(item));
        let put = match read {
            None => put.condition_expression("attribute_not_exists(PK)"),
            Some(revision) => put
                .condition_expression("#r = :r")
                .expression_attribute_names("#r", REVISION)
                .expression_attribute_values(":r", number(revision)),
        };
        accepted(put.send().await)
    }

    /// The restaurant with its menu, by one Query. None when it does not exist or a part is still missing.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn restaurant(&self, id: RestaurantId) -> Result<Option<(Restaurant, Menu)>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&*self.table)
            // The parts stand next to each other; the audit log before them and the staff behind grow without end.
            .key_condition_expression("PK = :pk AND SK BETWEEN :first AND :last")
            .expression_attribute_values(":pk", text(keys::restaurant(id)))
            .expression_attribute_values(":first", text("FLOOR"))
            .expression_attribute_values(":last", text("SCHEDULE"));
        // Together they are far below a page of 1 MB.
        whole(id, query.send().await?.items.unwrap_or_default())
    }

    /// The restaurant as its own people see it: public or not, with the revision of each part, and what `account` is
    /// there. One consistent Query, so that who was taken off the staff a moment ago is off. None when it does not exist.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn restaurant_as(
        &self,
        id: RestaurantId,
        account: AccountId,
    ) -> Result<Option<(StoredRestaurant, Option<StaffRole>)>, StoreError> {
        let staff = keys::staff(account);
        let mut pages = self
            .client
            .query()
            .table_name(&*self.table)
            .consistent_read(true)
            // Between the parts and the account's own item stand, at most, the other members of the staff: a bounded few.
            .key_condition_expression("PK = :pk AND SK BETWEEN :first AND :last")
            .expression_attribute_values(":pk", text(keys::restaurant(id)))
            .expression_attribute_values(":first", text("FLOOR"))
            .expression_attribute_values(":last", text(&staff))
            .into_paginator()
            .items()
            .send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(item?);
        }
        let role = items.iter().find(|item| stands_at(item, &staff));
        let role = role.map(|item| text_of(item, STAFF_ROLE)).transpose()?;
        let role = role.map(str::parse).transpose().map_err(|_| StoreError::Corrupt("a role".into()))?;
        let revision = |sk: &str| {
            let item = items.iter().find(|item| stands_at(item, sk));
            item.and_then(|item| number_of(item, REVISION)).unwrap_or_default()
        };
        let revisions = PartRevisions {
            profile: revision("PROFILE"),
            menu: revision("MENU"),
            floor: revision("FLOOR"),
            schedule: revision("SCHEDULE"),
            policy: revision("POLICY"),
        };
        let profile = items.iter().find(|item| stands_at(item, "PROFILE"));
        let draft_of = profile.and_then(|profile| text_of(profile, DRAFT_OF).ok());
        let draft_of = draft_of.and_then(|digits| AccountId::from_digits(digits).ok());
        let Some((restaurant, menu)) = whole(id, items)? else {
            return Ok(None);
        };
        Ok(Some((StoredRestaurant { restaurant, menu, revisions, draft_of }, role)))
    }

    /// The profiles of these restaurants, of those that are there; none may stand twice.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn profiles(
        &self,
        ids: impl IntoIterator<Item = RestaurantId>,
    ) -> Result<HashMap<RestaurantId, Profile>, StoreError> {
        let keys = ids.into_iter().map(|id| keys::key(keys::restaurant(id), "PROFILE"));
        let items = self.items_of(keys.collect()).await?.into_iter();
        items.map(|item| Ok((keys::restaurant_id(&item)?, parse_part(item)?.value))).collect()
    }

    /// A page of a list of restaurants, after `after`: at most `most` of them; and whether more follow.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn listed_restaurants(
        &self,
        listing: Listing,
        after: Option<&ListPosition>,
        most: i32,
    ) -> Result<(Vec<Listed>, bool), StoreError> {
        let start = after.map(|position| {
            let mut key = keys::key(keys::restaurant(position.id), "PROFILE");
            key.insert(LISTED_KEY.into(), text(listing.key()));
            key.insert(LISTED_NAME.into(), text(&position.name));
            key
        });
        let query = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name(LISTED)
            .key_condition_expression("#k = :k")
            .expression_attribute_names("#k", LISTED_KEY)
            .expression_attribute_values(":k", text(listing.key()))
            .set_exclusive_start_key(start)
            .limit(most);
        let page = query.send().await?;
        let more = page.last_evaluated_key.is_some();
        let listed: Result<_, _> = page.items.unwrap_or_default().into_iter().map(listed).collect();
        Ok((listed?, more))
    }
}

/// The parts are taken out of `items`, not copied: they are most of what a first answer waits for.
fn whole(id: RestaurantId, mut items: Vec<Item>) -> Result<Option<(Restaurant, Menu)>, StoreError> {
    let is_there = !items.is_empty();
    let barred = barred(&items)?;
    let profile = take_part::<Profile>(&mut items, "PROFILE")?;
    let floor = take_part::<Floor>(&mut items, "FLOOR")?;
    let schedule = take_part::<Schedule>(&mut items, "SCHEDULE")?;
    let policy = take_part::<Policy>(&mut items, "POLICY")?.unwrap_or_default();
    let menu = take_part::<Menu>(&mut items, "MENU")?.unwrap_or_default();
    let (Some(profile), Some(floor), Some(schedule)) = (profile, floor, schedule) else {
        if is_there {
            tracing::warn!(restaurant = %id, "a part of the restaurant is missing");
        }
        return Ok(None);
    };
    Ok(Some((Restaurant { id, profile, floor, schedule, policy, barred }, menu)))
}

fn listed(item: Item) -> Result<Listed, StoreError> {
    let id = keys::restaurant_id(&item)?;
    let name = text_of(&item, LISTED_NAME)?.to_owned();
    let profile = parse_part(item)?.value;
    Ok(Listed { id, profile, position: ListPosition { id, name } })
}

/// Sorts by the Korean name (the English one where there is none); the id keeps namesakes apart.
pub(crate) fn listed_name(id: RestaurantId, profile: &Profile) -> String {
    format!("{}#{}", profile.name.get(jari_domain::Language::Ko).to_lowercase(), id.digits())
}

/// Sorts by when it was submitted.
pub(crate) fn submitted_name(id: RestaurantId, at: Timestamp) -> String {
    format!("{}#{}", at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ"), id.digits())
}

/// The diners who may not book online: one attribute each, in an item that is read with the parts. Its name sorts
/// between theirs.
pub(crate) const NO_SHOWS_SK: &str = "NOSHOWS";

pub(crate) fn barred(items: &[Item]) -> Result<BarredDiners, StoreError> {
    let Some(item) = items.iter().find(|item| stands_at(item, NO_SHOWS_SK)) else {
        return Ok(BarredDiners::default());
    };
    let bars = item.iter().filter(|(name, _)| *name != PK && *name != SK);
    let bars = bars.map(|(diner, bar)| {
        let bar: Bar = serde_dynamo::from_attribute_value(bar.clone())?;
        Ok((DinerId(diner.clone()), bar))
    });
    Ok(BarredDiners(bars.collect::<Result<_, StoreError>>()?))
}

fn stands_at(item: &Item, sk: &str) -> bool {
    text_of(item, SK).is_ok_and(|found| found == sk)
}

fn take_part<T: DeserializeOwned>(items: &mut Vec<Item>, sk: &str) -> Result<Option<T>, StoreError> {
    let at = items.iter().position(|item| stands_at(item, sk));
    let item = at.map(|at| items.swap_remove(at));
    item.map(parse_part).transpose().map(|part| part.map(|part: Revised<T>| part.value))
}

fn parse_part<T: DeserializeOwned>(mut item: Item) -> Result<Revised<T>, StoreError> {
    let revision = number_of(&item, REVISION).unwrap_or_default();
    let part = item.remove(PART).ok_or_else(|| {
        StoreError::Corrupt(format!("no part in {}", text_of(&item, PK).unwrap_or("an item")))
    })?;
    Ok(Revised { value: serde_dynamo::from_attribute_value(part)?, revision })
}
