//! The Lambda function `get-openapi`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_platform::get_openapi::ENDPOINT).await
}
