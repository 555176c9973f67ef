//! `/admin`: what the people of the platform decide: who comes in, and why not.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jari_api::Cursors;
use jari_domain::{RegistrationStep, RestaurantStatus};
use jari_identity::Operation;
use jari_operations::{Refusal, admit_to_platform};
use jari_store::{ListPosition, Listed, Listing, StoredRestaurant};
use serde_json::json;

use crate::{
    Desk,
    away::Away,
    office::{Line, Notice, Place, Summary, all_parts, both, let_in, lines, registration, status_tone, take},
    page::{Frame, Told, answer},
    posted::{Inputs, Posted},
    texts::Texts,
    trouble::Trouble,
    visitor::{Visitor, query},
};

const A_PAGE: i32 = 30;
/// So many lines of the audit log stand under a restaurant that is decided on.
const LINES: i32 = 10;

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/admin", get(waiting))
        .route("/admin/restaurants/{restaurantId}", get(review))
        .route("/admin/restaurants/{restaurantId}/approve", post(approve).get(back))
        .route("/admin/restaurants/{restaurantId}/reject", post(reject).get(back))
        .route("/admin/restaurants/{restaurantId}/close", post(close).get(back))
}

#[derive(Template)]
#[template(path = "admin/waiting.html")]
struct Waiting {
    frame: Frame,
    restaurants: Vec<Card>,
    next: Option<String>,
    is_first: bool,
}

/// A restaurant that waits for approval.
#[derive(Debug)]
struct Card {
    address: String,
    name: Told,
    place: String,
    email: String,
}

#[derive(Template)]
#[template(path = "admin/review.html")]
struct Review {
    frame: Frame,
    address: String,
    office: String,
    name: String,
    notice: Option<Notice>,
    inputs: Inputs,
    revision: u64,
    status: RestaurantStatus,
    status_name: String,
    tone: &'static str,
    rejection: Option<String>,
    parts: Vec<(std::borrow::Cow<'static, str>, Summary)>,
    lines: Vec<Line>,
}

/// Those that wait for approval, the one that waits longest first.
async fn waiting(State(desk): State<Desk>, visitor: Visitor, parts: Parts) -> Result<Response, Away> {
    match admit_to_platform(&visitor.bearer(), Operation::ListSubmittedRestaurants) {
        Ok(_) => {}
        Err(Refusal::Unauthenticated) => return Err(Away::to_sign_in(&visitor)),
        Err(refusal) => return Err(visitor.trouble(Trouble::of_refusal(&refusal)).into()),
    }
    let broken = |_| visitor.trouble(Trouble::Broken);
    let cursors = Cursors::new(&desk.cursors, "waiting-restaurants", &()).map_err(broken)?;
    let after = query(parts.uri.query(), "after");
    let after: Option<ListPosition> =
        after.map(|after| cursors.open(&after)).transpose().map_err(|_| visitor.trouble(Trouble::NoPage))?;
    let found = desk.booking.store.listed_restaurants(Listing::Submitted, after.as_ref(), A_PAGE).await;
    let (listed, more) = found.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let last = listed.last().filter(|_| more).map(|last| &last.position);
    let next = last.map(|position| cursors.seal(position)).transpose().map_err(broken)?;
    let frame = visitor.frame().private();
    let page = Waiting {
        restaurants: listed.iter().map(|listed| Card::new(listed, frame.t)).collect(),
        next: next.map(|next| format!("/admin?after={next}")),
        is_first: after.is_none(),
        frame,
    };
    Ok(answer(StatusCode::OK, &page.frame, &page))
}

impl Card {
    fn new(listed: &Listed, t: Texts) -> Self {
        Self {
            address: format!("/admin/restaurants/{}", listed.id),
            name: Told::of(&listed.profile.name, t.0),
            place: both(&listed.profile.address),
            email: listed.profile.email.as_str().to_owned(),
        }
    }
}

async fn review(State(desk): State<Desk>, visitor: Visitor, place: Place) -> Result<Response, Away> {
    // Whoever approves may look; a restaurant's own people have pages of their own.
    let admitted = let_in(&desk, &visitor, Operation::ApproveRestaurant, place).await?;
    let frame = visitor.frame().private();
    let inputs = Inputs::new(&json!({}), frame.language());
    page(&desk, &visitor, &admitted.stored, frame, (StatusCode::OK, None, inputs)).await
}

/// The address of a form, opened as a page.
async fn back(Place(id): Place) -> Redirect {
    Redirect::to(&format!("/admin/restaurants/{id}"))
}

async fn approve(State(desk): State<Desk>, place: Place, posted: Posted) -> Result<Response, Away> {
    decide(&desk, place, posted, Operation::ApproveRestaurant, RegistrationStep::Approve).await
}

async fn reject(State(desk): State<Desk>, place: Place, posted: Posted) -> Result<Response, Away> {
    decide(&desk, place, posted, Operation::RejectRestaurant, RegistrationStep::Reject).await
}

async fn close(State(desk): State<Desk>, place: Place, posted: Posted) -> Result<Response, Away> {
    decide(&desk, place, posted, Operation::CloseRestaurant, RegistrationStep::Close).await
}

async fn decide(
    desk: &Desk,
    place: Place,
    mut posted: Posted,
    operation: Operation,
    step: RegistrationStep,
) -> Result<Response, Away> {
    // An owner closes on a page of their own.
    let_in(desk, &posted.visitor, Operation::ApproveRestaurant, place).await?;
    let admitted = let_in(desk, &posted.visitor, operation, place).await?;
    let taken = take(desk, &admitted, &mut posted, operation, step).await?;
    let Posted { visitor, form } = posted;
    let address = format!("/admin/restaurants/{}", place.0);
    match taken {
        Ok(()) => Ok(Redirect::to(&address).into_response()),
        Err(not) => {
            let frame = visitor.frame().at(&address).private();
            let inputs = Inputs::again(form, not.faults, frame.language());
            let stored = not.current.as_deref().unwrap_or(&admitted.stored);
            page(desk, &visitor, stored, frame, (not.status, not.notice, inputs)).await
        }
    }
}

async fn page(
    desk: &Desk,
    visitor: &Visitor,
    stored: &StoredRestaurant,
    frame: Frame,
    (code, notice, inputs): (StatusCode, Option<Notice>, Inputs),
) -> Result<Response, Away> {
    let (store, restaurant, t) = (&desk.booking.store, &stored.restaurant, frame.t);
    let unstored = |error| visitor.trouble(Trouble::of_store(&error));
    let (found, _) = store.audit_log(restaurant.id, None, LINES).await.map_err(unstored)?;
    let staff = store.staff(restaurant.id).await.map_err(unstored)?;
    let status = restaurant.profile.status;
    let page = Review {
        address: format!("/admin/restaurants/{}", restaurant.id),
        office: format!("/office/{}", restaurant.id),
        name: both(&restaurant.profile.name),
        notice,
        inputs,
        revision: stored.revisions.profile,
        status,
        status_name: registration(status, t).into_owned(),
        tone: status_tone(status),
        rejection: restaurant.profile.rejection.clone(),
        parts: all_parts(stored, t),
        lines: lines(found, &staff, restaurant, t),
        frame,
    };
    Ok(answer(code, &page.frame, &page))
}
