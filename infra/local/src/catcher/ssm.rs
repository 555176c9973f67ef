//! SSM's parameter store: the few parameters of a local house, all of them secure strings.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Refusal;
use crate::parameters::Parameters;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ByPath {
    path: String,
    #[serde(default)]
    with_decryption: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ByName {
    name: String,
    #[serde(default)]
    with_decryption: bool,
}

pub(super) fn by_path(parameters: &Parameters, request: &ByPath) -> Value {
    let folder = format!("{}/", request.path.trim_end_matches('/'));
    let found: Vec<Value> = parameters
        .secrets()
        .filter(|(name, _)| name.starts_with(&folder))
        .map(|(name, value)| parameter(&name, value, request.with_decryption))
        .collect();
    json!({ "Parameters": found })
}

pub(super) fn by_name(parameters: &Parameters, request: &ByName) -> Result<Value, Refusal> {
    parameters
        .secrets()
        .find(|(name, _)| *name == request.name)
        .map(|(name, value)| json!({ "Parameter": parameter(&name, value, request.with_decryption) }))
        .ok_or_else(|| Refusal::new("ParameterNotFound", format!("there is no parameter {}", request.name)))
}

fn parameter(name: &str, value: &str, decrypted: bool) -> Value {
    // Whoever forgets to ask for decryption must notice here, not on AWS.
    let value = if decrypted { value } else { "encrypted: ask WithDecryption" };
    json!({
        "Name": name,
        "Type": "SecureString",
        "Value": value,
        "Version": 1,
        "ARN": format!("arn:aws:ssm:local:000000000000:parameter{name}"),
        "DataType": "text",
    })
}
