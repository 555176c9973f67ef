//! The endpoints of one's own: reservations, profile, export, erasure.

use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[];
