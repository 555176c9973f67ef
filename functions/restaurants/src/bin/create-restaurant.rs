//! The function `create-restaurant`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_restaurants::create_restaurant::ENDPOINT).await
}
