//! The function `seat-reservation`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_reservations::seat_reservation::ENDPOINT).await
}
