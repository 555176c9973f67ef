//! `/office/{restaurantId}/profile`: what a restaurant is, as shown to diners.

use askama::Template;
use axum::response::Response;
use jari_api::{Form, Problem, parts};
use jari_domain::{LocalizedText, Profile as Held};
use jari_identity::Operation;
use jari_store::{RestaurantPart, StoredRestaurant};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    head::{Head, Room},
    part::{Part, Shown, Told},
    summary::{self, Summary, price_band},
};
use crate::{
    page::{Frame, answer},
    places,
    posted::Inputs,
    texts::Texts,
};

pub(crate) struct Profile;

#[derive(Template)]
#[template(path = "office/profile.html")]
struct Page {
    frame: Frame,
    head: Head,
    told: Told,
    inputs: Option<Inputs>,
    choices: Choices,
    /// Whether zone and currency may still be others.
    is_being_set_up: bool,
}

/// What can be chosen from: keys with their names.
#[derive(Debug)]
pub(crate) struct Choices {
    pub(crate) areas: Vec<(String, String)>,
    pub(crate) cuisines: Vec<Choice>,
    pub(crate) price_bands: Vec<(u8, String)>,
}

/// A checkbox.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

impl Part for Profile {
    const ROOM: Room = Room::Profile;
    const SEES: Operation = Operation::GetProfile;
    const CHANGES: Operation = Operation::UpdateRestaurant;
    const STRANDS: bool = false;

    fn revision(stored: &StoredRestaurant) -> u64 {
        stored.revisions.profile
    }

    fn values(stored: &StoredRestaurant) -> Value {
        let profile = &stored.restaurant.profile;
        let mut values = json!(profile);
        if let Some(values) = values.as_object_mut() {
            values.remove("status");
            values.remove("rejection");
            // As it is dialled at home, where it is.
            values.insert("phone".into(), profile.phone.spoken(jari_domain::Language::Ko).into());
        }
        values
    }

    fn summary(stored: &StoredRestaurant, t: Texts) -> Summary {
        summary::profile(&stored.restaurant.profile, t)
    }

    fn complete(values: &mut Value, before: &StoredRestaurant) {
        let before: &Held = &before.restaurant.profile;
        let Some(values) = values.as_object_mut() else { return };
        complete_contact(values);
        // To the reader of a patch what is left out stays; on a page what is emptied is gone.
        for name in ["description", "cuisines", "area"] {
            values.entry(name).or_insert(Value::Null);
        }
        // A draft may go without an address for a while.
        if before.address == LocalizedText::default() && values.get("address") == Some(&json!({})) {
            values.remove("address");
        }
    }

    fn read(form: &Form, before: &StoredRestaurant, _: Timestamp) -> Result<RestaurantPart, Problem> {
        let mut form = form.clone();
        form.complete_phone("/phone");
        // `Form` holds no null: what is empty and may be is cleared.
        let mut values = form.value().clone();
        if let Some(values) = values.as_object_mut() {
            for name in ["description", "cuisines", "area"] {
                if values.get(name) == Some(&json!("")) {
                    values.insert(name.into(), Value::Null);
                }
            }
        }
        let profile = &before.restaurant.profile;
        let read = parts::profile::read_patch(jari_api::Fields::of_form(&values), profile);
        read.map(RestaurantPart::Profile)
    }

    fn page(shown: Shown<'_>) -> Response {
        let Shown { status, frame, head, told, inputs, stored, .. } = shown;
        let page = Page {
            choices: Choices::new(inputs.as_ref(), frame.t),
            is_being_set_up: stored.restaurant.profile.status.is_being_set_up(),
            frame,
            head,
            told,
            inputs,
        };
        answer(status, &page.frame, &page)
    }
}

/// What a page with a name, an address and ways to reach the house always asks for, though a browser leaves it out.
pub(crate) fn complete_contact(values: &mut Map<String, Value>) {
    for name in ["name", "address"] {
        values.entry(name).or_insert_with(|| json!({}));
    }
    for name in ["phone", "email"] {
        values.entry(name).or_insert_with(|| json!(""));
    }
    let location = values.entry("location").or_insert_with(|| json!({}));
    if let Some(location) = location.as_object_mut() {
        for name in ["lat", "lng"] {
            location.entry(name).or_insert_with(|| json!(""));
        }
    }
}

impl Choices {
    /// The choices of a form that has `inputs`: also what it holds and this house has no name for.
    pub(crate) fn new(inputs: Option<&Inputs>, t: Texts) -> Self {
        let area = inputs.map(|inputs| inputs.value("area").to_owned()).unwrap_or_default();
        let mut areas: Vec<(String, String)> = vec![(String::new(), t.say("office-no-area").into_owned())];
        let known = places::AREAS.iter().map(|key| ((*key).to_owned(), places::area(key, t)));
        areas.extend(known);
        if !areas.iter().any(|(key, _)| *key == area) {
            areas.push((area.clone(), places::area(&area, t)));
        }
        let chosen: Vec<String> = inputs.map(|inputs| inputs.list("cuisines")).unwrap_or_default();
        let mut cuisines: Vec<String> = places::CUISINES.iter().map(|key| (*key).to_owned()).collect();
        cuisines.extend(chosen.iter().filter(|key| !places::CUISINES.contains(&key.as_str())).cloned());
        let choice = |value: String| Choice {
            label: places::cuisine(&value, t),
            is_chosen: chosen.contains(&value),
            value,
        };
        let price_bands = (1..=4).map(|band| (band, price_band(band, t).into_owned())).collect();
        Self { areas, cuisines: cuisines.into_iter().map(choice).collect(), price_bands }
    }
}
