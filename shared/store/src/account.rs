//! Accounts, and the items that make their addresses unique. Both are put together, so that one address never has two
//! accounts; an address is in the keys only as the diner that it is.

use jari_domain::{
    Account, AccountId, DinerId, EmailAddress, GuestName, Language, MailPreferences, PasswordHash, Phone,
    PlatformRole,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Item, RetryBudget, Store, StoreError,
    changes::{Applied, Changes, Condition},
    item::{number, text},
    keys,
};

/// An account as it is kept, with what is nobody's to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAccount {
    /// The account.
    pub account: Account,
    /// The diner that its address makes it.
    pub diner: DinerId,
    /// None where it only signs in through others.
    pub password_hash: Option<PasswordHash>,
    /// It is being erased: nobody may sign in any more.
    pub deleting: bool,
}

/// How making an account ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// It is there now.
    Done,
    /// The address has one already. Nothing was written.
    AddressTaken,
}

/// Whose the address is, in the address's own item.
pub(crate) const ACCOUNT: &str = "account";
/// There, and true, from the moment that an account is being erased.
pub(crate) const DELETING: &str = "deleting";
/// The accounts that are being erased, in the index of what is due.
pub(crate) const ERASURES_DUE: &str = "DUE#erasure#0";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    email: EmailAddress,
    name: GuestName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<Phone>,
    language: Language,
    #[serde(default)]
    mail: MailPreferences,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    platform: Option<PlatformRole>,
    generation: u32,
    created_at: Timestamp,
    revision: u64,
    diner: DinerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_hash: Option<PasswordHash>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deleting: bool,
}

impl Store {
    /// The account of that id, read consistently.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn account(&self, id: AccountId) -> Result<Option<StoredAccount>, StoreError> {
        self.item(key(id)).await?.map(from_item).transpose()
    }

    /// Which account has the address that makes that diner.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn account_of_diner(&self, diner: &DinerId) -> Result<Option<AccountId>, StoreError> {
        self.item(keys::address(diner)).await?.as_ref().map(account_of_address).transpose()
    }

    /// Makes an account, and its address its own.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn create_account(&self, account: &StoredAccount) -> Result<Created, StoreError> {
        let mut changes = Changes::default();
        self.add_account(&mut changes, account)?;
        match self.apply(&changes, &mut RetryBudget::start()).await? {
            Applied::Done => Ok(Created::Done),
            Applied::Refused(_) => Ok(Created::AddressTaken),
        }
    }

    /// Writes `account` in place of what was read, with the next revision; it must still be at the revision that it
    /// carries. The address stays as it is: it makes the account the diner that it is. False when it has changed since,
    /// or is gone.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn replace_account(&self, account: &StoredAccount) -> Result<bool, StoreError> {
        let mut changes = Changes::default();
        self.change_account(&mut changes, account)?;
        Ok(matches!(self.apply(&changes, &mut RetryBudget::start()).await?, Applied::Done))
    }

    /// Two changes that make an account; the second is refused where the address is taken.
    pub(crate) fn add_account(
        &self,
        changes: &mut Changes,
        account: &StoredAccount,
    ) -> Result<(), StoreError> {
        let mut address = keys::address(&account.diner);
        address.insert(ACCOUNT.into(), text(account.account.id.digits()));
        changes.put(self, to_item(account, account.account.revision)?, Condition::absent())?;
        changes.put(self, address, Condition::absent())?;
        Ok(())
    }

    /// The change that writes `account` at its next revision.
    pub(crate) fn change_account(
        &self,
        changes: &mut Changes,
        account: &StoredAccount,
    ) -> Result<(), StoreError> {
        let read = account.account.revision;
        changes.put(self, self.told(to_item(account, read + 1)?), Condition::revision(read))?;
        Ok(())
    }
}

pub(crate) fn key(id: AccountId) -> Item {
    keys::key(keys::account(id), keys::ACCOUNT_SK)
}

fn account_of_address(item: &Item) -> Result<AccountId, StoreError> {
    let digits = crate::item::text_of(item, ACCOUNT)?;
    AccountId::from_digits(digits).map_err(|_| StoreError::Corrupt("an address's account".into()))
}

fn to_item(stored: &StoredAccount, revision: u64) -> Result<Item, StoreError> {
    let StoredAccount { account, diner, password_hash, deleting } = stored.clone();
    let id = account.id;
    let attributes = Attributes {
        email: account.email,
        name: account.name,
        phone: account.phone,
        language: account.language,
        mail: account.mail,
        platform: account.platform,
        generation: account.generation,
        created_at: account.created_at,
        revision,
        diner,
        password_hash,
        deleting,
    };
    let mut item: Item = serde_dynamo::to_item(attributes)?;
    item.extend(key(id));
    if deleting {
        item.insert(keys::DUE_KEY.into(), text(ERASURES_DUE));
        // Since ever: an erasure is due until it is done.
        item.insert(keys::DUE_AT.into(), number(0));
    }
    Ok(item)
}

pub(crate) fn from_item(item: Item) -> Result<StoredAccount, StoreError> {
    let id = keys::account_id(&item)?;
    let attributes: Attributes = serde_dynamo::from_item(item)?;
    let account = Account {
        id,
        email: attributes.email,
        name: attributes.name,
        phone: attributes.phone,
        language: attributes.language,
        mail: attributes.mail,
        platform: attributes.platform,
        generation: attributes.generation,
        created_at: attributes.created_at,
        revision: attributes.revision,
    };
    let Attributes { diner, password_hash, deleting, .. } = attributes;
    Ok(StoredAccount { account, diner, password_hash, deleting })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> StoredAccount {
        let now: Timestamp = "2026-12-01T10:00:00Z".parse().unwrap();
        StoredAccount {
            account: Account {
                id: AccountId::new(now, [7; 10]),
                email: "Minji@example.kr".parse().unwrap(),
                name: "김민지".parse().unwrap(),
                phone: Some("+821012345678".parse().unwrap()),
                language: Language::Ko,
                mail: MailPreferences { reminders: false },
                platform: Some(PlatformRole::Admin),
                generation: 3,
                created_at: now,
                revision: 4,
            },
            diner: DinerId("d".repeat(26)),
            password_hash: Some(PasswordHash("$argon2id$…".into())),
            deleting: true,
        }
    }

    #[test]
    fn an_account_is_read_as_it_was_written() {
        let whole = stored();
        assert_eq!(from_item(to_item(&whole, 4).unwrap()).unwrap(), whole);
        let mut least = whole;
        least.account.phone = None;
        least.account.platform = None;
        least.password_hash = None;
        least.deleting = false;
        assert_eq!(from_item(to_item(&least, 4).unwrap()).unwrap(), least);
    }

    #[test]
    fn nothing_personal_and_no_hash_is_in_debug_output() {
        let shown = format!("{:?}", stored());
        for secret in ["inji", "민지", "1234", "argon2"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
