//! Calls that the house was seen to make, as inputs of the SDK: what the raw SDK is then asked to do is the same, to the
//! attribute.

use std::collections::HashMap;

use anyhow::{Context, Result, anyhow, bail};
use aws_sdk_dynamodb::{
    operation::{
        query::builders::QueryInputBuilder, transact_write_items::builders::TransactWriteItemsInputBuilder,
    },
    primitives::Blob,
    types::{
        AttributeValue, Put, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
        Update,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
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

/// A `Query` as it was asked.
pub(crate) fn query(asked: &Value) -> Result<QueryInputBuilder> {
    let known = [
        "TableName",
        "ConsistentRead",
        "KeyConditionExpression",
        "ExpressionAttributeValues",
        "ReturnConsumedCapacity",
    ];
    nothing_but(asked, &known)?;
    Ok(QueryInputBuilder::default()
        .set_table_name(text(&asked["TableName"]))
        .set_consistent_read(asked["ConsistentRead"].as_bool())
        .set_key_condition_expression(text(&asked["KeyConditionExpression"]))
        .set_expression_attribute_values(attributes(&asked["ExpressionAttributeValues"])?)
        .set_return_consumed_capacity(capacity(asked)))
}

fn transaction(asked: &Value) -> Result<TransactWriteItemsInputBuilder> {
    nothing_but(asked, &["TransactItems", "ReturnConsumedCapacity", "ClientRequestToken"])?;
    let actions = asked["TransactItems"].as_array().context("actions")?;
    let items = actions.iter().map(action).collect::<Result<_>>()?;
    Ok(TransactWriteItemsInputBuilder::default()
        .set_transact_items(Some(items))
        .set_client_request_token(text(&asked["ClientRequestToken"]))
        .set_return_consumed_capacity(capacity(asked)))
}

fn action(action: &Value) -> Result<TransactWriteItem> {
    let on_failure = |action: &Value| {
        text(&action["ReturnValuesOnConditionCheckFailure"])
            .map(|when| ReturnValuesOnConditionCheckFailure::from(when.as_str()))
    };
    if let update @ Value::Object(_) = &action["Update"] {
        let built = Update::builder()
            .set_table_name(text(&update["TableName"]))
            .set_key(attributes(&update["Key"])?)
            .set_update_expression(text(&update["UpdateExpression"]))
            .set_condition_expression(text(&update["ConditionExpression"]))
            .set_expression_attribute_names(names(&update["ExpressionAttributeNames"]))
            .set_expression_attribute_values(attributes(&update["ExpressionAttributeValues"])?)
            .set_return_values_on_condition_check_failure(on_failure(update))
            .build()?;
        return Ok(TransactWriteItem::builder().update(built).build());
    }
    let put = &action["Put"];
    if !put.is_object() {
        bail!("a booking is made of updates and puts, not of {action}");
    }
    let built = Put::builder()
        .set_table_name(text(&put["TableName"]))
        .set_item(attributes(&put["Item"])?)
        .set_condition_expression(text(&put["ConditionExpression"]))
        .set_expression_attribute_names(names(&put["ExpressionAttributeNames"]))
        .set_expression_attribute_values(attributes(&put["ExpressionAttributeValues"])?)
        .set_return_values_on_condition_check_failure(on_failure(put))
        .build()?;
    Ok(TransactWriteItem::builder().put(built).build())
}

/// What is not copied would make the raw call cheaper than the house's.
fn nothing_but(asked: &Value, known: &[&str]) -> Result<()> {
    let members = asked.as_object().context("a call is an object")?.keys();
    match members.filter(|member| !known.contains(&member.as_str())).collect::<Vec<_>>()[..] {
        [] => Ok(()),
        ref unknown => Err(anyhow!("a call has {unknown:?}, which the raw one would not have")),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn capacity(asked: &Value) -> Option<ReturnConsumedCapacity> {
    text(&asked["ReturnConsumedCapacity"]).map(|what| ReturnConsumedCapacity::from(what.as_str()))
}

fn names(names: &Value) -> Option<HashMap<String, String>> {
    let names = names.as_object()?;
    Some(names.iter().filter_map(|(short, name)| Some((short.clone(), text(name)?))).collect())
}

fn attributes(item: &Value) -> Result<Option<HashMap<String, AttributeValue>>> {
    let Some(item) = item.as_object() else { return Ok(None) };
    item.iter().map(|(name, value)| Ok((name.clone(), attribute(value)?))).collect::<Result<_>>().map(Some)
}

fn attribute(value: &Value) -> Result<AttributeValue> {
    let (kind, value) = value.as_object().and_then(|value| value.iter().next()).context("an attribute")?;
    let text = || text(value).context("a text");
    Ok(match kind.as_str() {
        "S" => AttributeValue::S(text()?),
        "N" => AttributeValue::N(text()?),
        "B" => AttributeValue::B(Blob::new(STANDARD.decode(text()?)?)),
        "BOOL" => AttributeValue::Bool(value.as_bool().context("yes or no")?),
        "NULL" => AttributeValue::Null(true),
        "M" => AttributeValue::M(attributes(value)?.unwrap_or_default()),
        "L" => {
            let values = value.as_array().context("a list")?;
            AttributeValue::L(values.iter().map(attribute).collect::<Result<_>>()?)
        }
        other => bail!("no call of a booking has an attribute of type {other}"),
    })
}
