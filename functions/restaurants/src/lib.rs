//! The endpoints of restaurants: what they are, and when they have a table.

pub mod get_availability;
pub mod get_restaurant;
pub mod list_restaurants;

use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] =
    &[list_restaurants::ENDPOINT, get_restaurant::ENDPOINT, get_availability::ENDPOINT];

/// A text in both languages, as the document describes it.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = LocalizedText)]
pub(crate) struct LocalizedTextView {
    /// Korean; empty when there is none.
    #[schema(example = "무쇠와 나물")]
    ko: String,
    /// English; empty when there is none.
    #[schema(example = "Musoe & Namul")]
    en: String,
}
