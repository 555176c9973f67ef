//! Changing a part of a restaurant: profile, menu, floor, schedule or policy. It never touches a reservation; those that
//! no longer fit are found afterwards and listed.

use futures::{StreamExt, TryStreamExt, stream};
use jari_domain::{Misfit, Reservation, Restaurant, service_day};
use jari_identity::Operation;
use jari_store::{AuditLine, PartChange, RestaurantPart, Store, StoreError, StoredRestaurant};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};

use crate::{Admitted, RestaurantRefusal, audit::with_change, recount_arrivals::recount_arrivals};

/// The most days ahead that anything can be booked: the largest booking window.
const MOST_DAYS: i64 = 365;
/// So many days are read at a time.
const DAYS_AT_ONCE: usize = 16;
/// A booking may be under way that read the restaurant before the change: kept for 10 s, a function's 20 s, the index's lag.
const RECOUNT_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Writes `part` in place of what the caller was admitted with, which must be at the revision that they saw. What is the
/// same already is not written. A schedule with a pace has its arrivals counted before it holds, and once more later.
///
/// # Errors
/// [`RestaurantRefusal::Stale`], [`RestaurantRefusal::Door`].
pub async fn change_part(
    store: &Store,
    admitted: &Admitted,
    operation: Operation,
    part: RestaurantPart,
    seen: Option<u64>,
    now: Timestamp,
) -> Result<StoredRestaurant, RestaurantRefusal> {
    let before = &admitted.stored;
    let read = revision_of(before, &part);
    if seen.is_some_and(|seen| seen != read) {
        return Err(RestaurantRefusal::Stale(Box::new(before.clone())));
    }
    let mut after = before.clone();
    let line = replace(&mut after, &part, admitted.audit_line(operation, now)?)?;
    let mut recount_at = None;
    if matches!(part, RestaurantPart::Schedule(_)) && after.restaurant.schedule.is_paced() {
        recount_arrivals(store, &after.restaurant, now).await?;
        recount_at = now.checked_add(RECOUNT_AFTER).ok();
    }
    let Some(line) = line else {
        return Ok(after);
    };
    let change = PartChange {
        restaurant: before.restaurant.id,
        part: &part,
        read,
        status_before: Some(before.restaurant.profile.status),
        frees_draft_of: None,
        recount_at,
        line: &line,
    };
    if !store.change_restaurant_part(&change).await? {
        return Err(overtaken(store, admitted).await);
    }
    if recount_at.is_some() {
        // What was booked while the first count was under way; the pace holds for whoever reads it from here on.
        recount_arrivals(store, &after.restaurant, now).await?;
    }
    Ok(after)
}

/// The refusal of a write that another was faster than, with what is there now.
pub(crate) async fn overtaken(store: &Store, admitted: &Admitted) -> RestaurantRefusal {
    match store.restaurant_as(admitted.stored.restaurant.id, admitted.account).await {
        Ok(Some((current, _))) => RestaurantRefusal::Stale(Box::new(current)),
        Ok(None) => RestaurantRefusal::Door(crate::Refusal::NoRestaurant),
        Err(error) => error.into(),
    }
}

fn revision_of(stored: &StoredRestaurant, part: &RestaurantPart) -> u64 {
    let revisions = stored.revisions;
    match part {
        RestaurantPart::Profile(_) => revisions.profile,
        RestaurantPart::Menu(_) => revisions.menu,
        RestaurantPart::Floor(_) => revisions.floor,
        RestaurantPart::Schedule(_) => revisions.schedule,
        RestaurantPart::Policy(_) => revisions.policy,
    }
}

/// Puts `part` into `stored` at its next revision; the line that tells of it, or none where nothing is otherwise.
pub(crate) fn replace(
    stored: &mut StoredRestaurant,
    part: &RestaurantPart,
    line: AuditLine,
) -> Result<Option<AuditLine>, StoreError> {
    fn put<T: Clone + PartialEq + serde::Serialize>(
        old: &mut T,
        new: &T,
        revision: &mut u64,
        line: AuditLine,
    ) -> Result<Option<AuditLine>, StoreError> {
        if old == new && *revision > 0 {
            return Ok(None);
        }
        let line = with_change(line, old, new)?;
        old.clone_from(new);
        *revision += 1;
        Ok(Some(line))
    }
    let (restaurant, revisions) = (&mut stored.restaurant, &mut stored.revisions);
    match part {
        RestaurantPart::Profile(new) => put(&mut restaurant.profile, new, &mut revisions.profile, line),
        RestaurantPart::Menu(new) => put(&mut stored.menu, new, &mut revisions.menu, line),
        RestaurantPart::Floor(new) => put(&mut restaurant.floor, new, &mut revisions.floor, line),
        RestaurantPart::Schedule(new) => put(&mut restaurant.schedule, new, &mut revisions.schedule, line),
        RestaurantPart::Policy(new) => put(&mut restaurant.policy, new, &mut revisions.policy, line),
    }
}

/// The upcoming reservations that no longer fit, the earliest first, at most 1,000; each with why. As the index tells: what
/// is booked in these seconds, by a function that has not heard of the change yet, shows on the day sheet.
///
/// # Errors
/// [`StoreError`] when a day can't be read.
pub async fn stranded(
    store: &Store,
    restaurant: &Restaurant,
    now: Timestamp,
) -> Result<Vec<(Reservation, Misfit)>, StoreError> {
    const MOST: usize = 1_000;
    let found = upcoming(store, restaurant, now).map_ok(|day| {
        let misfits = day.into_iter().filter_map(|stored| {
            let misfit = restaurant.misfit(&stored.reservation)?;
            Some((stored.reservation, misfit))
        });
        stream::iter(misfits.map(Ok).collect::<Vec<_>>())
    });
    found.try_flatten().take(MOST).try_collect().await
}

/// The reservations, day by day, that hold a table from now on.
pub(crate) fn upcoming<'a>(
    store: &'a Store,
    restaurant: &'a Restaurant,
    now: Timestamp,
) -> impl futures::Stream<Item = Result<Vec<jari_store::StoredReservation>, StoreError>> + 'a {
    let today = service_day(now, restaurant.zone());
    let days = (0..=MOST_DAYS).filter_map(move |n| today.checked_add(n.days()).ok());
    let read = move |date: Date| async move {
        let mut day = store.reservations_of_day(restaurant.id, date).await?;
        day.retain(|stored| {
            stored.reservation.status_at(now).is_active() && stored.reservation.span.end() > now
        });
        Ok(day)
    };
    stream::iter(days.map(read)).buffered(DAYS_AT_ONCE)
}
