//! `get-availability`: the times of a day and why the others can't be had, or the first free times of many days.

use axum::{extract::State, response::Response};
use jari_api::{
    Code, FieldCode, FieldError, PathId, Problem, QueryFields, Text, fields, openapi,
    respond::{self, instant},
};
use jari_domain::{Clock, Party, Restaurant, RestaurantId, Unavailable, kind};
use jari_operations::{DayTimes, RestaurantCache, Time, day_times, first_times};
use jari_store::Store;
use jari_wiring::{Endpoint, store_problem};
use jiff::{ToSpan, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-availability",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let reader =
                Reader { store: house.store()?, restaurants: house.restaurants()?, clock: house.clock() };
            Ok(routes().with_state(reader).into())
        })
    },
};

#[derive(Clone)]
struct Reader {
    store: Store,
    restaurants: RestaurantCache,
    clock: Clock,
}

/// When a party can come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Availability {
    #[schema(value_type = String, example = "rst_01jar100000000000000000001")]
    restaurant_id: RestaurantId,
    #[schema(value_type = u8, example = 2)]
    party_size: Party,
    /// In order.
    days: Vec<AvailabilityDay>,
}

/// The times of a service day. Those after midnight belong to the day before.
#[derive(Serialize, ToSchema)]
struct AvailabilityDay {
    #[schema(format = Date, example = "2026-12-24")]
    date: String,
    /// No guest is seated that day.
    closed: bool,
    /// For a single day every time; for a window the first free ones.
    slots: Vec<AvailabilitySlot>,
}

/// A time that the restaurant offers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AvailabilitySlot {
    #[schema(format = DateTime, example = "2026-12-24T19:00:00+09:00")]
    starts_at: String,
    #[schema(format = DateTime, example = "2026-12-24T20:30:00+09:00")]
    ends_at: String,
    available: bool,
    /// Why it can't be had, if it can't.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<UnavailableReason>)]
    reason: Option<Unavailable>,
    /// The areas with a free table, by key.
    #[schema(example = json!(["hall"]))]
    areas: Vec<String>,
}

/// Why a time can't be had. `full` is said only when it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `Unavailable` in the document")]
enum UnavailableReason {
    Full,
    Pacing,
    Closed,
    PastCutoff,
    BeyondWindow,
    PartyTooLarge,
    PartyTooSmall,
    InHouseOnly,
}

/// The most days of a window.
const MOST_DAYS: i32 = 30;
/// The first free times of each day of a window.
const FIRST_TIMES: usize = 6;

fn routes() -> OpenApiRouter<Reader> {
    OpenApiRouter::new().routes(routes!(get_availability))
}

/// Find free times
///
/// With `date`, every time of that day, and why it can't be had if it can't. With `from` and `to`, the first free times
/// of each day of the window, at most 30 days. What is offered here, as of a second ago at most, a booking a moment later
/// accepts, unless somebody was faster.
#[utoipa::path(get, path = "/v1/restaurants/{restaurantId}/availability", tag = openapi::tags::RESTAURANTS,
    operation_id = "get-availability",
    params(
        ("restaurantId" = String, Path),
        ("partySize" = u8, Query, description = "1 to 99.", example = 2),
        ("date" = Option<String>, Query, description = "A service day, `YYYY-MM-DD`.", example = "2026-12-24"),
        ("from" = Option<String>, Query, description = "The first day of a window."),
        ("to" = Option<String>, Query, description = "Its last day, inclusive."),
    ),
    responses((status = 200, description = "The times.", body = Availability), openapi::BadFields, openapi::NotFound, openapi::Common))]
async fn get_availability(
    State(reader): State<Reader>,
    PathId(id): PathId<kind::Restaurant>,
    query: QueryFields,
) -> Result<Response, Problem> {
    let (party, days) = read(&query)?;
    let restaurant = reader.restaurants.get(id).await.map_err(store_problem)?;
    let restaurant =
        restaurant.filter(|restaurant| restaurant.is_public()).ok_or_else(|| Problem::new(Code::NotFound))?;
    let now = reader.clock.now();
    let days = match days {
        Days::One(date) => {
            vec![day_times(&reader.store, &restaurant, date, party, now).await.map_err(store_problem)?]
        }
        Days::Window(from, to) => {
            let dates = from.series(1.day()).take_while(|date| *date <= to);
            first_times(&reader.store, &restaurant, dates, party, FIRST_TIMES, now)
                .await
                .map_err(store_problem)?
        }
    };
    let days = days.into_iter().map(|day| day_view(day, &restaurant)).collect();
    Ok(respond::ok(&Availability { restaurant_id: id, party_size: party, days }))
}

enum Days {
    One(Date),
    Window(Date, Date),
}

fn read(query: &QueryFields) -> Result<(Party, Days), Problem> {
    let mut fields = query.fields();
    let party = fields.required("partySize", fields::party);
    let is_window = fields.has("from") || fields.has("to");
    let days = if is_window {
        if fields.has("date") {
            let detail =
                Text::fixed("date와 from·to 중 하나만 써 주세요.", "Give either date, or from and to.");
            fields.refuse("date", FieldError::new(FieldCode::UnknownField, detail));
        }
        // Read it all the same, so that it is not unknown as well.
        let _ = fields.optional("date", |_| Ok(()));
        let (from, to) = (fields.required("from", fields::date), fields.required("to", fields::date));
        match (from, to) {
            (Some(from), Some(to))
                if from <= to && to.since(from).is_ok_and(|span| span.get_days() < MOST_DAYS) =>
            {
                Some(Days::Window(from, to))
            }
            (Some(_), Some(_)) => {
                let detail = Text::fixed(
                    "from부터 30일 이내의 날짜여야 합니다.",
                    "Must be from the day of from, at most 30 days in all.",
                );
                fields.refuse("to", FieldError::new(FieldCode::OutOfRange, detail));
                None
            }
            _ => None,
        }
    } else {
        fields.required("date", fields::date).map(Days::One)
    };
    fields.finish((party, days))
}

fn day_view(day: DayTimes, restaurant: &Restaurant) -> AvailabilityDay {
    let slot = |time: Time| {
        let at = |timestamp| instant(timestamp, restaurant.zone());
        AvailabilitySlot {
            starts_at: at(time.starts_at),
            ends_at: at(time.ends_at),
            available: time.areas.is_ok(),
            reason: time.areas.as_ref().err().copied(),
            areas: time.areas.unwrap_or_default(),
        }
    };
    AvailabilityDay {
        date: day.date.to_string(),
        closed: day.closed,
        slots: day.times.into_iter().map(slot).collect(),
    }
}
