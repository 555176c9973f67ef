//! The Lambda function `expire-holds`.

use jari_schedules::expire_holds::ExpireHolds;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    jari_wiring::serve_events(async |house| {
        let expire_holds = ExpireHolds::open(&house).await?;
        Ok(move |event| {
            let expire_holds = expire_holds.clone();
            async move { expire_holds.handle(event).await.map_err(Into::into) }
        })
    })
    .await
}
