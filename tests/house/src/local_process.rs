//! The built `jari-local` as a process of its own, on a data folder, to be killed.

use std::{path::Path, process::Stdio, sync::Arc, time::Duration};

use jari_local::{Engine, HouseClock, Journal, catcher::Mail};
use jari_store::{Item, Store};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{Answer, house::local_aws, workspace};

/// A debug binary on a busy machine, with the demo to load.
const OPENS_WITHIN: Duration = Duration::from_mins(1);

/// A running house. Dropping it kills it.
pub struct LocalProcess {
    process: Child,
    door: Door,
}

/// What a house that was killed has left in its folder.
pub struct LeftBehind {
    /// The items of its table.
    pub items: Vec<Item>,
    /// The mails that its SES had taken.
    pub mails: Vec<Arc<Mail>>,
}

/// The way in, open or not.
#[derive(Clone)]
pub struct Door {
    url: String,
    client: reqwest::Client,
}

impl LocalProcess {
    /// Opens it on this folder, on a free port.
    pub async fn open(data: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new(workspace::binary("jari-local"))
            .args(["--port", "0", "--data"])
            .arg(data)
            .args(arguments)
            .env_remove("JARI_DYNAMODB_ENDPOINT")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = tokio::time::timeout(OPENS_WITHIN, lines.next_line()).await.expect("it opens").unwrap();
        let first = first.expect("it says where it is");
        let url = first.strip_prefix("Jari is open at ").unwrap_or_else(|| panic!("{first}")).to_owned();
        Self { process, door: Door { url, client: reqwest::Client::new() } }
    }

    /// As `kill -9` does it: nobody is asked.
    pub async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    /// For those who talk to it while it is killed.
    pub fn door(&self) -> Door {
        self.door.clone()
    }

    /// A request, to be completed and sent by [`Answer::to`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.door.request(method, path)
    }

    /// Waits until everything written so far has been mailed, and that has been written down.
    pub async fn rest(&self) {
        Answer::to(self.request(Method::POST, "/_local/stream/drained")).await.is(204);
    }

    /// Moves its clock on.
    pub async fn advance(&self, by: &str) {
        Answer::to(self.request(Method::POST, "/_local/clock").json(&json!({ "advance": by }))).await.is(200);
    }

    /// What it has caught, newest first: `mail` or `queue`.
    pub async fn caught<T: DeserializeOwned>(&self, what: &str) -> Vec<T> {
        let answer = Answer::to(self.request(Method::GET, &format!("/_local/{what}"))).await.is(200);
        serde_json::from_value(answer.json["items"].clone()).unwrap()
    }

    /// Its table.
    pub async fn store(&self) -> Store {
        let (endpoint, table) = self.table().await;
        Store::new(&local_aws().await, Some(&endpoint), &table)
    }

    /// Every item of its table.
    pub async fn items(&self) -> Vec<Item> {
        let (endpoint, table) = self.table().await;
        items_at(&endpoint, &table).await
    }

    async fn table(&self) -> (String, String) {
        let table = Answer::to(self.request(Method::GET, "/_local/dynamodb")).await.is(200).json;
        let text = |name: &str| table[name].as_str().unwrap().to_owned();
        (text("endpoint"), text("table"))
    }
}

impl LeftBehind {
    /// Looks into the folder while nobody has it open; nothing goes on meanwhile.
    pub async fn in_folder(data: &Path) -> Self {
        let engine = Engine::in_file(&data.join("jari.sqlite"), HouseClock::new()).unwrap();
        let items = items_at(engine.endpoint(), "jari-local").await;
        tokio::task::spawn_blocking(|| engine.shut_down()).await.unwrap();
        Self { items, mails: Journal::in_file(&data.join("mail.jsonl")).unwrap().newest_first() }
    }
}

async fn items_at(endpoint: &str, table: &str) -> Vec<Item> {
    let config = aws_sdk_dynamodb::config::Builder::from(&local_aws().await).endpoint_url(endpoint);
    let client = aws_sdk_dynamodb::Client::from_conf(config.build());
    every_item(&client, table).await
}

/// Every item of a table as it is stored.
pub(crate) async fn every_item(client: &aws_sdk_dynamodb::Client, table: &str) -> Vec<Item> {
    // The embedded engine reads all that is left of the table for each page, unless it is told how long a page is.
    let pages = client.scan().table_name(table).limit(1_000).into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.unwrap()
}

impl Door {
    /// A request, to be completed and sent by [`Answer::to`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }
}
