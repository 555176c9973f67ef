//! [`Away`]: where somebody goes who asked for a page that is only for who has signed in.

use axum::response::{IntoResponse, Redirect, Response};

use crate::{trouble::TroublePage, visitor::Visitor};

/// In place of the page: who asks has to sign in first, or there is nothing to show them.
#[derive(Debug)]
pub(crate) enum Away {
    /// To sign in, and then here.
    SignIn(Box<Response>),
    /// Kind words.
    Trouble(TroublePage),
}

impl IntoResponse for Away {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(answer) => *answer,
            Self::Trouble(page) => page.into_response(),
        }
    }
}

impl Away {
    /// To sign in, which nobody has done.
    pub(crate) fn to_sign_in(visitor: &Visitor) -> Self {
        visitor.to_sign_in().into()
    }

    /// To sign in anew: what the browser has is over.
    pub(crate) fn to_sign_in_anew(visitor: &Visitor) -> Self {
        Self::SignIn(Box::new(visitor.to_sign_in_anew()))
    }
}

impl From<TroublePage> for Away {
    fn from(page: TroublePage) -> Self {
        Self::Trouble(page)
    }
}

impl From<Redirect> for Away {
    fn from(on: Redirect) -> Self {
        Self::SignIn(Box::new(on.into_response()))
    }
}
