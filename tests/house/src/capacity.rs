//! What DynamoDB bills for a write, reckoned from the items: a second opinion on what the engine reports.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jari_store::Item;
use serde_json::Value;

/// A unit of a write.
const UNIT_BYTES: usize = 1_024;
/// The indexes that hold whole items, by their hash key.
const WHOLE: [&str; 3] = ["dinerKey", "dayKey", "listedKey"];
/// The index that holds keys only.
const KEYS_ONLY: &str = "dueKey";

/// Write units of a transaction (the request's body) that made `items`: for the table two for each started KB of each
/// item, one to prepare and one to commit; for each index that an item is in, one for each started KB of its entry.
pub fn transaction_units(request: &Value, items: &[Item]) -> usize {
    let text = |item: &Item, name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    let by_key: HashMap<_, _> =
        items.iter().map(|item| ((text(item, "PK"), text(item, "SK")), item)).collect();
    let actions = request["TransactItems"].as_array().expect("a transaction");
    let units = |action: &Value| {
        let key = if action["Put"].is_object() { &action["Put"]["Item"] } else { &action["Update"]["Key"] };
        let name = |name: &str| key[name]["S"].as_str().map(str::to_owned);
        let item = by_key[&(name("PK"), name("SK"))];
        let size = started(size(item));
        let whole = WHOLE.iter().filter(|key| item.contains_key(**key)).count();
        2 * size + whole * size + usize::from(item.contains_key(KEYS_ONLY))
    };
    actions.iter().map(units).sum()
}

fn started(bytes: usize) -> usize {
    bytes.div_ceil(UNIT_BYTES)
}

/// An item's size: names and values, as DynamoDB counts them.
pub fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        // A byte for two digits, one for the exponent, one for a sign.
        AttributeValue::N(number) => {
            number.bytes().filter(u8::is_ascii_digit).count().div_ceil(2)
                + 1
                + usize::from(number.starts_with('-'))
        }
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::M(map) => {
            3 + map.iter().map(|(name, value)| 1 + name.len() + value_size(value)).sum::<usize>()
        }
        AttributeValue::L(list) => 3 + list.iter().map(|value| 1 + value_size(value)).sum::<usize>(),
        _ => 1,
    }
}
