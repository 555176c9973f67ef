//! The function `list-my-restaurants`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_me::list_my_restaurants::ENDPOINT).await
}
