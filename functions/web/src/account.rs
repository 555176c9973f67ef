//! `/verify/{token}` and `/reset/{token}`: the pages behind the links in mails about an account. Opening one only reads;
//! its form acts, once. As on the private page of a reservation, the address holds the secret, so that a form needs no
//! other proof that it is ours.

use askama::Template;
use axum::{
    Form, Router,
    extract::{FromRequestParts, Path, State, rejection::FormRejection},
    http::{StatusCode, request::Parts},
    response::Response,
    routing::{get, post},
};
use jari_domain::{Language, TokenHash};
use jari_identity::{Password, parse_mail_token, token_hash};
use jari_operations::accounts::{AccountRefusal, reset_password, verify_email};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    Desk,
    page::{Frame, answer},
    session,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// A token as it stands in the address, and who reads its page.
pub(crate) struct Followed {
    token: String,
    visitor: Visitor,
}

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    frame: Frame,
    tone: &'static str,
    notice: Option<&'static str>,
    heading: &'static str,
    lead: &'static str,
    form: Option<AskForm>,
}

struct AskForm {
    action: String,
    button: &'static str,
    asks_password: bool,
}

/// The form as it comes.
#[derive(Deserialize)]
pub(crate) struct NewPassword {
    password: String,
}

/// What a page is there for.
#[derive(Clone, Copy)]
enum Purpose {
    Verify,
    Reset,
}

pub(crate) fn routes() -> Router<Desk> {
    Router::new()
        .route("/sign-out", post(session::sign_out))
        .route("/verify/{token}", get(show_verify).post(verify))
        .route("/reset/{token}", get(show_reset).post(reset))
}

impl<S: Sync> FromRequestParts<S> for Followed {
    type Rejection = TroublePage;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, TroublePage> {
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        let token = Path::<String>::from_request_parts(parts, &()).await;
        match token {
            Ok(Path(token)) => Ok(Self { token, visitor }),
            Err(_) => Err(visitor.trouble(Trouble::UsedLink)),
        }
    }
}

pub(crate) async fn show_verify(
    State(desk): State<Desk>,
    followed: Followed,
) -> Result<Response, TroublePage> {
    let language = followed.still_waits(&desk, Purpose::Verify).await?;
    Ok(followed.ask(Purpose::Verify, language, StatusCode::OK, None))
}

pub(crate) async fn verify(State(desk): State<Desk>, followed: Followed) -> Result<Response, TroublePage> {
    match verify_email(&desk.booking.store, &followed.token, desk.clock.now()).await {
        Ok(_) => Ok(followed.done(Purpose::Verify)),
        Err(refusal) => Err(followed.turned_away(&refusal)),
    }
}

pub(crate) async fn show_reset(
    State(desk): State<Desk>,
    followed: Followed,
) -> Result<Response, TroublePage> {
    let language = followed.still_waits(&desk, Purpose::Reset).await?;
    Ok(followed.ask(Purpose::Reset, language, StatusCode::OK, None))
}

pub(crate) async fn reset(
    State(desk): State<Desk>,
    followed: Followed,
    form: Result<Form<NewPassword>, FormRejection>,
) -> Result<Response, TroublePage> {
    let again = |ko, en| {
        let language = followed.visitor.language(None);
        let notice = pick(language, ko, en);
        followed.ask(Purpose::Reset, language, StatusCode::UNPROCESSABLE_ENTITY, Some(notice))
    };
    let password = form.ok().and_then(|Form(form)| form.password.parse::<Password>().ok());
    let Some(password) = password else {
        return Ok(again(
            "비밀번호는 8자 이상 128자 이하로 정해 주세요.",
            "A password has 8 to 128 characters.",
        ));
    };
    match reset_password(&desk.booking.store, &followed.token, password, desk.clock.now()).await {
        Ok(()) => Ok(followed.done(Purpose::Reset)),
        Err(AccountRefusal::GuessablePassword) => Ok(again(
            "너무 흔하거나 짐작하기 쉬운 비밀번호입니다. 다른 비밀번호를 정해 주세요.",
            "That password is too easy to guess. Please choose another.",
        )),
        Err(refusal) => Err(followed.turned_away(&refusal)),
    }
}

impl Followed {
    /// Passes a link that has not been used and whose time is not over; says in which language its mail was, if that is
    /// known.
    async fn still_waits(&self, desk: &Desk, purpose: Purpose) -> Result<Language, TroublePage> {
        let now = desk.clock.now();
        let used = || self.visitor.trouble(Trouble::UsedLink);
        let (diner, id) = parse_mail_token(&self.token).ok_or_else(used)?;
        let is_good = |kept: &TokenHash, until: Timestamp| token_hash(&self.token) == *kept && now < until;
        let waits = match purpose {
            Purpose::Verify => desk.booking.store.sign_up(&diner, id).await.map(|pending| {
                let pending = pending.filter(|pending| is_good(&pending.token_hash, pending.expires_at));
                pending.map(|pending| Some(pending.language))
            }),
            Purpose::Reset => desk.booking.store.password_reset(&diner, id).await.map(|pending| {
                let pending = pending.filter(|pending| is_good(&pending.token_hash, pending.expires_at));
                pending.map(|_| None)
            }),
        };
        match waits {
            Ok(Some(made_for)) => Ok(self.visitor.language(made_for)),
            Ok(None) => Err(used()),
            Err(error) => Err(self.trouble(Trouble::of_store(&error))),
        }
    }

    fn ask(
        &self,
        purpose: Purpose,
        language: Language,
        status: StatusCode,
        notice: Option<&'static str>,
    ) -> Response {
        let path = self.path(purpose);
        let say = |ko, en| pick(language, ko, en);
        let (heading, lead, button, asks_password) = match purpose {
            Purpose::Verify => (
                say("이메일 주소를 확인해 주세요", "Please confirm your address"),
                say("아래 버튼을 누르시면 가입이 완료됩니다.", "With the button below your account is made."),
                say("네, 제 주소입니다", "Yes, this address is mine"),
                false,
            ),
            Purpose::Reset => (
                say("새 비밀번호를 정해 주세요", "Choose a new password"),
                say(
                    "8자 이상으로 정해 주세요. 바꾸시면 모든 기기에서 로그아웃됩니다.",
                    "At least 8 characters. You will be signed out everywhere.",
                ),
                say("비밀번호 바꾸기", "Set the password"),
                true,
            ),
        };
        let page = Page {
            frame: self.visitor.frame_for(Some(language)).private(),
            tone: "waiting",
            notice,
            heading,
            lead,
            form: Some(AskForm { action: path, button, asks_password }),
        };
        answer(status, &page.frame, &page)
    }

    fn done(&self, purpose: Purpose) -> Response {
        let language = self.visitor.language(None);
        let say = |ko, en| pick(language, ko, en);
        let (heading, lead) = match purpose {
            Purpose::Verify => (
                say("가입이 완료되었습니다", "Your account is ready"),
                say(
                    "이제 이메일 주소와 비밀번호로 로그인하실 수 있습니다.",
                    "You can now sign in with your address and password.",
                ),
            ),
            Purpose::Reset => (
                say("비밀번호가 바뀌었습니다", "Your password is set"),
                say("새 비밀번호로 다시 로그인해 주세요.", "Please sign in with it."),
            ),
        };
        // Without a link to the other language: the address leads to a link that is used up.
        let frame = self.visitor.frame().passing();
        let page = Page { frame, tone: "good", notice: None, heading, lead, form: None };
        answer(StatusCode::OK, &page.frame, &page)
    }

    fn path(&self, purpose: Purpose) -> String {
        match purpose {
            Purpose::Verify => format!("/verify/{}", self.token),
            Purpose::Reset => format!("/reset/{}", self.token),
        }
    }

    fn turned_away(&self, refusal: &AccountRefusal) -> TroublePage {
        self.visitor.trouble(Trouble::of_account(refusal))
    }

    fn trouble(&self, trouble: Trouble) -> TroublePage {
        self.visitor.trouble(trouble)
    }
}

fn pick(language: Language, ko: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Ko => ko,
        Language::En => en,
    }
}
