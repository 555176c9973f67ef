//! `list-barred-guests`: who may not book online, and since when.

use axum::{
    extract::{FromRef, State},
    response::Response,
};
use jari_api::{Caller, Cursors, Items, PathId, Problem, QueryFields, openapi, paging, respond};
use jari_domain::{Clock, DinerId, ReservationId, kind};
use jari_identity::{BearerVerifier, CursorKey, Operation};
use jari_operations::{BarredGuest, admit, barred_guests};
use jari_store::Store;
use jari_wiring::{Endpoint, admission_problem, store_problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "list-barred-guests",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let reader = Reader {
                store: house.store()?,
                clock: house.clock(),
                bearers: house.bearer_verifier()?,
                cursors: house.cursor_key().await?,
            };
            Ok(routes().with_state(reader).into())
        })
    },
};

#[derive(Clone, FromRef)]
struct Reader {
    store: Store,
    clock: Clock,
    bearers: BearerVerifier,
    cursors: CursorKey,
}

/// A guest who may not book online.
#[derive(Serialize, ToSchema)]
#[schema(as = BarredGuest)]
#[serde(rename_all = "camelCase")]
struct BarredGuestView {
    /// To lift the bar by.
    diner_id: String,
    #[schema(format = DateTime, example = "2026-12-24T19:30:00+09:00")]
    since: String,
    /// The no-show that was one too many.
    #[schema(value_type = String, example = "rsv_01kc9x3v2rq8f5m7w1d6e4t0zn")]
    reservation_id: ReservationId,
    /// As it was booked; missing where the guest's details have been erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "김민지")]
    guest_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+821012345678")]
    guest_phone: Option<String>,
}

fn routes() -> OpenApiRouter<Reader> {
    OpenApiRouter::new().routes(routes!(list_barred_guests))
}

/// List who may not book online
///
/// Four no-shows in twelve months bar a guest from booking online, until the staff lift it. In no order that means
/// anything.
#[utoipa::path(get, path = "/v1/restaurants/{restaurantId}/barred-guests", tag = openapi::tags::DAY_SHEET,
    operation_id = "list-barred-guests", security(("bearer" = [])),
    params(("restaurantId" = String, Path),
        ("limit" = Option<u32>, Query, description = "1 to 100; 20 unless said otherwise."),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before.")),
    responses((status = 200, description = "A page.", body = Items<BarredGuestView>), openapi::BadFields,
        openapi::Unauthenticated, openapi::Forbidden, openapi::NotFound, openapi::Common))]
async fn list_barred_guests(
    State(reader): State<Reader>,
    caller: Caller,
    PathId(id): PathId<kind::Restaurant>,
    query: QueryFields,
) -> Result<Response, Problem> {
    let admitted = admit(&reader.store, &caller.0, Operation::ListBarredGuests, id).await;
    let restaurant = admitted.map_err(admission_problem)?.stored.restaurant;
    let mut fields = query.fields();
    let (limit, cursor) = paging::read(&mut fields);
    fields.finish(())?;
    let cursors = Cursors::new(&reader.cursors, "barred-guests", &id)?;
    let after: Option<DinerId> = cursor.map(|cursor| cursors.open(&cursor)).transpose()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (page, next) =
        barred_guests(&reader.store, &restaurant, after.as_ref(), limit).await.map_err(store_problem)?;
    let next = next.map(|diner| cursors.seal(&diner)).transpose()?;
    let view = |barred: BarredGuest| BarredGuestView {
        diner_id: barred.diner.0,
        since: respond::instant(barred.bar.since, restaurant.zone()),
        reservation_id: barred.bar.reservation,
        guest_phone: barred.guest.as_ref().and_then(|guest| Some(guest.phone.as_ref()?.as_str().to_owned())),
        guest_name: barred.guest.map(|guest| guest.name.as_str().to_owned()),
    };
    Ok(respond::ok(&Items { items: page.into_iter().map(view).collect(), next }))
}
