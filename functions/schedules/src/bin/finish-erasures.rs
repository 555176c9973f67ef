//! The Lambda function `finish-erasures`.

use jari_schedules::finish_erasures::FinishErasures;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    jari_wiring::serve_events(async |house| {
        let finish_erasures = FinishErasures::open(&house).await?;
        Ok(move |event| {
            let finish_erasures = finish_erasures.clone();
            async move { finish_erasures.handle(event).await.map_err(Into::into) }
        })
    })
    .await
}
