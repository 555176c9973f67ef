//! The function `list-restaurants`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_restaurants::list_restaurants::ENDPOINT).await
}
