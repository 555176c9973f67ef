//! Counting arrivals anew. A pace is held by a sum beside the tables that only bookings made under a pace are part of; so
//! whoever sets one has what was booked before counted first.
//!
//! Each reservation is counted in a transaction of its own, on the condition that it is as it was read, and is marked as
//! counted by the same write. To count twice is therefore to count once, whoever else counts, books, moves or cancels
//! meanwhile. What is booked by a function that has not heard of the pace yet is found by a second count, a minute later.

use std::{pin::pin, time::Duration};

use futures::TryStreamExt;
use jari_domain::Restaurant;
use jari_store::{Commit, RetryBudget, Store, StoreError, StoredReservation, Transaction};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::{claiming::claims_of_counting, restaurant_parts::upcoming};

/// Counts every upcoming reservation of `restaurant` that has a pace over it and is not counted yet, for at most some 8
/// seconds; whether all are counted now.
///
/// # Errors
/// [`StoreError`] when the table can't be read or written. What was counted stays so.
pub async fn recount_arrivals(
    store: &Store,
    restaurant: &Restaurant,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const AT_MOST: Duration = Duration::from_secs(8);
    let stop_at = Instant::now() + AT_MOST;
    let mut days = pin!(upcoming(store, restaurant, now));
    while let Some(day) = days.try_next().await? {
        for stored in day {
            if Instant::now() >= stop_at {
                return Ok(false);
            }
            count(store, restaurant, stored, now).await?;
        }
    }
    Ok(true)
}

/// Does the recounts that are due, for at most some 10 seconds; how many.
///
/// # Errors
/// [`StoreError`] when the table can't be read or written; what is left is due the next time.
pub async fn recount_due(store: &Store, now: Timestamp) -> Result<u32, StoreError> {
    const MOST: i32 = 10;
    // When the last one begins; it may take as long as one may.
    const AT_MOST: Duration = Duration::from_secs(2);
    let stop_at = Instant::now() + AT_MOST;
    let mut done = 0;
    for due in store.recounts_due(now, MOST).await? {
        if Instant::now() >= stop_at {
            break;
        }
        let complete = match store.restaurant(due.restaurant).await? {
            Some((restaurant, _)) => recount_arrivals(store, &restaurant, now).await?,
            None => true,
        };
        if complete {
            store.recounted(due).await?;
            done += 1;
        }
    }
    Ok(done)
}

/// Counts one reservation, unless it is counted, has no pace over it, or comes no more.
async fn count(
    store: &Store,
    restaurant: &Restaurant,
    mut stored: StoredReservation,
    now: Timestamp,
) -> Result<(), StoreError> {
    const MOST_TRIES: usize = 5;
    let mut budget = RetryBudget::start();
    for _ in 0..MOST_TRIES {
        let read = &stored.reservation;
        let comes = read.status_at(now).is_active() && read.span.start() > now;
        if read.paced || !comes || restaurant.pace_at(read).is_none() {
            return Ok(());
        }
        let mut counted = read.clone();
        counted.paced = true;
        // Whoever read it before and writes it after must not take it for uncounted.
        counted.revision += 1;
        let transaction = Transaction::replace(claims_of_counting(&counted, now), &counted, &stored)?;
        match store.commit(&transaction, &mut budget).await? {
            Commit::Done(_) => return Ok(()),
            Commit::Refused(refused) => match refused.reservation {
                Some(changed) => stored = *changed,
                None => break,
            },
        }
    }
    Err(StoreError::Unavailable("a reservation changes too often to be counted".into()))
}
