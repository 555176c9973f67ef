//! The function `list-sign-in-providers`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_accounts::list_sign_in_providers::ENDPOINT).await
}
