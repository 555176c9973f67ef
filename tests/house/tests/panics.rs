//! A panic ends its own request and nobody else's.

use axum::{Router, body::Body, http::Request, routing::get};
use jari_tests::House;
use tower::ServiceExt;

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_one_request_does_not_take_down_the_next() {
    async fn panics() -> &'static str {
        panic!("on purpose")
    }
    let house = House::open().await;
    let mut router = Router::new().route("/panic", get(panics));
    for endpoint in jari_local::endpoints() {
        router = router.merge((endpoint.open)(house.local().house().clone()).await.unwrap());
    }
    let router = jari_api::finish(router, &[]);
    let ask = |path: &str| router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap());
    for _ in 0..3 {
        let broken = ask("/panic").await.unwrap();
        assert_eq!(broken.status(), 500);
        assert_eq!(broken.headers()["content-type"], "application/problem+json");
        assert_eq!(ask("/v1/health").await.unwrap().status(), 200);
    }
}
