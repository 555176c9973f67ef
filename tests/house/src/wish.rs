//! What a guest asks for: `table_for(2).at("19:00").by("minji")`.

use jari_domain::RestaurantId;
use serde_json::{Value, json};

use crate::{Person, house::DAY};

/// A wish for a table, as it is sent.
#[derive(Clone, Debug)]
pub struct Wish {
    pub(crate) restaurant: Option<RestaurantId>,
    pub(crate) body: Value,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) person: Option<Person>,
}

/// For so many; at 19:00 of [`DAY`], by Minji, at the house's first restaurant, unless said otherwise.
pub fn table_for(party: u8) -> Wish {
    let body = json!({ "startsAt": on_day("19:00"), "partySize": party });
    Wish { restaurant: None, body, headers: Vec::new(), person: None }.by("minji")
}

/// A time of [`DAY`] in Seoul, as the wire shows it. A whole instant stays as it is.
pub fn on_day(time: &str) -> String {
    if time.len() == 5 { format!("{DAY}T{time}:00+09:00") } else { time.to_owned() }
}

impl Wish {
    /// At this restaurant.
    pub fn in_restaurant(mut self, restaurant: RestaurantId) -> Self {
        self.restaurant = Some(restaurant);
        self
    }

    /// At this time of [`DAY`], or this instant.
    pub fn at(self, time: &str) -> Self {
        self.with("startsAt", on_day(time))
    }

    /// By this guest, who reads Korean.
    pub fn by(self, name: &str) -> Self {
        let guest = json!({ "name": name, "email": format!("{name}@jari.test"), "phone": "+821012345678", "language": "ko" });
        self.with("guest", guest)
    }

    /// Asked for by somebody who has signed in.
    pub fn asked_by(mut self, person: &Person) -> Self {
        self.person = Some(person.clone());
        self
    }

    /// By someone who is not known yet.
    pub fn by_nobody_yet(mut self) -> Self {
        self.body.as_object_mut().unwrap().remove("guest");
        self
    }

    /// To be held only.
    pub fn held(self) -> Self {
        self.with("hold", true).by_nobody_yet()
    }

    /// In this area.
    pub fn in_area(self, area: &str) -> Self {
        self.with("area", area)
    }

    /// Under this idempotency key.
    pub fn under_key(self, key: &str) -> Self {
        self.with_header("idempotency-key", key)
    }

    /// In the visit of this token.
    pub fn on_visit(self, token: &str) -> Self {
        self.with_header("jari-visit", token)
    }

    /// With any field.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.body[field] = value.into();
        self
    }

    /// With any header.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}
