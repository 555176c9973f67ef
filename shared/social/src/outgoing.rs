//! [`Outgoing`]: the one way out of the house to others than AWS, over the SDK's own HTTPS client.
//! An answer has a bounded time and size, and nobody sends us elsewhere.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use aws_smithy_async::rt::sleep::default_async_sleep;
use aws_smithy_http_client::default_connector;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest as SdkRequest;
use aws_smithy_types::body::SdkBody;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use oauth2::{AccessToken, AsyncHttpClient};
use url::Url;

use crate::Trouble;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// From the first byte sent to the last one read.
const WHOLE_TIMEOUT: Duration = Duration::from_secs(5);
/// Providers' key sets and profiles have a few KiB.
const MOST_BYTES: usize = 256 * 1024;

/// Calls providers. Cheap to clone; clones share connections.
#[derive(Clone)]
pub(crate) struct Outgoing {
    connector: SharedHttpConnector,
    whole_timeout: Duration,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Outgoing")
    }
}

impl Outgoing {
    /// `None` if the SDK was built without its HTTPS client.
    pub(crate) fn new() -> Option<Self> {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(WHOLE_TIMEOUT)
            .build();
        let connector = default_connector(&settings, default_async_sleep())?;
        Some(Self { connector, whole_timeout: WHOLE_TIMEOUT })
    }

    /// The body of what `url` answers with to whoever bears `token`.
    pub(crate) async fn get(&self, url: &Url, token: &AccessToken) -> Result<Vec<u8>, Trouble> {
        // A token that does not fit into a header is not one we could use.
        let mut bearer =
            HeaderValue::from_str(&format!("Bearer {}", token.secret())).map_err(|_| Trouble::Unreadable)?;
        bearer.set_sensitive(true);
        let request = Request::get(url.as_str())
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, bearer)
            .body(Vec::new())
            .map_err(|_| Trouble::Unreachable)?;
        let answer = self.call(request).await?;
        if answer.status() == StatusCode::OK {
            Ok(answer.into_body())
        } else {
            Err(Trouble::Status(answer.status().as_u16()))
        }
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Trouble> {
        let request = SdkRequest::try_from(request.map(SdkBody::from)).map_err(|_| Trouble::Unreachable)?;
        let answer = self
            .connector
            .call(request)
            .await
            .map_err(|error| if error.is_timeout() { Trouble::TimedOut } else { Trouble::Unreachable })?;
        let (head, body) = answer.try_into_http1x().map_err(|_| Trouble::Unreadable)?.into_parts();
        if head.status.is_redirection() {
            return Err(Trouble::Redirected);
        }
        if head.status.is_server_error() || head.status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Trouble::Status(head.status.as_u16()));
        }
        let body = Limited::new(body, MOST_BYTES).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { Trouble::TooLarge } else { Trouble::Unreachable }
        })?;
        Ok(Response::from_parts(head, body.to_bytes().into()))
    }
}

impl<'c> AsyncHttpClient<'c> for Outgoing {
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, Trouble>> + Send + 'c>>;

    fn call(&'c self, request: Request<Vec<u8>>) -> Self::Future {
        Box::pin(async move {
            tokio::time::timeout(self.whole_timeout, self.send(request))
                .await
                .unwrap_or(Err(Trouble::TimedOut))
        })
    }
}
