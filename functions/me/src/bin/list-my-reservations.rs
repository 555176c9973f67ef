//! The function `list-my-reservations`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_me::list_my_reservations::ENDPOINT).await
}
