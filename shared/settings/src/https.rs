//! [`one_connector`]: the SDK's own way over HTTPS, made once for all clients of a process.

use std::sync::OnceLock;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};

/// What the SDK's clients have by default, but one and the same, with one pool of connections, for all that are given it.
///
/// Left to themselves, each of them reads the certificates of some 140 authorities twice (once to see that it can, and again
/// for its first call), and a function with two clients is a tenth longer in starting. Made at the first call, with the
/// timeouts of whoever makes it: they are the same for all, and shorter ones of an operation hold beside them.
pub(crate) fn one_connector() -> SharedHttpClient {
    let connector = OnceLock::new();
    http_client_fn(move |settings, components| {
        let of_all = connector.get_or_init(|| {
            let mut builder = Connector::builder().connector_settings(settings.clone());
            builder.set_sleep_impl(components.sleep_impl());
            SharedHttpConnector::new(builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build())
        });
        of_all.clone()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::net::SocketAddr;
    use std::sync::{Arc, Mutex};

    use axum::extract::ConnectInfo;
    use axum::{Router, routing::post};

    use crate::{Secrets, Settings};

    #[tokio::test]
    async fn clients_of_one_configuration_share_their_connections() {
        let peers = Arc::new(Mutex::new(HashSet::new()));
        let seen = peers.clone();
        let answer = async move |ConnectInfo(peer): ConnectInfo<SocketAddr>| {
            seen.lock().unwrap().insert(peer);
            r#"{ "Parameters": [] }"#
        };
        let service = Router::new().route("/", post(answer));
        let service = service.into_make_service_with_connect_info::<SocketAddr>();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, service).await });
        let settings = Settings { ssm_endpoint: Some(endpoint.clone()), ..Settings::default() };
        let aws = settings.aws_config().await;
        for _ in 0..2 {
            let secrets = Secrets::new(&aws, Some(&endpoint), "/jari/test/secret");
            assert!(secrets.get("diner-key").await.is_err(), "there is none of that name");
        }
        assert_eq!(peers.lock().unwrap().len(), 1);
    }
}
