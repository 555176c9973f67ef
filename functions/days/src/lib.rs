//! The endpoints of a restaurant's evening: the day sheet, its note, closures, who is barred.

use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[];
