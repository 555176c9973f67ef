//! `/office/{restaurantId}/policy`: what diners may do, number by number.

use askama::Template;
use axum::response::Response;
use jari_api::{Form, Problem, parts};
use jari_identity::Operation;
use jari_store::{RestaurantPart, StoredRestaurant};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    head::{Head, Room},
    part::{Part, Shown, Told},
    summary::{self, Summary},
};
use crate::{
    page::{Frame, answer},
    posted::Inputs,
    texts::Texts,
};

pub(crate) struct Policy;

#[derive(Template)]
#[template(path = "office/policy.html")]
struct Page {
    frame: Frame,
    head: Head,
    told: Told,
    inputs: Option<Inputs>,
    confirmations: Vec<(&'static str, String)>,
}

impl Part for Policy {
    const ROOM: Room = Room::Policy;
    const SEES: Operation = Operation::GetPolicy;
    const CHANGES: Operation = Operation::PutPolicy;
    const STRANDS: bool = true;

    fn revision(stored: &StoredRestaurant) -> u64 {
        stored.revisions.policy
    }

    fn values(stored: &StoredRestaurant) -> Value {
        json!(stored.restaurant.policy)
    }

    fn summary(stored: &StoredRestaurant, t: Texts) -> Summary {
        summary::policy(&stored.restaurant.policy, t)
    }

    /// What is left out is the house's default to the reader; a page shows the number that is meant, or asks for it.
    fn complete(values: &mut Value, _: &StoredRestaurant) {
        let Some(values) = values.as_object_mut() else { return };
        for name in NUMBERS {
            values.entry(name).or_insert_with(|| json!(""));
        }
    }

    fn read(form: &Form, _: &StoredRestaurant, _: Timestamp) -> Result<RestaurantPart, Problem> {
        parts::policy::read(form.fields()).map(RestaurantPart::Policy)
    }

    fn page(shown: Shown<'_>) -> Response {
        let Shown { status, frame, head, told, inputs, .. } = shown;
        let t = frame.t;
        let confirmations = vec![
            ("instant", t.say("office-instant").into_owned()),
            ("request", t.say("office-request").into_owned()),
        ];
        let page = Page { frame, head, told, inputs, confirmations };
        answer(status, &page.frame, &page)
    }
}

const NUMBERS: [&str; 7] = [
    "windowDays",
    "cutoffMinutes",
    "maxOnlineParty",
    "changeUntilMinutes",
    "lateAfterMinutes",
    "holdMinutes",
    "maxOversize",
];
