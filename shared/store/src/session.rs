//! Families of refresh tokens: one sign-in each. Of tokens only hashes are kept: of the one that is good now, and of the one
//! before. Any but the first was used before, by its owner or by a thief, and ends the family for both; the one before,
//! which two tabs of a browser may show at once, does not within a moment that the caller names.

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use jari_domain::{AccountId, SessionId, TokenHash};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Item, RetryBudget, Store, StoreError, account,
    changes::{Applied, Changes, Condition},
    error::accepted,
    item::{number, number_of, text, text_of},
    keys,
};

/// A sign-in, and what keeps it going.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub family: SessionId,
    /// Of the refresh token that is good now.
    pub token_hash: TokenHash,
    /// The account's generation when it was signed in to.
    pub generation: u32,
    /// Until when the token is good, to the second.
    pub expires_at: Timestamp,
}

/// How a refresh ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// The new token is the one that is good now.
    Done,
    /// The token is the one before the one that is good now, which took its place within the grace. Nothing was written.
    JustReplaced,
    /// There is no such session, or it is over.
    Over,
    /// The token was used before. The session is over now.
    Reused,
}

const TOKEN_HASH: &str = "tokenHash";
const GENERATION: &str = "generation";
/// Of the token before, since the first refresh.
const REPLACED_HASH: &str = "replacedHash";
/// When it was replaced, in milliseconds since the epoch.
const REPLACED_AT: &str = "replacedAt";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    token_hash: TokenHash,
    generation: u32,
    /// [`keys::EXPIRES_AT`].
    expires_at: i64,
}

impl Store {
    /// Writes down a sign-in. False, and nothing written, where its account has come to another generation, is gone or is
    /// being erased: nothing would find the session any more.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn create_session(&self, session: &Session) -> Result<bool, StoreError> {
        let mut changes = Changes::default();
        let is_as_read = Condition::new("#generation = :generation AND attribute_not_exists(#deleting)")
            .name("#generation", GENERATION)
            .name("#deleting", account::DELETING)
            .value(":generation", number(session.generation));
        changes.check(self, account::key(session.account), is_as_read)?;
        self.add_session(&mut changes, session)?;
        Ok(matches!(self.apply(&changes, &mut RetryBudget::start()).await?, Applied::Done))
    }

    /// The change that writes down a sign-in.
    pub(crate) fn add_session(&self, changes: &mut Changes, session: &Session) -> Result<(), StoreError> {
        changes.put(self, to_item(session)?, Condition::absent())?;
        Ok(())
    }

    /// Puts `next` in place of its family's token `used`, if that is the one that is good at `now` and the session is of
    /// the same generation as `next`. The token that was replaced less than `grace` ago ends nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn refresh_session(
        &self,
        used: &TokenHash,
        next: &Session,
        grace: SignedDuration,
        now: Timestamp,
    ) -> Result<Refreshed, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(next.account, next.family)))
            .update_expression("SET #hash = :next, #expires = :until, #before = :used, #at = :at")
            .condition_expression("#hash = :used AND #generation = :generation AND #expires > :now")
            .expression_attribute_names("#hash", TOKEN_HASH)
            .expression_attribute_names("#generation", GENERATION)
            .expression_attribute_names("#expires", keys::EXPIRES_AT)
            .expression_attribute_names("#before", REPLACED_HASH)
            .expression_attribute_names("#at", REPLACED_AT)
            .expression_attribute_values(":next", text(&next.token_hash.0))
            .expression_attribute_values(":used", text(&used.0))
            .expression_attribute_values(":generation", number(next.generation))
            .expression_attribute_values(":until", number(next.expires_at.as_second()))
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":at", number(now.as_millisecond()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = update.send().await else {
            return Ok(Refreshed::Done);
        };
        let Some(UpdateItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
            return Err(error.into());
        };
        let Some(item) = refused.item() else { return Ok(Refreshed::Over) };
        let current = text_of(item, TOKEN_HASH)?;
        if current == next.token_hash.0 {
            // Our own first try, whose answer was lost.
            return Ok(Refreshed::Done);
        }
        if was_just_replaced(item, used, grace, now) && number_of(item, GENERATION) == Some(next.generation) {
            return Ok(Refreshed::JustReplaced);
        }
        // Ended by an older generation or by time, or because the token is not the current one: over for good in each case.
        let is_current = current == used.0;
        self.end_session(next.account, next.family).await?;
        Ok(if is_current { Refreshed::Over } else { Refreshed::Reused })
    }

    /// Ends a sign-in; one that is over stays so.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn end_session(&self, account: AccountId, family: SessionId) -> Result<(), StoreError> {
        self.delete_item(key(account, family)).await
    }

    /// Ends all sign-ins of `generation` by raising the account's; none of an older one is left to end.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn end_generation(&self, id: AccountId, generation: u32) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(account::key(id)))
            .update_expression("SET #generation = #generation + :one, #revision = #revision + :one")
            // Refused by our own first try as by another's: either way it is done.
            .condition_expression("#generation = :generation")
            .expression_attribute_names("#generation", GENERATION)
            .expression_attribute_names("#revision", "revision")
            .expression_attribute_values(":generation", number(generation))
            .expression_attribute_values(":one", AttributeValue::N("1".into()));
        accepted(update.send().await)?;
        Ok(())
    }
}

/// Whether the one that is good now took the place of `used`, less than `grace` ago. Whoever wrote that may have a clock
/// that is ahead.
fn was_just_replaced(item: &Item, used: &TokenHash, grace: SignedDuration, now: Timestamp) -> bool {
    let is_the_one_before = text_of(item, REPLACED_HASH).is_ok_and(|before| before == used.0);
    let since = number_of::<i64>(item, REPLACED_AT).map(|at| now.as_millisecond().saturating_sub(at).max(0));
    is_the_one_before && since.is_some_and(|since| SignedDuration::from_millis(since) < grace)
}

fn key(account: AccountId, family: SessionId) -> Item {
    keys::key(keys::account(account), keys::session(family))
}

fn to_item(session: &Session) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::to_item(Attributes {
        token_hash: session.token_hash.clone(),
        generation: session.generation,
        expires_at: session.expires_at.as_second(),
    })?;
    item.extend(key(session.account, session.family));
    Ok(item)
}

pub(crate) fn from_item(account: AccountId, item: Item) -> Result<Session, StoreError> {
    let corrupt = || StoreError::Corrupt("a session".into());
    let family = text_of(&item, keys::SK)?.strip_prefix(keys::SESSION).ok_or_else(corrupt)?;
    let family = SessionId::from_digits(family).map_err(|_| corrupt())?;
    let Attributes { token_hash, generation, expires_at } = serde_dynamo::from_item(item)?;
    let expires_at = Timestamp::from_second(expires_at).map_err(|_| corrupt())?;
    Ok(Session { account, family, token_hash, generation, expires_at })
}
