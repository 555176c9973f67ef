//! `/office`: where somebody works, and how a restaurant is registered.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::parts;
use jari_domain::{Profile, RestaurantId, RestaurantStatus, StaffRole};
use jari_operations::{
    MOST_DRAFTS, Refusal, RequestKey, RestaurantRefusal, my_restaurants, register as begin,
};
use serde_json::json;

use super::{
    Away,
    head::{registration, role_name, status_tone},
    part::Notice,
    profile::{Choices, complete_contact},
};
use crate::{
    Desk,
    hold_key::new_hold_key,
    page::{Frame, Told, answer},
    posted::{Faults, Inputs, Posted},
    texts::Texts,
    trouble::{Trouble, TroublePage},
    visitor::Member,
};

#[derive(Template)]
#[template(path = "office/home.html")]
struct Home {
    frame: Frame,
    restaurants: Vec<Card>,
}

/// A restaurant where somebody works.
#[derive(Debug)]
struct Card {
    address: String,
    name: Told,
    role: Cow<'static, str>,
    status: Cow<'static, str>,
    tone: &'static str,
    rejection: Option<String>,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "office/new.html")]
struct New {
    frame: Frame,
    notice: Option<Notice>,
    inputs: Inputs,
    choices: Choices,
    key: String,
}

/// The input that tells a form from the same one sent twice.
const KEY: &str = "key";
const LONGEST_KEY: usize = 44;

pub(crate) async fn show(
    State(desk): State<Desk>,
    Member { visitor, access }: Member,
) -> Result<Response, TroublePage> {
    let found = my_restaurants(&desk.booking.store, access.account).await;
    let found = found.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let frame = visitor.frame().private();
    let restaurants = found.into_iter().map(|one| Card::new(one, frame.t)).collect();
    let page = Home { frame, restaurants };
    Ok(answer(StatusCode::OK, &page.frame, &page))
}

pub(crate) async fn ask(Member { visitor, .. }: Member) -> Response {
    let frame = visitor.frame().private();
    let inputs = Inputs::new(&json!({ "priceBand": 2 }), frame.language());
    form(frame, StatusCode::OK, None, inputs, new_hold_key())
}

pub(crate) async fn register(State(desk): State<Desk>, mut posted: Posted) -> Result<Response, Away> {
    let Some(access) = posted.visitor.access.clone() else {
        return Err(Away::to_sign_in(&posted.visitor));
    };
    let key = posted.take(KEY).filter(|key| key.len() <= LONGEST_KEY).unwrap_or_else(new_hold_key);
    let mut values = posted.value().clone();
    if let Some(values) = values.as_object_mut() {
        complete_contact(values);
    }
    let mut form_read = jari_api::Form::holding(&values);
    form_read.complete_phone("/phone");
    let Posted { visitor, form: typed } = posted;
    let frame = visitor.frame().at("/office/new").private();
    let t = frame.t;
    let again = |frame, status, notice, faults| {
        Ok(form(frame, status, notice, Inputs::again(typed.clone(), faults, t.0), key.clone()))
    };
    let profile = match parts::profile::read_new(form_read.fields()) {
        Ok(profile) => profile,
        Err(problem) => {
            let faults = Faults::new(problem.errors());
            return again(frame, StatusCode::UNPROCESSABLE_ENTITY, None, faults);
        }
    };
    let request = RequestKey { caller: access.account.to_string(), key: key.clone() };
    let now = desk.clock.now();
    let begun = begin(&desk.booking.store, access.account, &profile, Some(&request), now).await;
    let conflict =
        |frame, text: String| again(frame, StatusCode::CONFLICT, Notice::bad(text), Faults::default());
    match begun {
        Ok((stored, _)) => Ok(Redirect::to(&format!("/office/{}", stored.restaurant.id)).into_response()),
        Err(RestaurantRefusal::TooManyDrafts) => {
            let text = t.with("office-too-many-drafts").set("most", MOST_DRAFTS).to_string();
            conflict(frame, text)
        }
        // Sent once more with something else in it: what was sent first is registered already.
        Err(RestaurantRefusal::KeyReused) => conflict(frame, t.say("office-registered-already").into_owned()),
        Err(RestaurantRefusal::Door(Refusal::Unauthenticated)) => Err(Away::to_sign_in(&visitor)),
        Err(RestaurantRefusal::Door(refusal)) => Err(visitor.trouble(Trouble::of_refusal(&refusal)).into()),
        Err(refusal) => {
            tracing::error!(%refusal, "an unexpected refusal");
            Err(visitor.trouble(Trouble::Broken).into())
        }
    }
}

fn form(frame: Frame, status: StatusCode, notice: Option<Notice>, inputs: Inputs, key: String) -> Response {
    let page = New { choices: Choices::new(Some(&inputs), frame.t), frame, notice, inputs, key };
    answer(status, &page.frame, &page)
}

impl Card {
    fn new((id, profile, role): (RestaurantId, Profile, StaffRole), t: Texts) -> Self {
        Self {
            address: format!("/office/{id}"),
            name: Told::of(&profile.name, t.0),
            role: role_name(role, t),
            status: registration(profile.status, t),
            tone: status_tone(profile.status),
            is_open: profile.status == RestaurantStatus::Approved,
            rejection: profile.rejection,
        }
    }
}
