//! What all pages share: the reader's language, the frame around a page, and the headers it leaves with.

use std::{convert::Infallible, sync::LazyLock};

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jari_api::{Problem, preferred_language};
use jari_domain::{Language, LocalizedText};
use url::form_urlencoded;

/// The one style sheet, in each page itself: a second request would be a second function call. The policy allows it
/// by its hash.
const STYLE: &str = include_str!("../templates/pages.css");

/// No script, nothing fetched, forms only to this site.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

/// Who reads: the language chosen on the page (`?lang=`), and the one their browser asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) chosen: Option<Language>,
    preferred: Option<Language>,
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let chosen = query(parts, "lang").and_then(|code| match code.as_str() {
            "ko" => Some(Language::Ko),
            "en" => Some(Language::En),
            _ => None,
        });
        Ok(Self { chosen, preferred: preferred_language(&parts.headers) })
    }
}

impl Reader {
    /// What was chosen, else the language the page is made for (a guest's own), else the browser's. English for those
    /// who ask for neither, as in the API.
    pub(crate) fn language(self, made_for: Option<Language>) -> Language {
        self.chosen.or(made_for).or(self.preferred).unwrap_or(Language::En)
    }
}

/// The first query parameter of that name.
pub(crate) fn query(parts: &Parts, name: &str) -> Option<String> {
    form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

/// What stands around every page.
pub(crate) struct Frame {
    pub(crate) language: Language,
    /// This page in the other language; none where both stand on it.
    pub(crate) other: Option<String>,
    /// Kept from search engines.
    pub(crate) private: bool,
    pub(crate) style: &'static str,
}

impl Frame {
    /// The frame of the page at `path`, which may have a query without `lang`.
    pub(crate) fn new(language: Language, path: Option<&str>, private: bool) -> Self {
        let other = path.map(|path| {
            let joint = if path.contains('?') { '&' } else { '?' };
            let other = match language {
                Language::Ko => Language::En,
                Language::En => Language::Ko,
            };
            format!("{path}{joint}lang={}", other.code())
        });
        Self { language, other, private, style: STYLE }
    }

    pub(crate) fn code(&self) -> &'static str {
        self.language.code()
    }

    /// The one of two texts that is in the page's language.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(crate) fn say<'t>(&self, ko: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Ko => ko,
            Language::En => en,
        }
    }
}

/// A text of a restaurant's and the language it is in, which may not be the page's.
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) lang: &'static str,
}

impl Told {
    pub(crate) fn of(text: &LocalizedText, language: Language) -> Self {
        let lang = match language {
            Language::Ko if text.ko.is_empty() => Language::En,
            Language::En if text.en.is_empty() => Language::Ko,
            language => language,
        };
        Self { text: text.get(lang).to_owned(), lang: lang.code() }
    }
}

/// The page as an answer. Nobody keeps it unless the caller says so: `finish` adds `no-store` and `no-referrer`, so
/// that a private link stays with its reader.
pub(crate) fn answer(status: StatusCode, frame: &Frame, page: &impl Template) -> Response {
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => return Problem::internal(error).into_response(),
    };
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(frame.code()));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    if frame.private {
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    }
    response
}
