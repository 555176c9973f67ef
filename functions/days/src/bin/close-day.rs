//! The function `close-day`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_days::close_day::ENDPOINT).await
}
