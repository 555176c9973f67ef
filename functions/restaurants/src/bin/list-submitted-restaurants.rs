//! The function `list-submitted-restaurants`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_restaurants::list_submitted_restaurants::ENDPOINT).await
}
