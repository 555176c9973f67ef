//! Who may not book online at a restaurant, and letting them again.

use std::{collections::HashMap, ops::Bound};

use jari_domain::{Bar, DinerId, Guest, ReservationId, Restaurant};
use jari_identity::Operation;
use jari_store::{Store, StoreError};
use jiff::Timestamp;
use serde_json::json;

use crate::{Admitted, Refusal};

/// A diner who may not book online.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarredGuest {
    /// Who.
    pub diner: DinerId,
    /// Since when and why.
    pub bar: Bar,
    /// As the reservation that was one too many has them; none where that is no longer kept.
    pub guest: Option<Guest>,
}

/// A page of those who may not book online, after `after`; and after whom the next page begins, if more follow.
///
/// # Errors
/// [`StoreError`] when the table can't be read.
pub async fn barred_guests(
    store: &Store,
    restaurant: &Restaurant,
    after: Option<&DinerId>,
    limit: usize,
) -> Result<(Vec<BarredGuest>, Option<DinerId>), StoreError> {
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    let mut rest = restaurant.barred.0.range((start, Bound::Unbounded));
    let page: Vec<(&DinerId, &Bar)> = rest.by_ref().take(limit).collect();
    let more = rest.next().is_some();
    let next = page.last().filter(|_| more).map(|(diner, _)| (*diner).clone());
    let mut ids: Vec<ReservationId> = page.iter().map(|(_, bar)| bar.reservation).collect();
    ids.sort_unstable();
    ids.dedup();
    let reservations = store.reservations(ids).await?.into_iter();
    let mut guests: HashMap<ReservationId, Option<Guest>> =
        reservations.map(|reservation| (reservation.id, reservation.guest)).collect();
    let barred = |(diner, bar): (&DinerId, &Bar)| BarredGuest {
        diner: diner.clone(),
        bar: bar.clone(),
        guest: guests.remove(&bar.reservation).flatten(),
    };
    Ok((page.into_iter().map(barred).collect(), next))
}

/// Lets a diner book online again; false when there is no bar. The audit log tells the reservation that had been one too
/// many, not the diner: the log outlives an erasure.
///
/// # Errors
/// [`Refusal::Store`].
pub async fn lift_bar(
    store: &Store,
    admitted: &Admitted,
    diner: &DinerId,
    now: Timestamp,
) -> Result<bool, Refusal> {
    let restaurant = &admitted.stored.restaurant;
    let Some(bar) = restaurant.barred.0.get(diner) else {
        return Ok(false);
    };
    let mut line = admitted.audit_line(Operation::LiftBar, now)?;
    line.before = Some(json!({ "since": bar.since, "reservation": bar.reservation }));
    Ok(store.lift_bar(restaurant.id, diner, now, &line).await?)
}
