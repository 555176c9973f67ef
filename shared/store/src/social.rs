//! Sign-ins through others: attempts that are under way, and which account somebody's identity at a provider leads to.
//! Neither a state nor a subject is kept, only their hashes. A link stands under the identity, to be found at a sign-in,
//! and under the account, to be found when the account is erased; both are put and taken together.

use jari_domain::{AccountId, TokenHash};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use aws_sdk_dynamodb::types::ReturnValue;

use crate::{
    Created, Item, RetryBudget, Store, StoreError, StoredAccount, account,
    changes::{Applied, Changes, Condition},
    error::accepted,
    item::{text, text_of},
    keys,
};

/// Somebody, as a provider knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocialIdentity {
    /// The provider's name.
    pub provider: String,
    /// Of the subject that the provider gives them.
    pub subject_hash: TokenHash,
}

/// A sign-in through a provider that has begun. Debug output shows nothing of its secrets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocialAttempt {
    /// The provider's name.
    pub provider: String,
    /// What the ID token has to carry.
    pub nonce: String,
    /// What the code is good with (PKCE).
    pub verifier: String,
    /// Until when somebody may come back, to the second.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// Whose the identity is.
const ACCOUNT: &str = "account";

impl std::fmt::Debug for SocialAttempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SocialAttempt({}, …)", self.provider)
    }
}

impl Store {
    /// Writes down an attempt under the hash of its state.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn put_social_attempt(
        &self,
        state: &TokenHash,
        attempt: &SocialAttempt,
    ) -> Result<(), StoreError> {
        let mut item: Item = serde_dynamo::to_item(attempt)?;
        item.extend(keys::social_attempt(state));
        let put = self.client.put_item().table_name(&*self.table).set_item(Some(item));
        // States are random: one that is there already is our own first try, whose answer was lost.
        accepted(put.condition_expression("attribute_not_exists(PK)").send().await)?;
        Ok(())
    }

    /// Takes the attempt of that state out of the table: of all who ask, one gets it. Also one that has ended and is not
    /// tidied up yet.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written; the attempt may be gone all the same, and whoever signs in has to
    /// begin anew.
    pub async fn take_social_attempt(&self, state: &TokenHash) -> Result<Option<SocialAttempt>, StoreError> {
        let taken = self
            .client
            .delete_item()
            .table_name(&*self.table)
            .set_key(Some(keys::social_attempt(state)))
            .return_values(ReturnValue::AllOld)
            .send()
            .await?;
        Ok(taken.attributes.map(serde_dynamo::from_item).transpose()?)
    }

    /// Which account an identity leads to. The account may have been erased since.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn account_of_identity(
        &self,
        identity: &SocialIdentity,
    ) -> Result<Option<AccountId>, StoreError> {
        self.item(keys::social_identity(identity)).await?.as_ref().map(account_of).transpose()
    }

    /// Lets `identity` lead to an account as it was read, where it still leads to `before`. False, and nothing written,
    /// when it has come to lead elsewhere, or the account has changed or gone.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn link_identity(
        &self,
        identity: &SocialIdentity,
        before: Option<AccountId>,
        account: &StoredAccount,
    ) -> Result<bool, StoreError> {
        let mut changes = Changes::default();
        let read = account.account.revision;
        changes.check(self, account::key(account.account.id), Condition::revision(read))?;
        self.add_link(&mut changes, identity, before, account.account.id)?;
        Ok(matches!(self.apply(&changes, &mut RetryBudget::start()).await?, Applied::Done))
    }

    /// Makes an account that `identity` leads to, where that still leads to `before`; refused as
    /// [`Created::AddressTaken`] also where it has come to lead elsewhere.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn create_linked_account(
        &self,
        account: &StoredAccount,
        identity: &SocialIdentity,
        before: Option<AccountId>,
    ) -> Result<Created, StoreError> {
        let mut changes = Changes::default();
        self.add_account(&mut changes, account)?;
        self.add_link(&mut changes, identity, before, account.account.id)?;
        match self.apply(&changes, &mut RetryBudget::start()).await? {
            Applied::Done => Ok(Created::Done),
            Applied::Refused(_) => Ok(Created::AddressTaken),
        }
    }

    /// With whom an account can be signed in to, by the providers' names, once an identity; at most `most`, read
    /// consistently.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn linked_providers(&self, account: AccountId, most: i32) -> Result<Vec<String>, StoreError> {
        let query = self.items_under(keys::account(account), keys::SOCIAL).limit(most);
        query.send().await?.items().iter().map(keys::provider_of).collect()
    }

    /// Deletes every link that leads to the account, and what names it in the account's partition.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read or written; asking again goes on from there.
    pub async fn unlink_identities(&self, account: AccountId) -> Result<(), StoreError> {
        let mut pages = self
            .items_under(keys::account(account), keys::SOCIAL)
            .projection_expression("PK, SK")
            .into_paginator()
            .items()
            .send();
        // Few: one for each identity that its owner has ever signed in with.
        while let Some(named) = pages.next().await {
            let named = named?;
            let link = keys::social_identity_named(text_of(&named, keys::SK)?);
            // The link first: what names it is how the next try would find it. It may lead elsewhere by now.
            let unlink = self
                .client
                .delete_item()
                .table_name(&*self.table)
                .set_key(Some(link))
                .condition_expression("#account = :account")
                .expression_attribute_names("#account", ACCOUNT)
                .expression_attribute_values(":account", text(account.digits()));
            accepted(unlink.send().await)?;
            self.delete_item(named).await?;
        }
        Ok(())
    }

    /// The two changes that make `identity` lead to `account`.
    pub(crate) fn add_link(
        &self,
        changes: &mut Changes,
        identity: &SocialIdentity,
        before: Option<AccountId>,
        account: AccountId,
    ) -> Result<(), StoreError> {
        let mut link = keys::social_identity(identity);
        link.insert(ACCOUNT.into(), text(account.digits()));
        let condition = before.map_or_else(Condition::absent, |before| {
            Condition::new("#account = :before")
                .name("#account", ACCOUNT)
                .value(":before", text(before.digits()))
        });
        changes.put(self, link, condition)?;
        changes.put(self, keys::social_identity_of(account, identity), Condition::any())?;
        Ok(())
    }
}

fn account_of(item: &Item) -> Result<AccountId, StoreError> {
    let digits = text_of(item, ACCOUNT)?;
    AccountId::from_digits(digits).map_err(|_| StoreError::Corrupt("an identity's account".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_read_as_it_was_written_and_shows_no_secret() {
        let attempt = SocialAttempt {
            provider: "kakao".into(),
            nonce: "the-nonce".into(),
            verifier: "the-verifier".into(),
            expires_at: Timestamp::from_second(1_796_000_600).unwrap(),
        };
        let mut item: Item = serde_dynamo::to_item(&attempt).unwrap();
        assert_eq!(item[keys::EXPIRES_AT], crate::item::number(1_796_000_600));
        item.extend(keys::social_attempt(&TokenHash("h".into())));
        assert!(serde_dynamo::from_item::<_, SocialAttempt>(item).unwrap() == attempt);
        assert!(!format!("{attempt:?}").contains("the-"));
    }
}
