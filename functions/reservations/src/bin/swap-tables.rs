//! The function `swap-tables`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_reservations::swap_tables::ENDPOINT).await
}
