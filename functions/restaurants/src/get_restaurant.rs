//! `get-restaurant`: everything a diner wants to know of a restaurant.

use axum::{extract::State, response::Response};
use jari_api::{Code, PathId, Problem, openapi, respond};
use jari_domain::{
    Area, Clock, Confirmation, Language, LocalizedText, Location, Menu, Policy, Restaurant, RestaurantId,
    Shift, kind, service_day,
};
use jari_store::Store;
use jari_wiring::{Endpoint, store_problem};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{LocalizedTextView, list_restaurants::LocationView};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "get-restaurant",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let reader = Reader { store: house.store()?, clock: house.clock() };
            Ok(routes().with_state(reader).into())
        })
    },
};

#[derive(Clone)]
struct Reader {
    store: Store,
    clock: Clock,
}

/// A restaurant.
#[derive(Serialize, ToSchema)]
#[schema(as = Restaurant)]
#[serde(rename_all = "camelCase")]
struct RestaurantView {
    #[schema(value_type = String, example = "rst_01jar100000000000000000001")]
    id: RestaurantId,
    #[schema(value_type = LocalizedTextView)]
    name: LocalizedText,
    #[schema(value_type = LocalizedTextView)]
    address: LocalizedText,
    #[schema(value_type = LocalizedTextView)]
    description: LocalizedText,
    #[schema(value_type = LocationView)]
    location: Location,
    /// E.164.
    #[schema(example = "+82200001234")]
    phone: String,
    cuisines: Vec<String>,
    /// The part of town, by key.
    area: String,
    #[schema(minimum = 1, maximum = 4)]
    price_band: u8,
    #[schema(example = "Asia/Seoul")]
    time_zone: String,
    #[schema(example = "KRW")]
    currency: String,
    /// The parts of the house that a guest can ask for.
    #[schema(value_type = Vec<AreaView>)]
    areas: Vec<Area>,
    #[schema(value_type = MenuView)]
    menu: Menu,
    /// Today and the six days after it.
    opening_hours: Vec<OpeningDay>,
    policy: PolicyView,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Area)]
#[allow(dead_code, reason = "describes `Area` in the document")]
pub(crate) struct AreaView {
    /// To ask for it by.
    key: String,
    name: LocalizedTextView,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Menu)]
#[allow(dead_code, reason = "describes `Menu` in the document")]
struct MenuView {
    sections: Vec<MenuSectionView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MenuSection)]
#[allow(dead_code, reason = "describes `MenuSection` in the document")]
pub(crate) struct MenuSectionView {
    name: LocalizedTextView,
    items: Vec<MenuItemView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MenuItem)]
#[allow(dead_code, reason = "describes `MenuItem` in the document")]
struct MenuItemView {
    name: LocalizedTextView,
    description: LocalizedTextView,
    price: MoneyView,
    picture: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Money)]
#[allow(dead_code, reason = "describes `Money` in the document")]
struct MoneyView {
    /// In minor units: whole won, US cents.
    #[schema(example = 30000)]
    amount: i64,
    #[schema(example = "KRW")]
    currency: String,
}

/// When guests are seated on a service day; no shifts: closed.
#[derive(Serialize, ToSchema)]
struct OpeningDay {
    #[schema(format = Date, example = "2026-12-24")]
    date: String,
    shifts: Vec<OpeningShift>,
}

/// Times are the restaurant's own; those before 05:00 are past midnight.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct OpeningShift {
    #[schema(value_type = LocalizedTextView)]
    name: LocalizedText,
    #[schema(example = "17:30")]
    opens: String,
    #[schema(example = "20:30")]
    last_seating: String,
    #[schema(example = "22:00")]
    closes: String,
}

/// What diners may do.
#[derive(Serialize, ToSchema)]
#[schema(as = Policy)]
#[serde(rename_all = "camelCase")]
struct PolicyView {
    /// How many days ahead can be booked.
    window_days: u16,
    /// Online booking ends so many minutes before the time.
    cutoff_minutes: u16,
    max_online_party: u8,
    /// `instant` or `request`.
    #[schema(value_type = String, example = "instant")]
    confirmation: Confirmation,
    /// A diner may change or cancel until so many minutes before the time.
    change_until_minutes: u16,
    late_after_minutes: u16,
    hold_minutes: u16,
    /// The same in words, a sentence each.
    words: PolicyWords,
}

/// A policy in words.
#[derive(Serialize, ToSchema)]
struct PolicyWords {
    ko: Vec<String>,
    en: Vec<String>,
}

fn routes() -> OpenApiRouter<Reader> {
    OpenApiRouter::new().routes(routes!(get_restaurant))
}

/// Show a restaurant
#[utoipa::path(get, path = "/v1/restaurants/{restaurantId}", tag = openapi::tags::RESTAURANTS,
    operation_id = "get-restaurant", params(("restaurantId" = String, Path)),
    responses((status = 200, description = "The restaurant.", body = RestaurantView), openapi::NotFound, openapi::Common))]
async fn get_restaurant(
    State(reader): State<Reader>,
    PathId(id): PathId<kind::Restaurant>,
) -> Result<Response, Problem> {
    let read = reader.store.restaurant(id).await.map_err(store_problem)?;
    let (restaurant, menu) =
        read.filter(|(restaurant, _)| restaurant.is_public()).ok_or_else(|| Problem::new(Code::NotFound))?;
    let mut response = respond::ok(&view(restaurant, menu, reader.clock.now()));
    respond::keep(response.headers_mut(), 30);
    Ok(response)
}

fn view(restaurant: Restaurant, menu: Menu, now: Timestamp) -> RestaurantView {
    let today = service_day(now, restaurant.zone());
    let days = (0..7_i64).map(|n| today.saturating_add(n.days()));
    let opening_hours = days.map(|date| opening_day(&restaurant, date)).collect();
    let profile = restaurant.profile;
    RestaurantView {
        id: restaurant.id,
        name: profile.name,
        address: profile.address,
        description: profile.description,
        location: profile.location,
        phone: profile.phone.as_str().to_owned(),
        cuisines: profile.cuisines,
        area: profile.area,
        price_band: profile.price_band,
        time_zone: profile.time_zone.name().to_owned(),
        currency: profile.currency.to_string(),
        areas: restaurant.floor.areas,
        menu,
        opening_hours,
        policy: policy_view(&restaurant.policy),
    }
}

fn opening_day(restaurant: &Restaurant, date: Date) -> OpeningDay {
    let shift = |shift: &Shift| OpeningShift {
        name: shift.name.clone(),
        opens: shift.opens.to_string(),
        last_seating: shift.last_seating.to_string(),
        closes: shift.closes.to_string(),
    };
    OpeningDay {
        date: date.to_string(),
        shifts: restaurant.schedule.shifts(date).into_iter().map(shift).collect(),
    }
}

fn policy_view(policy: &Policy) -> PolicyView {
    PolicyView {
        window_days: policy.window_days,
        cutoff_minutes: policy.cutoff_minutes,
        max_online_party: policy.max_online_party,
        confirmation: policy.confirmation,
        change_until_minutes: policy.change_until_minutes,
        late_after_minutes: policy.late_after_minutes,
        hold_minutes: policy.hold_minutes,
        words: PolicyWords { ko: words(policy, Language::Ko), en: words(policy, Language::En) },
    }
}

/// The policy as a restaurant would say it.
fn words(policy: &Policy, language: Language) -> Vec<String> {
    let cutoff = lead_time(policy.cutoff_minutes, language);
    let change = lead_time(policy.change_until_minutes, language);
    let (days, party, late) = (policy.window_days, policy.max_online_party, policy.late_after_minutes);
    let is_request = policy.confirmation == Confirmation::Request;
    match language {
        Language::Ko => vec![
            format!("오늘부터 {days}일 후까지 예약할 수 있습니다."),
            format!("온라인 예약은 방문 {cutoff} 전에 마감됩니다."),
            format!("온라인으로는 {party}명까지 예약할 수 있습니다. 더 많은 인원은 전화로 문의해 주세요."),
            if is_request {
                "예약 요청을 보내시면 식당에서 확인 후 24시간 안에 답변드립니다.".into()
            } else {
                "예약은 바로 확정됩니다.".into()
            },
            format!("변경과 취소는 방문 {change} 전까지 가능합니다."),
            format!("예약 시간에서 {late}분이 지나면 자리가 취소될 수 있습니다."),
        ],
        Language::En => vec![
            format!("You can book up to {days} days ahead."),
            format!("Online booking closes {cutoff} before the time."),
            format!("Online for up to {party} guests; please call for larger parties."),
            if is_request {
                "The restaurant answers your request within 24 hours.".into()
            } else {
                "Bookings are confirmed at once.".into()
            },
            format!("You can change or cancel until {change} before the time."),
            format!("We keep your table for {late} minutes."),
        ],
    }
}

/// How long before the time: none is right before it.
fn lead_time(minutes: u16, language: Language) -> String {
    match (minutes, language) {
        (0, Language::Ko) => "직".into(),
        (0, Language::En) => "right".into(),
        (minutes, language) => language.duration(minutes),
    }
}
