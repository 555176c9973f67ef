//! Calls of DynamoDB as they were seen on the wire, as inputs of the SDK: what the raw SDK is then asked to do is the same, to
//! the attribute.

use std::collections::HashMap;

use anyhow::{Context, Result, anyhow, bail};
use aws_sdk_dynamodb::{
    operation::{
        get_item::builders::GetItemInputBuilder, query::builders::QueryInputBuilder,
        transact_write_items::builders::TransactWriteItemsInputBuilder,
    },
    primitives::Blob,
    types::{
        AttributeValue, Put, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
        Update,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

/// A `GetItem` as it was asked.
///
/// # Errors
///
/// If it asked for something that is not copied here.
pub fn get_item(asked: &Value) -> Result<GetItemInputBuilder> {
    nothing_but(asked, &["TableName", "Key", "ConsistentRead", "ReturnConsumedCapacity"])?;
    Ok(GetItemInputBuilder::default()
        .set_table_name(text(&asked["TableName"]))
        .set_key(attributes(&asked["Key"])?)
        .set_consistent_read(asked["ConsistentRead"].as_bool())
        .set_return_consumed_capacity(capacity(asked)))
}

/// A `Query` as it was asked.
///
/// # Errors
///
/// If it asked for something that is not copied here.
pub fn query(asked: &Value) -> Result<QueryInputBuilder> {
    let known = [
        "TableName",
        "IndexName",
        "ConsistentRead",
        "ScanIndexForward",
        "Limit",
        "KeyConditionExpression",
        "ProjectionExpression",
        "ExclusiveStartKey",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "ReturnConsumedCapacity",
    ];
    nothing_but(asked, &known)?;
    Ok(QueryInputBuilder::default()
        .set_table_name(text(&asked["TableName"]))
        .set_index_name(text(&asked["IndexName"]))
        .set_consistent_read(asked["ConsistentRead"].as_bool())
        .set_scan_index_forward(asked["ScanIndexForward"].as_bool())
        .set_limit(asked["Limit"].as_i64().and_then(|limit| i32::try_from(limit).ok()))
        .set_key_condition_expression(text(&asked["KeyConditionExpression"]))
        .set_projection_expression(text(&asked["ProjectionExpression"]))
        .set_exclusive_start_key(attributes(&asked["ExclusiveStartKey"])?)
        .set_expression_attribute_names(names(&asked["ExpressionAttributeNames"]))
        .set_expression_attribute_values(attributes(&asked["ExpressionAttributeValues"])?)
        .set_return_consumed_capacity(capacity(asked)))
}

/// A `TransactWriteItems` of updates and puts, as it was asked.
///
/// # Errors
///
/// If it asked for something that is not copied here.
pub fn transaction(asked: &Value) -> Result<TransactWriteItemsInputBuilder> {
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
        bail!("a transaction is copied of updates and puts, not of {action}");
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
        other => bail!("an attribute of type {other} is not copied"),
    })
}
