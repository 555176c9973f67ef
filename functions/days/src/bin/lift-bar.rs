//! The function `lift-bar`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_days::lift_bar::ENDPOINT).await
}
