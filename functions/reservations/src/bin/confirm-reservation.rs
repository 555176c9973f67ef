//! The function `confirm-reservation`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_reservations::confirm_reservation::ENDPOINT).await
}
