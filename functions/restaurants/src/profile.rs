//! A profile as it is sent, and as the restaurant's own people see it.

use jari_api::{FieldCode, FieldError, Fields, Problem, Text, fields};
use jari_domain::{Currency, LocalizedText, Location, Profile, RestaurantId, RestaurantStatus, Zone};
use jari_store::StoredRestaurant;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    LocalizedTextView, NewLocalizedText,
    fields::{NAME, described, key, maybe_named, named},
    list_restaurants::LocationView,
};

const ADDRESS: usize = 200;
const DESCRIPTION: usize = 2_000;
const MOST_CUISINES: usize = 10;

/// A restaurant's profile, as its own people see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Profile)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileView {
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
    /// E.164, for guests to call.
    #[schema(example = "+82200001234")]
    phone: String,
    /// Where the restaurant's own mails go.
    #[schema(format = Email)]
    email: String,
    cuisines: Vec<String>,
    /// The part of town, by key; empty: not said.
    area: String,
    #[schema(minimum = 1, maximum = 4)]
    price_band: u8,
    #[schema(example = "Asia/Seoul")]
    time_zone: String,
    #[schema(example = "KRW")]
    currency: String,
    #[schema(value_type = RestaurantStatusView)]
    status: RestaurantStatus,
    /// Why it was sent back; only while rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection: Option<String>,
    /// Rises with every change; also the `ETag`.
    revision: u64,
}

/// Where a restaurant stands in registration.
#[derive(Serialize, ToSchema)]
#[schema(as = RestaurantStatus)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `RestaurantStatus` in the document")]
pub(crate) enum RestaurantStatusView {
    Draft,
    Submitted,
    Approved,
    Rejected,
    Closed,
}

/// A restaurant to be registered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
pub(crate) struct NewRestaurantBody {
    name: NewLocalizedText,
    address: Option<NewLocalizedText>,
    description: Option<NewLocalizedText>,
    location: LocationView,
    #[schema(example = "+82200001234")]
    phone: String,
    /// Where the restaurant's own mails go.
    #[schema(format = Email)]
    email: String,
    #[schema(max_items = 10)]
    cuisines: Option<Vec<String>>,
    #[schema(example = "seongsu", max_length = 40)]
    area: Option<String>,
    /// 2 unless said otherwise.
    #[schema(minimum = 1, maximum = 4)]
    price_band: Option<u8>,
    /// An IANA zone; `Asia/Seoul` unless said otherwise.
    time_zone: Option<String>,
    /// ISO 4217; `KRW` unless said otherwise.
    currency: Option<String>,
}

/// What is to be otherwise; what is left out stays as it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
pub(crate) struct ProfilePatch {
    name: Option<NewLocalizedText>,
    address: Option<NewLocalizedText>,
    /// Null: none.
    description: Option<NewLocalizedText>,
    location: Option<LocationView>,
    phone: Option<String>,
    #[schema(format = Email)]
    email: Option<String>,
    /// Null: none.
    #[schema(max_items = 10)]
    cuisines: Option<Vec<String>>,
    /// Null: not said.
    #[schema(max_length = 40)]
    area: Option<String>,
    #[schema(minimum = 1, maximum = 4)]
    price_band: Option<u8>,
    /// Only before it is submitted: reservations are made in it.
    time_zone: Option<String>,
    /// Only before it is submitted: prices are told in it.
    currency: Option<String>,
}

impl ProfileView {
    pub(crate) fn new(stored: &StoredRestaurant) -> Self {
        let profile = stored.restaurant.profile.clone();
        Self {
            id: stored.restaurant.id,
            name: profile.name,
            address: profile.address,
            description: profile.description,
            location: profile.location,
            phone: profile.phone.as_str().to_owned(),
            email: profile.email.as_str().to_owned(),
            cuisines: profile.cuisines,
            area: profile.area,
            price_band: profile.price_band,
            time_zone: profile.time_zone.name().to_owned(),
            currency: profile.currency.to_string(),
            status: profile.status,
            rejection: profile.rejection,
            revision: stored.revisions.profile,
        }
    }
}

/// The profile of a restaurant to be registered.
pub(crate) fn read_new(mut body: Fields<'_>) -> Result<Profile, Problem> {
    let name = body.required_object("name", named(NAME));
    let address = body.optional_object("address", maybe_named(ADDRESS)).unwrap_or_default();
    let description = body.optional_object("description", described(DESCRIPTION)).unwrap_or_default();
    let location = body.required_object("location", location);
    let phone = body.required("phone", fields::phone);
    let email = body.required("email", fields::email);
    let cuisines = body.list("cuisines", MOST_CUISINES, key).unwrap_or_default();
    let area = body.optional("area", key).unwrap_or_default();
    let price_band = body.optional("priceBand", fields::integer(1..=4_u8)).unwrap_or(2);
    let zone = if body.has("timeZone") { body.optional("timeZone", zone) } else { home_zone() };
    let currency = if body.has("currency") { body.optional("currency", currency) } else { home_currency() };
    // Asked for again where they are missing, so that a null is not unknown.
    let _ = (body.optional("timeZone", |_| Ok(())), body.optional("currency", |_| Ok(())));
    let (name, location, phone, email, time_zone, currency) =
        body.finish((name, location, phone, email, zone, currency))?;
    Ok(Profile {
        name,
        address,
        description,
        location,
        phone,
        email,
        cuisines,
        area,
        price_band,
        time_zone,
        currency,
        status: RestaurantStatus::Draft,
        rejection: None,
    })
}

/// The profile as it is to be.
pub(crate) fn read_patch(mut body: Fields<'_>, before: &Profile) -> Result<Profile, Problem> {
    let mut next = before.clone();
    let set = |field: &mut LocalizedText, text: Option<LocalizedText>| {
        if let Some(text) = text {
            *field = text;
        }
    };
    set(&mut next.name, body.optional_object("name", named(NAME)));
    set(&mut next.address, body.optional_object("address", named(ADDRESS)));
    set(&mut next.description, body.optional_object("description", described(DESCRIPTION)));
    if body.is_null("description") {
        next.description = LocalizedText::default();
    }
    next.location = body.optional_object("location", location).unwrap_or(next.location);
    next.phone = body.optional("phone", fields::phone).unwrap_or(next.phone);
    next.email = body.optional("email", fields::email).unwrap_or(next.email);
    next.cuisines = match body.list("cuisines", MOST_CUISINES, key) {
        Some(cuisines) => cuisines,
        None if body.is_null("cuisines") => Vec::new(),
        None => next.cuisines,
    };
    next.area = body.clearable("area", key).map_or(next.area, Option::unwrap_or_default);
    next.price_band = body.optional("priceBand", fields::integer(1..=4_u8)).unwrap_or(next.price_band);
    next.time_zone = body.optional("timeZone", zone).unwrap_or(next.time_zone);
    next.currency = body.optional("currency", currency).unwrap_or(next.currency);
    if !before.status.is_being_set_up() {
        if next.time_zone != before.time_zone {
            body.refuse("timeZone", settled());
        }
        if next.currency != before.currency {
            body.refuse("currency", settled());
        }
    }
    body.finish(())?;
    Ok(next)
}

fn settled() -> FieldError {
    FieldError::new(
        FieldCode::OutOfRange,
        Text::fixed(
            "승인을 요청한 뒤에는 바꿀 수 없습니다.",
            "Cannot be changed once it has been submitted.",
        ),
    )
}

fn home_zone() -> Option<Zone> {
    Zone::try_from("Asia/Seoul".to_owned()).ok()
}

fn home_currency() -> Option<Currency> {
    Currency::try_from("KRW".to_owned()).ok()
}

fn zone(value: &Value) -> Result<Zone, FieldError> {
    Zone::try_from(fields::text(60)(value)?).map_err(|_| {
        FieldError::invalid_format(
            "IANA 시간대여야 합니다. 예: Asia/Seoul",
            "Must be an IANA time zone, such as Asia/Seoul.",
        )
    })
}

fn currency(value: &Value) -> Result<Currency, FieldError> {
    Currency::try_from(fields::text(3)(value)?).map_err(|_| {
        FieldError::invalid_format(
            "통화 코드여야 합니다. 예: KRW",
            "Must be the code of a currency, such as KRW.",
        )
    })
}

fn location(place: &mut Fields<'_>) -> Option<Location> {
    let lat = place.required("lat", degrees(90.0));
    let lng = place.required("lng", degrees(180.0));
    let (lat, lng) = place.all((lat, lng))?;
    Some(Location { lat, lng })
}

fn degrees(most: f64) -> impl Fn(&Value) -> Result<f64, FieldError> {
    move |value| {
        let Some(degrees) = value.as_f64() else {
            let text = Text::fixed("숫자여야 합니다.", "Must be a number.");
            return Err(FieldError::new(FieldCode::WrongType, text));
        };
        if degrees.abs() <= most {
            // To a centimetre: the table keeps no number as close to zero as JSON does. A minus zero becomes zero.
            return Ok((degrees * 1e7).round() / 1e7 + 0.0);
        }
        let detail = Text::new(
            format!("-{most} 이상 {most} 이하의 값을 입력해 주세요."),
            format!("Must be between -{most} and {most}."),
        );
        Err(FieldError::new(FieldCode::OutOfRange, detail))
    }
}
