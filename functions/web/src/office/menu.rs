//! `/office/{restaurantId}/menu`: the sections of a menu, to be put in order; each has a form of its own, as a whole menu
//! would be more than a form can carry.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_domain::Menu;
use jari_identity::Operation;
use jari_operations::Admitted;
use jari_store::RestaurantPart;

use super::{
    Away, Place,
    head::{Head, Room},
    let_in, may,
    part::{BUTTON, NotSaved, Notice, Told, save, seen},
    rows::Press,
    summary::{self, Summary},
};
use crate::{
    Desk,
    page::{Frame, answer},
    posted::Posted,
    trouble::Trouble,
    visitor::{Visitor, query},
};

#[derive(Template)]
#[template(path = "office/menu.html")]
struct Page {
    frame: Frame,
    head: Head,
    told: Told,
    menu: Summary,
    may_change: bool,
    is_full: bool,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    place: Place,
    parts: Parts,
) -> Result<Response, Away> {
    let admitted = let_in(&desk, &visitor, Operation::GetMenu, place).await?;
    let frame = visitor.frame().private();
    let saved = query(parts.uri.query(), "saved").is_some();
    let notice = if saved { Notice::good(frame.t.say("office-saved")) } else { None };
    Ok(page(&admitted, &admitted.stored.menu, admitted.stored.revisions.menu, frame, StatusCode::OK, notice))
}

/// Moves a section, or takes it out: at once, as there is nothing else in the form to be saved.
pub(crate) async fn arrange(
    State(desk): State<Desk>,
    place: Place,
    mut posted: Posted,
) -> Result<Response, Away> {
    let admitted = let_in(&desk, &posted.visitor, Operation::PutMenu, place).await?;
    let seen = seen(&mut posted)?;
    let unreadable = || posted.visitor.trouble(Trouble::UnreadableForm);
    let button = posted.text(&format!("/{BUTTON}")).to_owned();
    let press = Press::read(&button).filter(|press| press.list == "sections").ok_or_else(unreadable)?;
    let mut menu = admitted.stored.menu.clone();
    let stored = &admitted.stored;
    // Which section is meant is known by its place in the menu that was seen.
    let is_behind = seen != stored.revisions.menu;
    if !is_behind {
        arranged(&mut menu, press).ok_or_else(unreadable)?;
    }
    let address = format!("/office/{}/menu", place.0);
    let frame = posted.visitor.frame().at(&address).private();
    let part = RestaurantPart::Menu(menu);
    match save(&desk, &admitted, Operation::PutMenu, part, seen).await {
        Ok(()) => Ok(Redirect::to(&format!("{address}?saved=yes")).into_response()),
        Err(NotSaved::Trouble(trouble)) => Err(posted.visitor.trouble(trouble).into()),
        Err(NotSaved::Behind(current)) => {
            let notice = Notice::bad(frame.t.say("office-menu-behind"));
            let status = StatusCode::CONFLICT;
            Ok(page(&admitted, &current.menu, current.revisions.menu, frame, status, notice))
        }
    }
}

fn arranged(menu: &mut Menu, press: Press<'_>) -> Option<()> {
    let (sections, row) = (&mut menu.sections, press.row?);
    match press.verb {
        "up" if (1..sections.len()).contains(&row) => sections.swap(row - 1, row),
        "down" if row + 1 < sections.len() => sections.swap(row, row + 1),
        "remove" if row < sections.len() => drop(sections.remove(row)),
        _ => return None,
    }
    Some(())
}

fn page(
    admitted: &Admitted,
    menu: &Menu,
    revision: u64,
    frame: Frame,
    status: StatusCode,
    notice: Option<Notice>,
) -> Response {
    let t = frame.t;
    let page = Page {
        head: Head::new(admitted, Room::Menu, t),
        told: Told { notice, revision, ..Told::default() },
        menu: summary::menu(menu, t),
        may_change: may(admitted, Operation::PutMenu),
        is_full: menu.sections.len() >= Menu::MAX_SECTIONS,
        frame,
    };
    answer(status, &page.frame, &page)
}
