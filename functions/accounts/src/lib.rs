//! The endpoints of accounts: signing up, signing in, and what keeps a sign-in going.

use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[];
