//! The function `decline-reservation`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_reservations::decline_reservation::ENDPOINT).await
}
