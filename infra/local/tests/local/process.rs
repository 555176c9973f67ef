//! The binary as a developer starts it: its one line, its signals, its refusals, and `kill -9`.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::types::AttributeValue;
use jari_local::{Engine, HouseClock, catcher::Mailbox};
use serde_json::Value;

struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    url: String,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jari-local"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["JARI_DYNAMODB_ENDPOINT", "JARI_SES_ENDPOINT", "JARI_SSM_ENDPOINT", "JARI_TABLE"] {
        command.env_remove(name);
    }
    command
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let url =
            line.strip_prefix("Jari is open at ").unwrap_or_else(|| panic!("not the promised line: {line}"));
        let url = url.trim_end().to_owned();
        Self { child, stdout, url }
    }

    async fn get(&self, path: &str) -> Value {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.get(format!("{}{path}", self.url)).send().await.unwrap();
        response.json().await.unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn data(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

#[tokio::test]
async fn what_was_answered_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(&["--port", "0", "--empty", "--data", data(folder.path())]);
    let told = process.get("/_local/dynamodb").await;
    let dynamodb = crate::table::client(told["endpoint"].as_str().unwrap()).await;
    let table = told["table"].as_str().unwrap();
    let number = |n: usize| AttributeValue::S(format!("KEPT#{n}"));
    for n in 0..200 {
        let put = dynamodb.put_item().table_name(table).item("PK", number(n)).item("SK", number(n));
        put.send().await.unwrap();
    }
    process.child.kill().unwrap();
    process.child.wait().unwrap();

    let engine = Engine::in_file(&folder.path().join("jari.sqlite"), HouseClock::new()).unwrap();
    let dynamodb = crate::table::client(engine.endpoint()).await;
    for n in 0..200 {
        let kept =
            dynamodb.get_item().table_name(table).key("PK", number(n)).key("SK", number(n)).send().await;
        assert!(kept.unwrap().item().is_some(), "item {n} was answered and is gone");
    }
    engine.shut_down();
    assert!(Mailbox::in_file(&folder.path().join("mail.jsonl")).unwrap().newest_first().is_empty());

    // And the house opens again on what is there.
    let again = Process::start(&["--port", "0", "--empty", "--data", data(folder.path())]);
    assert_eq!(again.get("/_local/mail").await["items"], serde_json::json!([]));
}

#[test]
fn one_line_on_standard_output_and_a_clean_end_on_a_signal() {
    for name in ["TERM", "INT"] {
        let mut process = Process::start(&["--port", "0", "--memory", "--empty"]);
        assert!(process.url.starts_with("http://localhost:"));
        let asked = Instant::now();
        let pid = process.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
        assert!(process.child.wait().unwrap().success());
        assert!(asked.elapsed() < Duration::from_secs(2), "took {:?}", asked.elapsed());
        let mut rest = String::new();
        process.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

#[test]
fn a_taken_port_and_a_folder_in_use_are_told_clearly() {
    let folder = tempfile::tempdir().unwrap();
    let first = Process::start(&["--port", "0", "--empty", "--data", data(folder.path())]);
    let port = first.url.rsplit(':').next().unwrap();

    let second = command(&["--port", port, "--memory"]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(told.contains(&format!("port {port} is taken")), "{told}");
    assert!(second.stdout.is_empty());

    let second = command(&["--port", "0", "--data", data(folder.path())]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(told.contains("in use by another"), "{told}");
}

#[test]
fn the_document_can_be_printed_without_opening_anything() {
    let printed = command(&["--print-openapi"]).output().unwrap();
    assert!(printed.status.success());
    let document: Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!((&document["openapi"], &document["info"]["title"]), (&"3.1.0".into(), &"Jari".into()));
    assert!(document["paths"]["/v1/health"]["get"].is_object());
}
