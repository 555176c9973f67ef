//! A party that does not come: its table is free, and its diner's no-shows are counted. The fourth within twelve months
//! bars the diner in the same transaction.

use futures::FutureExt;
use jari_domain::{Bar, BarredDiners, DinerId, GuestRecord, Reservation, Transition};
use jari_store::{Claims, Commit, GuestChange, Refused, RetryBudget, Store, StoreError, Transaction};
use jiff::Timestamp;

use crate::{Asked, Refusal, RestaurantCache, Viewed, claiming::claims_of_step, view_reservation::Read};

/// Marks a confirmed party as not having come, from 15 minutes after its time.
///
/// # Errors
/// [`Refusal::BadTiming`], [`Refusal::WrongStatus`], [`Refusal::Stale`], [`Refusal::Store`].
pub async fn no_show_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(store, restaurants, now, |read| mark_no_show(read, store, restaurants).boxed()).await
}

async fn mark_no_show(read: Read, store: &Store, restaurants: &RestaurantCache) -> Result<Viewed, Refusal> {
    let now = read.now;
    let before = read.reservation();
    let next = read.after(Transition::NotCome, None)?;
    before.in_time_for_no_show(now).map_err(|timing| read.bad_timing(timing))?;
    let claims = claims_of_step(Some(before), None, None, now);
    let change = |record: &GuestRecord, barred: &BarredDiners, diner: &DinerId| {
        let next = record.with_no_show(before.span.start());
        let bars = next.bars(now) && !barred.has(diner);
        let is_full = bars && barred.0.len() >= BarredDiners::MOST;
        let oldest = barred.0.iter().min_by_key(|(_, bar)| bar.since).map(|(diner, _)| diner.clone());
        let bar = bars.then_some(Some(Bar { since: now, reservation: before.id }));
        GuestChange::NoShows { next, bar, makes_room: oldest.filter(|_| is_full) }
    };
    match write_with_record(store, &read, &next, &claims, change).await? {
        None => {
            // Where this process takes bookings too, they know it at once.
            restaurants.forget(before.restaurant);
            Ok(read.view_of(next))
        }
        Some(_) => Err(read.overtaken(store).await),
    }
}

/// Writes `next` with what follows for its diner's record and bar, which are read anew when they were not as read;
/// what refused otherwise, or nothing.
pub(crate) async fn write_with_record(
    store: &Store,
    read: &Read,
    next: &Reservation,
    claims: &Claims,
    change: impl Fn(&GuestRecord, &BarredDiners, &DinerId) -> GuestChange,
) -> Result<Option<Refused>, Refusal> {
    const MOST_TRIES: u32 = 5;
    let restaurant = next.restaurant;
    let mut budget = RetryBudget::start();
    for _ in 0..MOST_TRIES {
        let mut transaction = Transaction::replace(claims.clone(), next, &read.stored)?;
        if let Some(diner) = &next.diner {
            let record = store.guest_record(restaurant, diner).await?;
            let barred = store.barred_diners(restaurant).await?;
            let change = change(&record, &barred, diner);
            transaction = transaction.and_guest(restaurant, diner, &change, store)?;
        }
        match store.commit(&transaction, &mut budget).await? {
            Commit::Done(_) => return Ok(None),
            // Another no-show of the same diner was written in between.
            Commit::Refused(refused)
                if refused.guest_differs && !refused.reservation_differs && refused.claims.is_empty() => {}
            Commit::Refused(refused) => return Ok(Some(refused)),
        }
    }
    Err(StoreError::Unavailable("the guest's record changes too often".into()).into())
}
