//! [`LocalHouse`]: everything opened, wired and running on this machine, and closed again.

use std::{
    fs::{File, TryLockError},
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use aws_config::{Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use axum::extract::ConnectInfo;
use jari_api::ClientAddress;
use jari_settings::{Secrets, SecretsError, Settings, names};
use jari_wiring::House;
use jiff::Timestamp;
use thiserror::Error;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    Engine, EngineError, HouseClock, Options, Parameters, ParametersError, SECRETS_PATH,
    catcher::{Catcher, FailureQueue, Mail, Mailbox, QueuedMessage},
    demo::{self, DemoError},
    events::{start_feedback, start_schedules, start_stream},
    gateway,
    journal::Journal,
    local_routes,
    schedules::Schedules,
    stream::Stream,
};

/// Where mails come from. Nothing leaves the machine, and `.test` would go nowhere if it did.
const MAIL_FROM: &str = "reservations@jari.test";
pub(crate) const LOCAL_REGION: &str = "ap-northeast-2";
/// How long requests may go on when the house closes.
const LAST_ANSWERS: Duration = Duration::from_millis(800);

/// The house could not be opened.
#[derive(Debug, Error)]
pub enum LocalError {
    /// Another program listens there.
    #[error(
        "port {0} is taken by another program; close it, or choose another port with --port (0 picks a free one)"
    )]
    PortTaken(u16),
    /// The port can't be listened on for another reason.
    #[error("port {0} can't be opened: {1}")]
    Port(u16, io::Error),
    /// Another house has this data open.
    #[error(
        "the data folder {0} is in use by another `cargo local`; close it, or choose another folder with --data"
    )]
    DataInUse(PathBuf),
    /// The data folder can't be made, read or written.
    #[error("the data folder {0} can't be used: {1}")]
    Data(PathBuf, io::Error),
    /// The embedded engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The parameters could not be made or read.
    #[error(transparent)]
    Parameters(#[from] ParametersError),
    /// The SSM that was named does not have the signing key.
    #[error("the signing key can't be read from the SSM that was named: {0}")]
    Secrets(#[from] SecretsError),
    /// The signing key in the SSM that was named is none.
    #[error("the signing key in the SSM that was named is unusable: {0}")]
    SigningKey(jari_identity::KeyError),
    /// The catcher could not be opened.
    #[error("the mail catcher could not be opened: {0}")]
    Catcher(io::Error),
    /// The table could not be reached or created.
    #[error("the table {table} can't be opened at {endpoint}: {error}")]
    Table {
        /// Its name.
        table: String,
        /// The DynamoDB that was asked.
        endpoint: String,
        /// What the store says.
        error: jari_store::StoreError,
    },
    /// The demo could not be loaded.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A function could not be opened.
    #[error("a function can't be opened: {0}")]
    Function(#[from] jari_wiring::OpenError),
}

/// The table could not be made anew.
#[derive(Debug, Error)]
pub enum ResetError {
    /// Somebody's table elsewhere is not ours to delete.
    #[error("the table is not on this machine ({0}): it is not deleted")]
    NotOurs(String),
    /// The old table could not be deleted.
    #[error("the table could not be deleted: {0}")]
    Delete(String),
    /// The new one could not be created.
    #[error("the table could not be created: {0}")]
    Create(#[from] jari_store::StoreError),
    /// The demo could not be loaded into it.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The mails or the queue could not be emptied.
    #[error("the mailbox could not be emptied: {0}")]
    Mailbox(#[from] io::Error),
}

/// An open house. Dropping it closes it at once; [`LocalHouse::shut_down`] lets requests finish.
pub struct LocalHouse {
    rooms: Arc<Rooms>,
    closing: watch::Sender<()>,
    servers: Vec<JoinHandle<()>>,
    engine: Option<Arc<Engine>>,
    _lock: Option<File>,
}

/// What `/_local/` shows and moves. Shared with its routes.
pub(crate) struct Rooms {
    pub(crate) url: String,
    pub(crate) data: Option<PathBuf>,
    pub(crate) demo_restaurants: usize,
    pub(crate) clock: HouseClock,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) queue: Arc<FailureQueue>,
    pub(crate) schedules: Schedules,
    pub(crate) stream: Arc<Stream>,
    dynamodb_endpoint: String,
    with_demo: bool,
    house: House,
    _catcher: Catcher,
}

impl LocalHouse {
    /// Opens everything; when it returns, the first request can be served. Needs a tokio runtime.
    pub async fn open(options: Options) -> Result<Self, LocalError> {
        let listeners = listen(options.port).await?;
        let port =
            listeners.first().and_then(|listener| listener.local_addr().ok()).map_or(0, |at| at.port());
        let url = format!("http://localhost:{port}");

        let clock = HouseClock::new();
        if let Some(now) = options.now {
            clock.set(now);
        }
        let Belongings { data, lock, parameters, mailbox, queue } = Belongings::open(&options)?;
        let engine = match (&options.dynamodb_endpoint, &data) {
            (Some(_), _) => None,
            (None, None) => Some(Engine::in_memory(clock.clone())?),
            (None, Some(data)) => Some(Engine::in_file(&data.join("jari.sqlite"), clock.clone())?),
        }
        .map(Arc::new);
        let dynamodb_endpoint = match (&options.dynamodb_endpoint, &engine) {
            (Some(endpoint), _) => endpoint.trim_end_matches('/').to_owned(),
            (None, Some(engine)) => engine.endpoint().to_owned(),
            (None, None) => String::new(),
        };
        let catcher = Catcher::open(mailbox.clone(), queue.clone(), parameters.clone(), clock.clone())
            .await
            .map_err(LocalError::Catcher)?;

        let (settings, aws) = settings(&options, &url, &dynamodb_endpoint, &catcher, &parameters).await?;
        let house = House::new(settings, aws, clock.shared());
        let store = house.store()?;
        store.create_table().await.map_err(|error| LocalError::Table {
            table: options.table.clone(),
            endpoint: dynamodb_endpoint.clone(),
            error,
        })?;
        let demo_restaurants =
            if options.empty { 0 } else { demo::load_into_empty(&house, house.clock().now()).await? };

        start_feedback(&house, &catcher, &mailbox).await?;
        let stream = Arc::new(start_stream(&house, data.as_deref(), &queue, &clock, engine.is_some()).await?);
        let schedules = start_schedules(&house, &clock, engine.as_ref(), &stream).await?;
        let routes = gateway::open(&house).await?;
        let rooms = Arc::new(Rooms {
            url,
            data,
            demo_restaurants,
            clock,
            mailbox,
            queue,
            schedules,
            stream,
            dynamodb_endpoint,
            with_demo: !options.empty,
            house,
            _catcher: catcher,
        });
        let closing = watch::Sender::new(());
        let routes = routes.merge(local_routes::open(rooms.clone()));
        let servers = listeners
            .into_iter()
            .map(|listener| serve(listener, routes.clone(), closing.subscribe()))
            .collect();
        Ok(Self { rooms, closing, servers, engine, _lock: lock })
    }

    /// Where it is: `http://localhost:<port>`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.rooms.url
    }

    /// The DynamoDB it uses.
    #[must_use]
    pub fn dynamodb_endpoint(&self) -> &str {
        &self.rooms.dynamodb_endpoint
    }

    /// What the functions were opened with: store, restaurants, settings, secrets.
    #[must_use]
    pub fn house(&self) -> &House {
        &self.rooms.house
    }

    /// Its clock, to read. To move it use [`LocalHouse::move_clock_to`], or what falls due in between
    /// happens only afterwards.
    #[must_use]
    pub fn clock(&self) -> &HouseClock {
        &self.rooms.clock
    }

    /// How many demo restaurants this start loaded.
    #[must_use]
    pub fn demo_restaurants(&self) -> usize {
        self.rooms.demo_restaurants
    }

    /// The folder that keeps the data; `None` if nothing is kept.
    #[must_use]
    pub fn data(&self) -> Option<&Path> {
        self.rooms.data.as_deref()
    }

    /// Moves the clock, and lets happen what falls due on the way.
    pub async fn move_clock_to(&self, target: Timestamp) {
        self.rooms.schedules.move_clock_to(target).await;
    }

    /// Moves the clock on under load: nothing is waited for but what falls due.
    pub async fn let_time_pass_to(&self, target: Timestamp) {
        self.rooms.schedules.let_time_pass_to(target).await;
    }

    /// Waits until everything written so far has been through `send-mail`.
    pub async fn stream_drained(&self) {
        self.rooms.stream.drained().await;
    }

    /// The mails caught, newest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Arc<Mail>> {
        self.rooms.mailbox.newest_first()
    }

    /// What is on the on-failure queue, newest first.
    #[must_use]
    pub fn failures(&self) -> Vec<Arc<QueuedMessage>> {
        self.rooms.queue.newest_first()
    }

    /// Brings back the demo data; see [`ResetError`].
    pub async fn reset(&self) -> Result<(), ResetError> {
        self.rooms.reset().await
    }

    /// The environment that a function started as a process of its own needs to work in this house.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        self.rooms.environment()
    }

    /// Lets requests finish for a moment, then closes everything. Takes less than two seconds.
    pub async fn shut_down(mut self) {
        self.closing.send_replace(());
        let finished = futures::future::join_all(std::mem::take(&mut self.servers));
        if tokio::time::timeout(LAST_ANSWERS, finished).await.is_err() {
            tracing::info!("some connections were still open");
        }
        // Closing the engine waits for its thread.
        if tokio::task::spawn_blocking(move || drop(self)).await.is_err() {
            tracing::error!("closing panicked");
        }
    }
}

impl Drop for LocalHouse {
    fn drop(&mut self) {
        // Before the engine goes, or they would complain that it is gone. Connections still open share
        // the rooms, so dropping those would not be enough.
        self.rooms.schedules.stop();
        self.rooms.stream.stop();
        drop(self.engine.take());
    }
}

impl Rooms {
    pub(crate) fn dynamodb_endpoint(&self) -> &str {
        &self.dynamodb_endpoint
    }

    pub(crate) fn table(&self) -> &str {
        self.house.settings().table.as_deref().unwrap_or_default()
    }

    /// Deletes the table and makes it anew, with the demo unless the house was opened empty. Mails and
    /// failures go, the keys and the clock stay.
    pub(crate) async fn reset(&self) -> Result<(), ResetError> {
        if !on_this_machine(&self.dynamodb_endpoint) {
            return Err(ResetError::NotOurs(self.dynamodb_endpoint.clone()));
        }
        let table_made_anew = Box::pin(async {
            let config = aws_sdk_dynamodb::config::Builder::from(self.house.aws())
                .endpoint_url(&self.dynamodb_endpoint)
                .build();
            aws_sdk_dynamodb::Client::from_conf(config)
                .delete_table()
                .table_name(self.table())
                .send()
                .await
                .map_err(|error| {
                    ResetError::Delete(aws_sdk_dynamodb::error::DisplayErrorContext(error).to_string())
                })?;
            let store = self.house.store().map_err(|error| ResetError::Delete(error.to_string()))?;
            store.create_table().await?;
            if let Ok(restaurants) = self.house.restaurants() {
                restaurants.clear();
            }
            if self.with_demo {
                demo::load_into_empty(&self.house, self.clock.now()).await?;
            }
            Ok(())
        });
        let made = self.schedules.pausing(self.stream.passing_over(table_made_anew)).await;
        self.mailbox.clear()?;
        self.queue.clear()?;
        made
    }

    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let settings = self.house.settings();
        // With a region of its own, whoever starts the function has an account, too.
        let aws = on_this_machine(&self.dynamodb_endpoint).then(|| {
            [
                ("AWS_REGION", Some(LOCAL_REGION.to_owned())),
                ("AWS_ACCESS_KEY_ID", Some("local".to_owned())),
                ("AWS_SECRET_ACCESS_KEY", Some("local".to_owned())),
            ]
        });
        let jari = [
            ("JARI_STAGE", Some(settings.stage.clone())),
            ("JARI_TABLE", settings.table.clone()),
            ("JARI_SITE_URL", settings.site_url.clone()),
            ("JARI_MAIL_FROM", settings.mail_from.clone()),
            ("JARI_FAILURE_QUEUE_URL", settings.failure_queue_url.clone()),
            ("JARI_TOKEN_KEYS", settings.token_keys.clone()),
            ("JARI_SECRETS_PATH", settings.secrets_path.clone()),
            ("JARI_DAYS_KEPT_MS", Some(settings.days_kept.as_millis().to_string())),
            ("JARI_DYNAMODB_ENDPOINT", settings.dynamodb_endpoint.clone()),
            ("JARI_SES_ENDPOINT", settings.ses_endpoint.clone()),
            ("JARI_SSM_ENDPOINT", settings.ssm_endpoint.clone()),
            ("JARI_SQS_ENDPOINT", settings.sqs_endpoint.clone()),
        ];
        aws.into_iter().flatten().chain(jari).filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Both loopback addresses, as `localhost` may mean either. The machine may have no IPv6; but if another
/// program has the port there, a browser might ask that one.
async fn listen(port: u16) -> Result<Vec<TcpListener>, LocalError> {
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => LocalError::PortTaken(port),
        _ => LocalError::Port(port, error),
    };
    let four = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(refused)?;
    let chosen = four.local_addr().map_err(refused)?.port();
    match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, chosen))).await {
        Ok(six) => Ok(vec![four, six]),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(LocalError::PortTaken(chosen)),
        Err(_) => Ok(vec![four]),
    }
}

/// Makes the data folder and keeps others out of it, as long as the file is open.
fn lock(data: &Path) -> Result<File, LocalError> {
    let unusable = |error| LocalError::Data(data.to_owned(), error);
    std::fs::create_dir_all(data).map_err(unusable)?;
    let file =
        File::options().write(true).create(true).truncate(false).open(data.join("lock")).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LocalError::DataInUse(data.to_owned())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

/// What a house has of its own, in its folder or in memory.
struct Belongings {
    data: Option<PathBuf>,
    lock: Option<File>,
    parameters: Arc<Parameters>,
    mailbox: Arc<Mailbox>,
    queue: Arc<FailureQueue>,
}

impl Belongings {
    fn open(options: &Options) -> Result<Self, LocalError> {
        let data = (!options.memory).then(|| options.data.clone());
        let lock = data.as_deref().map(lock).transpose()?;
        let mut parameters = match &data {
            Some(data) => Parameters::in_file(&data.join("parameters.json"))?,
            None => Parameters::generate()?,
        };
        if let Some(file) = &options.social_providers {
            parameters.offer_to_sign_in_with(file)?;
        }
        Ok(Self {
            lock,
            parameters: Arc::new(parameters),
            mailbox: Arc::new(journal(data.as_deref(), "mail.jsonl")?),
            queue: Arc::new(journal(data.as_deref(), "failures.jsonl")?),
            data,
        })
    }
}

fn journal<T: serde::Serialize + serde::de::DeserializeOwned>(
    data: Option<&Path>,
    name: &str,
) -> Result<Journal<T>, LocalError> {
    match data {
        None => Ok(Journal::in_memory()),
        Some(data) => {
            Journal::in_file(&data.join(name)).map_err(|error| LocalError::Data(data.join(name), error))
        }
    }
}

/// What a deployment would put into the functions' environment.
async fn settings(
    options: &Options,
    url: &str,
    dynamodb_endpoint: &str,
    catcher: &Catcher,
    parameters: &Parameters,
) -> Result<(Settings, SdkConfig), LocalError> {
    let or_caught = |endpoint: &Option<String>| {
        let endpoint = endpoint.as_deref().unwrap_or(catcher.endpoint());
        Some(endpoint.trim_end_matches('/').to_owned())
    };
    let mut settings = Settings {
        stage: "local".to_owned(),
        table: Some(options.table.clone()),
        site_url: Some(url.to_owned()),
        mail_from: Some(MAIL_FROM.to_owned()),
        failure_queue_url: Some(catcher.queue_url()),
        token_keys: Some(parameters.token_keys().to_owned()),
        secrets_path: Some(SECRETS_PATH.to_owned()),
        days_kept: Duration::from_millis(options.days_kept_ms),
        dynamodb_endpoint: Some(dynamodb_endpoint.to_owned()),
        ses_endpoint: or_caught(&options.ses_endpoint),
        ssm_endpoint: or_caught(&options.ssm_endpoint),
        sqs_endpoint: Some(catcher.endpoint().to_owned()),
        ..Settings::default()
    };
    let aws = aws(&settings, options).await;
    if options.ssm_endpoint.is_some() {
        settings.secrets_path = Some(options.secrets_path.clone());
        let secrets = Secrets::new(&aws, settings.ssm_endpoint.as_deref(), &options.secrets_path);
        let signing_key = secrets.get(names::TOKEN_SIGNING_KEY).await?;
        settings.token_keys = Some(jari_identity::jwks_of(&signing_key).map_err(LocalError::SigningKey)?);
    }
    Ok((settings, aws))
}

/// As functions have it. While every endpoint is on this machine, whatever account the developer is
/// signed in to has no part in it.
async fn aws(settings: &Settings, options: &Options) -> SdkConfig {
    let config = settings.aws_config().await;
    let elsewhere = [&options.dynamodb_endpoint, &options.ses_endpoint, &options.ssm_endpoint]
        .into_iter()
        .flatten()
        .any(|endpoint| !on_this_machine(endpoint));
    if elsewhere {
        return config;
    }
    let credentials = Credentials::from_keys("local", "local", None);
    config
        .into_builder()
        .region(Region::from_static(LOCAL_REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

/// Tells the handlers whom the connection is with, as the gateway does on AWS.
async fn note_client_address(
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    mut request: axum::extract::Request,
) -> axum::extract::Request {
    request.extensions_mut().insert(ClientAddress(address.ip()));
    request
}

fn serve(listener: TcpListener, routes: axum::Router, mut closing: watch::Receiver<()>) -> JoinHandle<()> {
    let routes = routes.layer(axum::middleware::map_request(note_client_address));
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        // Told to close, or dropped without a word.
        let _ = closing.changed().await;
    });
    tokio::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the house stopped serving");
        }
    })
}

fn on_this_machine(endpoint: &str) -> bool {
    let authority = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|host| authority.strip_prefix(host).is_some_and(|port| port.is_empty() || port.starts_with(':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_this_machine() {
        for ours in ["http://127.0.0.1:8000", "http://localhost:8000/", "http://localhost", "http://[::1]:80"]
        {
            assert!(on_this_machine(ours), "{ours}");
        }
        for theirs in [
            "https://dynamodb.ap-northeast-2.amazonaws.com",
            "http://localhost.example.com:8000",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1/localhost",
        ] {
            assert!(!on_this_machine(theirs), "{theirs}");
        }
    }
}
