//! `cargo local` killed in the middle of its work and opened again: what was answered with 201 is there, and so is its
//! mail.

use std::{path::Path, time::Duration};

use jari_tests::{Answer, LocalProcess};
use reqwest::Method;
use serde_json::{Value, json};

/// Long enough that the demo's restaurants are open on the days asked for.
const NOW: &str = "2026-12-01T10:00:00+09:00";
const RESTAURANT: &str = "rst_01jar100000000000000000002";
const DAYS: [&str; KILLS] = ["2026-12-22", "2026-12-23", "2026-12-24"];
const KILLS: usize = 3;

/// A house of its own process, with the demo.
struct Local(LocalProcess);

impl Local {
    async fn open(data: &Path) -> Self {
        Self(LocalProcess::open(data, &["--now", NOW]).await)
    }

    async fn kill(self) {
        self.0.kill().await;
    }

    async fn book(&self, guest: &str, time: &str) -> Answer {
        let body = json!({
            "restaurantId": RESTAURANT, "startsAt": time, "partySize": 2,
            "guest": { "name": guest, "email": format!("{guest}@jari.test"), "language": "ko" },
        });
        Answer::to(self.0.request(Method::POST, "/v1/reservations").json(&body)).await
    }

    async fn get(&self, path: &str) -> Answer {
        Answer::to(self.0.request(Method::GET, path)).await
    }

    /// Waits until everything written so far has been mailed, and that has been written down.
    async fn rest(&self) {
        self.0.rest().await;
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
        let path = format!("/v1/reservations/{}", reservation["id"].as_str().unwrap());
        let request =
            local.0.request(Method::GET, &path).bearer_auth(reservation["linkToken"].as_str().unwrap());
        let seen = Answer::to(request).await.is(200);
        assert_eq!(
            (&seen.json["status"], &seen.json["startsAt"]),
            (&json!("confirmed"), &reservation["startsAt"])
        );
    }
    // A mail that was being sent at the kill waits until its lease has ended.
    local.0.advance("PT5M").await;
    let mut mails = Value::Null;
    for _ in 0..80 {
        Answer::to(local.0.request(Method::POST, "/_local/stream/drained")).await;
        mails = local.get("/_local/mail").await.is(200).json["items"].clone();
        if mails.as_array().unwrap().len() >= 2 * booked.len() {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let queue = local.get("/_local/queue").await;
    // Also one that was taken in the instant of a kill: who sent it could not write it down, and SES told of it.
    for (guest, _) in &booked {
        let to = format!("{guest}@jari.test");
        let theirs =
            mails.as_array().unwrap().iter().filter(|mail| mail["to"].as_str().unwrap().contains(&to));
        assert_eq!(theirs.count(), 1, "for {guest}; parked: {}", queue.text);
    }
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
    local.0.advance("PT5M").await;
    local.rest().await;
    let mails = local.get("/_local/mail").await.is(200).json["items"].clone();
    assert!(guests.len() >= 2, "{guests:?}");
    for guest in &guests {
        let theirs = mails.as_array().unwrap().iter().filter(|mail| mail["to"].as_str() == Some(guest));
        assert_eq!(theirs.count(), 1, "{guest}");
    }
    local.kill().await;
}
