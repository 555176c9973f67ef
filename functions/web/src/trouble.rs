//! When there is no page to show: kind words in both languages, the reader's first, and the status that fits.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jari_domain::Language;
use jari_operations::{Refusal, accounts::AccountRefusal};
use jari_store::StoreError;

use crate::{
    page::{Frame, answer},
    texts::Texts,
};

/// Why there is no page to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No page has that address.
    NoPage,
    /// The link's token is not one of ours.
    BadLink,
    /// The link was good, and its time is over.
    LinkExpired,
    /// The link in a mail about an account was used, is too old, or was never ours.
    UsedLink,
    /// The link is good and its reservation is not there.
    NoReservation,
    /// What was asked for is not for whoever has signed in.
    Forbidden,
    /// A form from another site, or from a page that was opened before the browser was closed.
    OldForm,
    /// A form that did not come as its page has it.
    UnreadableForm,
    /// The table can't be reached right now.
    Unavailable,
    /// Our own fault.
    Broken,
}

/// A trouble, in the frame of the page that was asked for.
#[derive(Debug)]
pub(crate) struct TroublePage {
    trouble: Trouble,
    frame: Box<Frame>,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page<'p> {
    frame: &'p Frame,
    texts: [Text; 2],
    ways: &'static [(&'static str, &'static str)],
}

/// What is told, in one language.
struct Text {
    t: Texts,
    heading: &'static str,
    advice: &'static str,
}

impl Trouble {
    /// The trouble with the store, its cause logged.
    pub(crate) fn of_store(error: &StoreError) -> Self {
        if let StoreError::Unavailable(_) = error {
            tracing::warn!(%error, "a page can't be shown now");
            Self::Unavailable
        } else {
            tracing::error!(%error, "a page can't be shown");
            Self::Broken
        }
    }

    /// The trouble with what an account was asked for and could not do, where no better answer is known.
    pub(crate) fn of_account(refusal: &AccountRefusal) -> Self {
        match refusal {
            AccountRefusal::InvalidToken => Self::UsedLink,
            AccountRefusal::Store(error) => Self::of_store(error),
            refusal => {
                tracing::error!(%refusal, "an unexpected refusal");
                Self::Broken
            }
        }
    }

    /// The trouble with what was asked for of a reservation or a restaurant, where no better answer is known.
    pub(crate) fn of_refusal(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::NoReservation | Refusal::Unauthenticated => Self::NoReservation,
            Refusal::NoRestaurant => Self::NoPage,
            Refusal::Forbidden => Self::Forbidden,
            Refusal::Store(error) => Self::of_store(error),
            refusal => {
                tracing::error!(%refusal, "an unexpected refusal");
                Self::Broken
            }
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::NoPage | Self::BadLink | Self::NoReservation => StatusCode::NOT_FOUND,
            Self::LinkExpired => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::OldForm => StatusCode::FORBIDDEN,
            Self::UnreadableForm => StatusCode::BAD_REQUEST,
            Self::UsedLink => StatusCode::GONE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Where to go on, besides the first page: addresses, and the keys of what they are called.
    fn ways(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::UsedLink => &[("/sign-up", "account-sign-up"), ("/forgot-password", "account-forgotten")],
            _ => &[],
        }
    }

    /// The keys of heading and advice.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::NoPage => ("trouble-no-page", "trouble-no-page-advice"),
            Self::BadLink => ("trouble-bad-link", "trouble-bad-link-advice"),
            Self::LinkExpired => ("trouble-link-expired", "trouble-link-expired-advice"),
            Self::UsedLink => ("trouble-used-link", "trouble-used-link-advice"),
            Self::NoReservation => ("trouble-no-reservation", "trouble-no-reservation-advice"),
            Self::Forbidden => ("trouble-forbidden", "trouble-forbidden-advice"),
            Self::OldForm => ("trouble-old-form", "trouble-old-form-advice"),
            Self::UnreadableForm => ("trouble-unreadable-form", "trouble-unreadable-form-advice"),
            Self::Unavailable => ("trouble-unavailable", "trouble-unavailable-advice"),
            Self::Broken => ("trouble-broken", "trouble-broken-advice"),
        }
    }
}

impl TroublePage {
    pub(crate) fn new(trouble: Trouble, frame: Frame) -> Self {
        Self { trouble, frame: Box::new(frame.passing()) }
    }
}

impl IntoResponse for TroublePage {
    fn into_response(self) -> Response {
        let (heading, advice) = self.trouble.keys();
        let ways = self.trouble.ways();
        let mut texts =
            [Language::Ko, Language::En].map(|language| Text { t: Texts(language), heading, advice });
        if self.frame.language() == Language::En {
            texts.reverse();
        }
        let mut response =
            answer(self.trouble.status(), &self.frame, &Page { frame: &self.frame, texts, ways });
        let headers = response.headers_mut();
        match self.trouble {
            // A 401 has to say how else one could ask.
            Trouble::LinkExpired => {
                let bearer = HeaderValue::from_static(r#"Bearer error="invalid_token""#);
                headers.insert(header::WWW_AUTHENTICATE, bearer);
            }
            Trouble::Unavailable => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}
