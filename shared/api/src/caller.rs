//! [`Caller`]: on whose word a request comes. A token that can't be verified is refused, never taken
//! for no token.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use jari_domain::{Clock, ReservationId};
use jari_identity::{LinkVerifier, TokenError};

use crate::{Code, Problem, Text};

/// On whose word a request comes. Accounts will be a further variant; whoever matches says what
/// happens to those not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caller {
    /// Nobody said.
    Anonymous,
    /// The holder of one reservation's private link.
    Link(ReservationId),
}

impl Caller {
    /// Passes whoever may see and change this reservation. Anonymous callers are asked who they are;
    /// to the holder of another link it does not exist.
    pub fn may_act_on(self, reservation: ReservationId) -> Result<(), Problem> {
        match self {
            Self::Anonymous => Err(Problem::new(Code::Unauthenticated).with_detail(Text::fixed(
                "예약 확인 메일의 링크로 접속해 주세요.",
                "Please use the link in your reservation's mail.",
            ))),
            Self::Link(own) if own == reservation => Ok(()),
            Self::Link(_) => Err(Problem::new(Code::NotFound)),
        }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Sync,
    LinkVerifier: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = values.next() else {
            return Ok(Self::Anonymous);
        };
        let token = value
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        let (Some(token), None) = (token, values.next()) else {
            return Err(invalid_token());
        };
        match LinkVerifier::from_ref(state).verify(token, Clock::from_ref(state).now()) {
            Ok(reservation) => Ok(Self::Link(reservation)),
            Err(TokenError::Expired) => Err(Problem::new(Code::TokenExpired)),
            Err(TokenError::Invalid) => Err(invalid_token()),
        }
    }
}

fn invalid_token() -> Problem {
    Problem::new(Code::Unauthenticated)
        .with_detail(Text::fixed("인증 정보가 올바르지 않습니다.", "The token is not valid."))
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="invalid_token""#))
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::Request;
    use axum::response::Response;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use jari_identity::{LinkSigner, generate_signing_key};
    use jiff::{Timestamp, ToSpan};
    use tower::ServiceExt;

    use super::*;

    #[derive(Clone)]
    struct State {
        verifier: LinkVerifier,
        clock: Clock,
    }

    impl FromRef<State> for LinkVerifier {
        fn from_ref(state: &State) -> Self {
            state.verifier.clone()
        }
    }

    impl FromRef<State> for Clock {
        fn from_ref(state: &State) -> Self {
            state.clock.clone()
        }
    }

    fn now() -> Timestamp {
        "2026-12-01T10:00:00Z".parse().unwrap()
    }

    fn reservation(byte: u8) -> ReservationId {
        ReservationId::new(now(), [byte; 10])
    }

    fn open() -> (LinkSigner, Router) {
        let (private, public) = generate_signing_key().unwrap();
        let state =
            State { verifier: LinkVerifier::new(&public, "test").unwrap(), clock: Clock::from_fn(now) };
        let handler =
            |caller: Caller| async move { caller.may_act_on(reservation(1)).map(|()| format!("{caller:?}")) };
        let router = Router::new().route("/", get(handler)).with_state(state);
        (LinkSigner::new(&private, "test").unwrap(), crate::finish(router, &[]))
    }

    async fn ask(router: Router, authorization: Option<&str>) -> Response {
        let mut request = Request::get("/");
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn code(response: Response) -> String {
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        problem["code"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_links_holder_may_act_on_that_reservation_only() {
        let (signer, router) = open();
        let own = signer.sign(reservation(1), now() + 1.hour(), now());
        assert_eq!(ask(router.clone(), Some(&format!("Bearer {own}"))).await.status(), 200);
        assert_eq!(ask(router.clone(), Some(&format!("bearer {own}"))).await.status(), 200);
        let other = signer.sign(reservation(2), now() + 1.hour(), now());
        assert_eq!(ask(router, Some(&format!("Bearer {other}"))).await.status(), 404);
    }

    #[tokio::test]
    async fn nobody_is_asked_who_they_are() {
        let response = ask(open().1, None).await;
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        assert_eq!(code(response).await, "unauthenticated");
    }

    #[tokio::test]
    async fn an_expired_token_is_told_apart() {
        let (signer, router) = open();
        let token = signer.sign(reservation(1), now() - 1.second(), now() - 1.hour());
        let response = ask(router, Some(&format!("Bearer {token}"))).await;
        assert_eq!(response.status(), 401);
        assert_eq!(code(response).await, "token_expired");
    }

    #[tokio::test]
    async fn a_bad_token_is_never_taken_for_no_token() {
        let (_, router) = open();
        let (stranger, _) = open();
        let foreign = format!("Bearer {}", stranger.sign(reservation(1), now() + 1.hour(), now()));
        for value in ["Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "", "Token a.b.c", &foreign] {
            let response = ask(router.clone(), Some(value)).await;
            assert_eq!(response.status(), 401, "{value}");
            assert_eq!(response.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
            assert_eq!(code(response).await, "unauthenticated", "{value}");
        }
    }
}
