//! The function `sign-up`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_accounts::sign_up::ENDPOINT).await
}
