//! One read of a service day: what is taken, and how many covers arrive when.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use jari_domain::{DayBook, RestaurantId};
use jiff::{Timestamp, civil::Date};

use crate::{
    Store, StoreError, claims,
    item::{text, text_of},
    keys::{self, DayItem},
};

impl Store {
    /// What is taken at a restaurant on a service day, as of `now`: ended claims count as free. One eventually
    /// consistent Query; a write that is lost to what it did not see yet learns it from the refusal.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn day_book(
        &self,
        restaurant: RestaurantId,
        date: Date,
        now: Timestamp,
    ) -> Result<DayBook, StoreError> {
        self.read_day(restaurant, date, now, false).await
    }

    /// As [`Store::day_book`], consistent and at twice the cost: after a lost race it must not show less than the
    /// refusal did.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn day_book_now(
        &self,
        restaurant: RestaurantId,
        date: Date,
        now: Timestamp,
    ) -> Result<DayBook, StoreError> {
        self.read_day(restaurant, date, now, true).await
    }

    async fn read_day(
        &self,
        restaurant: RestaurantId,
        date: Date,
        now: Timestamp,
        consistent: bool,
    ) -> Result<DayBook, StoreError> {
        let mut pages = self
            .client
            .query()
            .table_name(&*self.table)
            .consistent_read(consistent)
            .key_condition_expression("PK = :pk")
            .expression_attribute_values(":pk", text(keys::day(restaurant, date)))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .into_paginator()
            .send();
        let mut book = DayBook::default();
        // A day of the largest floor is some 300 KB: the pages end soon.
        while let Some(page) = pages.next().await {
            for item in page?.items() {
                match keys::parse_day_item(text_of(item, keys::SK)?) {
                    DayItem::Table(table) => {
                        let live = claims::cells_of(item).filter(|(_, claim)| claim.is_live(now));
                        live.for_each(|(cell, _)| book.take(table, cell));
                    }
                    DayItem::Arrivals(cell) => book.expect(cell, claims::units_of(item, now)),
                    DayItem::Closed => book.closed = true,
                    DayItem::Other => {}
                }
            }
        }
        Ok(book)
    }
}
