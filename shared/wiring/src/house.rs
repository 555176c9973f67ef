//! [`House`]: the parts a function can be opened with, each made at most once a process.

use std::fmt;
use std::sync::Arc;

use jari_domain::Clock;
use jari_identity::{
    AccessSigner, BearerVerifier, CursorKey, DinerKey, KeyError, LinkSigner, LinkVerifier, MailTokenKey,
    VisitSigner, VisitVerifier,
};
use jari_operations::RestaurantCache;
use jari_settings::{SdkConfig, Secrets, SecretsError, Settings, SettingsError, names};
use jari_social::{Providers, ProvidersError};
use jari_store::Store;
use jari_telemetry::Cause;

/// Why a function can't be opened. Nothing was served yet; the text is for whoever deploys.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A setting it needs is missing.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A secret it needs can't be read.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// A key is there, and is none.
    #[error("{name}: {error}")]
    Key {
        /// The setting or secret that holds the key.
        name: &'static str,
        /// What is wrong with it.
        error: KeyError,
    },
    /// The providers to sign in with are configured, and not as they should be.
    #[error("social-providers: {0}")]
    Providers(#[from] ProvidersError),
}

/// What functions are opened with. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct House(Arc<Parts>);

struct Parts {
    settings: Settings,
    aws: SdkConfig,
    clock: Clock,
    store: Option<Store>,
    restaurants: Option<RestaurantCache>,
    secrets: Option<Secrets>,
}

impl fmt::Debug for House {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("House").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

impl House {
    /// A house with these settings, this way to AWS and this clock. Nothing is called or read yet.
    #[must_use]
    pub fn new(settings: Settings, aws: SdkConfig, clock: Clock) -> Self {
        let store = settings
            .table
            .as_deref()
            .map(|table| Store::new(&aws, settings.dynamodb_endpoint.as_deref(), table))
            .map(|store| store.keeping_days(settings.days_kept).telling_of(cause));
        let restaurants = store.clone().map(RestaurantCache::new);
        let secrets = settings
            .secrets_path
            .as_deref()
            .map(|path| Secrets::new(&aws, settings.ssm_endpoint.as_deref(), path));
        Self(Arc::new(Parts { settings, aws, clock, store, restaurants, secrets }))
    }

    /// The house of this process's environment, with the system's clock.
    pub async fn from_environment() -> Result<Self, OpenError> {
        let settings = Settings::from_environment()?;
        let aws = settings.aws_config().await;
        Ok(Self::new(settings, aws, Clock::system()))
    }

    /// What the process was told.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What AWS clients are made from; an endpoint of its own is the client's to set.
    #[must_use]
    pub fn aws(&self) -> &SdkConfig {
        &self.0.aws
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.0.clock.clone()
    }

    /// The table.
    pub fn store(&self) -> Result<Store, OpenError> {
        self.0.settings.table()?;
        self.0.store.clone().ok_or_else(|| SettingsError::Missing("JARI_TABLE").into())
    }

    /// The restaurants, read once and kept a while; one cache for the whole process.
    pub fn restaurants(&self) -> Result<RestaurantCache, OpenError> {
        self.0.restaurants.clone().ok_or_else(|| SettingsError::Missing("JARI_TABLE").into())
    }

    /// The secrets of the stage.
    pub fn secrets(&self) -> Result<&Secrets, OpenError> {
        self.0.secrets.as_ref().ok_or_else(|| SettingsError::Missing("JARI_SECRETS_PATH").into())
    }

    /// What signs guests' links.
    pub async fn link_signer(&self) -> Result<LinkSigner, OpenError> {
        let key = self.secrets()?.get(names::TOKEN_SIGNING_KEY).await?;
        LinkSigner::new(&key, &self.0.settings.stage).map_err(in_key(names::TOKEN_SIGNING_KEY))
    }

    /// What signs access tokens.
    pub async fn access_signer(&self) -> Result<AccessSigner, OpenError> {
        let key = self.secrets()?.get(names::TOKEN_SIGNING_KEY).await?;
        AccessSigner::new(&key, &self.0.settings.stage).map_err(in_key(names::TOKEN_SIGNING_KEY))
    }

    /// What verifies whatever token a request bears; needs no secret.
    pub fn bearer_verifier(&self) -> Result<BearerVerifier, OpenError> {
        let keys = self.0.settings.token_keys()?;
        BearerVerifier::new(keys, &self.0.settings.stage).map_err(in_key("JARI_TOKEN_KEYS"))
    }

    /// What verifies guests' links; needs no secret.
    pub fn link_verifier(&self) -> Result<LinkVerifier, OpenError> {
        let keys = self.0.settings.token_keys()?;
        LinkVerifier::new(keys, &self.0.settings.stage).map_err(in_key("JARI_TOKEN_KEYS"))
    }

    /// What signs visits.
    pub async fn visit_signer(&self) -> Result<VisitSigner, OpenError> {
        let key = self.secrets()?.get(names::TOKEN_SIGNING_KEY).await?;
        VisitSigner::new(&key, &self.0.settings.stage).map_err(in_key(names::TOKEN_SIGNING_KEY))
    }

    /// What verifies visits; needs no secret.
    pub fn visit_verifier(&self) -> Result<VisitVerifier, OpenError> {
        let keys = self.0.settings.token_keys()?;
        VisitVerifier::new(keys, &self.0.settings.stage).map_err(in_key("JARI_TOKEN_KEYS"))
    }

    /// What turns a guest's address into a diner.
    pub async fn diner_key(&self) -> Result<DinerKey, OpenError> {
        let key = self.secrets()?.get(names::DINER_KEY).await?;
        DinerKey::new(&key).map_err(in_key(names::DINER_KEY))
    }

    /// What seals a list's cursors.
    pub async fn cursor_key(&self) -> Result<CursorKey, OpenError> {
        let key = self.secrets()?.get(names::CURSOR_KEY).await?;
        CursorKey::new(&key).map_err(in_key(names::CURSOR_KEY))
    }

    /// What makes the single-use tokens of mails about an account.
    pub async fn mail_token_key(&self) -> Result<MailTokenKey, OpenError> {
        let key = self.secrets()?.get(names::MAIL_TOKEN_KEY).await?;
        MailTokenKey::new(&key).map_err(in_key(names::MAIL_TOKEN_KEY))
    }

    /// Whom people can sign in with: nobody, unless the stage has the parameter.
    pub async fn social_providers(&self) -> Result<Providers, OpenError> {
        match self.secrets()?.get(names::SOCIAL_PROVIDERS).await {
            Ok(json) => Ok(Providers::from_json(&json)?),
            Err(SecretsError::Missing { .. }) => Ok(Providers::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the connection to the table ahead of the first caller, who would else wait for it. A
    /// failure is only logged: the first caller will learn it soon enough.
    pub(crate) async fn warm_up(&self) {
        if let Some(store) = &self.0.store
            && let Err(error) = store.warm_up().await
        {
            tracing::warn!(%error, "the table could not be reached ahead of the first request");
        }
    }
}

fn in_key(name: &'static str) -> impl FnOnce(KeyError) -> OpenError {
    move |error| OpenError::Key { name, error }
}

/// What the store writes down as the cause of what it writes.
fn cause() -> Option<String> {
    Cause::current().map(|cause| cause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn house(settings: Settings) -> House {
        let local = Settings { dynamodb_endpoint: Some("http://127.0.0.1:1".into()), ..settings };
        let aws = local.aws_config().await;
        House::new(local, aws, Clock::system())
    }

    #[tokio::test]
    async fn a_house_without_settings_opens_what_needs_none_and_names_what_lacks() {
        let house = house(Settings::default()).await;
        for (error, variable) in [
            (house.store().unwrap_err(), "JARI_TABLE"),
            (house.restaurants().err().unwrap(), "JARI_TABLE"),
            (house.link_verifier().unwrap_err(), "JARI_TOKEN_KEYS"),
            (house.link_signer().await.unwrap_err(), "JARI_SECRETS_PATH"),
            (house.diner_key().await.unwrap_err(), "JARI_SECRETS_PATH"),
        ] {
            assert!(error.to_string().contains(variable), "{error}");
        }
    }

    #[tokio::test]
    async fn a_verifier_needs_no_secret() {
        let (_, public) = jari_identity::generate_signing_key().unwrap();
        let house = house(Settings { token_keys: Some(public), ..Settings::default() }).await;
        assert!(house.link_verifier().is_ok());
        assert!(house.visit_verifier().is_ok());
    }

    #[tokio::test]
    async fn a_key_that_is_none_is_named() {
        let house = house(Settings { token_keys: Some("{}".into()), ..Settings::default() }).await;
        assert!(house.link_verifier().unwrap_err().to_string().starts_with("JARI_TOKEN_KEYS: "));
    }

    async fn house_with_secrets(parameters: &'static str) -> House {
        let answer = axum::routing::post(async move || parameters);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, axum::Router::new().route("/", answer)).await });
        let secrets_path = Some("/jari/test/secret".into());
        house(Settings { ssm_endpoint: Some(endpoint), secrets_path, ..Settings::default() }).await
    }

    #[tokio::test]
    async fn without_the_parameter_nobody_is_offered_to_sign_in_with() {
        let house = house_with_secrets(r#"{ "Parameters": [] }"#).await;
        assert!(house.social_providers().await.unwrap().offered().is_empty());
    }

    #[tokio::test]
    async fn providers_are_offered_as_the_parameter_has_them() {
        let house = house_with_secrets(
            r#"{ "Parameters": [{ "Name": "/jari/test/secret/social-providers",
                 "Value": "{\"naver\": {\"clientId\": \"id\", \"clientSecret\": \"secret\"}}" }] }"#,
        )
        .await;
        assert_eq!(house.social_providers().await.unwrap().offered(), [jari_social::Provider::Naver]);
    }

    #[tokio::test]
    async fn providers_that_are_none_are_named() {
        let house = house_with_secrets(
            r#"{ "Parameters": [{ "Name": "/jari/test/secret/social-providers", "Value": "secret" }] }"#,
        )
        .await;
        let error = house.social_providers().await.unwrap_err().to_string();
        assert!(error.starts_with("social-providers: ") && !error.contains("secret"), "{error}");
    }
}
