//! The endpoints of one's own: reservations, profile, export, erasure.

pub mod list_my_restaurants;

use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[list_my_restaurants::ENDPOINT];
