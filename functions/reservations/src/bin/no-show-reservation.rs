//! The function `no-show-reservation`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_reservations::no_show_reservation::ENDPOINT).await
}
