//! Replacing the floor, the schedule or the policy: each has its own body to read, and all else is the same. What was there
//! is replaced at the revision that the caller saw, and the answer tells what the change has left behind.

use axum::response::Response;
use jari_api::{IfMatch, Problem, respond};
use jari_identity::Operation;
use jari_operations::Admitted;
use jari_store::{RestaurantPart, StoredRestaurant};
use jari_wiring::StrandedView;
use serde::Serialize;
use serde_json::json;

use crate::{
    floor::{WarningView, warnings},
    office::{Office, Shown},
    stranded_now::stranded_now,
};

/// The answer: the part as it is now, and what the change has left behind.
#[derive(Serialize)]
struct Changed<'a, T> {
    #[serde(flatten)]
    shown: Shown<'a, T>,
    stranded: Vec<StrandedView>,
    /// None of a part that can't leave a table without online guests.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<WarningView>>,
}

/// Puts `part` in place of the one that `shown` finds, or tells why not.
pub(crate) async fn put_part<T: Serialize>(
    office: &Office,
    admitted: &Admitted,
    operation: Operation,
    part: RestaurantPart,
    seen: IfMatch,
    shown: fn(&StoredRestaurant) -> Shown<'_, T>,
) -> Result<Response, Problem> {
    let is_warned_of = matches!(part, RestaurantPart::Floor(_) | RestaurantPart::Policy(_));
    let after = office.change(admitted, operation, part, seen, |current| json!(shown(current))).await?;
    let restaurant = &after.restaurant;
    let stranded = stranded_now(&office.store, restaurant, &office.clock).await?;
    let warnings = is_warned_of.then(|| warnings(&restaurant.floor, &restaurant.policy));
    let shown = shown(&after);
    Ok(respond::revised(shown.revision, &Changed { shown, stranded, warnings }))
}
