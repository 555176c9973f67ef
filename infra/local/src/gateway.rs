//! Every function that answers HTTP behind one router, as API Gateway has them behind one address.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use jari_wiring::{Endpoint, House, OpenError};
use tokio::sync::Semaphore;

/// Enough for every race that two cores can run, and few enough for the store's time limits on one transaction.
const AT_ONCE: usize = 64;

/// Every endpoint of the house.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    [
        jari_platform::ENDPOINTS,
        jari_restaurants::ENDPOINTS,
        jari_reservations::ENDPOINTS,
        jari_days::ENDPOINTS,
        jari_accounts::ENDPOINTS,
        jari_me::ENDPOINTS,
        &[jari_web::ENDPOINT],
    ]
    .into_iter()
    .flatten()
}

/// All routes, finished as each function finishes its own. What none of them names is for `web`, as on API Gateway.
pub(crate) async fn open(house: &House) -> Result<Router, OpenError> {
    let mut router = Router::new();
    for endpoint in endpoints() {
        router = router.merge((endpoint.open)(house.clone()).await?);
    }
    let places = Arc::new(Semaphore::new(AT_ONCE));
    Ok(jari_api::finish(router, &house.settings().cors_origins).layer(from_fn_with_state(places, in_turn)))
}

/// On Lambda every request has an environment to itself. Here all share this machine: a thousand at the same moment
/// would make each other miss their time limits, so most of them wait at the door instead.
async fn in_turn(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    // Nobody closes the semaphore; if it could not be asked, nobody would have to wait.
    let _place = places.acquire().await;
    next.run(request).await
}
