//! `list-restaurants`: the public restaurants, by name.

use axum::{extract::State, response::Response};
use jari_api::{
    Cursors, FieldCode, FieldError, Items, Problem, QueryFields, Text, fields, openapi, paging, respond,
};
use jari_domain::{LocalizedText, Location, RestaurantId};
use jari_identity::CursorKey;
use jari_operations::{Filter, list_restaurants as list};
use jari_store::{Listed, Store};
use jari_wiring::{Endpoint, store_problem};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::LocalizedTextView;

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "list-restaurants",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let reader = Reader { store: house.store()?, cursors: house.cursor_key().await? };
            Ok(routes().with_state(reader).into())
        })
    },
};

#[derive(Clone)]
struct Reader {
    store: Store,
    cursors: CursorKey,
}

/// A restaurant in a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RestaurantSummary {
    #[schema(value_type = String, example = "rst_01jar100000000000000000001")]
    id: RestaurantId,
    #[schema(value_type = LocalizedTextView)]
    name: LocalizedText,
    /// The part of town, by key.
    #[schema(example = "seongsu")]
    area: String,
    /// What it cooks, by key.
    #[schema(example = json!(["korean"]))]
    cuisines: Vec<String>,
    /// 1 (inexpensive) to 4 (very expensive).
    #[schema(minimum = 1, maximum = 4)]
    price_band: u8,
    #[schema(value_type = LocationView)]
    location: Location,
    #[schema(example = "Asia/Seoul")]
    time_zone: String,
}

/// Degrees north and east (WGS 84).
#[derive(Serialize, ToSchema)]
#[schema(as = Location)]
pub(crate) struct LocationView {
    #[schema(example = 37.5447)]
    lat: f64,
    #[schema(example = 127.0557)]
    lng: f64,
}

fn routes() -> OpenApiRouter<Reader> {
    OpenApiRouter::new().routes(routes!(list_restaurants))
}

/// List restaurants
///
/// By name. A page may hold fewer than `limit` though more follow: go on while `next` is not null.
#[utoipa::path(get, path = "/v1/restaurants", tag = openapi::tags::RESTAURANTS, operation_id = "list-restaurants",
    params(
        ("q" = Option<String>, Query, description = "Part of the name, in either language."),
        ("cuisine" = Option<String>, Query, description = "A cuisine's key.", example = "korean"),
        ("area" = Option<String>, Query, description = "An area's key.", example = "seongsu"),
        ("near" = Option<String>, Query, description = "`lat,lng`: only within `radius` of it.", example = "37.5447,127.0557"),
        ("radius" = Option<u32>, Query, description = "Metres, 100 to 50,000; 2,000 unless said otherwise. Goes with `near`."),
        ("limit" = Option<u32>, Query, description = "1 to 100; 20 unless said otherwise."),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before, with the same filters."),
    ),
    responses((status = 200, description = "A page.", body = Items<RestaurantSummary>), openapi::BadFields, openapi::Common))]
async fn list_restaurants(State(reader): State<Reader>, query: QueryFields) -> Result<Response, Problem> {
    let mut fields = query.fields();
    let (limit, cursor) = paging::read(&mut fields);
    let near = fields.optional("near", place);
    let radius = fields.optional("radius", fields::integer(100..=50_000_u32));
    if radius.is_some() && !fields.has("near") {
        let detail = Text::fixed("near와 함께 써 주세요.", "Goes with near.");
        fields.refuse("radius", FieldError::new(FieldCode::OutOfRange, detail));
    }
    let filter = Filter {
        name: fields.optional("q", fields::text(80)),
        cuisine: fields.optional("cuisine", fields::text(40)),
        area: fields.optional("area", fields::text(40)),
        near: near.map(|(lat, lng)| (lat, lng, f64::from(radius.unwrap_or(2_000)))),
    };
    fields.finish(())?;
    let filters = (&filter.name, &filter.cuisine, &filter.area, &filter.near);
    let cursors = Cursors::new(&reader.cursors, "restaurants", &filters)?;
    let after = cursor.map(|cursor| cursors.open(&cursor)).transpose()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let page = list(&reader.store, &filter, after, limit).await.map_err(store_problem)?;
    let next = page.next.map(|position| cursors.seal(&position)).transpose()?;
    let items = page.restaurants.into_iter().map(summary).collect();
    let mut response = respond::ok(&Items { items, next });
    respond::keep(response.headers_mut(), 30);
    Ok(response)
}

fn place(value: &Value) -> Result<(f64, f64), FieldError> {
    let malformed = || FieldError::invalid_format("위도,경도 형식이어야 합니다.", "Must be lat,lng.");
    let text = fields::text(60)(value)?;
    let (lat, lng) = text.split_once(',').ok_or_else(malformed)?;
    let degrees = |text: &str| text.trim().parse::<f64>().map_err(|_| malformed());
    let (lat, lng) = (degrees(lat)?, degrees(lng)?);
    let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng);
    if on_earth { Ok((lat, lng)) } else { Err(malformed()) }
}

fn summary(listed: Listed) -> RestaurantSummary {
    let profile = listed.profile;
    RestaurantSummary {
        id: listed.id,
        time_zone: profile.time_zone.name().to_owned(),
        name: profile.name,
        area: profile.area,
        cuisines: profile.cuisines,
        price_band: profile.price_band,
        location: profile.location,
    }
}
