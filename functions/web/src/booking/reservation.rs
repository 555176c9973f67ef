//! The page of one reservation: what it is, what comes next, until when it can be changed or cancelled.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use jari_domain::{Reservation, Restaurant, Status};
use jari_mail::{Notice as MailNotice, NoticeKind, google_calendar};
use jari_operations::Viewed;
use jiff::Timestamp;

use crate::{
    Desk,
    booking::{
        told::{Notice, Words},
        word::Word,
    },
    page::{Frame, Told, answer},
    posted::Inputs,
    trouble::TroublePage,
    visitor::query,
};

#[derive(Template)]
#[template(path = "booking/reservation.html")]
#[allow(clippy::struct_excessive_bools, reason = "what a template shows or leaves out")]
pub(crate) struct Page {
    frame: Frame,
    notice: Option<String>,
    /// What was asked for is done.
    is_good_news: bool,
    restaurant: Told,
    restaurant_address: String,
    heading: String,
    lead: Option<String>,
    reason: Option<String>,
    tone: &'static str,
    /// Struck through: there is nothing to come to.
    over: bool,
    day: String,
    time_and_party: String,
    area: Option<Told>,
    guest: Option<String>,
    note: Option<String>,
    address: Told,
    phone: String,
    phone_number: String,
    reference: String,
    /// What comes next.
    next: Vec<String>,
    /// The file to download, and Google's calendar.
    calendar: Option<(String, String)>,
    /// Until when it can be changed or cancelled; none once it is past that.
    deadline: Option<String>,
    is_held: bool,
    /// Where a hold is confirmed.
    book: Option<String>,
    change: Option<String>,
    /// Its guest has said that they are coming.
    is_coming: bool,
    coming: Option<StepForm>,
    cancel: Option<StepForm>,
    inputs: Inputs,
}

/// A form that takes one step.
struct StepForm {
    action: String,
    revision: u64,
}

pub(crate) async fn show(
    State(desk): State<Desk>,
    word: Word,
    RawQuery(asked): RawQuery,
) -> Result<Response, TroublePage> {
    let viewed = word.view(&desk).await?;
    let done = query(asked.as_deref(), "done").is_some_and(|done| done == "changed");
    let inputs = Inputs::new(&serde_json::json!({}), word.visitor.language(None));
    Ok(page(&desk, &word, &viewed, StatusCode::OK, done.then_some(Notice::HasChanged), inputs))
}

/// The page as an answer to whatever was asked for.
pub(crate) fn page(
    desk: &Desk,
    word: &Word,
    viewed: &Viewed,
    status: StatusCode,
    notice: Option<Notice>,
    inputs: Inputs,
) -> Response {
    let now = desk.clock.now();
    let frame = word.frame(viewed, &word.address());
    let is_held = viewed.reservation.status_at(now) == Status::Held;
    let book = is_held.then(|| word.book_address(desk, &viewed.reservation));
    let inputs = inputs.spoken_in(frame.language());
    let page = Page::new(viewed, &word.address(), book, frame, notice, inputs, now);
    answer(status, &page.frame, &page)
}

/// The reservation as a mail of its confirmation would tell of it: what calendars are made from.
pub(crate) fn as_confirmed(
    reservation: &Reservation,
    restaurant: &Arc<Restaurant>,
    link: Option<String>,
    site: &str,
) -> MailNotice {
    MailNotice {
        kind: NoticeKind::Confirmed,
        reservation: reservation.clone(),
        restaurant: Arc::clone(restaurant),
        link,
        site_url: site.to_owned(),
    }
}

impl Page {
    pub(crate) fn new(
        viewed: &Viewed,
        address: &str,
        book: Option<String>,
        frame: Frame,
        notice: Option<Notice>,
        inputs: Inputs,
        now: Timestamp,
    ) -> Self {
        let Viewed { reservation, restaurant, .. } = viewed;
        let language = frame.language();
        let words = Words { t: frame.t, zone: restaurant.zone() };
        let status = reservation.status_at(now);
        let starts_at = reservation.span.start();
        let is_in_time = now <= restaurant.policy.change_until(starts_at);
        let (is_open, can_cancel, can_change) = match status {
            Status::Held => (true, true, false),
            Status::Requested => (true, true, now < starts_at),
            Status::Confirmed => (now < starts_at, is_in_time, is_in_time && now < starts_at),
            _ => (false, false, false),
        };
        let form =
            |step: &str| StepForm { action: format!("{address}/{step}"), revision: reservation.revision };
        // Asked for by the reminders: before them it is too early to say.
        let is_expected = status == Status::Confirmed && now < starts_at;
        let is_coming = is_expected && reservation.reconfirmed_at.is_some();
        let is_asked = is_expected && !is_coming && reservation.was_reminded();
        let ended = matches!(status, Status::Cancelled | Status::Declined);
        let last = reservation.history.last().filter(|_| ended);
        let profile = &restaurant.profile;
        let areas = &restaurant.floor.areas;
        let area = areas.iter().find(|area| Some(&area.key) == reservation.area.as_ref());
        let google = google_calendar(&as_confirmed(reservation, restaurant, None, &frame.site));
        let calendar = google.filter(|_| is_expected);
        Self {
            notice: notice.map(|notice| words.notice(notice)),
            is_good_news: notice == Some(Notice::HasChanged),
            restaurant: Told::of(&profile.name, language),
            restaurant_address: format!("/restaurants/{}", reservation.restaurant),
            heading: words.heading(status).into_owned(),
            lead: words.lead(status, reservation),
            reason: last.and_then(|entry| entry.why.clone()),
            tone: match status {
                Status::Confirmed | Status::Seated | Status::Completed => "good",
                Status::Held | Status::Requested => "waiting",
                _ => "over",
            },
            over: matches!(status, Status::Cancelled | Status::Declined | Status::Expired),
            day: words.spoken().day(starts_at),
            time_and_party: words.time_and_party(starts_at, reservation.party),
            area: area.map(|area| Told::of(&area.name, language)),
            guest: reservation.guest.as_ref().map(|guest| guest.name.as_str().to_owned()),
            note: reservation.note.as_ref().map(|note| note.as_str().to_owned()),
            address: Told::of(&profile.address, language),
            phone: profile.phone.spoken(language),
            phone_number: profile.phone.as_str().to_owned(),
            reference: reservation.id.to_string(),
            next: next(reservation, restaurant, status, words, now),
            calendar: calendar.map(|google| (format!("{address}/calendar.ics"), google)),
            deadline: is_open.then(|| words.deadline(status, restaurant, starts_at, now)),
            is_held: status == Status::Held,
            book,
            change: can_change.then(|| format!("{address}/change")),
            is_coming,
            coming: is_asked.then(|| form("reconfirm")),
            cancel: can_cancel.then(|| form("cancel")),
            inputs,
            frame,
        }
    }
}

/// What whoever has booked can count on next.
fn next(
    reservation: &Reservation,
    restaurant: &Restaurant,
    status: Status,
    words: Words<'_>,
    now: Timestamp,
) -> Vec<String> {
    let email = reservation.guest.as_ref().and_then(|guest| guest.email.as_ref());
    let mail = |key| email.map(|email| words.t.with(key).set("email", email.as_str()).to_string());
    if now >= reservation.span.start() {
        return Vec::new();
    }
    match status {
        Status::Requested => mail("booking-next-answer").into_iter().collect(),
        Status::Confirmed => {
            let reminder = match reservation.reminded {
                0 => Some(words.t.say("booking-next-reminders").into_owned()),
                _ => None,
            };
            let late = words.late_after(restaurant);
            mail("booking-next-mail").into_iter().chain(reminder).chain([late]).collect()
        }
        _ => Vec::new(),
    }
}
