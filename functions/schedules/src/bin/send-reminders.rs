//! The Lambda function `send-reminders`.

use jari_schedules::send_reminders::SendReminders;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    jari_wiring::serve_events(async |house| {
        let send_reminders = SendReminders::open(&house).await?;
        Ok(move |event| {
            let send_reminders = send_reminders.clone();
            async move { send_reminders.handle(event).await.map_err(Into::into) }
        })
    })
    .await
}
