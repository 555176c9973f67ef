//! A profile as it is sent, and as the restaurant's own people see it.

use jari_domain::{LocalizedText, Location, RestaurantId, RestaurantStatus};
use jari_store::StoredRestaurant;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{LocalizedTextView, NewLocalizedText, list_restaurants::LocationView};

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
