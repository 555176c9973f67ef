//! `get-health`: whether a booking could be taken now. It is well only if the table answers.

use axum::Json;
use axum::extract::State;
use jari_api::{Problem, openapi};
use jari_domain::Clock;
use jari_store::Store;
use jari_wiring::Endpoint;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-health",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let desk =
                Desk { stage: house.settings().stage.clone(), store: house.store()?, clock: house.clock() };
            Ok(routes().with_state(desk).into())
        })
    },
};

#[derive(Clone)]
struct Desk {
    stage: String,
    store: Store,
    clock: Clock,
}

/// How the house is.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`; anything else is told by the status.
    #[schema(example = "ok")]
    status: &'static str,
    /// Which house this is.
    #[schema(example = "prod")]
    stage: String,
    /// The version that runs.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// The time by the house's clock, in UTC.
    #[schema(format = DateTime, example = "2026-12-24T10:00:00Z")]
    time: String,
}

fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(get_health))
}

/// Tell whether the house is well
///
/// Well means that the table was just read; if it can't be, this is a 503.
#[utoipa::path(get, path = "/v1/health", tag = openapi::tags::PLATFORM, operation_id = "get-health",
    responses((status = 200, description = "It is well.", body = Health), openapi::Common))]
async fn get_health(State(desk): State<Desk>) -> Result<Json<Health>, Problem> {
    desk.store.warm_up().await.map_err(Problem::unavailable)?;
    Ok(Json(Health {
        status: "ok",
        stage: desk.stage,
        version: env!("CARGO_PKG_VERSION"),
        time: desk.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use jari_settings::Settings;
    use jari_wiring::House;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_house_whose_table_does_not_answer_is_not_well() {
        let settings = Settings {
            table: Some("jari".into()),
            dynamodb_endpoint: Some("http://127.0.0.1:1".into()),
            ..Settings::default()
        };
        let aws = settings.aws_config().await;
        let router = (ENDPOINT.open)(House::new(settings, aws, Clock::system())).await.unwrap();
        let request = Request::get("/v1/health").body(Body::empty()).unwrap();
        let response = jari_api::finish(router, &[]).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "1");
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let problem: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(problem["code"], "unavailable");
        assert!(!problem.to_string().contains("127.0.0.1"));
    }
}
