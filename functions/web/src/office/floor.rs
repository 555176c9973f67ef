//! `/office/{restaurantId}/floor`: areas, tables, and which tables can be joined.

use askama::Template;
use axum::response::Response;
use jari_api::{Code, Form, Problem, parts};
use jari_domain::{Combination, TableId};
use jari_identity::Operation;
use jari_operations::new_table;
use jari_store::{RestaurantPart, StoredRestaurant};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    head::{Head, Room},
    part::{Part, Shown, Told},
    rows::Press,
    summary::{self, Summary},
};
use crate::{
    page::{Frame, answer},
    posted::Inputs,
    texts::Texts,
};

pub(crate) struct Floor;

#[derive(Template)]
#[template(path = "office/floor.html")]
struct Page {
    frame: Frame,
    head: Head,
    told: Told,
    inputs: Option<Inputs>,
    /// The areas and the tables of the form, to choose from.
    areas: Options,
    tables: Options,
}

/// Values and how people call them.
type Options = Vec<(String, String)>;

const WAYS: [&str; 3] = ["online", "inHouse", "walkIn"];
/// So many tables are added at once by the second button.
const SEVERAL: usize = 5;

impl Part for Floor {
    const ROOM: Room = Room::Floor;
    const SEES: Operation = Operation::GetFloor;
    const CHANGES: Operation = Operation::PutFloor;
    const STRANDS: bool = true;

    fn revision(stored: &StoredRestaurant) -> u64 {
        stored.revisions.floor
    }

    /// A floor without an area gets one to begin with: most houses have a hall and nothing more.
    fn values(stored: &StoredRestaurant) -> Value {
        let mut values = json!(stored.restaurant.floor);
        if stored.restaurant.floor.areas.is_empty() {
            values["areas"] = json!([{ "key": "hall", "name": { "ko": "홀", "en": "Hall" } }]);
        }
        values
    }

    fn summary(stored: &StoredRestaurant, t: Texts) -> Summary {
        summary::floor(&stored.restaurant.floor, t)
    }

    fn complete(values: &mut Value, _: &StoredRestaurant) {
        let Some(values) = values.as_object_mut() else { return };
        for name in ["areas", "tables"] {
            values.entry(name).or_insert_with(|| json!([]));
        }
        for (list, rows) in values.iter_mut() {
            for row in rows.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
                if list == "areas" {
                    row.entry("name").or_insert_with(|| json!({}));
                    continue;
                }
                let who = row.entry("bookable").or_insert_with(|| json!({}));
                for way in WAYS {
                    if let Some(who) = who.as_object_mut() {
                        who.entry(way).or_insert_with(|| json!("false"));
                    }
                }
            }
        }
    }

    fn read(form: &Form, _: &StoredRestaurant, now: Timestamp) -> Result<RestaurantPart, Problem> {
        let new = || new_table(now).map_err(|_| Problem::new(Code::Unavailable));
        parts::floor::read(form.fields(), new).map(RestaurantPart::Floor)
    }

    fn press(values: &mut Value, button: &str, now: Timestamp) -> Option<()> {
        let press = Press::read(button)?;
        let gone = removed_table(values, press);
        let area = values.pointer("/areas/0/key").cloned().unwrap_or_else(|| json!("hall"));
        press.on(values, |rows| {
            let count = if press.verb == "add-several" { SEVERAL } else { 1 };
            let new = |n: usize| match press.list {
                "areas" => Some(json!({ "key": free_key(rows), "name": {} })),
                "tables" => Some(next_table(rows, n, &area, new_table(now).ok()?)),
                "combinations" => Some(json!({ "minParty": "", "maxParty": "", "bookable": open_to_all() })),
                _ => None,
            };
            (0..count).map(new).collect()
        })?;
        if let Some(gone) = gone {
            leave_out(values, &gone);
        }
        Some(())
    }

    fn page(shown: Shown<'_>) -> Response {
        let Shown { status, frame, head, told, inputs, .. } = shown;
        let (areas, tables) =
            inputs.as_ref().map_or_else(Default::default, |inputs| choices(inputs, frame.t));
        let page = Page { frame, head, told, inputs, areas, tables };
        answer(status, &page.frame, &page)
    }
}

impl Page {
    /// So many tables can be chosen in the combination at `at`: those it has, and one more.
    fn members(&self, at: &str) -> std::ops::Range<usize> {
        let count =
            self.inputs.as_ref().map(|inputs| inputs.count(format!("{at}/tables"))).unwrap_or_default();
        0..(count + 1).clamp(2, Combination::MAX_TABLES)
    }
}

/// The areas and tables of the form by key and id, the way people call them. What a table names and is not there is a
/// choice as well, or the browser would choose another for it.
fn choices(inputs: &Inputs, t: Texts) -> (Options, Options) {
    let language = t.code();
    let mut areas = Vec::new();
    for n in 0..inputs.count("areas") {
        let at = inputs.row("areas", n);
        let named = |language: &str| inputs.value(format!("{at}/name/{language}")).to_owned();
        let name = [named(language), named("ko"), named("en")].into_iter().find(|name| !name.is_empty());
        let unnamed = || t.with("office-area-number").set("number", n + 1).to_string();
        areas.push((inputs.value(format!("{at}/key")).to_owned(), name.unwrap_or_else(unnamed)));
    }
    let mut tables = vec![(String::new(), "—".to_owned())];
    for n in 0..inputs.count("tables") {
        let at = inputs.row("tables", n);
        let area = inputs.value(format!("{at}/area"));
        if !areas.iter().any(|(key, _)| key == area) {
            areas.push((area.to_owned(), t.say("office-no-such-area").into_owned()));
        }
        let name = inputs.value(format!("{at}/name")).to_owned();
        tables.push((inputs.value(format!("{at}/id")).to_owned(), name));
    }
    (areas, tables)
}

fn open_to_all() -> Value {
    json!({ "online": "true", "inHouse": "true", "walkIn": "true" })
}

/// A table like the last one, called by the next number.
fn next_table(rows: &[Value], after: usize, first_area: &Value, id: TableId) -> Value {
    let last = rows.last();
    let of_last =
        |field: &str, otherwise: Value| last.and_then(|last| last.get(field)).cloned().unwrap_or(otherwise);
    json!({
        "id": id,
        "name": (rows.len() + after + 1).to_string(),
        "area": of_last("area", first_area.clone()),
        "minParty": of_last("minParty", json!("1")),
        "maxParty": of_last("maxParty", json!("4")),
        "bookable": of_last("bookable", open_to_all()),
    })
}

/// A key that no other area of the form has. It is never shown: reservations keep it, whatever the area is called.
fn free_key(rows: &[Value]) -> String {
    let taken = |key: &String| rows.iter().any(|row| row.get("key").and_then(Value::as_str) == Some(key));
    let keys = (rows.len() + 1..).map(|n| format!("area-{n}"));
    keys.take(rows.len() + 1).find(|key| !taken(key)).unwrap_or_default()
}

/// The id of the table that `press` removes.
fn removed_table(values: &Value, press: Press<'_>) -> Option<Value> {
    if (press.verb, press.list) != ("remove", "tables") {
        return None;
    }
    values.pointer(&format!("/tables/{}/id", press.row?)).cloned()
}

/// A table that is gone can't be joined with others.
fn leave_out(values: &mut Value, table: &Value) {
    let combinations = values.get_mut("combinations").and_then(Value::as_array_mut);
    for combination in combinations.into_iter().flatten() {
        if let Some(tables) = combination.get_mut("tables").and_then(Value::as_array_mut) {
            tables.retain(|member| member != table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-12-01T01:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_new_table_is_like_the_last_one_and_has_an_id_to_be_joined_by() {
        let mut values = json!({
            "areas": [{ "key": "room" }],
            "tables": [{ "id": "tbl_1", "name": "창가", "area": "room", "minParty": "2", "maxParty": "6", "bookable": { "online": "true" } }],
        });
        Floor::press(&mut values, "add-several:tables", now()).unwrap();
        let tables = values["tables"].as_array().unwrap();
        assert_eq!(tables.len(), 6);
        let last = &tables[5];
        assert_eq!(
            (&last["name"], &last["area"], &last["maxParty"]),
            (&json!("6"), &json!("room"), &json!("6"))
        );
        assert!(last["id"].as_str().unwrap().starts_with("tbl_") && last["id"] != tables[4]["id"]);
        assert_eq!(Floor::press(&mut values, "add:chairs", now()), None);
    }

    #[test]
    fn a_table_that_is_taken_out_is_taken_out_of_its_combinations() {
        let mut values = json!({
            "tables": [{ "id": "tbl_1" }, { "id": "tbl_2" }, { "id": "tbl_3" }],
            "combinations": [{ "tables": ["tbl_1", "tbl_2", "tbl_3"] }],
        });
        Floor::press(&mut values, "remove:tables/1", now()).unwrap();
        assert_eq!(values["combinations"][0]["tables"], json!(["tbl_1", "tbl_3"]));
        assert_eq!(values["tables"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn a_new_area_has_a_key_of_its_own() {
        let mut values = json!({ "areas": [{ "key": "area-2" }] });
        Floor::press(&mut values, "add:areas", now()).unwrap();
        assert_eq!(values["areas"][1]["key"], "area-3");
    }
}
