//! [`Settings`]: the environment variables, typed. An empty variable counts as a missing one, because
//! a template cannot leave a variable out.

use jari_domain::EmailAddress;
use std::env::VarError;
use std::time::Duration;

use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::region::ProvideRegion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};

use crate::https::one_connector;

/// One attempt's time; three of them and their pauses fit into [`OPERATION_TIMEOUT`], and that into
/// the gateway's 30 s.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(5);
/// Attempts in all. More than one, because a connection pooled across a freeze is dead when thawed.
const ATTEMPTS: u32 = 3;
/// Where an endpoint of our own is taken to be when nothing says otherwise; asking the instance
/// metadata service would cost seconds on a machine that has none.
const LOCAL_REGION: &str = "ap-northeast-2";

/// Why a setting could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The variable is needed here, and not set or empty.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// The variable is set to something that is not Unicode.
    #[error("the environment variable {0} is not valid Unicode")]
    NotUnicode(&'static str),
    /// The variable is set to something that is not an e-mail address.
    #[error("the environment variable {0} is not an e-mail address")]
    NotAnAddress(&'static str),
    /// The variable is set to something that is no time this may take.
    #[error("the environment variable {0} is not a number of milliseconds up to {1}")]
    NotMilliseconds(&'static str, u64),
    /// The variable is set to something else than digests, and would let nobody in or everybody.
    #[error(
        "the environment variable {0} is not a list of SHA-256 digests in lower-case hex, with commas between"
    )]
    NotDigests(&'static str),
}

/// Everything a process is told through its environment.
///
/// The fields are public so that a process which holds the whole house can make its own; read those
/// that may be missing through the accessor of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `JARI_STAGE`: `dev`, `prod`, or `local` unless said. Also the issuer of our tokens.
    pub stage: String,
    /// `JARI_TABLE`: the `DynamoDB` table's name.
    pub table: Option<String>,
    /// `JARI_SITE_URL`: where the pages are, with no slash at the end.
    pub site_url: Option<String>,
    /// `JARI_MAIL_FROM`: the address mails come from.
    pub mail_from: Option<String>,
    /// `JARI_SES_CONFIGURATION_SET`: under which SES records what became of a mail.
    pub configuration_set: Option<String>,
    /// `JARI_FAILURE_QUEUE_URL`: where a mail goes that SES refuses for good.
    pub failure_queue_url: Option<String>,
    /// `JARI_TOKEN_KEYS`: the JWK set of *public* keys that tokens are verified with.
    pub token_keys: Option<String>,
    /// `JARI_SECRETS_PATH`: the parameter path under which the secrets are, such as `/jari/dev/secret`.
    pub secrets_path: Option<String>,
    /// `JARI_CORS_ORIGINS`: origins whose pages may call the API, comma-separated. None unless set.
    pub cors_origins: Vec<String>,
    /// `JARI_EDGE_KEYS`: what the keys are digested to (SHA-256, 64 lower-case hex digits each) that a caller must have one
    /// of, as the edge in front of the gateway has. Anybody may call unless set.
    pub edge_keys: Vec<String>,
    /// `JARI_DAYS_KEPT_MS`: how long whoever looks for a table is shown a day as it was read. At most ten seconds, one
    /// unless said.
    pub days_kept: Duration,
    /// `JARI_DYNAMODB_ENDPOINT`: a `DynamoDB` other than the region's.
    pub dynamodb_endpoint: Option<String>,
    /// `JARI_SES_ENDPOINT`: an SES other than the region's.
    pub ses_endpoint: Option<String>,
    /// `JARI_SSM_ENDPOINT`: a parameter store other than the region's.
    pub ssm_endpoint: Option<String>,
    /// `JARI_SQS_ENDPOINT`: a queue service other than the region's.
    pub sqs_endpoint: Option<String>,
}

impl Default for Settings {
    /// The stage `local`, and nothing else.
    fn default() -> Self {
        Self {
            stage: "local".to_owned(),
            table: None,
            site_url: None,
            mail_from: None,
            configuration_set: None,
            failure_queue_url: None,
            token_keys: None,
            secrets_path: None,
            cors_origins: Vec::new(),
            edge_keys: Vec::new(),
            days_kept: Duration::from_secs(1),
            dynamodb_endpoint: None,
            ses_endpoint: None,
            ssm_endpoint: None,
            sqs_endpoint: None,
        }
    }
}

impl Settings {
    /// Reads the process's environment.
    pub fn from_environment() -> Result<Self, SettingsError> {
        Self::from_variables(|name| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(SettingsError::NotUnicode(name)),
        })
    }

    /// Reads whatever `variable` answers for a name; a test's way in, as the real environment belongs
    /// to the whole process.
    pub fn from_variables(
        variable: impl Fn(&'static str) -> Result<Option<String>, SettingsError>,
    ) -> Result<Self, SettingsError> {
        let read = |name| -> Result<Option<String>, SettingsError> {
            Ok(variable(name)?.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()))
        };
        Ok(Self {
            stage: read("JARI_STAGE")?.unwrap_or_else(|| "local".to_owned()),
            table: read("JARI_TABLE")?,
            site_url: read("JARI_SITE_URL")?.map(|url| url.trim_end_matches('/').to_owned()),
            mail_from: read("JARI_MAIL_FROM")?,
            configuration_set: read("JARI_SES_CONFIGURATION_SET")?,
            failure_queue_url: read("JARI_FAILURE_QUEUE_URL")?,
            token_keys: read("JARI_TOKEN_KEYS")?,
            secrets_path: read("JARI_SECRETS_PATH")?,
            cors_origins: list(&read("JARI_CORS_ORIGINS")?.unwrap_or_default())
                .map(|origin| origin.trim_end_matches('/').to_owned())
                .collect(),
            edge_keys: list(&read("JARI_EDGE_KEYS")?.unwrap_or_default())
                .map(|key| digest("JARI_EDGE_KEYS", key))
                .collect::<Result<_, _>>()?,
            days_kept: read("JARI_DAYS_KEPT_MS")?.map_or(Ok(Self::default().days_kept), |kept| {
                milliseconds("JARI_DAYS_KEPT_MS", &kept, 10_000)
            })?,
            dynamodb_endpoint: read("JARI_DYNAMODB_ENDPOINT")?,
            ses_endpoint: read("JARI_SES_ENDPOINT")?,
            ssm_endpoint: read("JARI_SSM_ENDPOINT")?,
            sqs_endpoint: read("JARI_SQS_ENDPOINT")?,
        })
    }

    /// The `DynamoDB` table's name.
    pub fn table(&self) -> Result<&str, SettingsError> {
        self.table.as_deref().ok_or(SettingsError::Missing("JARI_TABLE"))
    }

    /// Where the pages are, with no slash at the end.
    pub fn site_url(&self) -> Result<&str, SettingsError> {
        self.site_url.as_deref().ok_or(SettingsError::Missing("JARI_SITE_URL"))
    }

    /// The address mails come from.
    pub fn mail_from(&self) -> Result<EmailAddress, SettingsError> {
        let address = self.mail_from.as_deref().ok_or(SettingsError::Missing("JARI_MAIL_FROM"))?;
        address.parse().map_err(|_| SettingsError::NotAnAddress("JARI_MAIL_FROM"))
    }

    /// The queue that takes what can't be mailed.
    pub fn failure_queue_url(&self) -> Result<&str, SettingsError> {
        self.failure_queue_url.as_deref().ok_or(SettingsError::Missing("JARI_FAILURE_QUEUE_URL"))
    }

    /// The JWK set of public keys that tokens are verified with.
    pub fn token_keys(&self) -> Result<&str, SettingsError> {
        self.token_keys.as_deref().ok_or(SettingsError::Missing("JARI_TOKEN_KEYS"))
    }

    /// The parameter path under which the secrets are.
    pub fn secrets_path(&self) -> Result<&str, SettingsError> {
        self.secrets_path.as_deref().ok_or(SettingsError::Missing("JARI_SECRETS_PATH"))
    }

    /// The configuration every AWS client is made from: timeouts and retries that end before a
    /// caller's patience, one pool of connections, and no endpoint; each client is given its own.
    ///
    /// Region and credentials are those of the environment, where Lambda puts them, and nobody goes
    /// looking further: the SDK's own chain (profiles, single sign-on, roles, the metadata service)
    /// would be in every function's binary. With an endpoint of our own and no credentials in the
    /// environment, dummy credentials and a default region stand in.
    pub async fn aws_config(&self) -> SdkConfig {
        let stand_in = self.has_own_endpoint();
        let region = region(EnvironmentVariableRegionProvider::new().region().await, stand_in);
        let has_credentials = std::env::var_os("AWS_ACCESS_KEY_ID").is_some_and(|value| !value.is_empty());
        let credentials = if stand_in && !has_credentials {
            SharedCredentialsProvider::new(Credentials::from_keys("local", "local", None))
        } else {
            SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new())
        };
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region)
            .credentials_provider(credentials)
            .http_client(one_connector())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                    .operation_timeout(OPERATION_TIMEOUT)
                    .build(),
            )
            .build()
    }

    fn has_own_endpoint(&self) -> bool {
        [&self.dynamodb_endpoint, &self.ses_endpoint, &self.ssm_endpoint, &self.sqs_endpoint]
            .into_iter()
            .any(Option::is_some)
    }
}

fn region(set: Option<Region>, stand_in: bool) -> Option<Region> {
    let set = set.filter(|region| !region.as_ref().trim().is_empty());
    set.or_else(|| stand_in.then(|| Region::from_static(LOCAL_REGION)))
}

/// What stands between commas, without what is empty.
fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn digest(name: &'static str, text: &str) -> Result<String, SettingsError> {
    let is_one = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_one.then(|| text.to_owned()).ok_or(SettingsError::NotDigests(name))
}

fn milliseconds(name: &'static str, value: &str, most: u64) -> Result<Duration, SettingsError> {
    let milliseconds = value.parse().ok().filter(|milliseconds| *milliseconds <= most);
    milliseconds.map(Duration::from_millis).ok_or(SettingsError::NotMilliseconds(name, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Settings {
        Settings::from_variables(|name| {
            Ok(pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        })
        .unwrap()
    }

    #[test]
    fn without_a_word_the_stage_is_local_and_nothing_else_is_known() {
        assert_eq!(from(&[]), Settings::default());
    }

    #[test]
    fn a_missing_variable_is_an_error_of_the_accessor_that_needs_it() {
        let settings = from(&[("JARI_TABLE", "jari-dev")]);
        assert_eq!(settings.table(), Ok("jari-dev"));
        assert_eq!(settings.mail_from(), Err(SettingsError::Missing("JARI_MAIL_FROM")));
        assert_eq!(settings.site_url(), Err(SettingsError::Missing("JARI_SITE_URL")));
        assert_eq!(settings.token_keys(), Err(SettingsError::Missing("JARI_TOKEN_KEYS")));
        assert_eq!(settings.secrets_path(), Err(SettingsError::Missing("JARI_SECRETS_PATH")));
    }

    #[test]
    fn an_empty_variable_is_a_missing_one() {
        let settings = from(&[("JARI_TABLE", ""), ("JARI_SES_CONFIGURATION_SET", "  ")]);
        assert!(settings.table().is_err());
        assert_eq!(settings.configuration_set, None);
    }

    #[test]
    fn the_edges_keys_are_digests_or_the_process_does_not_start() {
        let (first, second) = ("0f".repeat(32), "a1".repeat(32));
        assert_eq!(from(&[("JARI_EDGE_KEYS", &format!("{first}, {second}"))]).edge_keys, [first, second]);
        for wrong in ["no", &"0F".repeat(32), &"0f".repeat(31), &format!("{},no", "0f".repeat(32))] {
            let settings =
                Settings::from_variables(|name| Ok((name == "JARI_EDGE_KEYS").then(|| wrong.to_owned())));
            assert_eq!(settings, Err(SettingsError::NotDigests("JARI_EDGE_KEYS")), "{wrong}");
        }
    }

    #[test]
    fn origins_are_split_at_commas_and_lose_spaces_and_slashes() {
        let settings = from(&[("JARI_CORS_ORIGINS", "https://a.example/, https://b.example,,")]);
        assert_eq!(settings.cors_origins, ["https://a.example", "https://b.example"]);
    }

    #[test]
    fn days_are_kept_for_ten_seconds_at_most() {
        assert_eq!(from(&[("JARI_DAYS_KEPT_MS", "0")]).days_kept, Duration::ZERO);
        assert_eq!(from(&[("JARI_DAYS_KEPT_MS", "10000")]).days_kept, Duration::from_secs(10));
        for bad in ["10001", "-1", "a second", "0.5"] {
            let settings =
                Settings::from_variables(|name| Ok((name == "JARI_DAYS_KEPT_MS").then(|| bad.into())));
            assert_eq!(settings, Err(SettingsError::NotMilliseconds("JARI_DAYS_KEPT_MS", 10_000)), "{bad}");
        }
    }

    #[test]
    fn the_sites_address_ends_without_a_slash() {
        assert_eq!(
            from(&[("JARI_SITE_URL", "https://jari.example/")]).site_url(),
            Ok("https://jari.example")
        );
    }

    #[test]
    fn an_empty_region_is_a_missing_one() {
        let seoul = Region::from_static("ap-northeast-2");
        let tokyo = Region::from_static("ap-northeast-1");
        let empty = Region::from_static("");
        assert_eq!(region(Some(tokyo.clone()), true), Some(tokyo));
        assert_eq!(region(None, true), Some(seoul.clone()));
        assert_eq!(region(Some(empty.clone()), true), Some(seoul));
        assert_eq!(region(Some(empty), false), None);
    }

    #[tokio::test]
    async fn an_endpoint_of_our_own_needs_no_account() {
        let settings = from(&[("JARI_DYNAMODB_ENDPOINT", "http://127.0.0.1:1")]);
        let config = settings.aws_config().await;
        assert!(config.region().is_some());
        assert!(config.credentials_provider().is_some());
        assert_eq!(config.endpoint_url(), None);
        let timeouts = config.timeout_config().unwrap();
        // A booking reads twice and then has 6 s to write: all of it ends before its function's 20 s do.
        assert_eq!(timeouts.operation_timeout(), Some(Duration::from_secs(5)));
        assert_eq!(timeouts.operation_attempt_timeout(), Some(Duration::from_secs(2)));
    }
}
