//! The Lambda function `decline-stale-requests`.

use jari_schedules::decline_stale_requests::DeclineStaleRequests;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    jari_wiring::serve_events(async |house| {
        let decline_stale_requests = DeclineStaleRequests::open(&house).await?;
        Ok(move |event| {
            let decline_stale_requests = decline_stale_requests.clone();
            async move { decline_stale_requests.handle(event).await.map_err(Into::into) }
        })
    })
    .await
}
