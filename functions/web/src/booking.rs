//! `/r/{token}`: the private page of one reservation, its cancellation, and "I'm coming".
//!
//! Opening it never acts, since scanners open the links in mails; only the form does. A form of this page needs no
//! other proof that it is ours: its address holds the token, a secret that no other site knows, and no cookie or other
//! authority comes along by itself that such a site could borrow.

use askama::Template;
use axum::{
    Form, Router,
    extract::{FromRequestParts, Path, State, rejection::FormRejection},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use jari_domain::{ReservationId, Status};
use jari_identity::{Bearer, Operation, TokenError};
use jari_operations::{
    Asked, Refusal, Viewed, admit_to_reservation, cancel_reservation, reconfirm_reservation, view_reservation,
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    Desk,
    page::{Frame, Told, answer},
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
    words::{Notice, Words},
};

/// A private link that is good, and who reads its page.
pub(crate) struct Link {
    token: String,
    reservation: ReservationId,
    visitor: Visitor,
}

#[derive(Template)]
#[template(path = "reservation.html")]
pub(crate) struct Page {
    frame: Frame,
    notice: Option<&'static str>,
    restaurant: Told,
    heading: &'static str,
    lead: Option<String>,
    reason: Option<String>,
    tone: &'static str,
    /// Struck through: there is nothing to come to.
    over: bool,
    day: String,
    time_and_party: String,
    guest: Option<String>,
    note: Option<String>,
    address: Told,
    phone: String,
    phone_number: String,
    reference: String,
    /// Until when it can be changed or cancelled; none once it is past that.
    deadline: Option<String>,
    is_held: bool,
    /// Its guest has said that they are coming.
    is_coming: bool,
    coming: Option<StepForm>,
    cancel: Option<StepForm>,
}

/// A form with a button and nothing to fill in.
struct StepForm {
    action: String,
    revision: u64,
}

/// The form as it comes: the revision that its page showed.
#[derive(Deserialize)]
pub(crate) struct Step {
    revision: u64,
}

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/r/{token}", get(show))
        .route("/r/{token}/cancel", get(back).post(cancel))
        .route("/r/{token}/reconfirm", get(back).post(reconfirm))
}

impl FromRequestParts<Desk> for Link {
    type Rejection = TroublePage;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, TroublePage> {
        let Ok(visitor) = Visitor::from_request_parts(parts, desk).await;
        let token = Path::<String>::from_request_parts(parts, desk).await;
        let verified = token.map_err(|_| TokenError::Invalid).and_then(|Path(token)| {
            let reservation = desk.link_verifier.verify(&token, desk.clock.now())?;
            Ok((token, reservation))
        });
        match verified {
            Ok((token, reservation)) => Ok(Self { token, reservation, visitor }),
            Err(error) => Err(visitor.trouble(match error {
                TokenError::Expired => Trouble::LinkExpired,
                TokenError::Invalid => Trouble::BadLink,
            })),
        }
    }
}

pub(crate) async fn show(State(desk): State<Desk>, link: Link) -> Result<Response, TroublePage> {
    let viewed = link.view(&desk).await?;
    Ok(link.page(&viewed, StatusCode::OK, None, desk.clock.now()))
}

/// A page shown in answer to the form has the form's address: opened again, it leads back.
pub(crate) async fn back(link: Link) -> Redirect {
    Redirect::to(&link.address())
}

pub(crate) async fn cancel(
    State(desk): State<Desk>,
    link: Link,
    form: Result<Form<Step>, FormRejection>,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let Form(form) = match form {
        Ok(form) => form,
        Err(rejection) => {
            let viewed = link.view(&desk).await?;
            return Ok(link.page(&viewed, rejection.status(), Some(Notice::Unreadable), now));
        }
    };
    let cancelled = match link.asked(&desk, Operation::CancelReservation, form.revision).await {
        Ok(asked) => {
            cancel_reservation(&desk.booking.store, &desk.booking.restaurants, asked, None, now).await
        }
        Err(refusal) => Err(refusal),
    };
    let (viewed, status, notice) = match cancelled {
        Ok(_) => return Ok(Redirect::to(&link.address()).into_response()),
        Err(Refusal::TooLate { .. }) => {
            let viewed = link.view(&desk).await?;
            (viewed, StatusCode::UNPROCESSABLE_ENTITY, Notice::TooLate)
        }
        Err(Refusal::Stale(current) | Refusal::WrongStatus(_, current)) => {
            let notice = why_not(current.reservation.status_at(now));
            (*current, StatusCode::CONFLICT, notice)
        }
        Err(refusal) => return Err(link.turned_away(refusal)),
    };
    Ok(link.page(&viewed, status, Some(notice), now))
}

pub(crate) async fn reconfirm(
    State(desk): State<Desk>,
    link: Link,
    form: Result<Form<Step>, FormRejection>,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let Form(form) = match form {
        Ok(form) => form,
        Err(rejection) => {
            let viewed = link.view(&desk).await?;
            return Ok(link.page(&viewed, rejection.status(), Some(Notice::Unreadable), now));
        }
    };
    let said = match link.asked(&desk, Operation::ReconfirmReservation, form.revision).await {
        Ok(asked) => reconfirm_reservation(&desk.booking.store, &desk.booking.restaurants, asked, now).await,
        Err(refusal) => Err(refusal),
    };
    match said {
        Ok(_) => Ok(Redirect::to(&link.address()).into_response()),
        Err(Refusal::Stale(current) | Refusal::WrongStatus(_, current)) => {
            // Said twice is said.
            if current.reservation.reconfirmed_at.is_some() {
                return Ok(Redirect::to(&link.address()).into_response());
            }
            Ok(link.page(&current, StatusCode::CONFLICT, Some(Notice::LookAgain), now))
        }
        Err(refusal) => Err(link.turned_away(refusal)),
    }
}

/// Why a reservation that was shown as cancellable could not be cancelled, now that its status is this.
fn why_not(current: Status) -> Notice {
    match current {
        Status::Cancelled => Notice::AlreadyCancelled,
        Status::Held | Status::Requested | Status::Confirmed => Notice::Changed,
        _ => Notice::NotPossible,
    }
}

impl Link {
    async fn view(&self, desk: &Desk) -> Result<Viewed, TroublePage> {
        let viewed = view_reservation(&desk.booking.store, &desk.booking.restaurants, self.reservation).await;
        viewed.map_err(|refusal| self.turned_away(refusal))
    }

    /// What the form asks, by whoever holds the link.
    async fn asked(&self, desk: &Desk, operation: Operation, revision: u64) -> Result<Asked, Refusal> {
        let bearer = Bearer::Link(self.reservation);
        let admitted =
            admit_to_reservation(&desk.booking.store, &bearer, operation, self.reservation).await?;
        Ok(Asked::new(admitted, Some(revision)))
    }

    fn turned_away(&self, refusal: Refusal) -> TroublePage {
        let trouble = match refusal {
            // The link is good, whatever is behind it.
            Refusal::NoRestaurant | Refusal::Forbidden => Trouble::NoReservation,
            refusal => Trouble::of_refusal(&refusal),
        };
        self.visitor.trouble(trouble)
    }

    fn page(&self, viewed: &Viewed, status: StatusCode, notice: Option<Notice>, now: Timestamp) -> Response {
        let guest = viewed.reservation.guest.as_ref();
        let frame = self.visitor.frame_for(guest.map(|guest| guest.language)).at(&self.address()).private();
        let page = Page::new(viewed, &self.token, frame, notice, now);
        answer(status, &page.frame, &page)
    }

    /// The page's own address.
    fn address(&self) -> String {
        format!("/r/{}", self.token)
    }
}

impl Page {
    pub(crate) fn new(
        viewed: &Viewed,
        token: &str,
        frame: Frame,
        notice: Option<Notice>,
        now: Timestamp,
    ) -> Self {
        let Viewed { reservation, restaurant, .. } = viewed;
        let language = frame.language();
        let words = Words { language, zone: restaurant.zone() };
        let status = reservation.status_at(now);
        let starts_at = reservation.span.start();
        let change_until = restaurant.policy.change_until(starts_at);
        let (is_open, is_in_time) = match status {
            Status::Held | Status::Requested => (true, true),
            Status::Confirmed => (now < starts_at, now <= change_until),
            _ => (false, false),
        };
        let deadline = || words.deadline(status, restaurant.policy.change_until_minutes, change_until, now);
        let form =
            |step: &str| StepForm { action: format!("/r/{token}/{step}"), revision: reservation.revision };
        // Asked for by the reminders: before them it is too early to say.
        let is_expected = status == Status::Confirmed && now < starts_at;
        let is_coming = is_expected && reservation.reconfirmed_at.is_some();
        let is_asked = is_expected && !is_coming && reservation.reminded > 0;
        let ended = matches!(status, Status::Cancelled | Status::Declined);
        let last = reservation.history.last().filter(|_| ended);
        let profile = &restaurant.profile;
        Self {
            frame,
            notice: notice.map(|notice| words.notice(notice)),
            restaurant: Told::of(&profile.name, language),
            heading: words.heading(status),
            lead: words.lead(status, reservation),
            reason: last.and_then(|entry| entry.why.clone()),
            tone: match status {
                Status::Confirmed | Status::Seated | Status::Completed => "good",
                Status::Held | Status::Requested => "waiting",
                _ => "over",
            },
            over: matches!(status, Status::Cancelled | Status::Declined | Status::Expired),
            day: words.spoken().day(starts_at),
            time_and_party: format!(
                "{} · {}",
                words.spoken().time(starts_at),
                words.spoken().party(reservation.party)
            ),
            guest: reservation.guest.as_ref().map(|guest| guest.name.as_str().to_owned()),
            note: reservation.note.as_ref().map(|note| note.as_str().to_owned()),
            address: Told::of(&profile.address, language),
            phone: profile.phone.spoken(language),
            phone_number: profile.phone.as_str().to_owned(),
            reference: reservation.id.to_string(),
            deadline: is_open.then(deadline),
            is_held: status == Status::Held,
            is_coming,
            coming: is_asked.then(|| form("reconfirm")),
            cancel: (is_open && is_in_time).then(|| form("cancel")),
        }
    }
}
