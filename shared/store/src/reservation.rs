//! Reservations as items, and the reads of them.

use aws_sdk_dynamodb::types::AttributeValue;
use jari_domain::{
    Channel, DinerId, Guest, HistoryEntry, HoldPlace, Note, Party, Reservation, ReservationId, RestaurantId,
    Span, Status, TableId,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    CAUSE, DueKind, Item, Store, StoreError, due,
    error::accepted,
    item::{number, text},
    keys::{self, BY_DAY, DAY_KEY},
    random,
};

pub(crate) const STATUS: &str = "status";
pub(crate) const REVISION: &str = "revision";
const REMINDED: &str = "reminded";

/// A reservation as it was read, with what only the store knows of it.
#[derive(Debug, Clone)]
pub struct StoredReservation {
    /// The reservation.
    pub reservation: Reservation,
    /// Of the request that created it, when that came with an idempotency key.
    pub fingerprint: Option<String>,
    pub(crate) writer: String,
}

/// The item's attributes beside its keys. Names are short, for the write units; `startsAt`, `dinerKey` and
/// `dayKey` are the indexes' own.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    starts_at: i64,
    day_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    diner_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<i64>,
    minutes: u16,
    party: Party,
    tables: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guest: Option<Guest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
    status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hold_place: Option<HoldPlace>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    paced: bool,
    #[serde(default, skip_serializing_if = "is_online")]
    channel: Channel,
    #[serde(default, skip_serializing_if = "is_zero")]
    reminded: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reconfirmed_at: Option<i64>,
    revision: u64,
    created_at: Timestamp,
    history: Vec<HistoryEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    writer: String,
}

// What almost every reservation has is not written: names cost write units.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_online(channel: &Channel) -> bool {
    *channel == Channel::Online
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(count: &u8) -> bool {
    *count == 0
}

pub(crate) fn status_name(status: Status) -> &'static str {
    match status {
        Status::Held => "held",
        Status::Requested => "requested",
        Status::Confirmed => "confirmed",
        Status::Seated => "seated",
        Status::Completed => "completed",
        Status::NoShow => "noShow",
        Status::Cancelled => "cancelled",
        Status::Declined => "declined",
        Status::Expired => "expired",
    }
}

pub(crate) fn to_item(
    reservation: &Reservation,
    fingerprint: Option<&str>,
    writer: &str,
) -> Result<Item, StoreError> {
    let due = due::of(reservation);
    let attributes = Attributes {
        starts_at: reservation.span.start().as_second(),
        day_key: keys::day_sheet(reservation.restaurant, reservation.date),
        diner_key: reservation.diner.as_ref().map(|diner| diner.0.clone()),
        due_key: due.as_ref().map(|(kind, _)| kind.key(due::shard_of(reservation.id))),
        due_at: due.map(|(_, at)| at.as_second()),
        minutes: reservation.span.minutes(),
        party: reservation.party,
        tables: reservation.tables.iter().map(|table| table.digits()).collect(),
        area: reservation.area.clone(),
        guest: reservation.guest.clone(),
        note: reservation.note.clone(),
        status: reservation.status,
        until: reservation.until.map(Timestamp::as_second),
        hold_place: reservation.hold_place,
        paced: reservation.paced,
        channel: reservation.channel,
        reminded: reservation.reminded,
        reconfirmed_at: reservation.reconfirmed_at.map(Timestamp::as_second),
        revision: reservation.revision,
        created_at: reservation.created_at,
        history: reservation.history.clone(),
        fingerprint: fingerprint.map(str::to_owned),
        writer: writer.to_owned(),
    };
    let mut item: Item = serde_dynamo::to_item(attributes)?;
    item.extend(keys::key(keys::reservation(reservation.id), keys::RESERVATION_SK));
    Ok(item)
}

pub(crate) fn from_item(item: Item) -> Result<StoredReservation, StoreError> {
    let id = keys::reservation_id(&item)?;
    let attributes: Attributes = serde_dynamo::from_item(item)?;
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of {id}"));
    let (restaurant, date) = keys::parse_day_sheet(&attributes.day_key).ok_or_else(|| corrupt("day"))?;
    let instant = |second: i64| Timestamp::from_second(second).map_err(|_| corrupt("instant"));
    let tables = attributes.tables.iter().map(|digits| TableId::from_digits(digits));
    let reservation = Reservation {
        id,
        restaurant,
        date,
        span: Span::new(instant(attributes.starts_at)?, attributes.minutes).ok_or_else(|| corrupt("span"))?,
        party: attributes.party,
        tables: tables.collect::<Result<_, _>>().map_err(|_| corrupt("tables"))?,
        area: attributes.area,
        guest: attributes.guest,
        diner: attributes.diner_key.map(DinerId),
        note: attributes.note,
        status: attributes.status,
        until: attributes.until.map(instant).transpose()?,
        hold_place: attributes.hold_place,
        paced: attributes.paced,
        channel: attributes.channel,
        reminded: attributes.reminded,
        reconfirmed_at: attributes.reconfirmed_at.map(instant).transpose()?,
        revision: attributes.revision,
        created_at: attributes.created_at,
        history: attributes.history,
    };
    Ok(StoredReservation { reservation, fingerprint: attributes.fingerprint, writer: attributes.writer })
}

/// The reservation in an item of the table's stream.
///
/// # Errors
/// [`StoreError::Corrupt`] when it is none.
pub fn reservation_from_item(item: Item) -> Result<Reservation, StoreError> {
    Ok(from_item(item)?.reservation)
}

/// A reservation as an item of the table, for who writes a table otherwise than by transactions: a restore, a test.
///
/// # Errors
/// [`StoreError`] when it can't be an item.
pub fn reservation_to_item(reservation: &Reservation) -> Result<Item, StoreError> {
    to_item(reservation, None, &random::mark()?)
}

impl Store {
    /// The reservation, read consistently.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn reservation(&self, id: ReservationId) -> Result<Option<StoredReservation>, StoreError> {
        let key = keys::key(keys::reservation(id), keys::RESERVATION_SK);
        self.item(key).await?.map(from_item).transpose()
    }

    /// These reservations, of those that are there, in no order; none may stand twice.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn reservations(
        &self,
        ids: impl IntoIterator<Item = ReservationId>,
    ) -> Result<Vec<Reservation>, StoreError> {
        let keys = ids.into_iter().map(|id| keys::key(keys::reservation(id), keys::RESERVATION_SK));
        let items = self.items_of(keys.collect()).await?;
        items.into_iter().map(reservation_from_item).collect()
    }

    /// The reservations of a restaurant's service day, by time: all that are or were somebody's visit, of those that were
    /// called off at most 1,000, and of holds that came to nothing none once that is written down. So however much comes
    /// to nothing, whoever is expected is among them.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn reservations_of_day(
        &self,
        restaurant: RestaurantId,
        date: Date,
    ) -> Result<Vec<StoredReservation>, StoreError> {
        const MOST_CALLED_OFF: usize = 1_000;
        /// Of 1 MB each, what came to nothing included: some 25,000 reservations.
        const MOST_PAGES: usize = 32;
        let mut pages = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name(BY_DAY)
            .key_condition_expression("#k = :k")
            .expression_attribute_names("#k", DAY_KEY)
            .expression_attribute_values(":k", text(keys::day_sheet(restaurant, date)))
            .filter_expression("#s <> :expired")
            .expression_attribute_names("#s", STATUS)
            .expression_attribute_values(":expired", text(status_name(Status::Expired)))
            .into_paginator()
            .send();
        let (mut found, mut called_off) = (Vec::new(), 0);
        for _ in 0..MOST_PAGES {
            let Some(page) = pages.next().await else { return Ok(found) };
            for item in page?.items.unwrap_or_default() {
                let stored = from_item(item)?;
                if matches!(stored.reservation.status, Status::Cancelled | Status::Declined) {
                    called_off += 1;
                    if called_off > MOST_CALLED_OFF {
                        continue;
                    }
                }
                found.push(stored);
            }
        }
        tracing::error!(%restaurant, %date, "a day has more reservations than are read");
        Ok(found)
    }

    /// Writes that a reservation's hold has ended, unless it is no longer as it was read. Its claims need nothing:
    /// they have ended by themselves.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn write_ended(
        &self,
        ended: &Reservation,
        read: &StoredReservation,
    ) -> Result<bool, StoreError> {
        let item = self.told(to_item(ended, read.fingerprint.as_deref(), &read.writer)?);
        let put = self
            .client
            .put_item()
            .table_name(&*self.table)
            .set_item(Some(item))
            .condition_expression("#r = :r AND #s = :s")
            .expression_attribute_names("#r", REVISION)
            .expression_attribute_names("#s", STATUS)
            .expression_attribute_values(":r", AttributeValue::N(read.reservation.revision.to_string()))
            .expression_attribute_values(":s", text(status_name(read.reservation.status)));
        accepted(put.send().await)
    }

    /// Writes that so many reminders need not be sent any more, and when the next falls due; nothing else of the reservation,
    /// whose revision stays. False unless it is still confirmed, at the revision and as often reminded as it was `read`.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn write_reminded(
        &self,
        reminded: &Reservation,
        read: &Reservation,
    ) -> Result<bool, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(keys::key(keys::reservation(read.id), keys::RESERVATION_SK)))
            .expression_attribute_names("#n", REMINDED)
            .expression_attribute_names("#r", REVISION)
            .expression_attribute_names("#s", STATUS)
            .expression_attribute_names("#due", keys::DUE_KEY)
            .expression_attribute_names("#at", keys::DUE_AT)
            .expression_attribute_values(":n", number(reminded.reminded))
            .expression_attribute_values(":r", number(read.revision))
            .expression_attribute_values(":s", text(status_name(Status::Confirmed)));
        let update = if read.reminded == 0 {
            // Zero is not written.
            update.condition_expression("#s = :s AND #r = :r AND attribute_not_exists(#n)")
        } else {
            update
                .condition_expression("#s = :s AND #r = :r AND #n = :was")
                .expression_attribute_values(":was", number(read.reminded))
        };
        // Empty where nobody says what it is done for: the item must not tell of what it was written for before.
        let update = update
            .expression_attribute_names("#c", CAUSE)
            .expression_attribute_values(":c", text((self.cause)().unwrap_or_default()));
        let update = match due::of(reminded) {
            Some((kind, at)) => update
                .update_expression("SET #n = :n, #c = :c, #due = :due, #at = :at")
                .expression_attribute_values(":due", text(kind.key(due::shard_of(read.id))))
                .expression_attribute_values(":at", number(at.as_second())),
            None => update.update_expression("SET #n = :n, #c = :c REMOVE #due, #at"),
        };
        accepted(update.send().await)
    }

    /// Reservations whose time of that kind has come, oldest first, at most `most` a shard.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn due(
        &self,
        kind: DueKind,
        shard: u8,
        now: Timestamp,
        most: i32,
    ) -> Result<Vec<ReservationId>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name(keys::DUE)
            .key_condition_expression("#k = :k AND #at <= :now")
            .expression_attribute_names("#k", keys::DUE_KEY)
            .expression_attribute_names("#at", keys::DUE_AT)
            .expression_attribute_values(":k", text(kind.key(shard)))
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()))
            .limit(most);
        query.send().await?.items().iter().map(keys::reservation_id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_names_a_status_as_the_item_does() {
        for status in Status::ALL {
            let stored: AttributeValue = serde_dynamo::to_attribute_value(status).unwrap();
            assert_eq!(stored, text(status_name(status)));
        }
    }
}
