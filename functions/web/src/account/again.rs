//! [`Again`]: how a form of this room is shown once more: what is wrong beside its inputs, and what is wrong with none of
//! them. No text here says whether an address has an account.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use jari_api::{BadField, FieldCode, Problem, Text};
use jari_operations::accounts::AccountRefusal;
use jiff::SignedDuration;

use crate::{
    page::{Frame, answer},
    posted::Faults,
    texts::Texts,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// How a form is shown: for the first time, or once more.
pub(super) struct Again {
    status: StatusCode,
    pub(super) faults: Faults,
    /// What is wrong with the form as a whole.
    pub(super) alert: Option<String>,
    /// When it may be sent once more.
    wait: Option<SignedDuration>,
}

impl Again {
    /// The form as nobody has sent it yet.
    pub(super) fn first() -> Self {
        Self { status: StatusCode::OK, faults: Faults::default(), alert: None, wait: None }
    }

    /// What can't be read.
    pub(super) fn unread(problem: &Problem) -> Self {
        let faults = Faults::new(problem.errors());
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, faults, ..Self::first() }
    }

    /// As [`Again::unread`], of a form that asks for the password somebody has: one that nobody can have is a wrong one.
    pub(super) fn unread_password(problem: &Problem, wrong: Self) -> Self {
        let is_a_wrong_one =
            |fault: &BadField| fault.pointer == "/password" && fault.code != FieldCode::Required;
        if problem.errors().iter().all(is_a_wrong_one) { wrong } else { Self::unread(problem) }
    }

    /// The address or the password is wrong; which of them, nobody is told.
    pub(super) fn wrong_credentials(visitor: &Visitor) -> Self {
        let alert = Texts(visitor.language(None)).say("account-wrong-credentials");
        Self::alert(StatusCode::UNPROCESSABLE_ENTITY, alert)
    }

    /// What is told of the form as a whole.
    pub(super) fn alert(status: StatusCode, alert: impl Into<String>) -> Self {
        Self { status, alert: Some(alert.into()), ..Self::first() }
    }

    /// What an operation refused.
    ///
    /// # Errors
    /// [`TroublePage`] where the form is not what is wrong.
    pub(super) fn refused(refusal: &AccountRefusal, visitor: &Visitor) -> Result<Self, TroublePage> {
        let t = Texts(visitor.language(None));
        match refusal {
            AccountRefusal::InvalidCredentials => Ok(Self::wrong_credentials(visitor)),
            AccountRefusal::GuessablePassword => {
                Ok(Self::password(FieldCode::TooGuessable, "account-guessable"))
            }
            AccountRefusal::TooMany { retry_after } => {
                let minutes = u16::try_from(retry_after.as_secs().saturating_add(59) / 60);
                let wait = t.0.duration(minutes.unwrap_or(u16::MAX).max(1));
                let alert = t.with("account-too-many").set("wait", wait).to_string();
                let refused = Self::alert(StatusCode::TOO_MANY_REQUESTS, alert);
                Ok(Self { wait: Some(*retry_after), ..refused })
            }
            refusal => Err(visitor.trouble(Trouble::of_account(refusal))),
        }
    }

    /// A password that will not do, for the reason that the text tells.
    pub(super) fn password(code: FieldCode, text: &'static str) -> Self {
        let detail = Text::by(|language| Texts(language).say(text).into_owned());
        let fault = BadField { pointer: "/password".to_owned(), code, detail };
        let faults = Faults::new(&[fault]);
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, faults, ..Self::first() }
    }

    /// The page with the form.
    pub(super) fn answer(&self, frame: &Frame, page: &impl Template) -> Response {
        let mut response = answer(self.status, frame, page);
        if let Some(wait) = self.wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}
