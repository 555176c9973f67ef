//! The bookings among the calls that the house was seen to make.

use std::collections::HashMap;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::operation::{
    query::builders::QueryInputBuilder, transact_write_items::builders::TransactWriteItemsInputBuilder,
};
use jari_load::calls::{query, transaction};
use serde_json::Value;

use crate::serving::Call;

/// The two calls of a booking.
#[derive(Debug, Clone)]
pub(crate) struct Booking {
    pub(crate) day: QueryInputBuilder,
    pub(crate) write: TransactWriteItemsInputBuilder,
}

/// Every booking that was made, with the read that each began with.
pub(crate) fn bookings(calls: &[Call]) -> Result<Vec<Booking>> {
    let mut days: HashMap<String, QueryInputBuilder> = HashMap::new();
    let mut bookings = Vec::new();
    for call in calls {
        let asked: Value = serde_json::from_str(&call.request)?;
        match call.operation.as_str() {
            "Query" => {
                if let Some(day) = day_of(&asked["ExpressionAttributeValues"][":pk"]) {
                    days.insert(day.to_owned(), query(&asked)?);
                }
            }
            // A refused one is no booking.
            "TransactWriteItems" if !call.answer.contains("CancellationReasons") => {
                let actions = asked["TransactItems"].as_array().context("a transaction has actions")?;
                let day = actions.iter().find_map(|action| day_of(&action["Update"]["Key"]["PK"]));
                // Reservations are also written without a day's claims, as when they are mailed.
                if let Some(day) = day.and_then(|day| days.get(day)) {
                    bookings.push(Booking { day: day.clone(), write: transaction(&asked)? });
                }
            }
            _ => {}
        }
    }
    Ok(bookings)
}

fn day_of(key: &Value) -> Option<&str> {
    key["S"].as_str().filter(|key| key.starts_with("DAY#"))
}
