//! `create-restaurant`: registers a restaurant, a draft so far.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IdempotencyKey, Problem, openapi, parts, respond};
use jari_operations::{RequestKey, register};
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    office::Office,
    profile::{NewRestaurantBody, ProfileView},
    refusal::problem,
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "create-restaurant",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(create_restaurant))
}

/// Register a restaurant
///
/// It begins as a draft of the caller, its first owner: without tables, shifts and menu, and with the house's default
/// policy. Once it is set up, submit it for approval. At most 10 restaurants of an account can wait for approval at a time.
/// With an `Idempotency-Key` (use a UUID), a repeat gets the restaurant that the first request made.
#[utoipa::path(post, path = "/v1/restaurants", tag = openapi::tags::MANAGEMENT,
    operation_id = "create-restaurant", request_body = NewRestaurantBody, security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters.")),
    responses(
        (status = 201, description = "Registered.", body = ProfileView,
            headers(("Location" = String), ("ETag" = String), ("Idempotent-Replayed" = Option<String>, description = "`true` for the answer to a repeat."))),
        openapi::BadBody, openapi::Unauthenticated, openapi::NotFound, openapi::Conflict, openapi::Common))]
async fn create_restaurant(
    State(office): State<Office>,
    caller: Caller,
    key: Option<IdempotencyKey>,
    body: Body,
) -> Result<Response, Problem> {
    let account = caller.signed_in()?.account;
    let profile = parts::profile::read_new(body.fields())?;
    let key = key.map(|key| RequestKey { caller: caller.namespace(), key: key.as_str().to_owned() });
    let registered = register(&office.store, account, &profile, key.as_ref(), office.clock.now()).await;
    let (stored, replayed) = registered.map_err(|refusal| problem(refusal, ProfileView::new))?;
    let location = format!("/v1/restaurants/{}/profile", stored.restaurant.id);
    let mut response = respond::created(&location, stored.revisions.profile, &ProfileView::new(&stored))?;
    if replayed {
        respond::replayed(&mut response);
    }
    Ok(response)
}
