//! Signing in with Google, Kakao or Naver, where they are configured. What the provider sends somebody back with counts only
//! in the browser that was sent there: it keeps the state in a cookie.

use std::net::IpAddr;

use askama::Template;
use axum::{
    extract::{FromRequestParts, RawPathParams, RawQuery, State},
    http::{HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jari_api::ClientAddress;
use jari_identity::token_hash;
use jari_operations::accounts::{
    AccountRefusal, Agreed, Recognised, SignedIn, Vouched, begin_social_sign_in, recognise,
    take_social_sign_in,
};
use jari_social::{Pending, Provider, Providers, SocialError, Start};

use crate::{
    Desk,
    account::{
        sign_in::{self, Notice},
        sign_up,
    },
    cookie,
    page::{Frame, answer},
    posted::Posted,
    session,
    trouble::{Trouble, TroublePage},
    visitor::{Visitor, next_page, query},
};

/// The state, and after a dot where to go on to; as long as the provider may take.
const COOKIE: &str = "__Host-jari-social";
const SECONDS: i64 = 600;
/// The longest code read; providers' are far shorter.
const LONGEST_CODE: usize = 2048;

/// A provider that one can sign in with.
pub(super) struct Offered {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
}

/// The page from which a browser goes on to a provider. A redirect would do, were it not for the policy's `form-action`,
/// which some browsers hold against every redirect that follows on a form: the provider's own ones, too, to wherever it has
/// people sign in.
#[derive(Template)]
#[template(path = "account/leaving.html")]
struct Leaving {
    frame: Frame,
    provider: Offered,
    url: String,
}

/// Whom one can sign in with.
pub(super) fn offered(providers: &Providers) -> Vec<Offered> {
    providers.offered().into_iter().map(Offered::new).collect()
}

impl Offered {
    fn new(provider: Provider) -> Self {
        let label = match provider {
            Provider::Google => "account-with-google",
            Provider::Kakao => "account-with-kakao",
            Provider::Naver => "account-with-naver",
        };
        Self { key: provider.as_str(), label }
    }
}

fn redirect_uri(site: &str, provider: Provider) -> String {
    format!("{site}/sign-in/{provider}/callback")
}

/// The provider in the path; what is none, or not offered, is no page.
pub(crate) struct Asked(Provider);

impl FromRequestParts<Desk> for Asked {
    type Rejection = TroublePage;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, TroublePage> {
        let Ok(visitor) = Visitor::from_request_parts(parts, desk).await;
        let parameters = RawPathParams::from_request_parts(parts, desk).await;
        let name = parameters.ok().and_then(|parameters| {
            parameters.iter().find_map(|(name, value)| (name == "provider").then(|| value.to_owned()))
        });
        let provider = name.and_then(|name| name.parse::<Provider>().ok());
        let provider = provider.filter(|provider| desk.providers.offered().contains(provider));
        provider.map(Self).ok_or_else(|| visitor.trouble(Trouble::NoPage))
    }
}

/// The form's address, opened: there is nothing to see.
pub(crate) async fn back(_: Asked) -> Redirect {
    Redirect::to("/sign-in")
}

/// Sends the browser to the provider.
pub(crate) async fn begin(
    State(desk): State<Desk>,
    Asked(provider): Asked,
    mut posted: Posted,
) -> Result<Response, TroublePage> {
    let next = posted.take("next").filter(|next| next_page(next).is_some()).unwrap_or_default();
    let visitor = &posted.visitor;
    let start = desk.providers.start(provider, &redirect_uri(&desk.site, provider));
    let Start { url, state, nonce, verifier } = start.map_err(|error| {
        tracing::error!(%error, "a sign-in with a provider can't begin");
        visitor.trouble(Trouble::Broken)
    })?;
    let kept = format!("{state}.{}", hex(&next));
    let agreed = Agreed { provider: provider.as_str(), state, nonce, verifier };
    let begun = begin_social_sign_in(&desk.booking.store, agreed, desk.clock.now()).await;
    begun.map_err(|refusal| visitor.trouble(Trouble::of_account(&refusal)))?;

    let page = Leaving { frame: visitor.frame().passing(), provider: Offered::new(provider), url };
    let mut response = answer(StatusCode::OK, &page.frame, &page);
    cookie::give(response.headers_mut(), COOKIE, &kept, Some(SECONDS));
    Ok(response)
}

/// Where the provider sends the browser back to: the one GET that acts, since a provider can't post. The state is good
/// once, and only in the browser that has it. However it ends, the next page's address holds neither state nor code.
pub(crate) async fn finish(
    State(desk): State<Desk>,
    Asked(provider): Asked,
    ClientAddress(client): ClientAddress,
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(asked): RawQuery,
) -> Result<Response, TroublePage> {
    let kept = cookie::read(&headers, COOKIE).and_then(|kept| kept.split_once('.'));
    let next = kept.and_then(|(_, next)| unhex(next));
    let next = next.as_deref().and_then(next_page);
    let on = match returned(asked.as_deref(), kept.map(|(state, _)| state)) {
        Ok((code, state)) => sign_in(&desk, &visitor, provider, &code, state, client).await?,
        Err(notice) => On::Back(notice),
    };
    let address = match &on {
        On::SignedIn(_) => next.unwrap_or(sign_in::NEXT).to_owned(),
        On::MailFollows => sign_up::SENT.to_owned(),
        On::Back(notice) => sign_in::address(Some(*notice), next),
    };
    let mut response = Redirect::to(&address).into_response();
    cookie::take_away(response.headers_mut(), COOKIE);
    if let On::SignedIn(signed_in) = &on {
        session::give(response.headers_mut(), &desk, signed_in, desk.clock.now());
    }
    Ok(response)
}

/// How it goes on after a provider.
enum On {
    SignedIn(Box<SignedIn>),
    /// To an address that is not verified.
    MailFollows,
    /// To the page where one can sign in, which says why.
    Back(Notice),
}

/// The code and the state that somebody came back with, if it is the state that this browser was sent away with.
fn returned(asked: Option<&str>, kept: Option<&str>) -> Result<(String, String), Notice> {
    let state = query(asked, "state").ok_or(Notice::Failed)?;
    // Of two hashes, so that how long the comparison takes tells nothing of the state.
    if kept.is_none_or(|kept| token_hash(&state) != token_hash(kept)) {
        return Err(Notice::Failed);
    }
    // RFC 6749, 4.1.2.1: somebody who says no comes back with `access_denied`; other errors are the provider's or ours.
    match query(asked, "error").as_deref() {
        Some("access_denied") => return Err(Notice::Refused),
        Some(_) => return Err(Notice::Failed),
        None => {}
    }
    let code = query(asked, "code").filter(|code| !code.is_empty() && code.len() <= LONGEST_CODE);
    Ok((code.ok_or(Notice::Failed)?, state))
}

async fn sign_in(
    desk: &Desk,
    visitor: &Visitor,
    provider: Provider,
    code: &str,
    state: String,
    client: IpAddr,
) -> Result<On, TroublePage> {
    let (store, now) = (&desk.booking.store, desk.clock.now());
    let trouble = |refusal: &AccountRefusal| visitor.trouble(Trouble::of_account(refusal));
    let agreed = match take_social_sign_in(store, provider.as_str(), state, now).await {
        Ok(agreed) => agreed,
        Err(AccountRefusal::InvalidToken) => return Ok(On::Back(Notice::Failed)),
        Err(refusal) => return Err(trouble(&refusal)),
    };
    let pending = Pending { state: agreed.state, nonce: agreed.nonce, verifier: agreed.verifier };
    let redirect_uri = redirect_uri(&desk.site, provider);
    let profile = match desk.providers.finish(provider, code, &redirect_uri, &pending, now).await {
        Ok(profile) => profile,
        Err(error @ SocialError::Provider(_)) => {
            tracing::error!(%error, "a provider could not be asked");
            return Ok(On::Back(Notice::ProviderAway));
        }
        Err(error) => {
            tracing::warn!(%error, "a provider's answer was refused");
            return Ok(On::Back(Notice::Failed));
        }
    };
    let vouched = Vouched {
        provider: provider.as_str(),
        subject: profile.subject,
        email: profile.email,
        email_verified: profile.email_verified,
        name: profile.name,
        language: visitor.language(None),
    };
    let diners = &desk.booking.diners;
    match recognise(store, diners, &desk.mail_tokens, vouched, client, now).await {
        Ok(Recognised::SignedIn(signed_in)) => Ok(On::SignedIn(Box::new(signed_in))),
        Ok(Recognised::MailFollows) => Ok(On::MailFollows),
        Err(AccountRefusal::NoAddress) => Ok(On::Back(Notice::NoAddress)),
        Err(AccountRefusal::TooMany { .. }) => Ok(On::Back(Notice::TooMany)),
        Err(refusal) => Err(trouble(&refusal)),
    }
}

/// A text as a cookie's value may hold it.
fn hex(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut hex, byte| {
        // Writing to a string can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn unhex(hex: &str) -> Option<String> {
    let digits = hex.as_bytes().chunks(2);
    let bytes = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_counts_only_with_the_state_of_this_browser() {
        let good = Some("code=c0de&state=s7ate");
        assert_eq!(returned(good, Some("s7ate")), Ok(("c0de".to_owned(), "s7ate".to_owned())));
        for kept in [None, Some(""), Some("another")] {
            assert_eq!(returned(good, kept), Err(Notice::Failed));
        }
        let with = |asked| returned(Some(asked), Some("s7ate"));
        assert_eq!(with("error=access_denied&state=s7ate"), Err(Notice::Refused));
        assert_eq!(with("error=server_error&state=s7ate"), Err(Notice::Failed));
        assert_eq!(with("error=access_denied"), Err(Notice::Failed));
        assert_eq!(with("state=s7ate"), Err(Notice::Failed));
        assert_eq!(with("code=&state=s7ate"), Err(Notice::Failed));
        assert_eq!(with(&format!("code={}&state=s7ate", "c".repeat(2049))), Err(Notice::Failed));
    }

    #[test]
    fn where_to_go_on_to_comes_back_as_it_was() {
        for next in ["", "/me", "/restaurants/rst_1?date=2026-12-24&party=2"] {
            assert_eq!(unhex(&hex(next)).as_deref(), Some(next));
        }
        assert_eq!((unhex("zz"), unhex("ff")), (None, None));
    }
}
