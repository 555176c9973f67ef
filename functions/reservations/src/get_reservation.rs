//! `get-reservation`: shows a reservation to its diner.

use axum::{
    extract::{FromRef, State},
    response::Response,
};
use jari_api::{Caller, IfNoneMatch, PathId, Problem, openapi, respond};
use jari_domain::{Clock, kind};
use jari_identity::LinkVerifier;
use jari_operations::{RestaurantCache, view_reservation};
use jari_store::Store;
use jari_wiring::Endpoint;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{refusal::problem, view::ReservationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-reservation",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let reader = Reader {
                store: house.store()?,
                restaurants: house.restaurants()?,
                clock: house.clock(),
                links: house.link_verifier()?,
            };
            Ok(routes().with_state(reader).into())
        })
    },
};

#[derive(Clone, FromRef)]
struct Reader {
    store: Store,
    restaurants: RestaurantCache,
    clock: Clock,
    links: LinkVerifier,
}

fn routes() -> OpenApiRouter<Reader> {
    OpenApiRouter::new().routes(routes!(get_reservation))
}

/// Show a reservation
#[utoipa::path(get, path = "/v1/reservations/{reservationId}", tag = openapi::tags::RESERVATIONS,
    operation_id = "get-reservation", security(("bearer" = [])),
    params(("reservationId" = String, Path), ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what the caller has.")),
    responses((status = 200, description = "The reservation.", body = ReservationView, headers(("ETag" = String))),
        (status = 304, description = "As the caller has it."),
        openapi::Unauthenticated, openapi::NotFound, openapi::Common))]
async fn get_reservation(
    State(reader): State<Reader>,
    caller: Caller,
    PathId(id): PathId<kind::Reservation>,
    known: IfNoneMatch,
) -> Result<Response, Problem> {
    caller.may_act_on(id)?;
    let now = reader.clock.now();
    let viewed = view_reservation(&reader.store, &reader.restaurants, id).await;
    let viewed = viewed.map_err(|refusal| problem(refusal, now))?;
    let view = ReservationView::new(&viewed, now);
    // A hold ends without a new revision: what has a deadline is always shown.
    if viewed.reservation.until.is_some() {
        return Ok(respond::revised(viewed.reservation.revision, &view));
    }
    Ok(respond::revised_unless_known(
        &known,
        viewed.reservation.revision,
        &view,
    ))
}
