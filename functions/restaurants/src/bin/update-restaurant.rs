//! The function `update-restaurant`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_restaurants::update_restaurant::ENDPOINT).await
}
