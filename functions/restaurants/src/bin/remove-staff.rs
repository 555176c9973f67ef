//! The function `remove-staff`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_restaurants::remove_staff::ENDPOINT).await
}
