//! `/office/{restaurantId}/menu/{section}`: one section of a menu with its dishes, by its place from 0; `new` is one that is
//! not there yet. Prices are in the units people count in.

use askama::Template;
use axum::{
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Form, Problem, parts};
use jari_domain::{Currency, Menu, MenuSection};
use jari_identity::Operation;
use jari_operations::Admitted;
use jari_store::RestaurantPart;
use serde_json::{Value, json};

use super::{
    Away, Place,
    head::{Head, Room},
    let_in,
    part::{BUTTON, NotSaved, Notice, Told, save, seen},
    rows::{self, Press},
    summary,
};
use crate::{
    Desk,
    page::{Frame, answer},
    posted::{Faults, Inputs, Posted},
    tonight::path_text,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// Which section the page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// The one at this place, from 0.
    At(usize),
    /// One that is not there yet.
    New,
}

#[derive(Template)]
#[template(path = "office/menu_section.html")]
struct Page {
    frame: Frame,
    head: Head,
    told: Told,
    inputs: Inputs,
    address: String,
    is_new: bool,
    currency: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Which {
    type Rejection = TroublePage;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, TroublePage> {
        let named = path_text(parts, state, "section")
            .await
            .and_then(|text| if text == "new" { Some(Self::New) } else { text.parse().ok().map(Self::At) });
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        named.ok_or_else(|| visitor.trouble(Trouble::NoPage))
    }
}

impl Which {
    fn address(self, Place(id): Place) -> String {
        match self {
            Self::At(place) => format!("/office/{id}/menu/{place}"),
            Self::New => format!("/office/{id}/menu/new"),
        }
    }
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    place: Place,
    which: Which,
) -> Result<Response, Away> {
    let admitted = let_in(&desk, &visitor, Operation::PutMenu, place).await?;
    let stored = &admitted.stored;
    let values = match which {
        Which::New => json!({ "items": [{}, {}, {}] }),
        Which::At(at) => {
            let section = stored.menu.sections.get(at);
            values(section.ok_or_else(|| visitor.trouble(Trouble::NoPage))?)
        }
    };
    let frame = visitor.frame().private();
    let inputs = Inputs::new(&values, frame.language());
    let told = Told { revision: stored.revisions.menu, ..Told::default() };
    Ok(page(&admitted, place, which, frame, (StatusCode::OK, told, inputs)))
}

pub(crate) async fn send(
    State(desk): State<Desk>,
    place: Place,
    which: Which,
    mut posted: Posted,
) -> Result<Response, Away> {
    let admitted = let_in(&desk, &posted.visitor, Operation::PutMenu, place).await?;
    let stored = &admitted.stored;
    let seen = seen(&mut posted)?;
    let button = posted.take(BUTTON).unwrap_or_default();
    let Posted { visitor, form } = posted;
    let frame = visitor.frame().at(&which.address(place)).private();
    let (t, mut values) = (frame.t, form.value().clone());
    let mut told = Told { revision: seen, ..Told::default() };

    if !matches!(button.as_str(), "" | "save") {
        let press = Press::read(&button).filter(|press| press.list == "items");
        let pressed = press.and_then(|press| press.on(&mut values, |_| Some(vec![json!({})])));
        pressed.ok_or_else(|| visitor.trouble(Trouble::UnreadableForm))?;
        told.notice = Notice::waiting(t.say("office-not-saved-yet"));
        let inputs = Inputs::again(Form::holding(&values), Faults::default(), t.0);
        return Ok(page(&admitted, place, which, frame, (StatusCode::OK, told, inputs)));
    }

    rows::without_marks(&mut values);
    if let Some(values) = values.as_object_mut() {
        values.entry("name").or_insert_with(|| json!({}));
        let items = values.get_mut("items").and_then(Value::as_array_mut);
        for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
            item.entry("name").or_insert_with(|| json!({}));
        }
    }
    let form = Form::holding(&values);
    let faults = match read(&form, stored.restaurant.profile.currency, &stored.menu, which) {
        Ok(menu) => {
            match save(&desk, &admitted, Operation::PutMenu, RestaurantPart::Menu(menu), seen).await {
                Ok(()) => {
                    return Ok(Redirect::to(&format!("/office/{}/menu?saved=yes", place.0)).into_response());
                }
                Err(NotSaved::Trouble(trouble)) => return Err(visitor.trouble(trouble).into()),
                Err(NotSaved::Behind(current)) => {
                    told.notice = Notice::bad(t.say("office-section-behind"));
                    told.current = Some(summary::menu(&current.menu, t));
                    told.revision = current.revisions.menu;
                    let inputs = Inputs::again(form, Faults::default(), t.0);
                    return Ok(page(&admitted, place, which, frame, (StatusCode::CONFLICT, told, inputs)));
                }
            }
        }
        Err(problem) => Faults::new(problem.errors()),
    };
    let inputs = Inputs::again(form, faults, t.0);
    Ok(page(&admitted, place, which, frame, (StatusCode::UNPROCESSABLE_ENTITY, told, inputs)))
}

/// The menu with the section that was typed in its place. A place that is no more is the end.
fn read(form: &Form, currency: Currency, before: &Menu, which: Which) -> Result<Menu, Problem> {
    let section = parts::menu::read_section(form.fields(), currency)?;
    let mut menu = before.clone();
    let place = match which {
        Which::At(place) => menu.sections.get_mut(place),
        Which::New => None,
    };
    match place {
        Some(place) => *place = section,
        None => menu.sections.push(section),
    }
    parts::menu::check_size(&menu)?;
    Ok(menu)
}

/// What the form of a section holds.
fn values(section: &MenuSection) -> Value {
    let items = section.items.iter().map(|item| {
        let mut values = json!({
            "name": item.name, "description": item.description, "price": item.price.in_major_units(),
        });
        if let Some(picture) = &item.picture {
            values["picture"] = json!(picture);
        }
        values
    });
    json!({ "name": section.name, "items": items.collect::<Vec<_>>() })
}

fn page(
    admitted: &Admitted,
    place: Place,
    which: Which,
    frame: Frame,
    (status, told, inputs): (StatusCode, Told, Inputs),
) -> Response {
    let page = Page {
        head: Head::new(admitted, Room::Menu, frame.t),
        address: which.address(place),
        is_new: which == Which::New,
        currency: admitted.stored.restaurant.profile.currency.to_string(),
        told,
        inputs,
        frame,
    };
    answer(status, &page.frame, &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn won() -> Currency {
        Currency::try_from("KRW".to_owned()).unwrap()
    }

    fn form(price: &str) -> Form {
        Form::holding(
            &json!({ "name": { "ko": "면" }, "items": [{ "name": { "ko": "냉면" }, "price": price }] }),
        )
    }

    #[test]
    fn a_section_takes_its_place_in_the_menu_and_its_prices_are_minor_units() {
        let before = Menu { sections: vec![] };
        let one = read(&form("12,000"), won(), &before, Which::New).unwrap();
        assert_eq!(one.sections[0].items[0].price.amount, 12_000);
        let two = read(&form("9000"), won(), &one, Which::At(0)).unwrap();
        assert_eq!((two.sections.len(), two.sections[0].items[0].price.amount), (1, 9_000));
        let again = Form::holding(&values(&two.sections[0]));
        assert_eq!(read(&again, won(), &two, Which::At(0)).ok(), Some(two));
    }

    #[test]
    fn a_price_that_is_none_is_told_beside_its_input() {
        let wrong = read(&form("12,000원"), won(), &Menu::default(), Which::New);
        let pointers: Vec<String> = wrong
            .err()
            .into_iter()
            .flat_map(|problem| problem.errors().to_vec())
            .map(|bad| bad.pointer)
            .collect();
        assert_eq!(pointers, ["/items/0/price"]);
    }
}
