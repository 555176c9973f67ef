//! `list-my-reservations`: what one has booked, signed in or as a guest with the same address.

use axum::{
    extract::{FromRef, State},
    response::Response,
};
use jari_api::{Caller, Cursors, Items, Problem, QueryFields, fields, openapi, paging, respond};
use jari_domain::Clock;
use jari_identity::{BearerVerifier, CursorKey};
use jari_operations::{RestaurantCache, When, my_reservations, own_account};
use jari_store::Store;
use jari_wiring::{Endpoint, admission_problem, store_problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::view::MyReservationView;

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "list-my-reservations",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let reader = Reader {
                store: house.store()?,
                restaurants: house.restaurants()?,
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
    restaurants: RestaurantCache,
    clock: Clock,
    bearers: BearerVerifier,
    cursors: CursorKey,
}

fn routes() -> OpenApiRouter<Reader> {
    OpenApiRouter::new().routes(routes!(list_my_reservations))
}

/// List one's own reservations
///
/// All that were made with the account's address, signed in or as a guest. `upcoming`: still to come or under way and not
/// called off, the next first. `past`: all others, the latest first. A page may hold fewer than `limit` though more
/// follow: go on while `next` is not null.
#[utoipa::path(get, path = "/v1/me/reservations", tag = openapi::tags::ME, operation_id = "list-my-reservations",
    security(("bearer" = [])),
    params(
        ("when" = Option<String>, Query, description = "`upcoming`, unless said otherwise, or `past`.", example = "upcoming"),
        ("limit" = Option<u32>, Query, description = "1 to 100; 20 unless said otherwise."),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before, with the same `when`."),
    ),
    responses((status = 200, description = "A page.", body = Items<MyReservationView>),
        openapi::BadFields, openapi::Unauthenticated, openapi::Common))]
async fn list_my_reservations(
    State(reader): State<Reader>,
    caller: Caller,
    query: QueryFields,
) -> Result<Response, Problem> {
    caller.signed_in()?;
    let own = own_account(&reader.store, &caller.0).await.map_err(admission_problem)?;
    let mut fields = query.fields();
    let (limit, cursor) = paging::read(&mut fields);
    let when = fields.optional("when", fields::one_of(&[("upcoming", false), ("past", true)]));
    fields.finish(())?;
    let is_past = when.unwrap_or(false);
    // The diner is part of what a cursor is good for: nobody goes on in another's list.
    let cursors = Cursors::new(&reader.cursors, "my-reservations", &(&own.diner, is_past))?;
    let after = cursor.map(|cursor| cursors.open(&cursor)).transpose()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let when = if is_past { When::Past } else { When::Upcoming };
    let now = reader.clock.now();
    let page = my_reservations(&reader.store, &reader.restaurants, &own, when, after, limit, now).await;
    let page = page.map_err(store_problem)?;
    let next = page.next.map(|position| cursors.seal(&position)).transpose()?;
    let items = page.reservations.iter().map(|viewed| MyReservationView::new(viewed, now)).collect();
    Ok(respond::ok(&Items { items, next }))
}
