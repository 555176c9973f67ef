//! [`Secrets`]: what only the parameter store may hold. All are read with one call and kept five
//! minutes, so that a rotated key is in use soon and an ordinary request pays nothing.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_ssm::Client;
use aws_sdk_ssm::error::DisplayErrorContext;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long a read counts.
const KEPT: Duration = Duration::from_mins(5);
/// After a failed refresh the old values serve on, and this long passes before the next try.
const RETRY_AFTER: Duration = Duration::from_secs(15);
/// Ten parameters a page; more would mean the path is not ours.
const MOST_PAGES: usize = 10;

/// The names secrets are kept under, below the path of the stage.
pub mod names {
    /// The Ed25519 key that signs tokens: PKCS#8 DER in base64.
    pub const TOKEN_SIGNING_KEY: &str = "token-signing-key";
    /// The key that turns a guest's e-mail address into a diner: 32 bytes in base64.
    pub const DINER_KEY: &str = "diner-key";
    /// The key that seals a list's cursor: 32 bytes in base64.
    pub const CURSOR_KEY: &str = "cursor-key";
    /// The key that makes the single-use tokens of mails about an account: 32 bytes in base64.
    pub const MAIL_TOKEN_KEY: &str = "mail-token-key";
    /// The providers people can sign in with, and who we are to them: JSON. It may be missing.
    pub const SOCIAL_PROVIDERS: &str = "social-providers";
}

/// Why a secret could not be had. The text never holds a value.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SecretsError {
    /// There is no such parameter under the path.
    #[error("there is no secret {name} under {path}")]
    Missing {
        /// The path that was read.
        path: String,
        /// The name asked for.
        name: String,
    },
    /// The parameter store could not be read, and nothing was read before.
    #[error("the secrets under {path} could not be read: {cause}")]
    Unreadable {
        /// The path that was to be read.
        path: String,
        /// What the SDK said.
        cause: String,
    },
}

/// The secrets under one path. Cheap to clone; clones share what was read.
#[derive(Clone)]
pub struct Secrets {
    client: Client,
    path: Arc<str>,
    read: Arc<Mutex<Option<Read>>>,
}

struct Read {
    values: HashMap<String, Arc<str>>,
    good_until: Instant,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Secrets").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Secrets {
    /// The secrets directly under `path`; nothing is read yet. `endpoint` stands in for the region's
    /// parameter store.
    #[must_use]
    pub fn new(config: &SdkConfig, endpoint: Option<&str>, path: &str) -> Self {
        let mut builder = aws_sdk_ssm::config::Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        Self {
            client: Client::from_conf(builder.build()),
            path: path.trim_end_matches('/').into(),
            read: Arc::new(Mutex::new(None)),
        }
    }

    /// The secret of that name (see [`names`]), at most five minutes old; older only while the
    /// parameter store cannot be read.
    pub async fn get(&self, name: &str) -> Result<Arc<str>, SecretsError> {
        let mut read = self.read.lock().await;
        let now = Instant::now();
        if read.as_ref().is_none_or(|read| read.good_until <= now) {
            match self.read_all().await {
                Ok(values) => {
                    let good_until = now + KEPT;
                    *read = Some(Read { values, good_until });
                }
                Err(error) => match read.as_mut() {
                    Some(old) => {
                        tracing::warn!(%error, "secrets were not refreshed; the old ones serve on");
                        old.good_until = now + RETRY_AFTER;
                    }
                    None => return Err(error),
                },
            }
        }
        read.as_ref()
            .and_then(|read| read.values.get(name).cloned())
            .ok_or_else(|| SecretsError::Missing { path: self.path.to_string(), name: name.to_owned() })
    }

    async fn read_all(&self) -> Result<HashMap<String, Arc<str>>, SecretsError> {
        let mut values = HashMap::new();
        let mut next = None;
        for _ in 0..MOST_PAGES {
            let page = self
                .client
                .get_parameters_by_path()
                .path(&*self.path)
                .with_decryption(true)
                .set_next_token(next)
                .send()
                .await
                .map_err(|error| SecretsError::Unreadable {
                    path: self.path.to_string(),
                    cause: DisplayErrorContext(&error).to_string(),
                })?;
            for parameter in page.parameters.unwrap_or_default() {
                if let (Some(name), Some(value)) = (parameter.name, parameter.value) {
                    let name = name.rsplit('/').next().unwrap_or_default().to_owned();
                    values.insert(name, value.into());
                }
            }
            next = page.next_token;
            if next.is_none() {
                break;
            }
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use axum::Router;
    use axum::extract::State;
    use axum::http::{HeaderMap, StatusCode};
    use axum::response::{IntoResponse, Response};
    use axum::routing::post;
    use serde_json::{Value, json};

    use super::*;
    use crate::Settings;

    #[derive(Clone, Default)]
    struct Parameters {
        calls: Arc<AtomicUsize>,
        broken: Arc<AtomicBool>,
    }

    async fn answer(State(parameters): State<Parameters>, headers: HeaderMap, body: String) -> Response {
        assert_eq!(headers["x-amz-target"], "AmazonSSM.GetParametersByPath");
        let call = parameters.calls.fetch_add(1, Ordering::SeqCst);
        if parameters.broken.load(Ordering::SeqCst) {
            return (StatusCode::BAD_REQUEST, json!({ "__type": "InvalidKeyId" }).to_string())
                .into_response();
        }
        let request: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(request["Path"], "/jari/test/secret");
        assert_eq!(request["WithDecryption"], true);
        let page = if request["NextToken"].is_null() {
            json!({ "Parameters": [{ "Name": "/jari/test/secret/diner-key", "Value": format!("read {call}") }],
                    "NextToken": "more" })
        } else {
            json!({ "Parameters": [{ "Name": "/jari/test/secret/cursor-key", "Value": "second page" }] })
        };
        page.to_string().into_response()
    }

    async fn open() -> (Parameters, Secrets) {
        let parameters = Parameters::default();
        let router = Router::new().route("/", post(answer)).with_state(parameters.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let settings = Settings { ssm_endpoint: Some(endpoint.clone()), ..Settings::default() };
        let secrets = Secrets::new(&settings.aws_config().await, Some(&endpoint), "/jari/test/secret/");
        (parameters, secrets)
    }

    async fn age(secrets: &Secrets, by: Duration) {
        secrets.read.lock().await.as_mut().unwrap().good_until -= by;
    }

    #[tokio::test]
    async fn all_pages_are_read_at_once_and_then_kept() {
        let (parameters, secrets) = open().await;
        assert_eq!(&*secrets.get("diner-key").await.unwrap(), "read 0");
        assert_eq!(&*secrets.clone().get("cursor-key").await.unwrap(), "second page");
        assert_eq!(parameters.calls.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn after_five_minutes_they_are_read_again() {
        let (_, secrets) = open().await;
        secrets.get("diner-key").await.unwrap();
        age(&secrets, KEPT.checked_sub(Duration::from_secs(20)).unwrap()).await;
        assert_eq!(&*secrets.get("diner-key").await.unwrap(), "read 0");
        age(&secrets, Duration::from_secs(21)).await;
        assert_eq!(&*secrets.get("diner-key").await.unwrap(), "read 2");
    }

    #[tokio::test]
    async fn a_store_that_fails_leaves_the_old_values_in_use() {
        let (parameters, secrets) = open().await;
        secrets.get("diner-key").await.unwrap();
        age(&secrets, KEPT).await;
        parameters.broken.store(true, Ordering::SeqCst);
        assert_eq!(&*secrets.get("diner-key").await.unwrap(), "read 0");
    }

    #[tokio::test]
    async fn a_store_that_fails_at_first_is_an_error_and_the_next_try_may_succeed() {
        let (parameters, secrets) = open().await;
        parameters.broken.store(true, Ordering::SeqCst);
        assert!(matches!(secrets.get("diner-key").await, Err(SecretsError::Unreadable { .. })));
        parameters.broken.store(false, Ordering::SeqCst);
        assert!(secrets.get("diner-key").await.is_ok());
    }

    #[tokio::test]
    async fn a_name_nobody_set_is_missing() {
        let (_, secrets) = open().await;
        assert!(matches!(secrets.get("token-signing-key").await, Err(SecretsError::Missing { .. })));
    }
}
