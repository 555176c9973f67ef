//! What waits for a link in a mail to be followed: sign-ups and password resets. Only a hash of the link's token is kept.
//! Each is one item in a partition of the address it was asked for, so that what waits for somebody can be found and
//! erased; the table's stream hands it to who sends the mail.
//!
//! For an address that has an account already, or none, the same is written: nobody learns the difference by asking.

use jari_domain::{
    AccountId, DinerId, EmailAddress, GuestName, Language, MailTokenId, PasswordHash, Phone, TokenHash,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Item, RetryBudget, Session, SocialIdentity, Store, StoreError, StoredAccount,
    changes::{Applied, Changes, Condition},
    error::accepted,
    item::text,
    keys,
};

/// A sign-up whose address is not verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingSignUp {
    /// Which one.
    pub id: MailTokenId,
    /// The diner that the address makes.
    pub diner: DinerId,
    /// Where the mail goes.
    pub email: EmailAddress,
    /// As given.
    pub name: GuestName,
    /// As given.
    pub phone: Option<Phone>,
    /// The language of the mail, and of the account.
    pub language: Language,
    /// What the mail has to say.
    pub kind: SignUpFor,
    /// Of the link's token.
    pub token_hash: TokenHash,
    /// Until when the link is good, to the second.
    pub expires_at: Timestamp,
}

/// Whom a sign-up is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignUpFor {
    /// An address without an account: the mail has a link that makes it.
    New(SignUpBy),
    /// An address that had an account when it was asked: the mail says so, and there is no link.
    Known,
}

/// What the account that is made can be signed in to with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignUpBy {
    /// Address and password.
    Password(PasswordHash),
    /// Somebody's identity at a provider that has not verified their address.
    Identity(SocialIdentity),
}

/// A password reset that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingReset {
    /// Which one.
    pub id: MailTokenId,
    /// The diner that the address makes.
    pub diner: DinerId,
    /// Whose password; none where the address has no account, and nothing is mailed.
    pub account: Option<AccountId>,
    /// The account's generation when it was asked for: a reset or a sign-out everywhere since then has voided the link.
    pub generation: u32,
    /// Of the link's token.
    pub token_hash: TokenHash,
    /// Until when the link is good, to the second.
    pub expires_at: Timestamp,
}

/// How following a link ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// What it is for is done, and it is used up.
    Done,
    /// It was used before, or the address has got an account since. Nothing was written.
    UsedUp,
    /// The account has changed since it was read. Nothing was written; the link is still good.
    Changed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignUpAttributes {
    email: EmailAddress,
    name: GuestName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<Phone>,
    language: Language,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_hash: Option<PasswordHash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    identity: Option<SocialIdentity>,
    token_hash: TokenHash,
    /// [`keys::EXPIRES_AT`].
    expires_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResetAttributes {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<AccountId>,
    generation: u32,
    token_hash: TokenHash,
    /// [`keys::EXPIRES_AT`].
    expires_at: i64,
}

impl Store {
    /// Writes down a sign-up; its mail follows from the stream.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn put_sign_up(&self, pending: &PendingSignUp) -> Result<(), StoreError> {
        let (password_hash, identity) = match pending.kind.clone() {
            SignUpFor::New(SignUpBy::Password(hash)) => (Some(hash), None),
            SignUpFor::New(SignUpBy::Identity(identity)) => (None, Some(identity)),
            SignUpFor::Known => (None, None),
        };
        let item = serde_dynamo::to_item(SignUpAttributes {
            email: pending.email.clone(),
            name: pending.name.clone(),
            phone: pending.phone.clone(),
            language: pending.language,
            password_hash,
            identity,
            token_hash: pending.token_hash.clone(),
            expires_at: pending.expires_at.as_second(),
        })?;
        self.put_pending(keys::sign_up(&pending.diner), pending.id, item).await
    }

    /// Writes down a password reset; its mail follows from the stream.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn put_password_reset(&self, pending: &PendingReset) -> Result<(), StoreError> {
        let item = serde_dynamo::to_item(ResetAttributes {
            account: pending.account,
            generation: pending.generation,
            token_hash: pending.token_hash.clone(),
            expires_at: pending.expires_at.as_second(),
        })?;
        self.put_pending(keys::password_reset(&pending.diner), pending.id, item).await
    }

    /// Ids are random: one that is there already is our own first try, whose answer was lost.
    async fn put_pending(&self, pk: String, id: MailTokenId, mut item: Item) -> Result<(), StoreError> {
        item.extend(keys::key(pk, id.digits()));
        let put = self.client.put_item().table_name(&*self.table).set_item(Some(self.told(item)));
        accepted(put.condition_expression("attribute_not_exists(PK)").send().await)?;
        Ok(())
    }

    /// The pending sign-up of that id, read consistently; also one that has ended and is not tidied up yet.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn sign_up(
        &self,
        diner: &DinerId,
        id: MailTokenId,
    ) -> Result<Option<PendingSignUp>, StoreError> {
        let item = self.item(keys::key(keys::sign_up(diner), id.digits())).await?;
        item.map(sign_up_from_item).transpose()
    }

    /// The pending password reset of that id, read consistently; also one that has ended and is not tidied up yet.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn password_reset(
        &self,
        diner: &DinerId,
        id: MailTokenId,
    ) -> Result<Option<PendingReset>, StoreError> {
        let item = self.item(keys::key(keys::password_reset(diner), id.digits())).await?;
        item.map(password_reset_from_item).transpose()
    }

    /// Makes the account that was signed up for, its address its own, and its first session; the sign-up is used up. One by
    /// an identity at a provider also makes that lead to the account, where it still leads to `linked`.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn complete_sign_up(
        &self,
        pending: &PendingSignUp,
        linked: Option<AccountId>,
        account: &StoredAccount,
        session: &Session,
    ) -> Result<Followed, StoreError> {
        let key = keys::key(keys::sign_up(&pending.diner), pending.id.digits());
        let mut changes = Changes::default();
        changes.delete(self, key, of_token(&pending.token_hash))?;
        self.add_account(&mut changes, account)?;
        self.add_session(&mut changes, session)?;
        if let SignUpFor::New(SignUpBy::Identity(identity)) = &pending.kind {
            self.add_link(&mut changes, identity, linked, account.account.id)?;
        }
        match self.apply(&changes, &mut RetryBudget::start()).await? {
            Applied::Done => Ok(Followed::Done),
            Applied::Refused(_) => Ok(Followed::UsedUp),
        }
    }

    /// Writes `account`, which has its new password, in place of what was read; the reset is used up.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn complete_password_reset(
        &self,
        pending: &PendingReset,
        account: &StoredAccount,
    ) -> Result<Followed, StoreError> {
        let key = keys::key(keys::password_reset(&pending.diner), pending.id.digits());
        let mut changes = Changes::default();
        changes.delete(self, key, of_token(&pending.token_hash))?;
        self.change_account(&mut changes, account)?;
        match self.apply(&changes, &mut RetryBudget::start()).await? {
            Applied::Done => Ok(Followed::Done),
            Applied::Refused(refused) if refused.first().is_some_and(Option::is_some) => Ok(Followed::UsedUp),
            Applied::Refused(_) => Ok(Followed::Changed),
        }
    }
}

/// The pending sign-up that an item of the stream is; its key begins with `SIGNUP#`.
///
/// # Errors
/// [`StoreError::Corrupt`] when it is none.
pub fn sign_up_from_item(item: Item) -> Result<PendingSignUp, StoreError> {
    let (diner, id) = keys::sign_up_id(&item)?;
    let attributes: SignUpAttributes = serde_dynamo::from_item(item)?;
    Ok(PendingSignUp {
        id,
        diner,
        email: attributes.email,
        name: attributes.name,
        phone: attributes.phone,
        language: attributes.language,
        kind: match (attributes.password_hash, attributes.identity) {
            (Some(hash), _) => SignUpFor::New(SignUpBy::Password(hash)),
            (None, Some(identity)) => SignUpFor::New(SignUpBy::Identity(identity)),
            (None, None) => SignUpFor::Known,
        },
        token_hash: attributes.token_hash,
        expires_at: instant(attributes.expires_at)?,
    })
}

/// The pending password reset that an item of the stream is; its key begins with `RESET#`.
///
/// # Errors
/// [`StoreError::Corrupt`] when it is none.
pub fn password_reset_from_item(item: Item) -> Result<PendingReset, StoreError> {
    let (diner, id) = keys::password_reset_id(&item)?;
    let ResetAttributes { account, generation, token_hash, expires_at } = serde_dynamo::from_item(item)?;
    Ok(PendingReset { id, diner, account, generation, token_hash, expires_at: instant(expires_at)? })
}

/// What waits is still there: with its token, it can't be another under the same id.
fn of_token(hash: &TokenHash) -> Condition {
    Condition::new("#hash = :hash").name("#hash", "tokenHash").value(":hash", text(&hash.0))
}

fn instant(second: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_second(second).map_err(|_| StoreError::Corrupt("when a link ends".into()))
}
