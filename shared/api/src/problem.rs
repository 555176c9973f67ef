//! [`Problem`]: how every refusal and every failure is told (RFC 9457). It carries both languages;
//! which one is written is decided when the answer leaves, in the outermost layer.
//!
//! The outside text names what to mend. A cause from inside goes to the log, here and only here.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jari_domain::{Language, LocalizedText};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{Code, FieldCode};

/// A text in both languages. Korean is polite, as a service speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// In Korean.
    pub ko: Cow<'static, str>,
    /// In English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// Two texts that never change.
    #[must_use]
    pub const fn fixed(ko: &'static str, en: &'static str) -> Self {
        Self { ko: Cow::Borrowed(ko), en: Cow::Borrowed(en) }
    }

    /// Two texts, each written or formatted by the caller.
    pub fn new(ko: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { ko: ko.into(), en: en.into() }
    }

    /// What `write` writes in each language.
    pub fn by(write: impl Fn(Language) -> String) -> Self {
        Self { ko: write(Language::Ko).into(), en: write(Language::En).into() }
    }

    /// The text in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Ko => &self.ko,
            Language::En => &self.en,
        }
    }
}

impl From<LocalizedText> for Text {
    fn from(text: LocalizedText) -> Self {
        Self::by(|language| text.get(language).to_owned())
    }
}

/// A field that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadField {
    /// A JSON pointer (RFC 6901) into the body, or `/name` for a query parameter.
    pub pointer: String,
    /// What is wrong.
    pub code: FieldCode,
    /// How to mend it.
    pub detail: Text,
}

/// Why a request is not answered as asked.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    code: Code,
    detail: Option<Text>,
    errors: Vec<BadField>,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Members of the standard and of ours that no extension may write over.
const RESERVED: [&str; 7] = ["type", "title", "status", "detail", "code", "errors", "requestId"];

/// How long a caller is asked to wait when nothing better is known.
const RETRY_AFTER: Duration = Duration::from_secs(1);

impl Problem {
    /// A problem with nothing said but its code. 401 asks for a bearer, 429 and 503 say when to
    /// come again.
    #[must_use]
    pub fn new(code: Code) -> Self {
        let problem = Self(Box::new(Inner {
            code,
            detail: None,
            errors: Vec::new(),
            members: Map::new(),
            headers: Vec::new(),
        }));
        match code {
            Code::Unauthenticated | Code::InvalidCredentials | Code::SessionOver => {
                problem.with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            Code::TokenExpired => problem.with_header(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer error="invalid_token""#),
            ),
            Code::TooManyRequests | Code::Unavailable => problem.with_retry_after(RETRY_AFTER),
            _ => problem,
        }
    }

    /// Bad fields, all of them: 422.
    #[must_use]
    pub fn invalid_fields(errors: Vec<BadField>) -> Self {
        Self::new(Code::InvalidFields).with_errors(errors)
    }

    /// Our own fault: 500. The cause goes to the log and no further; it must hold no personal data.
    #[must_use]
    pub fn internal(cause: impl Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(Code::Internal)
    }

    /// Something we depend on does not answer, and nothing was done: 503. The cause goes to the log
    /// and no further; it must hold no personal data.
    #[must_use]
    pub fn unavailable(cause: impl Display) -> Self {
        tracing::warn!(%cause, "a dependency is unavailable");
        Self::new(Code::Unavailable)
    }

    /// What is special about this one, and how to mend it.
    #[must_use]
    pub fn with_detail(mut self, detail: Text) -> Self {
        self.0.detail = Some(detail);
        self
    }

    /// The bad fields.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<BadField>) -> Self {
        self.0.errors = errors;
        self
    }

    /// A further member, such as `alternatives` or `current`. Members of the standard's own names
    /// are ignored.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Serialize) -> Self {
        debug_assert!(!RESERVED.contains(&member), "{member} is the problem's own");
        match serde_json::to_value(value) {
            Ok(value) if !RESERVED.contains(&member) => {
                self.0.members.insert(member.to_owned(), value);
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, member, "a problem's member can't be written"),
        }
        self
    }

    /// When to come again; rounded up to whole seconds, at least one.
    #[must_use]
    pub fn with_retry_after(self, after: Duration) -> Self {
        let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
        self.with_header(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)))
    }

    /// A header that goes with it, in place of one of that name.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.retain(|(other, _)| *other != name);
        self.0.headers.push((name, value));
        self
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.0.code
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.0.code.status()
    }

    /// Its bad fields.
    #[must_use]
    pub fn errors(&self) -> &[BadField] {
        &self.0.errors
    }

    /// The document in one language.
    #[must_use]
    pub fn to_json(&self, language: Language, request_id: &str) -> Value {
        let Inner { code, detail, errors, members, .. } = &*self.0;
        let mut document = members.clone();
        document.insert("type".into(), format!("/docs#{}", code.as_str()).into());
        document.insert("title".into(), code.title(language).into());
        document.insert("status".into(), code.status().as_u16().into());
        document.insert("code".into(), code.as_str().into());
        document.insert("requestId".into(), request_id.into());
        if let Some(detail) = detail {
            document.insert("detail".into(), detail.get(language).into());
        }
        if !errors.is_empty() {
            let errors = errors.iter().map(|error| {
                json!({ "pointer": error.pointer, "code": error.code, "detail": error.detail.get(language) })
            });
            document.insert("errors".into(), errors.collect());
        }
        Value::Object(document)
    }

    /// Writes the document into an answer that has everything else already.
    pub(crate) fn render(&self, response: &mut Response, language: Language, request_id: &str) {
        *response.body_mut() = Body::from(self.to_json(language, request_id).to_string());
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
        headers.append(header::VARY, HeaderValue::from_static("accept-language"));
    }
}

impl IntoResponse for Problem {
    /// The status and headers; the document follows in the outermost layer, which finds the problem
    /// among the answer's extensions.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        for (name, value) in &self.0.headers {
            response.headers_mut().insert(name, value.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_told_in_either_language() {
        let problem = Problem::new(Code::SlotTaken)
            .with_detail(Text::fixed("19시는 마감되었습니다.", "19:00 is gone."))
            .with("alternatives", json!([{ "startsAt": "2026-12-24T19:30:00+09:00" }]));
        assert_eq!(
            problem.to_json(Language::En, "r-1"),
            json!({
                "type": "/docs#slot_taken",
                "title": "That time has just been taken.",
                "status": 409,
                "detail": "19:00 is gone.",
                "code": "slot_taken",
                "requestId": "r-1",
                "alternatives": [{ "startsAt": "2026-12-24T19:30:00+09:00" }],
            })
        );
        let korean = problem.to_json(Language::Ko, "r-1");
        assert_eq!(korean["title"], "선택하신 시간은 방금 예약이 마감되었습니다.");
        assert_eq!(korean["detail"], "19시는 마감되었습니다.");
    }

    #[test]
    fn who_must_wait_or_authenticate_is_told_so_in_a_header() {
        let headers = |code| Problem::new(code).into_response().headers().clone();
        assert_eq!(headers(Code::Unavailable)["retry-after"], "1");
        assert_eq!(headers(Code::TooManyRequests)["retry-after"], "1");
        assert_eq!(headers(Code::Unauthenticated)["www-authenticate"], "Bearer");
        assert_eq!(headers(Code::TokenExpired)["www-authenticate"], r#"Bearer error="invalid_token""#);
        let later = Problem::new(Code::Unavailable).with_retry_after(Duration::from_millis(1500));
        let headers = later.into_response().headers().clone();
        assert_eq!(headers.get_all("retry-after").iter().collect::<Vec<_>>(), ["2"]);
    }

    #[test]
    fn a_cause_is_never_in_the_answer() {
        let problem = Problem::internal("connection to 10.0.0.1 refused");
        assert!(!problem.to_json(Language::En, "r").to_string().contains("10.0.0.1"));
    }
}
