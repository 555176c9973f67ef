//! The function `request-password-reset`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_accounts::request_password_reset::ENDPOINT).await
}
