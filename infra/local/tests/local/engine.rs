//! The embedded engine, asked by the real SDK client.

use crate::table::{TABLE, client, create_table, key};
use aws_sdk_dynamodb::types::AttributeValue;
use jari_local::{Engine, HouseClock, clock::instant};

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_claims_on_one_cell_exactly_one_wins() {
    let engine = Engine::in_memory(HouseClock::new()).unwrap();
    let client = client(engine.endpoint()).await;
    create_table(&client).await;
    // Without the condition everyone "wins": the race is real and the condition decides it.
    for (conditional, expected_winners) in [(true, 1), (false, 50)] {
        let claims = (0..50).map(|n: u8| {
            let client = client.clone();
            tokio::spawn(async move {
                let claim = client
                    .update_item()
                    .table_name(TABLE)
                    .key("PK", key(&format!("DAY#{conditional}")))
                    .key("SK", key("TABLE#1"))
                    .update_expression("SET #c = :claim")
                    .expression_attribute_names("#c", "1984320")
                    .expression_attribute_values(":claim", AttributeValue::B(vec![n; 14].into()));
                let claim =
                    if conditional { claim.condition_expression("attribute_not_exists(#c)") } else { claim };
                claim.send().await.is_ok()
            })
        });
        let outcomes = futures::future::join_all(claims).await;
        let winners = outcomes.into_iter().filter(|won| *won.as_ref().unwrap()).count();
        assert_eq!(winners, expected_winners);
    }
}

#[tokio::test]
async fn what_is_over_by_the_houses_time_is_swept_in_memory_and_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jari.sqlite");
    let clock = HouseClock::new();
    for engine in [Engine::in_memory(clock.clone()).unwrap(), Engine::in_file(&file, clock.clone()).unwrap()]
    {
        let now = instant("2026-12-24T19:00:00+09:00").unwrap();
        clock.set(now);
        let client = client(engine.endpoint()).await;
        create_table(&client).await;
        for (name, seconds) in [("soon", 600), ("later", 7200)] {
            let over = (now.as_second() + seconds).to_string();
            client
                .put_item()
                .table_name(TABLE)
                .item("PK", key(name))
                .item("SK", key("-"))
                .item("expiresAt", AttributeValue::N(over))
                .send()
                .await
                .unwrap();
        }
        assert_eq!(engine.sweep_expired().unwrap(), 0);
        clock.set(now + jiff::SignedDuration::from_hours(1));
        assert_eq!(engine.sweep_expired().unwrap(), 1);
        let left = client.scan().table_name(TABLE).send().await.unwrap();
        assert_eq!(left.items()[0]["PK"], key("later"));
        assert_eq!(left.count(), 1);
        engine.shut_down();
    }
}
