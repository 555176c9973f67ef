//! What the bare functions with a table begin with.

use aws_sdk_dynamodb::{Client, config::Builder};
use jari_settings::{Settings, SettingsError};

/// The SDK's client and the table's name, as a function's environment has them.
///
/// # Errors
///
/// If a setting can't be read.
pub async fn table() -> Result<(Client, String), SettingsError> {
    let settings = Settings::from_environment()?;
    let config = Builder::from(&settings.aws_config().await);
    let config = match settings.dynamodb_endpoint {
        Some(endpoint) => config.endpoint_url(endpoint),
        None => config,
    };
    Ok((Client::from_conf(config.build()), settings.table.unwrap_or_default()))
}
