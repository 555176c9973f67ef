//! Every function that answers HTTP behind one router, as API Gateway has them behind one address.

use axum::Router;
use jari_wiring::{Endpoint, House, OpenError};

/// Every endpoint of the house.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    [
        jari_platform::ENDPOINTS,
        jari_restaurants::ENDPOINTS,
        jari_reservations::ENDPOINTS,
    ]
    .into_iter()
    .flatten()
}

/// All routes, finished as each function finishes its own.
pub(crate) async fn open(house: &House) -> Result<Router, OpenError> {
    let mut router = Router::new();
    for endpoint in endpoints() {
        router = router.merge((endpoint.open)(house.clone()).await?);
    }
    Ok(jari_api::finish(router, &house.settings().cors_origins))
}
