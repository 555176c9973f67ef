//! Who works at a restaurant. A membership is two items, written together: one in the restaurant's partition, read with
//! its parts to let its people in; its inverse in the account's, which tells where somebody works.
//!
//! What must hold of all members together (an owner stays, nobody is the fifty-first) is decided on one read of them. The
//! roster, an item with nothing but a revision, makes it hold: every change is written on the condition that the roster is
//! as it was read, so two changes of one staff never pass each other.

use jari_domain::{AccountId, EmailAddress, GuestName, RestaurantId, StaffRole};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    AuditLine, Item, RetryBudget, Store, StoreError, account,
    changes::{Applied, Changes, Condition},
    item::{number, number_of, text, text_of},
    keys::{self, ROSTER_SK, SK},
    restaurant::{REVISION, STAFF_ROLE},
};

/// Somebody who works at a restaurant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Whose membership it is.
    pub account: AccountId,
    /// As what.
    pub role: StaffRole,
    /// As the account was named when it was added.
    pub name: GuestName,
    /// The account's address.
    pub email: EmailAddress,
    /// When it was added.
    pub since: Timestamp,
}

/// Everybody who works at a restaurant, as of one read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Staff {
    /// In the order of their ids.
    pub members: Vec<StaffMember>,
    /// Rises with every change of any membership; 0: as the restaurant was registered.
    pub revision: u64,
}

impl Staff {
    /// Whether nobody would be left who may hire, if this account went.
    #[must_use]
    pub fn is_only_owner(&self, account: AccountId) -> bool {
        let mut owners = self.members.iter().filter(|member| member.role == StaffRole::Owner);
        owners.next().is_some_and(|owner| owner.account == account) && owners.next().is_none()
    }
}

/// One membership, to be otherwise than it was read.
#[derive(Debug, Clone)]
pub struct StaffChange<'a> {
    /// Of whose staff.
    pub restaurant: RestaurantId,
    /// The revision of the staff that it was decided on.
    pub read: u64,
    /// The membership before; none: the account was no member.
    pub before: Option<&'a StaffMember>,
    /// The membership after; none: the account is no member any more.
    pub after: Option<&'a StaffMember>,
    /// What the audit log says of it.
    pub line: &'a AuditLine,
}

/// How a change of a staff ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffChanged {
    /// It is made.
    Done,
    /// The staff is no longer as it was read. Nothing was written.
    Overtaken,
    /// There is no such account any more, or it is being erased. Nothing was written.
    NoAccount,
}

/// The attributes of the restaurant's item, beside its keys.
#[derive(Serialize, Deserialize)]
struct Attributes {
    role: StaffRole,
    name: GuestName,
    email: EmailAddress,
    since: i64,
}

/// The two items of a membership: the restaurant's, then the account's.
pub(crate) fn staff_items(restaurant: RestaurantId, member: &StaffMember) -> Result<[Item; 2], StoreError> {
    let mut own: Item = serde_dynamo::to_item(Attributes {
        role: member.role,
        name: member.name.clone(),
        email: member.email.clone(),
        since: member.since.as_second(),
    })?;
    own.extend(keys::key(keys::restaurant(restaurant), keys::staff(member.account)));
    let mut inverse = keys::key(keys::account(member.account), keys::staff_at(restaurant));
    inverse.insert(STAFF_ROLE.into(), text(member.role.as_str()));
    Ok([own, inverse])
}

impl Store {
    /// Puts somebody on a restaurant's staff, as the demo's people are: no line of the audit log tells of it. False when
    /// they are there already.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn put_staff(
        &self,
        restaurant: RestaurantId,
        member: &StaffMember,
    ) -> Result<bool, StoreError> {
        let mut changes = Changes::default();
        for item in staff_items(restaurant, member)? {
            changes.put(self, item, Condition::absent())?;
        }
        Ok(matches!(self.apply(&changes, &mut RetryBudget::start()).await?, Applied::Done))
    }

    /// Everybody who works at a restaurant: one consistent Query of a bounded few.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn staff(&self, restaurant: RestaurantId) -> Result<Staff, StoreError> {
        // The members, and the roster behind them.
        let query = self.items_under(keys::restaurant(restaurant), "STAFF");
        let mut items = query.into_paginator().items().send();
        let mut staff = Staff::default();
        while let Some(item) = items.next().await {
            let item = item?;
            if text_of(&item, SK)? == ROSTER_SK {
                staff.revision = number_of(&item, REVISION).unwrap_or_default();
            } else {
                staff.members.push(member(item)?);
            }
        }
        Ok(staff)
    }

    /// Where an account works and as what, at most `most` restaurants; read consistently.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn workplaces(
        &self,
        account: AccountId,
        most: i32,
    ) -> Result<Vec<(RestaurantId, StaffRole)>, StoreError> {
        let query = self.items_under(keys::account(account), keys::STAFF).limit(most);
        query.send().await?.items().iter().map(workplace).collect()
    }

    /// Makes a change of a staff: both items of the membership, the roster and the line of the audit log, or nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn change_staff(&self, change: &StaffChange<'_>) -> Result<StaffChanged, StoreError> {
        let mut changes = Changes::default();
        let roster = keys::key(keys::restaurant(change.restaurant), ROSTER_SK);
        let unchanged = if change.read == 0 { Condition::absent() } else { Condition::revision(change.read) };
        let unchanged = unchanged.name("#next", REVISION).value(":next", number(change.read + 1));
        changes.update(self, roster, "SET #next = :next", unchanged)?;
        let is_new = change.before.is_none();
        if let Some(after) = change.after {
            for item in staff_items(change.restaurant, after)? {
                changes.put(self, item, if is_new { Condition::absent() } else { Condition::present() })?;
            }
        } else if let Some(before) = change.before {
            let own = keys::key(keys::restaurant(change.restaurant), keys::staff(before.account));
            let inverse = keys::key(keys::account(before.account), keys::staff_at(change.restaurant));
            changes.delete(self, own, Condition::present())?;
            changes.delete(self, inverse, Condition::present())?;
        }
        if let Some(after) = change.after {
            // An erasure that is under way has read where the account works already.
            let lives = Condition::new("attribute_exists(PK) AND attribute_not_exists(#deleting)");
            changes.check(self, account::key(after.account), lives.name("#deleting", account::DELETING))?;
        }
        self.add_audit_line(&mut changes, change.restaurant, change.line)?;
        match self.apply(&changes, &mut RetryBudget::start()).await? {
            Applied::Done => Ok(StaffChanged::Done),
            // Roster, both items, account.
            Applied::Refused(refusals) if refusals[..3].iter().all(Option::is_none) => {
                Ok(StaffChanged::NoAccount)
            }
            Applied::Refused(_) => Ok(StaffChanged::Overtaken),
        }
    }
}

fn member(item: Item) -> Result<StaffMember, StoreError> {
    let corrupt = || StoreError::Corrupt("a membership".into());
    let account = text_of(&item, SK)?.strip_prefix(keys::STAFF).ok_or_else(corrupt)?;
    let account = AccountId::from_digits(account).map_err(|_| corrupt())?;
    let Attributes { role, name, email, since } = serde_dynamo::from_item(item)?;
    let since = Timestamp::from_second(since).map_err(|_| corrupt())?;
    Ok(StaffMember { account, role, name, email, since })
}

fn workplace(item: &Item) -> Result<(RestaurantId, StaffRole), StoreError> {
    let corrupt = || StoreError::Corrupt("a workplace".into());
    let restaurant = text_of(item, SK)?.strip_prefix(keys::STAFF).ok_or_else(corrupt)?;
    let restaurant = RestaurantId::from_digits(restaurant).map_err(|_| corrupt())?;
    Ok((restaurant, text_of(item, STAFF_ROLE)?.parse().map_err(|_| corrupt())?))
}
