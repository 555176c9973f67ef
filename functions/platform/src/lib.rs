//! The house itself: is it well, and how is it spoken to.

mod docs_page;
pub mod get_health;
pub mod get_openapi;

use jari_wiring::Endpoint;

/// Every function of this domain.
pub const ENDPOINTS: &[Endpoint] = &[get_health::ENDPOINT, get_openapi::ENDPOINT];
