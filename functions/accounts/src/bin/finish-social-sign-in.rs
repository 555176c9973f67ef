//! The function `finish-social-sign-in`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_accounts::finish_social_sign_in::ENDPOINT).await
}
