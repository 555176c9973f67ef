//! [`Caller`]: on whose word a request comes. A token that can't be verified is refused, never taken
//! for no token.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use jari_domain::Clock;
use jari_identity::{Access, Bearer, BearerVerifier, TokenError};

use crate::{Code, Problem, Text};

/// On whose word a request comes, ready to be asked for admission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller(pub Bearer);

impl Caller {
    /// Who has signed in. Everybody else is asked to.
    pub fn signed_in(&self) -> Result<&Access, Problem> {
        self.0.access().ok_or_else(|| {
            Problem::new(Code::Unauthenticated)
                .with_detail(Text::fixed("로그인해 주세요.", "Please sign in."))
        })
    }

    /// Whose idempotency keys and holds they are: an account's own, or those of everybody without one.
    #[must_use]
    pub fn namespace(&self) -> String {
        self.0.access().map_or_else(|| "anonymous".to_owned(), |access| access.account.to_string())
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Sync,
    BearerVerifier: FromRef<S>,
    Clock: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = values.next() else {
            return Ok(Self(Bearer::Nobody));
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
        match BearerVerifier::from_ref(state).verify(token, Clock::from_ref(state).now()) {
            Ok(bearer) => Ok(Self(bearer)),
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
    use jari_domain::{AccountId, DinerId, ReservationId, SessionId};
    use jari_identity::{AccessSigner, LinkSigner, generate_signing_key};
    use jiff::{Timestamp, ToSpan};
    use tower::ServiceExt;

    use super::*;

    #[derive(Clone)]
    struct State {
        verifier: BearerVerifier,
        clock: Clock,
    }

    impl FromRef<State> for BearerVerifier {
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

    struct Signers {
        links: LinkSigner,
        access: AccessSigner,
    }

    fn open() -> (Signers, Router) {
        let (private, public) = generate_signing_key().unwrap();
        let state =
            State { verifier: BearerVerifier::new(&public, "test").unwrap(), clock: Clock::from_fn(now) };
        let handler = |caller: Caller| async move {
            match caller.0 {
                Bearer::Link(reservation) => Ok(reservation.to_string()),
                _ => caller.signed_in().map(|access| access.account.to_string()),
            }
        };
        let router = Router::new().route("/", get(handler)).with_state(state);
        let signers = Signers {
            links: LinkSigner::new(&private, "test").unwrap(),
            access: AccessSigner::new(&private, "test").unwrap(),
        };
        (signers, crate::finish(router, &[]))
    }

    fn access() -> Access {
        Access {
            account: AccountId::new(now(), [1; 10]),
            diner: DinerId("d".into()),
            platform: None,
            session: SessionId::new(now(), [2; 10]),
            generation: 1,
        }
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
    async fn a_link_and_an_account_are_told_apart() {
        let (signers, router) = open();
        let link = signers.links.sign(reservation(1), now() + 1.hour(), now());
        let account = signers.access.sign(&access(), now());
        for (token, expected) in [(link, reservation(1).to_string()), (account, access().account.to_string())]
        {
            for scheme in ["Bearer", "bearer"] {
                let response = ask(router.clone(), Some(&format!("{scheme} {token}"))).await;
                assert_eq!(response.status(), 200);
                let bytes = response.into_body().collect().await.unwrap().to_bytes();
                assert_eq!(bytes, expected);
            }
        }
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
        let (signers, router) = open();
        let link = signers.links.sign(reservation(1), now() - 1.second(), now() - 1.hour());
        let account = signers.access.sign(&access(), now() - AccessSigner::LIFETIME);
        for token in [link, account] {
            let response = ask(router.clone(), Some(&format!("Bearer {token}"))).await;
            assert_eq!(response.status(), 401);
            assert_eq!(code(response).await, "token_expired");
        }
    }

    #[tokio::test]
    async fn a_bad_token_is_never_taken_for_no_token() {
        let (_, router) = open();
        let (stranger, _) = open();
        let foreign = format!("Bearer {}", stranger.links.sign(reservation(1), now() + 1.hour(), now()));
        for value in ["Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "", "Token a.b.c", &foreign] {
            let response = ask(router.clone(), Some(value)).await;
            assert_eq!(response.status(), 401, "{value}");
            assert_eq!(response.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
            assert_eq!(code(response).await, "unauthenticated", "{value}");
        }
    }
}
