//! `/office/{restaurantId}`: where a restaurant stands, what it lacks before it can be submitted, and the steps of its
//! registration.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::fields;
use jari_domain::{Missing, RegistrationStep, RestaurantStatus};
use jari_identity::Operation;
use jari_operations::{Admitted, RestaurantRefusal, take_step};
use jari_store::StoredRestaurant;
use serde_json::json;

use super::{
    Away, Place,
    head::{Head, Room},
    let_in, may,
    part::{Notice, Told, seen},
};
use crate::{
    Desk,
    page::{Frame, answer},
    posted::{Faults, Inputs, Posted},
    texts::Texts,
    trouble::Trouble,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "office/overview.html")]
struct Page {
    frame: Frame,
    head: Head,
    told: Told,
    inputs: Inputs,
    status: RestaurantStatus,
    rejection: Option<String>,
    needs: Vec<Need>,
    lacks_something: bool,
    may_submit: bool,
    may_close: bool,
    public: Option<String>,
}

/// Something that a restaurant needs to be approved.
#[derive(Debug)]
struct Need {
    address: String,
    label: Cow<'static, str>,
    is_met: bool,
}

pub(crate) async fn show(State(desk): State<Desk>, visitor: Visitor, place: Place) -> Result<Response, Away> {
    let admitted = let_in(&desk, &visitor, Operation::GetProfile, place).await?;
    let frame = visitor.frame().private();
    let inputs = Inputs::new(&json!({}), frame.language());
    Ok(page(&admitted, &admitted.stored, frame, (StatusCode::OK, None, inputs)))
}

/// The address of a form, opened as a page.
pub(crate) async fn back(Place(id): Place) -> Redirect {
    Redirect::to(&format!("/office/{id}"))
}

pub(crate) async fn submit(State(desk): State<Desk>, place: Place, posted: Posted) -> Result<Response, Away> {
    step(&desk, place, posted, Operation::SubmitRestaurant, RegistrationStep::Submit).await
}

pub(crate) async fn close(State(desk): State<Desk>, place: Place, posted: Posted) -> Result<Response, Away> {
    step(&desk, place, posted, Operation::CloseRestaurant, RegistrationStep::Close).await
}

async fn step(
    desk: &Desk,
    place: Place,
    mut posted: Posted,
    operation: Operation,
    step: RegistrationStep,
) -> Result<Response, Away> {
    let admitted = let_in(desk, &posted.visitor, operation, place).await?;
    let taken = take(desk, &admitted, &mut posted, operation, step).await?;
    let Posted { visitor, form } = posted;
    let address = format!("/office/{}", place.0);
    let frame = visitor.frame().at(&address).private();
    match taken {
        Ok(()) => Ok(Redirect::to(&address).into_response()),
        Err(NotTaken { status, notice, faults, current }) => {
            let inputs = Inputs::again(form, faults, frame.language());
            let stored = current.as_deref().unwrap_or(&admitted.stored);
            Ok(page(&admitted, stored, frame, (status, notice, inputs)))
        }
    }
}

/// Why a step of a registration was not taken.
pub(crate) struct NotTaken {
    pub(crate) status: StatusCode,
    pub(crate) notice: Option<Notice>,
    pub(crate) faults: Faults,
    /// The restaurant as it is now, where it was seen otherwise.
    pub(crate) current: Option<Box<StoredRestaurant>>,
}

/// Takes a restaurant through a step of its registration, with the reason in the form.
pub(crate) async fn take(
    desk: &Desk,
    admitted: &Admitted,
    posted: &mut Posted,
    operation: Operation,
    step: RegistrationStep,
) -> Result<Result<(), NotTaken>, Away> {
    let seen = seen(posted)?;
    let t = posted.visitor.frame().t;
    let mut read = posted.fields();
    let reason = match step {
        RegistrationStep::Reject => read.required("reason", fields::text(500)),
        RegistrationStep::Submit | RegistrationStep::Approve | RegistrationStep::Close => {
            read.optional("reason", fields::text(500))
        }
    };
    let not_taken = |status, notice, faults, current| Ok(Err(NotTaken { status, notice, faults, current }));
    if let Err(problem) = read.finish(()) {
        let faults = Faults::new(problem.errors());
        return not_taken(StatusCode::UNPROCESSABLE_ENTITY, None, faults, None);
    }
    let now = desk.clock.now();
    let taken = take_step(&desk.booking.store, admitted, operation, step, reason, Some(seen), now).await;
    desk.booking.restaurants.forget(admitted.stored.restaurant.id);
    let none = Faults::default;
    match taken {
        Ok(_) => Ok(Ok(())),
        Err(RestaurantRefusal::Incomplete(_)) => {
            let notice = Notice::bad(t.say("office-incomplete"));
            not_taken(StatusCode::UNPROCESSABLE_ENTITY, notice, none(), None)
        }
        Err(RestaurantRefusal::WrongStage(current)) => {
            let notice = Notice::bad(t.say("office-wrong-stage"));
            not_taken(StatusCode::CONFLICT, notice, none(), Some(current))
        }
        Err(RestaurantRefusal::Stale(current)) => {
            let notice = Notice::bad(t.say("office-looked-otherwise"));
            not_taken(StatusCode::CONFLICT, notice, none(), Some(current))
        }
        Err(RestaurantRefusal::Door(refusal)) => {
            Err(posted.visitor.trouble(Trouble::of_refusal(&refusal)).into())
        }
        Err(refusal) => {
            tracing::error!(%refusal, "an unexpected refusal");
            Err(posted.visitor.trouble(Trouble::Broken).into())
        }
    }
}

fn page(
    admitted: &Admitted,
    stored: &StoredRestaurant,
    frame: Frame,
    (code, notice, inputs): (StatusCode, Option<Notice>, Inputs),
) -> Response {
    let admitted = Admitted { stored: stored.clone(), ..admitted.clone() };
    let (t, profile) = (frame.t, &stored.restaurant.profile);
    let head = Head::new(&admitted, Room::Overview, t);
    let needs = needs(stored, &head.address, t);
    let page = Page {
        told: Told { notice, revision: stored.revisions.profile, ..Told::default() },
        status: profile.status,
        rejection: profile.rejection.clone(),
        lacks_something: needs.iter().any(|need| !need.is_met),
        needs,
        may_submit: may(&admitted, Operation::SubmitRestaurant) && profile.status.is_being_set_up(),
        may_close: may(&admitted, Operation::CloseRestaurant)
            && profile.status.after(RegistrationStep::Close).is_some(),
        public: stored.restaurant.is_public().then(|| format!("/restaurants/{}", stored.restaurant.id)),
        inputs,
        head,
        frame,
    };
    answer(code, &page.frame, &page)
}

/// What is needed for approval, met or not, in the order in which it is best done.
fn needs(stored: &StoredRestaurant, address: &str, t: Texts) -> Vec<Need> {
    let missing = stored.restaurant.missing(&stored.menu);
    let need = |what: Missing, room: Room, label| Need {
        address: format!("{address}{}", room.path()),
        label,
        is_met: !missing.contains(&what),
    };
    let mut needs = vec![
        need(Missing::Name, Room::Profile, t.say("office-needs-name")),
        need(Missing::Address, Room::Profile, t.say("office-needs-address")),
        need(Missing::Table, Room::Floor, t.say("office-needs-table")),
        need(Missing::Shift, Room::Schedule, t.say("office-needs-shift")),
    ];
    if missing.contains(&Missing::MenuCurrency) {
        needs.push(need(Missing::MenuCurrency, Room::Menu, t.say("office-needs-currency")));
    }
    needs
}
