//! [`Edge`]: which client a call comes from, and whether it came the way it should.
//!
//! AWS WAF can't stand before an HTTP API, only before a `CloudFront` distribution before it (`infra/edge.yaml`). Then the
//! gateway is called from `CloudFront`'s addresses, and the client's own is in a header. That header is worth something only
//! together with a key that the distribution alone has; and without asking for the key, whoever calls the gateway past
//! `CloudFront` is past the WAF.

use std::fmt::Write;
use std::net::IpAddr;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use jari_api::{ClientAddress, Code, Problem};
use lambda_http::request::RequestContext;

/// In which header the edge sends its key.
pub const KEY_HEADER: &str = "jari-edge-key";
/// In which header the edge sends the address it was called from; whatever a client sent there is overwritten.
pub const CLIENT_HEADER: &str = "jari-edge-client";

/// What is known of the edge: its keys' digests. Not the keys, so that no function has to read a secret for it.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    /// Two while a key is changed; none where the gateway itself is the edge.
    digests: Arc<[String]>,
}

impl Edge {
    /// An edge with keys of these SHA-256 digests, in lower-case hex. Without any, everybody may call the gateway.
    pub(crate) fn new(digests: &[String]) -> Self {
        Self { digests: digests.into() }
    }

    /// Puts this in front of the routes: who comes past the edge is refused (403), and handlers learn the client's address.
    pub(crate) fn before(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self, pass))
    }

    fn is_passed(&self, headers: &HeaderMap) -> bool {
        let Some(key) = headers.get(KEY_HEADER) else { return false };
        let digest = digest(&SHA256, key.as_bytes()).as_ref().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string never fails.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        self.digests.contains(&digest)
    }
}

async fn pass(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let address = if edge.digests.is_empty() {
        gateways_caller(&request)
    } else if edge.is_passed(request.headers()) {
        edges_caller(request.headers())
    } else {
        return Problem::new(Code::Forbidden).into_response();
    };
    if let Some(address) = address {
        request.extensions_mut().insert(ClientAddress(address));
    }
    next.run(request).await
}

fn gateways_caller(request: &Request) -> Option<IpAddr> {
    match request.extensions().get::<RequestContext>()? {
        RequestContext::ApiGatewayV2(context) => context.http.source_ip.as_deref()?.parse().ok(),
        _ => None,
    }
}

fn edges_caller(headers: &HeaderMap) -> Option<IpAddr> {
    headers.get(CLIENT_HEADER)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::StatusCode;
    use axum::routing::get;
    use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequestContext;
    use tower::ServiceExt;

    use super::*;

    /// What `printf %s KEY | sha256sum` says of them.
    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// What is answered to a call of the gateway from 192.0.2.1, and the client's address as the handler knew it.
    async fn answer(digests: &[&str], headers: &[(&str, &str)]) -> (StatusCode, String) {
        let digests: Vec<String> = digests.iter().map(|&digest| digest.to_owned()).collect();
        let tell = get(async |ClientAddress(address): ClientAddress| address.to_string());
        let router = Edge::new(&digests).before(Router::new().route("/", tell));
        let mut request = Request::builder().uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        let mut context = ApiGatewayV2httpRequestContext::default();
        context.http.source_ip = Some("192.0.2.1".to_owned());
        request.extensions_mut().insert(RequestContext::ApiGatewayV2(context));
        let response = jari_api::finish(router, &[]).oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn without_an_edge_the_gateway_says_who_calls_and_headers_are_not_believed() {
        let told = answer(&[], &[(KEY_HEADER, "abc"), (CLIENT_HEADER, "203.0.113.9")]).await;
        assert_eq!(told, (StatusCode::OK, "192.0.2.1".to_owned()));
    }

    #[tokio::test]
    async fn behind_an_edge_it_says_who_calls_with_either_of_two_keys() {
        for digests in [&[OF_ABC][..], &[OF_NOTHING, OF_ABC], &[OF_ABC, OF_NOTHING]] {
            for client in ["203.0.113.9", "2001:db8::9"] {
                let told = answer(digests, &[(KEY_HEADER, "abc"), (CLIENT_HEADER, client)]).await;
                assert_eq!(told, (StatusCode::OK, client.to_owned()));
            }
        }
    }

    #[tokio::test]
    async fn who_comes_past_the_edge_is_refused_in_the_apis_words() {
        for headers in [
            &[][..],
            &[(KEY_HEADER, "")],
            &[(KEY_HEADER, "abd")],
            // What is in the function's environment opens nothing.
            &[(KEY_HEADER, OF_ABC)],
            &[(CLIENT_HEADER, "203.0.113.9")],
        ] {
            let (status, body) = answer(&[OF_ABC], headers).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?}");
            assert!(body.contains("\"code\":\"forbidden\""), "{body}");
        }
    }

    #[tokio::test]
    async fn an_edge_that_tells_no_address_makes_all_clients_one() {
        for headers in [&[(KEY_HEADER, "abc")][..], &[(KEY_HEADER, "abc"), (CLIENT_HEADER, "nobody")]] {
            assert_eq!(answer(&[OF_ABC], headers).await, (StatusCode::OK, "0.0.0.0".to_owned()));
        }
    }
}
