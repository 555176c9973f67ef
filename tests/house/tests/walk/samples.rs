//! A request for each operation that succeeds when somebody is let in, and finds the scene as it was set.

use jari_identity::Operation;
use jari_tests::{DAY, House, on_day};
use serde_json::{Value, json};

use super::scene::{Scene, Walker};

/// What an operation is asked with, beside who asks.
pub(crate) struct Sample {
    /// The values of the path's parameters.
    pub(crate) path: Vec<(&'static str, String)>,
    /// From its question mark on.
    pub(crate) query: String,
    /// Null: none.
    pub(crate) body: Value,
}

/// The sample of an operation. No arm for "all others": whoever adds an operation has to think of it here.
pub(crate) async fn sample(house: &House, scene: &Scene, operation: Operation, walker: Walker) -> Sample {
    use Operation as O;
    let (query, body) = match operation {
        O::GetAvailability => (format!("?partySize=2&date={DAY}"), Value::Null),
        O::CreateReservation => {
            let guest = json!({ "name": "김민지", "email": "new@jari.test", "language": "ko" });
            let wish = json!({
                "restaurantId": scene.bistro.id(), "startsAt": on_day("20:30"), "partySize": 2, "guest": guest,
            });
            (String::new(), wish)
        }
        O::ConfirmReservation => {
            let guest = json!({ "name": "김민지", "email": "own@jari.test", "language": "ko" });
            (String::new(), json!({ "guest": guest }))
        }
        O::ChangeReservation => (String::new(), json!({ "note": "창가 자리" })),
        O::UpdateMe => (String::new(), json!({ "language": "en" })),
        _ => (String::new(), Value::Null),
    };
    let _ = (house, walker);
    let path = vec![
        ("restaurantId", scene.bistro.id().to_string()),
        ("reservationId", scene.own.id.to_string()),
        ("date", DAY.to_owned()),
    ];
    Sample { path, query, body }
}
