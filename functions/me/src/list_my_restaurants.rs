//! `list-my-restaurants`: where somebody works, and as what.

use axum::{
    extract::{FromRef, State},
    response::Response,
};
use jari_api::{Caller, Problem, openapi, respond};
use jari_domain::{Clock, LocalizedText, RestaurantId, RestaurantStatus, StaffRole};
use jari_identity::BearerVerifier;
use jari_operations::my_restaurants;
use jari_store::Store;
use jari_wiring::{Endpoint, store_problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "list-my-restaurants",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let (store, clock, bearers) = (house.store()?, house.clock(), house.bearer_verifier()?);
            Ok(routes().with_state(Reader { store, clock, bearers }).into())
        })
    },
};

#[derive(Clone, FromRef)]
struct Reader {
    store: Store,
    clock: Clock,
    bearers: BearerVerifier,
}

/// The restaurants where somebody works.
#[derive(Serialize, ToSchema)]
struct MyRestaurants {
    /// By name.
    items: Vec<MyRestaurant>,
    /// There is no other page.
    #[schema(value_type = Option<String>)]
    next: Option<()>,
}

/// A restaurant where somebody works.
#[derive(Serialize, ToSchema)]
struct MyRestaurant {
    #[schema(value_type = String, example = "rst_01jar100000000000000000001")]
    id: RestaurantId,
    #[schema(inline, value_type = Name)]
    name: LocalizedText,
    /// `draft`, `submitted`, `approved`, `rejected` or `closed`.
    #[schema(value_type = String, example = "approved")]
    status: RestaurantStatus,
    /// `host`, `manager` or `owner`.
    #[schema(value_type = String, example = "owner")]
    role: StaffRole,
}

#[derive(ToSchema)]
#[allow(dead_code, reason = "describes `LocalizedText` in the document")]
struct Name {
    /// Korean; empty when there is none.
    #[schema(example = "무쇠와 나물")]
    ko: String,
    /// English; empty when there is none.
    #[schema(example = "Musoe & Namul")]
    en: String,
}

fn routes() -> OpenApiRouter<Reader> {
    OpenApiRouter::new().routes(routes!(list_my_restaurants))
}

/// List the restaurants where I work
///
/// All of them, public or not, at most 100.
#[utoipa::path(get, path = "/v1/me/restaurants", tag = openapi::tags::ME, operation_id = "list-my-restaurants",
    security(("bearer" = [])),
    responses((status = 200, description = "The restaurants.", body = MyRestaurants), openapi::Unauthenticated, openapi::Common))]
async fn list_my_restaurants(State(reader): State<Reader>, caller: Caller) -> Result<Response, Problem> {
    let account = caller.signed_in()?.account;
    let found = my_restaurants(&reader.store, account).await.map_err(store_problem)?;
    let items = found.into_iter().map(|(id, profile, role)| MyRestaurant {
        id,
        name: profile.name,
        status: profile.status,
        role,
    });
    Ok(respond::ok(&MyRestaurants { items: items.collect(), next: None }))
}
