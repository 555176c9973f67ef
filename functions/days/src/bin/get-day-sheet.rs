//! The function `get-day-sheet`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_days::get_day_sheet::ENDPOINT).await
}
