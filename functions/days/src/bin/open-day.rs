//! The function `open-day`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_days::open_day::ENDPOINT).await
}
