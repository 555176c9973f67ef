//! The function `get-schedule`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_restaurants::get_schedule::ENDPOINT).await
}
