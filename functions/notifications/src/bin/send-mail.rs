//! The Lambda function `send-mail`.

use jari_notifications::send_mail::SendMail;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    jari_wiring::serve_events(async |house| {
        let send_mail = SendMail::open(&house).await?;
        Ok(move |event| {
            let send_mail = send_mail.clone();
            async move { Ok(send_mail.handle(event).await) }
        })
    })
    .await
}
