//! A page about one part of a restaurant, which replaces it whole: shown to who may see it, with a form for who may change
//! it. What differs from part to part is in [`Part`]; that a form which was behind never overwrites anything unseen is here.

use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Form, Problem};
use jari_domain::{Floor, Policy};
use jari_identity::Operation;
use jari_operations::{Admitted, RestaurantRefusal, change_part};
use jari_store::{RestaurantPart, StoredRestaurant};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Away, Place,
    head::{Head, Room},
    let_in, may, rows,
    stranded::Stranded,
    summary::Summary,
};
use crate::{
    Desk,
    page::Frame,
    posted::{Faults, Inputs, Posted},
    texts::Texts,
    trouble::Trouble,
    visitor::{Visitor, query},
};

/// Which button was pressed.
pub(crate) const BUTTON: &str = "do";
/// The revision that a form shows.
pub(crate) const REVISION: &str = "revision";

/// A part of a restaurant that one form replaces.
pub(crate) trait Part: 'static {
    const ROOM: Room;
    const SEES: Operation;
    const CHANGES: Operation;
    /// Whether a change of it can leave reservations behind.
    const STRANDS: bool;

    fn revision(stored: &StoredRestaurant) -> u64;

    /// What the form is filled in with.
    fn values(stored: &StoredRestaurant) -> Value;

    fn summary(stored: &StoredRestaurant, t: Texts) -> Summary;

    /// Makes of what a browser sends what the reader takes: a checkbox that is off is not sent at all.
    fn complete(_values: &mut Value, _before: &StoredRestaurant) {}

    fn read(form: &Form, before: &StoredRestaurant, now: Timestamp) -> Result<RestaurantPart, Problem>;

    /// Adds, removes or moves rows as a button says; none for a button that the form does not have.
    fn press(_values: &mut Value, _button: &str, _now: Timestamp) -> Option<()> {
        None
    }

    fn page(shown: Shown<'_>) -> Response;
}

/// What a part's page is made of.
pub(crate) struct Shown<'a> {
    pub(crate) status: StatusCode,
    pub(crate) frame: Frame,
    pub(crate) head: Head,
    pub(crate) told: Told,
    /// None for who may only look.
    pub(crate) inputs: Option<Inputs>,
    pub(crate) stored: &'a StoredRestaurant,
    /// What was typed, read and not saved, to be looked at.
    pub(crate) preview: Option<RestaurantPart>,
}

/// What a page tells above its form.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) notice: Option<Notice>,
    /// The part as it is now, where the form was behind, or for who may only look.
    pub(crate) current: Option<Summary>,
    pub(crate) stranded: Vec<Stranded>,
    pub(crate) warnings: Vec<String>,
    pub(crate) revision: u64,
}

/// How it went.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) tone: &'static str,
    pub(crate) text: String,
}

impl Notice {
    #[allow(clippy::unnecessary_wraps, reason = "as a page has it, which may have none")]
    pub(crate) fn good(text: impl Into<String>) -> Option<Self> {
        Some(Self { tone: "good", text: text.into() })
    }

    #[allow(clippy::unnecessary_wraps, reason = "as a page has it, which may have none")]
    pub(crate) fn bad(text: impl Into<String>) -> Option<Self> {
        Some(Self { tone: "bad", text: text.into() })
    }

    #[allow(clippy::unnecessary_wraps, reason = "as a page has it, which may have none")]
    pub(crate) fn waiting(text: impl Into<String>) -> Option<Self> {
        Some(Self { tone: "waiting", text: text.into() })
    }
}

/// Why a part was not saved.
pub(crate) enum NotSaved {
    /// Somebody else was faster; with what there is now.
    Behind(Box<StoredRestaurant>),
    Trouble(Trouble),
}

/// Puts a part in place of the one at the revision `seen`.
pub(crate) async fn save(
    desk: &Desk,
    admitted: &Admitted,
    operation: Operation,
    part: RestaurantPart,
    seen: u64,
) -> Result<(), NotSaved> {
    let now = desk.clock.now();
    let changed = change_part(&desk.booking.store, admitted, operation, part, Some(seen), now).await;
    desk.booking.restaurants.forget(admitted.stored.restaurant.id);
    match changed {
        Ok(_) => Ok(()),
        Err(RestaurantRefusal::Stale(current)) => Err(NotSaved::Behind(current)),
        Err(RestaurantRefusal::Door(refusal)) => Err(NotSaved::Trouble(Trouble::of_refusal(&refusal))),
        Err(refusal) => {
            tracing::error!(%refusal, "an unexpected refusal");
            Err(NotSaved::Trouble(Trouble::Broken))
        }
    }
}

/// The revision that a form was shown with.
pub(crate) fn seen(posted: &mut Posted) -> Result<u64, Away> {
    let revision = posted.take(REVISION).and_then(|revision| revision.parse().ok());
    revision.ok_or_else(|| posted.visitor.trouble(Trouble::UnreadableForm).into())
}

pub(crate) async fn show<P: Part>(
    State(desk): State<Desk>,
    visitor: Visitor,
    place: Place,
    parts: Parts,
) -> Result<Response, Away> {
    let admitted = let_in(&desk, &visitor, P::SEES, place).await?;
    let (frame, stored) = (visitor.frame().private(), &admitted.stored);
    let t = frame.t;
    let may_change = may(&admitted, P::CHANGES);
    let mut told =
        Told { revision: P::revision(stored), warnings: warnings::<P>(stored, t), ..Told::default() };
    if !may_change {
        told.current = Some(P::summary(stored, t));
    }
    if query(parts.uri.query(), "saved").is_some() {
        told.notice = Notice::good(t.say("office-saved"));
        if P::STRANDS && may_change {
            let stranded = Stranded::all(&desk, &stored.restaurant, t).await;
            told.stranded = stranded.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
        }
    }
    Ok(P::page(Shown {
        status: StatusCode::OK,
        inputs: may_change.then(|| Inputs::new(&P::values(stored), t.0)),
        head: Head::new(&admitted, P::ROOM, t),
        told,
        frame,
        stored,
        preview: None,
    }))
}

pub(crate) async fn send<P: Part>(
    State(desk): State<Desk>,
    place: Place,
    mut posted: Posted,
) -> Result<Response, Away> {
    let admitted = let_in(&desk, &posted.visitor, P::CHANGES, place).await?;
    let seen = seen(&mut posted)?;
    let button = posted.take(BUTTON).unwrap_or_default();
    let Posted { visitor, form } = posted;
    let address = format!("/office/{}{}", place.0, P::ROOM.path());
    let frame = visitor.frame().at(&address).private();
    let (t, now) = (frame.t, desk.clock.now());
    let mut values = form.value().clone();
    let mut told = Told { revision: seen, ..Told::default() };
    let head = |admitted: &Admitted| Head::new(admitted, P::ROOM, t);
    let unsaved = || Notice::waiting(t.say("office-not-saved-yet"));

    if !matches!(button.as_str(), "" | "save" | "preview") {
        P::press(&mut values, &button, now).ok_or_else(|| visitor.trouble(Trouble::UnreadableForm))?;
        told.notice = unsaved();
        let inputs = Inputs::again(Form::holding(&values), Faults::default(), t.0);
        let (status, stored) = (StatusCode::OK, &admitted.stored);
        let shown =
            Shown { status, head: head(&admitted), told, inputs: Some(inputs), frame, stored, preview: None };
        return Ok(P::page(shown));
    }

    rows::without_marks(&mut values);
    P::complete(&mut values, &admitted.stored);
    let form = Form::holding(&values);
    let read = P::read(&form, &admitted.stored, now);
    let faults = read.as_ref().err().map(|problem| Faults::new(problem.errors())).unwrap_or_default();
    let (status, preview, stored) = match read {
        Err(problem) if problem.errors().is_empty() => return Err(visitor.trouble(Trouble::Broken).into()),
        Err(_) => (StatusCode::UNPROCESSABLE_ENTITY, None, &admitted.stored),
        Ok(part) if button == "preview" => {
            told.notice = unsaved();
            (StatusCode::OK, Some(part), &admitted.stored)
        }
        Ok(part) => match save(&desk, &admitted, P::CHANGES, part, seen).await {
            Ok(()) => return Ok(Redirect::to(&format!("{address}?saved=yes")).into_response()),
            Err(NotSaved::Trouble(trouble)) => return Err(visitor.trouble(trouble).into()),
            Err(NotSaved::Behind(current)) => {
                told.notice = Notice::bad(t.say("office-behind"));
                told.current = Some(P::summary(&current, t));
                // Saving once more is now meant to replace this.
                told.revision = P::revision(&current);
                (StatusCode::CONFLICT, None, &admitted.stored)
            }
        },
    };
    let inputs = Some(Inputs::again(form, faults, t.0));
    Ok(P::page(Shown { status, head: head(&admitted), told, inputs, frame, stored, preview }))
}

/// What holds and is perhaps not meant: only the floor and the policy together can tell.
fn warnings<P: Part>(stored: &StoredRestaurant, t: Texts) -> Vec<String> {
    let restaurant = &stored.restaurant;
    match P::ROOM {
        Room::Floor | Room::Policy => never_online(&restaurant.floor, &restaurant.policy, t),
        _ => Vec::new(),
    }
}

fn never_online(floor: &Floor, policy: &Policy, t: Texts) -> Vec<String> {
    let told = |seating: jari_domain::Seating| {
        let names: Vec<&str> = seating
            .tables
            .iter()
            .filter_map(|id| floor.table(*id))
            .map(|table| table.name.as_str())
            .collect();
        let names = names.join(" + ");
        t.with("office-never-online")
            .set("tables", names)
            .set("largest", policy.max_online_party)
            .set("spare", policy.max_oversize)
            .to_string()
    };
    floor.never_online(policy).into_iter().map(told).collect()
}
