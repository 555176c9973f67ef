//! Signing in with Google, Kakao or Naver, where they are configured. What the provider sends somebody back with counts only
//! in the browser that was sent there: it keeps the state in a cookie.

use axum::{
    extract::{FromRequestParts, RawPathParams, RawQuery, State},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jari_api::ClientAddress;
use jari_operations::accounts::{
    Agreed, Recognised, Vouched, begin_social_sign_in, recognise, take_social_sign_in,
};
use jari_social::{Pending, Provider, SocialError};
use url::Url;

use crate::{
    Desk,
    account::sign_in::address,
    cookie,
    page::Frame,
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
pub(crate) struct Offered {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
}

/// Whom one can sign in with, and the frame of a page that leads there: browsers hold the policy's `form-action` against
/// where a form is redirected to.
pub(crate) fn offered(desk: &Desk, frame: Frame) -> (Frame, Vec<Offered>) {
    let mut frame = frame;
    let mut offered = Vec::new();
    for provider in desk.providers.offered() {
        let start = desk.providers.start(provider, &redirect_uri(&desk.site, provider));
        let Some(origin) = start.ok().and_then(|start| Url::parse(&start.url).ok()) else { continue };
        frame = frame.with_forms_to(origin.origin().ascii_serialization());
        let label = match provider {
            Provider::Google => "account-with-google",
            Provider::Kakao => "account-with-kakao",
            Provider::Naver => "account-with-naver",
        };
        offered.push(Offered { key: provider.as_str(), label });
    }
    (frame, offered)
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
    let start = start.map_err(|error| visitor.trouble(broken(error)))?;
    let mut response = Redirect::to(&start.url).into_response();
    let kept = format!("{}.{}", start.state, URL_SAFE_NO_PAD.encode(&next));
    cookie::give(response.headers_mut(), COOKIE, &kept, Some(SECONDS));
    let agreed = Agreed {
        provider: provider.as_str(),
        state: start.state,
        nonce: start.nonce,
        verifier: start.verifier,
    };
    let begun = begin_social_sign_in(&desk.booking.store, agreed, desk.clock.now()).await;
    begun.map_err(|refusal| visitor.trouble(Trouble::of_account(&refusal)))?;
    Ok(response)
}

/// Where the provider sends the browser back to: the one GET that acts, since a provider can't post. The state is good
/// once, and only in the browser that has it.
pub(crate) async fn finish(
    State(desk): State<Desk>,
    Asked(provider): Asked,
    ClientAddress(client): ClientAddress,
    visitor: Visitor,
    headers: axum::http::HeaderMap,
    RawQuery(asked): RawQuery,
) -> Result<Response, TroublePage> {
    let now = desk.clock.now();
    let kept = cookie::read(&headers, COOKIE).and_then(|kept| kept.split_once('.'));
    let next = kept.and_then(|(_, next)| String::from_utf8(URL_SAFE_NO_PAD.decode(next).ok()?).ok());
    let next = next.as_deref().and_then(next_page);
    let refused = || Ok(ended(Redirect::to(&address("refused", next)).into_response()));
    let code = query(asked.as_deref(), "code").filter(|code| code.len() <= LONGEST_CODE);
    let state = query(asked.as_deref(), "state");
    let (Some(code), Some(state), Some((kept, _))) = (code, state, kept) else { return refused() };
    if state != kept {
        return refused();
    }
    let store = &desk.booking.store;
    let Ok(agreed) = take_social_sign_in(store, provider.as_str(), state, now).await else {
        return refused();
    };
    let pending = Pending { state: agreed.state, nonce: agreed.nonce, verifier: agreed.verifier };
    let redirect_uri = redirect_uri(&desk.site, provider);
    let profile = match desk.providers.finish(provider, &code, &redirect_uri, &pending, now).await {
        Ok(profile) => profile,
        Err(SocialError::Denied) => return refused(),
        Err(error) => {
            tracing::warn!(%error, "a provider's answer was refused");
            return refused();
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
        Ok(Recognised::SignedIn(signed_in)) => {
            let mut response = ended(Redirect::to(next.unwrap_or("/me")).into_response());
            session::give(response.headers_mut(), &desk, &signed_in, now);
            Ok(response)
        }
        Ok(Recognised::MailFollows) => Ok(ended(Redirect::to(&address("mail", next)).into_response())),
        Err(refusal) => {
            tracing::info!(%refusal, "a provider's word was not enough");
            refused()
        }
    }
}

/// The attempt is over, however it went.
fn ended(mut response: Response) -> Response {
    cookie::take_away(response.headers_mut(), COOKIE);
    response
}

fn broken(error: SocialError) -> Trouble {
    tracing::error!(%error, "a sign-in with a provider can't begin");
    Trouble::Broken
}
