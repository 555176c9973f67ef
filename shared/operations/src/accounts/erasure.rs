//! Erasure: an account, and whoever it is of, are forgotten. What restaurants need of the past stays: that there was a
//! party, when, where and of how many.
//!
//! The account goes last: until then its owner's token asks again, and each call goes on where the one before it stopped.
//! A token does not outlive a long erasure, and nobody signs in to what is going; so what its owner leaves unfinished is
//! due, and [`finish_erasures`] goes on with it.
//!
//! Whoever signs in, is hired or is linked in this very moment is refused by the same mark that begins the erasure. What
//! anybody may ask for with an address, a sign-up or a reset, is not held up: it may stay behind for the hours that it
//! lasts, as if it had been asked for a moment later, and leads to no account that is gone.
//!
//! Lines of audit logs keep the account's id, and nothing else, of what it did as somebody's staff; so do the histories of
//! other people's reservations.

use std::time::Duration;

use jari_domain::{AccountId, Actor, DinerId, Reservation, Status, Transition};
use jari_identity::Bearer;
use jari_store::{
    Commit, DinerPosition, InTime, RetryBudget, Store, StoreError, StoredAccount, StoredReservation,
    Transaction,
};
use jiff::Timestamp;
use tokio::time::Instant;

use super::throttles::Throttles;
use crate::{
    DueWork, Refusal, StaffRefusal,
    claiming::claims_of_step,
    leave_staff,
    me::account_of,
    staff::{hiring, is_closed},
};

/// How far a call came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// Nothing is left.
    Done,
    /// There is more than one call does: it is to be asked again.
    MoreLeft,
}

/// Why nothing was erased.
#[derive(Debug, thiserror::Error)]
pub enum NotErased {
    /// A restaurant that is not closed would be left without an owner.
    #[error("the last owner")]
    LastOwner,
    /// The table could not do it; what was forgotten until then stays so.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// So many reservations a call: each takes a few writes, one after the other.
const MOST_RESERVATIONS: usize = 150;
/// Others may be at the same item at the same moment; more is no coincidence.
const MOST_TRIES: usize = 6;
/// More than anybody works at; whoever works at more asks again.
const MOST_WORKPLACES: i32 = 100;

/// The account of who asks to be erased: signed in, and perhaps being erased already.
///
/// # Errors
/// [`Refusal::Unauthenticated`], also once nothing is left; [`Refusal::Store`].
pub async fn begin_erasure(store: &Store, bearer: &Bearer) -> Result<StoredAccount, Refusal> {
    account_of(store, bearer).await
}

/// Forgets the owner of `account`, as far as one call gets.
///
/// # Errors
/// [`NotErased::LastOwner`], with which nothing is done; [`NotErased::Store`].
pub async fn erase(store: &Store, account: StoredAccount, now: Timestamp) -> Result<Erasure, NotErased> {
    let account = mark(store, account).await?;
    match leave_all(store, &account, now).await {
        Ok(Erasure::Done) => {}
        Ok(Erasure::MoreLeft) => return Ok(Erasure::MoreLeft),
        Err(refused) => {
            if matches!(refused, NotErased::LastOwner) {
                unmark(store, account).await?;
            }
            return Err(refused);
        }
    }
    if forget_reservations(store, &account, now).await? == Erasure::MoreLeft {
        return Ok(Erasure::MoreLeft);
    }
    store.unlink_identities(account.account.id).await?;
    let counts = Throttles::of_address(&account.diner).chain([hiring(account.account.id)]);
    store.forget_address(&account, &counts.collect::<Vec<_>>(), now).await?;
    store.delete_account(&account).await?;
    // Whoever restores a table as it was before has to erase them again: this is where they find whom.
    tracing::info!(account = %account.account.id, "an account was erased");
    Ok(Erasure::Done)
}

/// Goes on with erasures that have begun, for at most some 20 seconds and a call of [`erase`]. Safe to repeat, to run twice at
/// a time, and beside an owner who asks as well. One that fails does not keep the others.
///
/// # Errors
/// [`StoreError`] when what is due can't be read; what was erased until then stays so.
pub async fn finish_erasures(store: &Store, now: Timestamp) -> Result<DueWork, StoreError> {
    const MOST: i32 = 25;
    const AT_MOST: Duration = Duration::from_secs(20);
    let stop_at = Instant::now() + AT_MOST;
    let mut work = DueWork::default();
    for id in store.erasures_due(MOST).await? {
        if Instant::now() >= stop_at {
            work.more = true;
            break;
        }
        match finish(store, id, stop_at, now).await {
            Ok(Erasure::Done) => work.done += 1,
            Ok(Erasure::MoreLeft) => work.more = true,
            Err(error) => {
                tracing::error!(account = %id, %error, "an account can't be erased");
                work.failed += 1;
            }
        }
    }
    Ok(work)
}

async fn finish(
    store: &Store,
    id: AccountId,
    stop_at: Instant,
    now: Timestamp,
) -> Result<Erasure, StoreError> {
    while Instant::now() < stop_at {
        let account = store.account(id).await?.filter(|account| account.deleting);
        let Some(account) = account else { return Ok(Erasure::Done) };
        match erase(store, account, now).await {
            // Who has come to be an only owner meanwhile keeps the account, and is not being erased any more.
            Ok(Erasure::Done) | Err(NotErased::LastOwner) => return Ok(Erasure::Done),
            Ok(Erasure::MoreLeft) => {}
            Err(NotErased::Store(error)) => return Err(error),
        }
    }
    Ok(Erasure::MoreLeft)
}

/// From here on nobody signs in, and nobody is hired. Refused to an only owner before anything is done.
async fn mark(store: &Store, mut account: StoredAccount) -> Result<StoredAccount, NotErased> {
    let id = account.account.id;
    for _ in 0..MOST_TRIES {
        if account.deleting {
            return Ok(account);
        }
        for (restaurant, _) in store.workplaces(id, MOST_WORKPLACES).await? {
            if store.staff(restaurant).await?.is_only_owner(id) && !is_closed(store, restaurant, id).await? {
                return Err(NotErased::LastOwner);
            }
        }
        account.deleting = true;
        if store.replace_account(&account).await? {
            account.account.revision += 1;
            return Ok(account);
        }
        account = store.account(id).await?.ok_or_else(|| StoreError::Unavailable("it is gone".into()))?;
    }
    Err(StoreError::Unavailable("the account keeps changing".into()).into())
}

/// Another owner left between the look and the mark: the account stays, and so does its owner.
async fn unmark(store: &Store, mut account: StoredAccount) -> Result<(), StoreError> {
    account.deleting = false;
    store.replace_account(&account).await.map(drop)
}

async fn leave_all(store: &Store, account: &StoredAccount, now: Timestamp) -> Result<Erasure, NotErased> {
    let id = account.account.id;
    let workplaces = store.workplaces(id, MOST_WORKPLACES).await?;
    let more = i32::try_from(workplaces.len()).is_ok_and(|found| found >= MOST_WORKPLACES);
    for (restaurant, role) in workplaces {
        leave_staff(store, restaurant, (id, role), now).await.map_err(|refusal| match refusal {
            StaffRefusal::LastOwner => NotErased::LastOwner,
            StaffRefusal::Door(Refusal::Store(error)) => NotErased::Store(error),
            other => NotErased::Store(StoreError::Unavailable(other.to_string())),
        })?;
    }
    Ok(if more { Erasure::MoreLeft } else { Erasure::Done })
}

/// Forgets the diner of each reservation, and calls off those still to come.
async fn forget_reservations(
    store: &Store,
    account: &StoredAccount,
    now: Timestamp,
) -> Result<Erasure, StoreError> {
    const PAGE: i32 = 50;
    let diner = &account.diner;
    let mut position: Option<DinerPosition> = None;
    let mut left = MOST_RESERVATIONS;
    loop {
        let (page, more) = store.reservations_of_diner(diner, InTime::Back, position, PAGE).await?;
        for stored in page {
            if left == 0 {
                return Ok(Erasure::MoreLeft);
            }
            left -= 1;
            forget(store, diner, Actor::Diner(account.account.id), stored, now).await?;
        }
        position = more;
        if position.is_none() {
            return Ok(Erasure::Done);
        }
    }
}

/// Forgets the diner of one, which is first called off where it is still to come; the restaurant's deadline does not bind
/// here.
async fn forget(
    store: &Store,
    diner: &DinerId,
    by: Actor,
    mut stored: StoredReservation,
    now: Timestamp,
) -> Result<(), StoreError> {
    for _ in 0..MOST_TRIES {
        let reservation = &stored.reservation;
        if reservation.diner.as_ref() != Some(diner) {
            return Ok(());
        }
        if is_to_come(reservation, now) {
            let cancelled = reservation.after(Transition::Cancel, now, by, None);
            let cancelled = cancelled.map_err(|error| StoreError::Corrupt(error.to_string()))?;
            let claims = claims_of_step(Some(reservation), None, None, now);
            let transaction = Transaction::replace(claims, &cancelled, &stored)?;
            if let Commit::Refused(refused) = store.commit(&transaction, &mut RetryBudget::start()).await? {
                tracing::debug!(claims = refused.claims.len(), "called off once more");
            }
        } else if store.forget_diner(&stored, now).await? {
            return Ok(());
        }
        let Some(current) = store.reservation(stored.reservation.id).await? else { return Ok(()) };
        stored = current;
    }
    Err(StoreError::Unavailable("a reservation keeps changing".into()))
}

fn is_to_come(reservation: &Reservation, now: Timestamp) -> bool {
    let status = reservation.status_at(now);
    status.is_active() && status != Status::Seated && reservation.span.start() > now
}
