//! [`Visitor`]: who asks for a page: in which language, in which visit, signed in or not. One layer around all pages
//! finds out, and gives the browser the cookies that it lacks; handlers take the [`Visitor`] as it is.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use jari_api::{Visit, preferred_language};
use jari_domain::{Language, VisitId};
use jari_identity::{Access, Bearer};
use jari_operations::new_visit;
use url::form_urlencoded;

use crate::{
    Desk, cookie,
    form_token::FormKey,
    page::Frame,
    session::{self, Session},
    trouble::{Trouble, TroublePage},
};

/// The language chosen on a page, for a year.
const LANGUAGE_COOKIE: &str = "__Host-jari-language";
const LANGUAGE_SECONDS: i64 = 365 * 24 * 60 * 60;

/// Who asks for a page.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// In the address.
    asked: Option<Language>,
    chosen: Option<Language>,
    preferred: Option<Language>,
    /// Whose holds are counted, and whose forms these are.
    pub(crate) visit: VisitId,
    /// Who has signed in.
    pub(crate) access: Option<Access>,
    pub(crate) form_key: FormKey,
    /// The page's path and query, without `lang`.
    address: String,
    site: String,
}

/// The layer around all pages.
pub(crate) async fn greet(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let now = desk.clock.now();
    let headers = request.headers();
    let asked = query(request.uri().query(), "lang").and_then(|code| language(&code));
    let remembered = cookie::read(headers, LANGUAGE_COOKIE).and_then(language);
    let given =
        cookie::read(headers, Visit::COOKIE).and_then(|token| desk.visit_verifier.verify(token, now).ok());
    let form_key = FormKey::of(headers);
    let (known_form_key, form_key) = (form_key.is_some(), form_key.or_else(FormKey::new));
    let visit = match given {
        Some(visit) => Ok(visit),
        None => new_visit(now),
    };
    let (Ok(visit), Some(form_key)) = (visit, form_key) else {
        return jari_api::Problem::internal("no random bytes").into_response();
    };
    let mut visitor = Visitor {
        asked,
        chosen: asked.or(remembered),
        preferred: preferred_language(headers),
        visit,
        access: None,
        form_key: form_key.clone(),
        address: without_language(request.uri()),
        site: desk.site.clone(),
    };
    let session = match session::resume(&desk, headers, now).await {
        Ok(session) => session,
        Err(trouble) => return visitor.trouble(trouble).into_response(),
    };
    visitor.access = session.access().cloned();
    request.extensions_mut().insert(visitor);

    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Only a page needs them; a picture or a redirect that some other page fetched leaves the browser as it is.
    if given.is_none() {
        cookie::give(
            headers,
            Visit::COOKIE,
            &desk.visits.sign(visit, now),
            Some(jari_identity::VisitSigner::LIFETIME.as_secs()),
        );
    }
    if !known_form_key {
        form_key.give(headers);
    }
    if let Some(asked) = asked.filter(|_| asked != remembered) {
        remember_language(headers, asked);
    }
    // What a handler has said of the session, signing in or out, counts more.
    if !session::is_told(headers) {
        match session {
            Session::Renewed(signed_in) => session::give(headers, &desk, &signed_in, now),
            Session::Over => session::take_away(headers),
            Session::None | Session::Live(_) => {}
        }
    }
    response
}

impl Visitor {
    /// What was chosen, else the language the page is made for (a guest's own), else the browser's. English for those
    /// who ask for neither, as in the API.
    pub(crate) fn language(&self, made_for: Option<Language>) -> Language {
        self.chosen.or(made_for).or(self.preferred).unwrap_or(Language::En)
    }

    /// On whose word an operation is asked for.
    pub(crate) fn bearer(&self) -> Bearer {
        self.access.clone().map_or(Bearer::Nobody, Bearer::Account)
    }

    /// The frame of the page that was asked for, in the visitor's language.
    pub(crate) fn frame(&self) -> Frame {
        self.frame_for(None)
    }

    /// As [`Visitor::frame`], of a page made for somebody who wants that language.
    pub(crate) fn frame_for(&self, made_for: Option<Language>) -> Frame {
        let language = self.language(made_for);
        let frame = Frame::new(language, &self.site, &self.address, self.access.as_ref(), &self.form_key);
        frame.asked_in(self.asked)
    }

    /// In place of the page.
    pub(crate) fn trouble(&self, trouble: Trouble) -> TroublePage {
        TroublePage::new(trouble, self.frame())
    }

    /// As [`Visitor::to_sign_in`], where the sign-in that the browser's token comes from has ended meanwhile.
    pub(crate) fn to_sign_in_anew(&self) -> Response {
        let mut response = self.to_sign_in().into_response();
        session::take_away(response.headers_mut());
        response
    }

    /// Asks to sign in, and leads back here.
    pub(crate) fn to_sign_in(&self) -> Redirect {
        let next: String = form_urlencoded::byte_serialize(self.address.as_bytes()).collect();
        Redirect::to(&format!("/sign-in?next={next}"))
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self::unknown(parts)))
    }
}

impl Visitor {
    /// Somebody whom no layer has greeted: only tests of single handlers meet them.
    fn unknown(parts: &Parts) -> Self {
        let asked = query(parts.uri.query(), "lang").and_then(|code| language(&code));
        Self {
            asked,
            chosen: asked,
            preferred: preferred_language(&parts.headers),
            visit: VisitId::derived([0; 16]),
            access: None,
            form_key: FormKey::nobodys(),
            address: without_language(&parts.uri),
            site: String::new(),
        }
    }
}

/// A visitor who has signed in; anybody else is asked to, and led back.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) visitor: Visitor,
    pub(crate) access: Access,
}

impl<S: Sync> FromRequestParts<S> for Member {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Redirect> {
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        match visitor.access.clone() {
            Some(access) => Ok(Self { visitor, access }),
            None => Err(visitor.to_sign_in()),
        }
    }
}

/// Keeps the language that somebody chose.
pub(crate) fn remember_language(headers: &mut HeaderMap, language: Language) {
    cookie::give(headers, LANGUAGE_COOKIE, language.code(), Some(LANGUAGE_SECONDS));
}

/// A path of this site to go on to, as `next` names it; none for anything that could lead elsewhere.
pub(crate) fn next_page(next: &str) -> Option<&str> {
    let is_a_path = next.starts_with('/') && !next.starts_with("//") && next.len() <= 1024;
    (is_a_path && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')).then_some(next)
}

/// The first query parameter of that name.
pub(crate) fn query(query: Option<&str>, name: &str) -> Option<String> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

fn language(code: &str) -> Option<Language> {
    match code {
        "ko" => Some(Language::Ko),
        "en" => Some(Language::En),
        _ => None,
    }
}

/// The path and the query, as they came but for `lang`.
fn without_language(uri: &axum::http::Uri) -> String {
    let kept: Vec<&str> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && *pair != "lang" && !pair.starts_with("lang="))
        .collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

/// Whether the browser, or somebody's own program, wants a page.
pub(crate) fn reads_html(headers: &HeaderMap) -> bool {
    // Browsers name HTML; programs say `*/*`, another type, or nothing.
    let named = |value: &HeaderValue| value.to_str().is_ok_and(|types| types.contains("text/html"));
    headers.get_all(header::ACCEPT).iter().any(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_on_to_pages_of_this_site_only() {
        for good in ["/", "/me", "/restaurants/rst_1?date=2026-12-24&party=2"] {
            assert_eq!(next_page(good), Some(good));
        }
        let long = format!("/{}", "a".repeat(1024));
        for bad in
            ["", "me", "//evil.example", "/\\evil.example", "https://evil.example", "/a b", "/\r\nx", &long]
        {
            assert_eq!(next_page(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_pages_address_is_the_same_in_both_languages() {
        for (uri, address) in [
            ("/?lang=ko", "/"),
            ("/?party=2&lang=en&area=hongdae", "/?party=2&area=hongdae"),
            ("/me?language=x", "/me?language=x"),
        ] {
            assert_eq!(without_language(&uri.parse().unwrap()), address);
        }
    }
}
