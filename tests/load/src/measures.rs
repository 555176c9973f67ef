//! What is measured, one file a measure.

pub(crate) mod booking;
pub(crate) mod cost;
pub(crate) mod evening;
pub(crate) mod flash_sale;
pub(crate) mod functions;
pub(crate) mod growth;
pub(crate) mod reading;
pub(crate) mod soak;

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
};
use http::StatusCode;
use jari_domain::RestaurantId;
use jari_tests::DAY;
use serde_json::json;

use crate::{
    connection::{Ask, Connection},
    load::Worker,
};

/// As many as ask at once where throughput is measured: enough to keep two cores busy, few enough that nobody waits long.
const AT_ONCE: usize = 32;
/// Where everybody can sit for ninety minutes one after another.
const TURNS: [&str; 4] = ["17:00", "18:30", "20:00", "21:30"];

/// Whoever asks the house.
pub(crate) struct Guest {
    connection: Connection,
    expected: StatusCode,
}

impl Guest {
    pub(crate) async fn several(
        count: usize,
        address: SocketAddr,
        expected: StatusCode,
    ) -> Result<Vec<Self>> {
        let mut guests = Vec::with_capacity(count);
        for _ in 0..count {
            guests.push(Self { connection: Connection::open(address).await?, expected });
        }
        Ok(guests)
    }
}

impl Worker<Ask> for Guest {
    async fn work(&mut self, job: &Ask) -> Result<()> {
        let answer = self.connection.send(job).await?;
        ensure!(
            answer.status == self.expected,
            "{} {}: {} {}",
            job.method,
            job.path,
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        Ok(())
    }
}

/// A booking for two by a guest of that number.
fn booking(restaurant: RestaurantId, time: &str, guest: usize) -> Ask {
    Ask::post(
        "/v1/reservations",
        json!({
            "restaurantId": restaurant,
            "startsAt": jari_tests::on_day(time),
            "partySize": 2,
            "guest": {
                "name": "김민지",
                "email": format!("guest{guest}@load.test"),
                "phone": "+821012345678",
                "language": "ko",
            },
        }),
    )
}

/// The free times of the day that is booked.
fn times(restaurant: RestaurantId) -> Ask {
    Ask::get(format!("/v1/restaurants/{restaurant}/availability?partySize=2&date={DAY}"))
}

/// The SDK's own client, without anything of the house.
fn raw(endpoint: &str) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("ap-northeast-2"))
        .credentials_provider(Credentials::from_keys("local", "local", None))
        .endpoint_url(endpoint)
        .build();
    Client::from_conf(config)
}
