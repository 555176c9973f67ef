//! Changes to a restaurant: each with its line in the audit log, in one transaction, on the condition that what it
//! replaces is still as it was read.

use aws_sdk_dynamodb::types::AttributeValue;
use jari_domain::{AccountId, Floor, Menu, Policy, Profile, RestaurantId, RestaurantStatus, Schedule};
use jiff::Timestamp;

use crate::{
    AuditLine, Item, RestaurantPart, RetryBudget, StaffMember, Store, StoreError, account,
    changes::{Applied, Changes, Condition},
    error::accepted,
    item::{number, text, text_of},
    keys::{self, DRAFTS_SK, DUE_AT, DUE_KEY, LISTED_KEY, LISTED_NAME, RECOUNT_SK},
    restaurant::{ALL_LISTED, ALL_SUBMITTED, DRAFT_OF, PART, REVISION, listed_name, submitted_name},
    staff::staff_items,
};

/// A restaurant that begins as a draft, and who founded it.
#[derive(Debug, Clone)]
pub struct NewRestaurant<'a> {
    /// Its id.
    pub id: RestaurantId,
    /// What it is so far.
    pub profile: &'a Profile,
    /// Its first owner.
    pub founder: &'a StaffMember,
    /// The first line of its audit log.
    pub line: &'a AuditLine,
    /// Of the request, when that came with an idempotency key.
    pub fingerprint: Option<&'a str>,
}

/// How a registration ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// It is there now.
    Done,
    /// It was there before, made by a request of this fingerprint. Nothing was written.
    AlreadyThere(Option<String>),
    /// The account has as many restaurants waiting for approval as it may. Nothing was written.
    TooManyDrafts,
    /// There is no such account any more, or it is being erased. Nothing was written.
    NoAccount,
}

/// A part of a restaurant, to be written in place of what was read.
#[derive(Debug, Clone)]
pub struct PartChange<'a> {
    /// Of which restaurant.
    pub restaurant: RestaurantId,
    /// What is to be.
    pub part: &'a RestaurantPart,
    /// The revision that it replaces; 0: there was none.
    pub read: u64,
    /// The restaurant's status before, where the change is one of its profile.
    pub status_before: Option<RestaurantStatus>,
    /// It no longer counts among the drafts of this account.
    pub frees_draft_of: Option<AccountId>,
    /// Arrivals are to be counted once more from then on; see [`Store::recounts_due`].
    pub recount_at: Option<Timestamp>,
    /// What the audit log says of it.
    pub line: &'a AuditLine,
}

/// A restaurant's arrivals that are to be counted once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecountDue {
    /// Of which restaurant.
    pub restaurant: RestaurantId,
    /// Since when it is due.
    pub since: Timestamp,
}

const FINGERPRINT: &str = "fingerprint";
const DRAFTS: &str = "drafts";
/// All in one partition of the index: a change of a schedule's paces is rare.
const RECOUNTS_DUE: &str = "DUE#recount#0";

impl Store {
    /// Registers a restaurant: all its parts, empty but for the profile, its owner and the first line of its audit log.
    /// An account has at most `most_drafts` restaurants that were neither approved nor given up.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn register_restaurant(
        &self,
        new: &NewRestaurant<'_>,
        most_drafts: usize,
    ) -> Result<Registered, StoreError> {
        let mut changes = Changes::default();
        changes.put(self, first_profile(new)?, Condition::absent())?;
        // A set, not a number: to add or to take away twice is to do it once.
        let draft = AttributeValue::Ss(vec![new.id.digits()]);
        let few = Condition::new(
            "attribute_not_exists(#drafts) OR contains(#drafts, :id) OR size(#drafts) < :most",
        )
        .name("#drafts", DRAFTS)
        .value(":draft", draft)
        .value(":id", text(new.id.digits()))
        .value(":most", number(i128::try_from(most_drafts).unwrap_or_default()));
        changes.update(self, drafts_of(new.founder.account), "ADD #drafts :draft", few)?;
        // An erasure that is under way has read where the account works already.
        let lives = Condition::new("attribute_exists(PK) AND attribute_not_exists(#deleting)");
        let lives = lives.name("#deleting", account::DELETING);
        changes.check(self, account::key(new.founder.account), lives)?;
        for part in [
            RestaurantPart::Menu(Menu::default()),
            RestaurantPart::Floor(Floor::default()),
            RestaurantPart::Schedule(Schedule::default()),
            RestaurantPart::Policy(Policy::default()),
        ] {
            changes.put(self, part.first_item(new.id)?, Condition::absent())?;
        }
        for item in staff_items(new.id, new.founder)? {
            changes.put(self, item, Condition::absent())?;
        }
        self.add_audit_line(&mut changes, new.id, new.line)?;
        let refusals = match self.apply(&changes, &mut RetryBudget::start()).await? {
            Applied::Done => return Ok(Registered::Done),
            Applied::Refused(refusals) => refusals,
        };
        // The profile, the drafts, the account.
        Ok(match refusals.as_slice() {
            [Some(there), ..] => {
                Registered::AlreadyThere(text_of(there, FINGERPRINT).ok().map(str::to_owned))
            }
            [_, _, Some(_), ..] => Registered::NoAccount,
            _ => Registered::TooManyDrafts,
        })
    }

    /// Writes a part with the revision after the one that was read. False when it is no longer at that revision.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn change_restaurant_part(&self, change: &PartChange<'_>) -> Result<bool, StoreError> {
        let mut changes = Changes::default();
        self.add_part(&mut changes, change)?;
        self.add_audit_line(&mut changes, change.restaurant, change.line)?;
        if let Some(account) = change.frees_draft_of {
            let draft = AttributeValue::Ss(vec![change.restaurant.digits()]);
            // Whether it is among them or not.
            let any = Condition::any().name("#drafts", DRAFTS).value(":draft", draft);
            changes.update(self, drafts_of(account), "DELETE #drafts :draft", any)?;
        }
        if let Some(at) = change.recount_at {
            let mut recount = keys::key(keys::restaurant(change.restaurant), RECOUNT_SK);
            recount.insert(DUE_KEY.into(), text(RECOUNTS_DUE));
            recount.insert(DUE_AT.into(), number(at.as_second()));
            changes.put(self, recount, Condition::any())?;
        }
        Ok(matches!(self.apply(&changes, &mut RetryBudget::start()).await?, Applied::Done))
    }

    /// Forgets that an account founded the restaurants that count among its drafts. They stay whoever's they are now.
    pub(crate) async fn forget_founder(&self, account: AccountId) -> Result<(), StoreError> {
        let drafts = self.item(drafts_of(account)).await?;
        let ids = drafts.as_ref().and_then(|item| item.get(DRAFTS)).and_then(|ids| ids.as_ss().ok());
        // As few as an account may have.
        for digits in ids.into_iter().flatten() {
            let id = RestaurantId::from_digits(digits);
            let id = id.map_err(|_| StoreError::Corrupt("an account's drafts".into()))?;
            let update = self
                .client
                .update_item()
                .table_name(&*self.table)
                .set_key(Some(keys::key(keys::restaurant(id), "PROFILE")))
                .update_expression("REMOVE #draftOf")
                .condition_expression("#draftOf = :account")
                .expression_attribute_names("#draftOf", DRAFT_OF)
                .expression_attribute_values(":account", text(account.digits()));
            accepted(update.send().await)?;
        }
        Ok(())
    }

    fn add_part(&self, changes: &mut Changes, change: &PartChange<'_>) -> Result<(), StoreError> {
        let id = change.restaurant;
        let condition = if change.read == 0 { Condition::absent() } else { Condition::revision(change.read) };
        let mut condition = condition
            .name("#part", PART)
            .name("#next", REVISION)
            .value(":part", change.part.value()?)
            .value(":next", number(change.read + 1));
        let (mut sets, mut removes) = (vec!["#part = :part", "#next = :next"], Vec::new());
        if let RestaurantPart::Profile(profile) = change.part {
            let place = match profile.status {
                RestaurantStatus::Approved => Some(("#place = :place", ALL_LISTED, listed_name(id, profile))),
                // While it waits, an edit keeps its place in the row.
                RestaurantStatus::Submitted => {
                    let waited = change.status_before == Some(RestaurantStatus::Submitted);
                    let set =
                        if waited { "#place = if_not_exists(#place, :place)" } else { "#place = :place" };
                    Some((set, ALL_SUBMITTED, submitted_name(id, change.line.at)))
                }
                RestaurantStatus::Draft | RestaurantStatus::Rejected | RestaurantStatus::Closed => None,
            };
            condition = condition.name("#list", LISTED_KEY).name("#place", LISTED_NAME);
            if let Some((set, list, place)) = place {
                sets.extend(["#list = :list", set]);
                condition = condition.value(":list", text(list)).value(":place", text(place));
            } else {
                removes.extend(["#list", "#place"]);
            }
            if change.frees_draft_of.is_some() {
                condition = condition.name("#draftOf", DRAFT_OF);
                removes.push("#draftOf");
            }
        }
        let mut expression = format!("SET {}", sets.join(", "));
        if !removes.is_empty() {
            expression = format!("{expression} REMOVE {}", removes.join(", "));
        }
        changes.update(self, keys::key(keys::restaurant(id), change.part.sk()), &expression, condition)?;
        Ok(())
    }

    /// The restaurants whose arrivals are to be counted once more by `now`, at most `most`.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn recounts_due(&self, now: Timestamp, most: i32) -> Result<Vec<RecountDue>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name(keys::DUE)
            .key_condition_expression("#k = :k AND #at <= :now")
            .expression_attribute_names("#k", DUE_KEY)
            .expression_attribute_names("#at", DUE_AT)
            .expression_attribute_values(":k", text(RECOUNTS_DUE))
            .expression_attribute_values(":now", number(now.as_second()))
            .limit(most);
        query.send().await?.items().iter().map(recount_due).collect()
    }

    /// Writes down that a recount is done, unless another became due meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn recounted(&self, recount: RecountDue) -> Result<(), StoreError> {
        let delete = self
            .client
            .delete_item()
            .table_name(&*self.table)
            .set_key(Some(keys::key(keys::restaurant(recount.restaurant), RECOUNT_SK)))
            .condition_expression("#at = :at")
            .expression_attribute_names("#at", DUE_AT)
            .expression_attribute_values(":at", number(recount.since.as_second()));
        accepted(delete.send().await).map(drop)
    }
}

fn first_profile(new: &NewRestaurant<'_>) -> Result<Item, StoreError> {
    let mut item = RestaurantPart::Profile(new.profile.clone()).first_item(new.id)?;
    item.insert(DRAFT_OF.into(), text(new.founder.account.digits()));
    if let Some(fingerprint) = new.fingerprint {
        item.insert(FINGERPRINT.into(), text(fingerprint));
    }
    Ok(item)
}

fn drafts_of(account: AccountId) -> Item {
    keys::key(keys::account(account), DRAFTS_SK)
}

fn recount_due(item: &Item) -> Result<RecountDue, StoreError> {
    let since = crate::item::number_of(item, DUE_AT).and_then(|second| Timestamp::from_second(second).ok());
    let since = since.ok_or_else(|| StoreError::Corrupt("a recount without a time".into()))?;
    Ok(RecountDue { restaurant: keys::restaurant_id(item)?, since })
}
