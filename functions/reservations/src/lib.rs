//! The endpoints of reservations: one file each, request to operation to response.

pub mod cancel_reservation;
pub mod change_reservation;
pub mod confirm_reservation;
mod counter;
pub mod create_reservation;
mod fields;
pub mod get_reservation;
mod refusal;
mod view;

use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[
    create_reservation::ENDPOINT,
    confirm_reservation::ENDPOINT,
    get_reservation::ENDPOINT,
    change_reservation::ENDPOINT,
    cancel_reservation::ENDPOINT,
];
