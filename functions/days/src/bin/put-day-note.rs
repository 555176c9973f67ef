//! The function `put-day-note`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_days::put_day_note::ENDPOINT).await
}
