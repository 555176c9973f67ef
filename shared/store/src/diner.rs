//! A diner's reservations, wherever they are, in order of time.

use jari_domain::{DinerId, ReservationId};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError, StoredReservation,
    item::{number, number_of, text},
    keys::{self, BY_DINER, DINER_KEY, STARTS_AT},
    reservation::from_item,
};

/// Which way a diner's reservations are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InTime {
    /// From those that begin at this second on, the earliest first.
    From(i64),
    /// From the latest back.
    Back,
}

/// A place among a diner's reservations, to go on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DinerPosition {
    id: ReservationId,
    starts_at: i64,
}

impl DinerPosition {
    /// Just after this reservation.
    #[must_use]
    pub fn after(stored: &StoredReservation) -> Self {
        let reservation = &stored.reservation;
        Self { id: reservation.id, starts_at: reservation.span.start().as_second() }
    }
}

impl Store {
    /// A page of a diner's reservations, after `after`: at most `most`, and at most what one Query reads (1 MB); and where
    /// the next page begins, if more may follow.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn reservations_of_diner(
        &self,
        diner: &DinerId,
        way: InTime,
        after: Option<DinerPosition>,
        most: i32,
    ) -> Result<(Vec<StoredReservation>, Option<DinerPosition>), StoreError> {
        let start = after.map(|position| {
            let mut key = keys::key(keys::reservation(position.id), keys::RESERVATION_SK);
            key.insert(DINER_KEY.into(), text(&diner.0));
            key.insert(STARTS_AT.into(), number(position.starts_at));
            key
        });
        let query = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name(BY_DINER)
            .expression_attribute_names("#k", DINER_KEY)
            .expression_attribute_values(":k", text(&diner.0))
            .set_exclusive_start_key(start)
            .limit(most);
        let query = match way {
            InTime::From(second) => query
                .key_condition_expression("#k = :k AND #at >= :at")
                .expression_attribute_names("#at", STARTS_AT)
                // A page must not begin outside of what is asked for, however long ago its cursor was given.
                .expression_attribute_values(
                    ":at",
                    number(after.map_or(second, |after| after.starts_at.min(second))),
                ),
            InTime::Back => query.key_condition_expression("#k = :k").scan_index_forward(false),
        };
        let page = query.send().await?;
        let next = page.last_evaluated_key.as_ref().map(|key| {
            let starts_at = number_of(key, STARTS_AT);
            let starts_at = starts_at.ok_or_else(|| StoreError::Corrupt("no startsAt in a key".into()))?;
            Ok::<_, StoreError>(DinerPosition { id: keys::reservation_id(key)?, starts_at })
        });
        let found = page.items.unwrap_or_default().into_iter().map(from_item);
        Ok((found.collect::<Result<_, _>>()?, next.transpose()?))
    }
}
