//! The function `delete-me`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_me::delete_me::ENDPOINT).await
}
