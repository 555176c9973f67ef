//! `put-menu`: another menu.

use axum::{extract::State, response::Response};
use jari_api::{Body, Caller, IfMatch, PathId, Problem, openapi, parts, respond};
use jari_domain::kind;
use jari_identity::Operation;
use jari_store::{RestaurantPart, StoredRestaurant};
use jari_wiring::Endpoint;

use serde_json::{Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    menu::{MenuPart, NewMenu},
    office::{Office, Shown},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "put-menu",
    describe: || routes().into_openapi(),
    open: |house| Box::pin(async move { Ok(routes().with_state(Office::open(&house)?).into()) }),
};

fn routes() -> OpenApiRouter<Office> {
    OpenApiRouter::new().routes(routes!(put_menu))
}

/// Replace a menu
///
/// Prices are in the restaurant's own currency.
#[utoipa::path(put, path = "/v1/restaurants/{restaurantId}/menu", tag = openapi::tags::MANAGEMENT,
    operation_id = "put-menu", request_body = NewMenu, security(("bearer" = [])),
    params(("restaurantId" = String, Path), ("If-Match" = String, Header, description = "The `ETag` of the part as it was seen.")),
    responses((status = 200, description = "As it is now.", body = MenuPart, headers(("ETag" = String))),
        openapi::BadBody, openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Stale,
        openapi::PreconditionRequired, openapi::Common))]
async fn put_menu(
    State(office): State<Office>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    seen: IfMatch,
    body: Body,
) -> Result<Response, Problem> {
    let admitted = office.admit(&caller, Operation::PutMenu, id).await?;
    let currency = admitted.stored.restaurant.profile.currency;
    let part = RestaurantPart::Menu(parts::menu::read(body.fields(), currency)?);
    let after = office.change(&admitted, Operation::PutMenu, part, seen, current).await?;
    let shown = Shown { part: &after.menu, revision: after.revisions.menu };
    Ok(respond::revised(after.revisions.menu, &shown))
}

fn current(stored: &StoredRestaurant) -> Value {
    json!(Shown { part: &stored.menu, revision: stored.revisions.menu })
}
