//! What all pages share: the frame around a page, and the headers it leaves with.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use jari_api::Problem;
use jari_domain::{Language, LocalizedText, PlatformRole};
use jari_identity::Access;

use crate::{
    assets::{self, Asset},
    form_token::FormKey,
    texts::Texts,
};

/// What stands around every page. In templates it is `frame`.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) t: Texts,
    /// This page in Korean and in English, as paths; none where it can't be opened again, as in answer to a form.
    pub(crate) versions: Option<Versions>,
    /// The same for search engines, where what a reader has chosen is no page of its own.
    pub(crate) canonical: Option<Versions>,
    /// The language that its address asks for.
    asked: Option<Language>,
    /// Kept from search engines.
    pub(crate) private: bool,
    /// The site's address, without a slash at its end.
    pub(crate) site: String,
    /// For the forms of the page.
    pub(crate) form_token: String,
    /// Somebody has signed in.
    pub(crate) signed_in: bool,
    pub(crate) admin: bool,
    scripts: Vec<&'static Asset>,
}

/// A page's path in each language.
#[derive(Debug)]
pub(crate) struct Versions {
    pub(crate) ko: String,
    pub(crate) en: String,
    /// In whatever language its reader has.
    pub(crate) plain: String,
}

impl Versions {
    fn of(address: &str) -> Self {
        let joint = if address.contains('?') { '&' } else { '?' };
        Self {
            ko: format!("{address}{joint}lang=ko"),
            en: format!("{address}{joint}lang=en"),
            plain: address.to_owned(),
        }
    }
}

impl Frame {
    /// The frame of the page at `address`: its path and query, without `lang`.
    pub(crate) fn new(
        language: Language,
        site: &str,
        address: &str,
        access: Option<&Access>,
        form_key: &FormKey,
    ) -> Self {
        Self {
            t: Texts(language),
            versions: Some(Versions::of(address)),
            canonical: None,
            asked: None,
            private: false,
            site: site.trim_end_matches('/').to_owned(),
            form_token: form_key.token(),
            signed_in: access.is_some(),
            admin: access.is_some_and(|access| access.platform == Some(PlatformRole::Admin)),
            scripts: vec![&assets::PAGE],
        }
    }

    /// A page whose address asks for that language.
    pub(crate) fn asked_in(mut self, language: Option<Language>) -> Self {
        self.asked = language;
        self
    }

    /// A page that search engines do not list.
    pub(crate) fn private(mut self) -> Self {
        self.private = true;
        self
    }

    /// A page that can't be opened again at the address it is shown at, as in answer to a form.
    pub(crate) fn passing(mut self) -> Self {
        self.versions = None;
        self.private()
    }

    /// A page that can be opened at another address than the one asked for: a path and query, without `lang`.
    pub(crate) fn at(mut self, address: &str) -> Self {
        self.versions = Some(Versions::of(address));
        self
    }

    /// A page that search engines list at this address, whatever else its own says: a path and query, without `lang`.
    pub(crate) fn listed_at(mut self, address: &str) -> Self {
        self.canonical = Some(Versions::of(address));
        self
    }

    /// What search engines are told of the page's addresses.
    pub(crate) fn listed_versions(&self) -> Option<&Versions> {
        self.canonical.as_ref().or(self.versions.as_ref()).filter(|_| !self.private)
    }

    /// Of the page's addresses, the one that it was asked for at: each version is a page of its own to search engines, or
    /// they would list none but the plain one.
    pub(crate) fn own_address<'v>(&self, versions: &'v Versions) -> &'v str {
        match self.asked {
            Some(Language::Ko) => &versions.ko,
            Some(Language::En) => &versions.en,
            None => &versions.plain,
        }
    }

    /// A page that is better with this script.
    pub(crate) fn with_script(mut self, script: &'static Asset) -> Self {
        self.scripts.push(script);
        self
    }

    /// A page at an address that is somebody's key, and that needs no script.
    pub(crate) fn without_scripts(mut self) -> Self {
        self.scripts.clear();
        self
    }

    pub(crate) fn language(&self) -> Language {
        self.t.0
    }

    pub(crate) fn code(&self) -> &'static str {
        self.t.code()
    }

    #[allow(clippy::unused_self, reason = "templates ask the frame")]
    pub(crate) fn style(&self) -> &'static str {
        assets::STYLE.address()
    }

    #[allow(clippy::unused_self, reason = "templates ask the frame")]
    pub(crate) fn icon(&self) -> &'static str {
        assets::ICON.address()
    }

    pub(crate) fn script_addresses(&self) -> impl Iterator<Item = &str> {
        self.scripts.iter().map(|script| script.address())
    }
}

/// A text of a restaurant's and the language it is in, which may not be the page's.
#[derive(Debug, Clone)]
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

/// Nothing but what this site serves; pictures from wherever a restaurant keeps its own.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: data:; connect-src 'self'; \
     worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// The page as an answer. Nobody keeps it unless the caller says so: `finish` adds `no-store` and `no-referrer`, so
/// that a private link stays with its reader.
pub(crate) fn answer(status: StatusCode, frame: &Frame, page: &impl Template) -> Response {
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => return Problem::internal(error).into_response(),
    };
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(frame.code()));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, cookie"));
    if frame.private {
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    }
    response
}
