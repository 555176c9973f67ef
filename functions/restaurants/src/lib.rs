//! The endpoints of restaurants: what they are, when they have a table, and what their own people make of them.

pub mod add_staff;
pub mod approve_restaurant;
pub mod close_restaurant;
pub mod create_restaurant;
mod floor;
pub mod get_availability;
pub mod get_floor;
pub mod get_menu;
pub mod get_policy;
pub mod get_profile;
pub mod get_restaurant;
pub mod get_schedule;
pub mod list_audit_log;
pub mod list_restaurants;
pub mod list_staff;
pub mod list_submitted_restaurants;
mod menu;
mod office;
mod policy;
mod profile;
pub mod put_floor;
pub mod put_menu;
mod put_part;
pub mod put_policy;
pub mod put_schedule;
mod refusal;
pub mod reject_restaurant;
pub mod remove_staff;
mod schedule;
mod staff;
mod stranded_now;
pub mod submit_restaurant;
pub mod update_restaurant;

pub(crate) use jari_api::openapi::LocalizedTextDocument as LocalizedTextView;
use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[
    list_restaurants::ENDPOINT,
    get_restaurant::ENDPOINT,
    get_availability::ENDPOINT,
    create_restaurant::ENDPOINT,
    get_profile::ENDPOINT,
    update_restaurant::ENDPOINT,
    get_menu::ENDPOINT,
    put_menu::ENDPOINT,
    get_floor::ENDPOINT,
    put_floor::ENDPOINT,
    get_schedule::ENDPOINT,
    put_schedule::ENDPOINT,
    get_policy::ENDPOINT,
    put_policy::ENDPOINT,
    submit_restaurant::ENDPOINT,
    approve_restaurant::ENDPOINT,
    reject_restaurant::ENDPOINT,
    close_restaurant::ENDPOINT,
    list_submitted_restaurants::ENDPOINT,
    list_staff::ENDPOINT,
    add_staff::ENDPOINT,
    remove_staff::ENDPOINT,
    list_audit_log::ENDPOINT,
];

/// A text in both languages, as it is sent: what is left out, or null, is not there.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[allow(dead_code, reason = "describes what the readers of parts read")]
pub(crate) struct NewLocalizedText {
    /// Korean.
    #[schema(example = "무쇠와 나물")]
    ko: Option<String>,
    /// English.
    #[schema(example = "Musoe & Namul")]
    en: Option<String>,
}
