//! The Lambda function `record-mail-feedback`.

use jari_notifications::record_mail_feedback::RecordMailFeedback;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    jari_wiring::serve_events(async |house| {
        let record_mail_feedback = RecordMailFeedback::open(&house).await?;
        Ok(move |event| {
            let record_mail_feedback = record_mail_feedback.clone();
            async move { record_mail_feedback.handle(event).await.map_err(Into::into) }
        })
    })
    .await
}
