//! `cargo local` killed in the middle of its work and opened again: what was answered with 201 is there, and so is its
//! mail.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::{path::Path, process::Stdio, time::Duration};

use jari_tests::{Answer, workspace};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// Long enough that the demo's restaurants are open on the days asked for.
const NOW: &str = "2026-12-01T10:00:00+09:00";
const RESTAURANT: &str = "rst_01jar100000000000000000002";
const DAYS: [&str; KILLS] = ["2026-12-22", "2026-12-23", "2026-12-24"];
const KILLS: usize = 3;
/// A debug binary on a busy machine, with the demo to load.
const OPENS_WITHIN: Duration = Duration::from_mins(1);

/// The real binary, running.
struct Local {
    process: Child,
    url: String,
    client: reqwest::Client,
}

impl Local {
    async fn open(data: &Path) -> Self {
        let mut process = Command::new(workspace::binary("jari-local"))
            .args(["--port", "0", "--now", NOW, "--data"])
            .arg(data)
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
        Self { process, url, client: reqwest::Client::new() }
    }

    /// As `kill -9` does it: nobody is asked.
    async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    async fn book(&self, guest: &str, time: &str) -> Answer {
        let body = json!({
            "restaurantId": RESTAURANT, "startsAt": time, "partySize": 2,
            "guest": { "name": guest, "email": format!("{guest}@jari.test"), "language": "ko" },
        });
        Answer::to(self.client.post(format!("{}/v1/reservations", self.url)).json(&body)).await
    }

    async fn get(&self, path: &str) -> Answer {
        Answer::to(self.client.get(format!("{}{path}", self.url))).await
    }

    /// Waits until everything written so far has been mailed, and that has been written down.
    async fn rest(&self) {
        Answer::to(self.client.post(format!("{}/_local/stream/drained", self.url))).await.is(204);
    }

    /// The free times of a day.
    async fn free(&self, date: &str) -> Vec<String> {
        let path = format!("/v1/restaurants/{RESTAURANT}/availability?partySize=2&date={date}");
        let slots = self.get(&path).await.is(200).json["days"][0]["slots"].clone();
        let free = slots.as_array().unwrap().iter().filter(|slot| slot["available"] == true);
        free.map(|slot| slot["startsAt"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_with_201_survives_kill_9_and_is_mailed() {
    let folder = tempfile::tempdir().unwrap();
    let mut booked: Vec<(String, Value)> = Vec::new();
    for (round, date) in DAYS.into_iter().enumerate() {
        let local = Local::open(folder.path()).await;
        let times = local.free(date).await;
        assert!(times.len() >= 4, "{date}: {times:?}");
        for (n, time) in times.iter().step_by(times.len() / 3).enumerate() {
            let guest = format!("guest{round}-{n}");
            let answer = local.book(&guest, time).await.is(201);
            booked.push((guest, answer.json));
        }
        // At once, while the last mails are on their way.
        local.kill().await;
    }
    let local = Local::open(folder.path()).await;
    for (_, reservation) in &booked {
        let path = format!("{}/v1/reservations/{}", local.url, reservation["id"].as_str().unwrap());
        let request = local.client.get(path).bearer_auth(reservation["linkToken"].as_str().unwrap());
        let seen = Answer::to(request).await.is(200);
        assert_eq!(
            (&seen.json["status"], &seen.json["startsAt"]),
            (&json!("confirmed"), &reservation["startsAt"])
        );
    }
    // A mail that was being sent at the kill waits until its lease has ended.
    let clock = local.client.post(format!("{}/_local/clock", local.url)).json(&json!({ "advance": "PT5M" }));
    Answer::to(clock).await;
    let mut mails = Value::Null;
    for _ in 0..80 {
        Answer::to(local.client.post(format!("{}/_local/stream/drained", local.url))).await;
        mails = local.get("/_local/mail").await.is(200).json["items"].clone();
        if mails.as_array().unwrap().len() >= 2 * booked.len() {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let queue = local.get("/_local/queue").await;
    // A mail that was taken in the instant of a kill may come again: nobody was left to write down that it was out. The
    // sender sends one at a time, so that is one a kill at most; and none is ever missing.
    let mut again = 0;
    for (guest, _) in &booked {
        let to = format!("{guest}@jari.test");
        let theirs =
            mails.as_array().unwrap().iter().filter(|mail| mail["to"].as_str().unwrap().contains(&to));
        let count = theirs.count();
        assert!((1..=2).contains(&count), "{count} for {guest}; parked: {}", queue.text);
        again += count - 1;
    }
    assert!(again <= KILLS, "{again} mails came again");
    local.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_mailed_before_a_kill_is_not_mailed_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut guests = Vec::new();
    for date in DAYS.into_iter().take(2) {
        let local = Local::open(folder.path()).await;
        for time in local.free(date).await.iter().step_by(6) {
            let guest = format!("guest{}", guests.len());
            local.book(&guest, time).await.is(201);
            guests.push(format!("{guest}@jari.test"));
        }
        local.rest().await;
        local.kill().await;
    }
    let local = Local::open(folder.path()).await;
    // Beyond every lease: who would send again does so now.
    let clock = local.client.post(format!("{}/_local/clock", local.url)).json(&json!({ "advance": "PT5M" }));
    Answer::to(clock).await.is(200);
    local.rest().await;
    let mails = local.get("/_local/mail").await.is(200).json["items"].clone();
    assert!(guests.len() >= 2, "{guests:?}");
    for guest in &guests {
        let theirs = mails.as_array().unwrap().iter().filter(|mail| mail["to"].as_str() == Some(guest));
        assert_eq!(theirs.count(), 1, "{guest}");
    }
    local.kill().await;
}
