//! Who works at a restaurant. A membership is two items, written together: one in the restaurant's partition, read with
//! its parts to let its people in; its inverse in the account's, which tells where somebody works.

use jari_domain::{AccountId, EmailAddress, GuestName, RestaurantId, StaffRole};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Item, RetryBudget, Store, StoreError,
    changes::{Applied, Changes, Condition},
    item::text,
    keys,
    restaurant::STAFF_ROLE,
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
}
