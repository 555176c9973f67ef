//! The function `list-barred-guests`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    jari_wiring::serve(jari_days::list_barred_guests::ENDPOINT).await
}
