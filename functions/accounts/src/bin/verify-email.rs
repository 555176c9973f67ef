//! The function `verify-email`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_accounts::verify_email::ENDPOINT).await
}
