//! [`Visit`]: an anonymous browser's signed name, so that holds can be counted for somebody. It opens
//! no door, so one that is bad or old counts as none, and a new one is given.

use std::convert::Infallible;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use jari_domain::{Clock, VisitId};
use jari_identity::{VisitSigner, VisitVerifier};

use crate::cookie;

/// The visit a request belongs to, if it names a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit(pub Option<VisitId>);

impl Visit {
    /// The cookie browsers carry it in.
    pub const COOKIE: &str = "__Host-jari-visit";
    /// The header others carry it in.
    pub const HEADER: HeaderName = HeaderName::from_static("jari-visit");

    /// Gives a visit's token to whoever asked: as a cookie for browsers and as a header for others.
    pub fn give(headers: &mut HeaderMap, token: &str) {
        let cookie = format!(
            "{}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}",
            Self::COOKIE,
            VisitSigner::LIFETIME.as_secs()
        );
        if let (Ok(cookie), Ok(token)) = (HeaderValue::try_from(cookie), HeaderValue::try_from(token)) {
            headers.append(header::SET_COOKIE, cookie);
            headers.insert(Self::HEADER, token);
        }
    }
}

impl<S> FromRequestParts<S> for Visit
where
    S: Sync,
    VisitVerifier: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let now = Clock::from_ref(state).now();
        let verifier = VisitVerifier::from_ref(state);
        let header = parts.headers.get(Self::HEADER).and_then(|value| value.to_str().ok());
        let token = header.or_else(|| cookie(&parts.headers, Self::COOKIE));
        Ok(Self(token.and_then(|token| verifier.verify(token, now).ok())))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use jari_identity::generate_signing_key;
    use jiff::{Timestamp, ToSpan};

    use super::*;

    #[derive(Clone)]
    struct State {
        verifier: VisitVerifier,
        clock: Clock,
    }

    impl FromRef<State> for VisitVerifier {
        fn from_ref(state: &State) -> Self {
            state.verifier.clone()
        }
    }

    impl FromRef<State> for Clock {
        fn from_ref(state: &State) -> Self {
            state.clock.clone()
        }
    }

    async fn visit(state: &State, header: &str, value: String) -> Option<VisitId> {
        let request = Request::get("/").header(header, value).body(()).unwrap();
        let Ok(Visit(visit)) = Visit::from_request_parts(&mut request.into_parts().0, state).await;
        visit
    }

    #[tokio::test]
    async fn a_visit_comes_back_by_cookie_or_header_until_it_is_a_day_old() {
        let (private, public) = generate_signing_key().unwrap();
        let now: Timestamp = "2026-12-01T10:00:00Z".parse().unwrap();
        let verifier = VisitVerifier::new(&public, "test").unwrap();
        let state = State { verifier: verifier.clone(), clock: Clock::from_fn(move || now) };
        let id = VisitId::new(now, [5; 10]);
        let token = VisitSigner::new(&private, "test").unwrap().sign(id, now);

        let mut headers = HeaderMap::new();
        Visit::give(&mut headers, &token);
        let set_cookie = headers["set-cookie"].to_str().unwrap();
        assert!(set_cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=86400"));
        let carried = format!("theme=dark; {}", set_cookie.split_once(';').unwrap().0);
        assert_eq!(visit(&state, "cookie", carried.clone()).await, Some(id));
        assert_eq!(
            visit(&state, "jari-visit", headers["jari-visit"].to_str().unwrap().into()).await,
            Some(id)
        );

        assert_eq!(visit(&state, "jari-visit", format!("{token}x")).await, None);
        assert_eq!(visit(&state, "cookie", "__Host-jari-visit=nonsense".into()).await, None);
        let tomorrow = State { verifier, clock: Clock::from_fn(move || now + 24.hours()) };
        assert_eq!(visit(&tomorrow, "cookie", carried).await, None);
    }
}
