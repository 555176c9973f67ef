//! `/office/{restaurantId}/audit-log`: who changed what, the newest first, in words where there are some.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use jari_api::Cursors;
use jari_domain::{PlatformRole, Restaurant, Spoken};
use jari_identity::Operation;
use jari_store::{ActedAs, AuditLine, AuditPosition, Staff};
use serde_json::Value;

use super::{
    Away, Place,
    head::{Head, Room, role_name},
    let_in,
};
use crate::{
    Desk,
    page::{Frame, answer},
    texts::Texts,
    trouble::Trouble,
    visitor::{Visitor, query},
};

const LINES: i32 = 30;
/// So much of a value is shown: a whole floor is nothing to be read in a line.
const LONGEST: usize = 160;

#[derive(Template)]
#[template(path = "office/audit_log.html")]
struct Page {
    frame: Frame,
    head: Head,
    lines: Vec<Line>,
    next: Option<String>,
    is_first: bool,
}

/// One thing that was done.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) when: String,
    pub(crate) who: String,
    pub(crate) what: Cow<'static, str>,
    pub(crate) why: Option<String>,
    pub(crate) changes: Vec<Change>,
}

/// What was otherwise before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) member: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    place: Place,
    parts: Parts,
) -> Result<Response, Away> {
    let admitted = let_in(&desk, &visitor, Operation::ListAuditLog, place).await?;
    let store = &desk.booking.store;
    let broken = |_| visitor.trouble(Trouble::Broken);
    let unstored = |error| visitor.trouble(Trouble::of_store(&error));
    let cursors = Cursors::new(&desk.cursors, "audit-log-page", &place.0).map_err(broken)?;
    let after = query(parts.uri.query(), "after");
    let after: Option<AuditPosition> =
        after.map(|after| cursors.open(&after)).transpose().map_err(|_| visitor.trouble(Trouble::NoPage))?;
    let (found, next) = store.audit_log(place.0, after.as_ref(), LINES).await.map_err(unstored)?;
    let staff = store.staff(place.0).await.map_err(unstored)?;
    let next = next.map(|position| cursors.seal(&position)).transpose().map_err(broken)?;
    let frame = visitor.frame().private();
    let page = Page {
        head: Head::new(&admitted, Room::AuditLog, frame.t),
        lines: lines(found, &staff, &admitted.stored.restaurant, frame.t),
        next: next.map(|next| format!("/office/{}/audit-log?after={next}", place.0)),
        is_first: after.is_none(),
        frame,
    };
    Ok(answer(StatusCode::OK, &page.frame, &page))
}

/// The lines in words. Who is no longer there is told by what they were.
pub(crate) fn lines(found: Vec<AuditLine>, staff: &Staff, restaurant: &Restaurant, t: Texts) -> Vec<Line> {
    let spoken = Spoken { language: t.0, zone: restaurant.zone() };
    let line = |line: AuditLine| {
        let role = match line.acted_as {
            ActedAs::Staff(role) => role_name(role, t),
            ActedAs::Platform(PlatformRole::Admin) => t.say("office-role-admin"),
            ActedAs::Platform(PlatformRole::Concierge) => t.say("office-role-concierge"),
        };
        let name = staff.members.iter().find(|member| member.account == line.by);
        let who = name.map_or_else(
            || role.to_string(),
            |member| {
                t.with("office-name-and-role")
                    .set("name", member.name.as_str())
                    .set("role", &*role)
                    .to_string()
            },
        );
        Line {
            when: format!("{} {}", spoken.day(line.at), spoken.time(line.at)),
            who,
            what: what(&line.what, t),
            changes: changes(line.before.as_ref(), line.after.as_ref()),
            why: line.why,
        }
    };
    found.into_iter().map(line).collect()
}

fn what(operation: &str, t: Texts) -> Cow<'static, str> {
    match operation {
        "create-restaurant" => t.say("office-did-create"),
        "update-restaurant" => t.say("office-did-update"),
        "put-menu" => t.say("office-did-menu"),
        "put-floor" => t.say("office-did-floor"),
        "put-schedule" => t.say("office-did-schedule"),
        "put-policy" => t.say("office-did-policy"),
        "submit-restaurant" => t.say("office-did-submit"),
        "approve-restaurant" => t.say("office-did-approve"),
        "reject-restaurant" => t.say("office-did-reject"),
        "close-restaurant" => t.say("office-did-close"),
        "add-staff" => t.say("office-did-hire"),
        "remove-staff" => t.say("office-did-dismiss"),
        "close-day" => t.say("office-did-close-day"),
        "open-day" => t.say("office-did-open-day"),
        "put-day-note" => t.say("office-did-note"),
        "lift-bar" => t.say("office-did-lift-bar"),
        other => other.to_owned().into(),
    }
}

/// Member by member, each side as it is written, cut where it is long.
fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let mut found = Vec::new();
    gather("", before, after, &mut found);
    found
}

fn gather(at: &str, before: Option<&Value>, after: Option<&Value>, into: &mut Vec<Change>) {
    let object = |value: Option<&Value>| value.is_none_or(Value::is_object);
    if (before.is_some() || after.is_some()) && object(before) && object(after) {
        let fields = |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
        let (before, after) = (fields(before), fields(after));
        let mut members: Vec<&String> = before.keys().chain(after.keys()).collect();
        members.sort_unstable();
        members.dedup();
        for member in members {
            let at = if at.is_empty() { member.clone() } else { format!("{at}.{member}") };
            gather(&at, before.get(member), after.get(member), into);
        }
    } else if before != after {
        into.push(Change { member: at.to_owned(), before: written(before), after: written(after) });
    }
}

fn written(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => return "—".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_is_told_member_by_member_and_a_long_one_is_cut() {
        let before = json!({ "windowDays": 30, "name": { "ko": "온기" }, "tables": [1] });
        let after = json!({ "windowDays": 60, "name": { "ko": "새벽" }, "tables": ["x".repeat(400)] });
        let found = changes(Some(&before), Some(&after));
        let told: Vec<(&str, &str)> =
            found.iter().map(|change| (change.member.as_str(), change.before.as_str())).collect();
        assert_eq!(told, [("name.ko", "온기"), ("tables", "[1]"), ("windowDays", "30")]);
        assert!(found[1].after.chars().count() == LONGEST + 1 && found[1].after.ends_with('…'));
        let hired = changes(None, Some(&json!({ "role": "host" })));
        assert_eq!((hired[0].before.as_str(), hired[0].after.as_str()), ("—", "host"));
        assert!(changes(None, None).is_empty());
    }
}
