//! `/office/{restaurantId}/staff`: who works there. Only an owner hires, promotes and dismisses, and one owner stays.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::fields;
use jari_domain::{AccountId, Spoken, StaffRole};
use jari_identity::Operation;
use jari_operations::{Admitted, MOST_STAFF, StaffRefusal, add_staff, remove_staff};
use jari_store::Staff;
use serde_json::json;

use super::{
    Away, Place,
    head::{Head, Room, role_name},
    let_in, may,
    part::{BUTTON, Notice, Told, seen},
};
use crate::{
    Desk,
    page::{Frame, answer},
    posted::{Faults, Inputs, Posted},
    trouble::Trouble,
    visitor::{Visitor, query},
};

#[derive(Template)]
#[template(path = "office/staff.html")]
struct Page {
    frame: Frame,
    head: Head,
    told: Told,
    inputs: Inputs,
    members: Vec<Member>,
    roles: Vec<(&'static str, Cow<'static, str>)>,
    may_hire: bool,
}

#[derive(Debug)]
struct Member {
    account: AccountId,
    name: String,
    email: String,
    role: &'static str,
    role_name: Cow<'static, str>,
    since: String,
    /// Nobody else is an owner.
    stays: bool,
    is_self: bool,
}

const ROLES: &[(&str, StaffRole)] =
    &[("host", StaffRole::Host), ("manager", StaffRole::Manager), ("owner", StaffRole::Owner)];

pub(crate) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    place: Place,
    parts: Parts,
) -> Result<Response, Away> {
    let admitted = let_in(&desk, &visitor, Operation::ListStaff, place).await?;
    let staff = desk.booking.store.staff(place.0).await;
    let staff = staff.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let frame = visitor.frame().private();
    let notice = query(parts.uri.query(), "saved").and_then(|_| Notice::good(frame.t.say("office-saved")));
    let inputs = Inputs::new(&json!({ "role": "host" }), frame.language());
    Ok(page(&admitted, &staff, frame, (StatusCode::OK, notice, inputs)))
}

pub(crate) async fn send(
    State(desk): State<Desk>,
    place: Place,
    mut posted: Posted,
) -> Result<Response, Away> {
    let button = posted.take(BUTTON).unwrap_or_default();
    let leaving = button.strip_prefix("remove:").map(str::to_owned);
    let operation = if leaving.is_some() { Operation::RemoveStaff } else { Operation::AddStaff };
    let admitted = let_in(&desk, &posted.visitor, operation, place).await?;
    let seen = Some(seen(&mut posted)?);
    let Posted { visitor, form } = posted;
    let address = format!("/office/{}/staff", place.0);
    let frame = visitor.frame().at(&address).private();
    let (store, now) = (&desk.booking.store, desk.clock.now());
    let done = if let Some(account) = leaving {
        let account = account.parse().map_err(|_| visitor.trouble(Trouble::UnreadableForm))?;
        remove_staff(store, &admitted, account, seen, now).await
    } else {
        let mut read = form.fields();
        let email = read.required("email", fields::email);
        let role = read.required("role", fields::one_of(ROLES));
        match read.finish((email, role)) {
            Ok((email, role)) => {
                let diners = &desk.booking.diners;
                add_staff(store, diners, &admitted, (&email, role), seen, now).await.map(drop)
            }
            Err(problem) => {
                let inputs = Inputs::again(form, Faults::new(problem.errors()), frame.language());
                let staff = store.staff(place.0).await;
                let staff = staff.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
                return Ok(page(&admitted, &staff, frame, (StatusCode::UNPROCESSABLE_ENTITY, None, inputs)));
            }
        }
    };
    let t = frame.t;
    let (status, text) = match done {
        Ok(()) => return Ok(Redirect::to(&format!("{address}?saved=yes")).into_response()),
        Err(StaffRefusal::Door(refusal)) => {
            return Err(visitor.trouble(Trouble::of_refusal(&refusal)).into());
        }
        Err(StaffRefusal::NoAccount) => {
            (StatusCode::UNPROCESSABLE_ENTITY, t.say("office-no-account").into_owned())
        }
        Err(StaffRefusal::NoMember) => (StatusCode::CONFLICT, t.say("office-no-member").into_owned()),
        Err(StaffRefusal::LastOwner) => (StatusCode::CONFLICT, t.say("office-last-owner").into_owned()),
        Err(StaffRefusal::TooMany) => {
            (StatusCode::CONFLICT, t.with("office-staff-full").set("most", MOST_STAFF).to_string())
        }
        Err(StaffRefusal::TooOften { .. }) => {
            (StatusCode::TOO_MANY_REQUESTS, t.say("office-hired-too-often").into_owned())
        }
        Err(StaffRefusal::Stale(_)) => (StatusCode::CONFLICT, t.say("office-staff-behind").into_owned()),
    };
    let staff = store.staff(place.0).await.map_err(|error| visitor.trouble(Trouble::of_store(&error)))?;
    let inputs = Inputs::again(form, Faults::default(), t.0);
    Ok(page(&admitted, &staff, frame, (status, Notice::bad(text), inputs)))
}

fn page(
    admitted: &Admitted,
    staff: &Staff,
    frame: Frame,
    (status, notice, inputs): (StatusCode, Option<Notice>, Inputs),
) -> Response {
    let (t, restaurant) = (frame.t, &admitted.stored.restaurant);
    let spoken = Spoken { language: t.0, zone: restaurant.zone() };
    let owners = staff.members.iter().filter(|member| member.role == StaffRole::Owner).count();
    let mut members: Vec<_> = staff.members.iter().collect();
    members.sort_by_key(|member| (member.since, member.account));
    let members = members.into_iter().map(|member| Member {
        account: member.account,
        name: member.name.as_str().to_owned(),
        email: member.email.as_str().to_owned(),
        role: member.role.as_str(),
        role_name: role_name(member.role, t),
        since: spoken.day(member.since),
        stays: member.role == StaffRole::Owner && owners == 1,
        is_self: member.account == admitted.account,
    });
    let page = Page {
        head: Head::new(admitted, Room::Staff, t),
        told: Told { notice, revision: staff.revision, ..Told::default() },
        inputs,
        members: members.collect(),
        roles: ROLES.iter().map(|(key, role)| (*key, role_name(*role, t))).collect(),
        may_hire: may(admitted, Operation::AddStaff),
        frame,
    };
    answer(status, &page.frame, &page)
}
