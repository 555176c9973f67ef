//! The endpoints of reservations: one file each, request to operation to response.

pub mod accept_reservation;
mod answer;
pub mod cancel_reservation;
pub mod change_reservation;
pub mod complete_reservation;
pub mod confirm_reservation;
mod counter;
pub mod create_reservation;
pub mod decline_reservation;
pub mod get_reservation;
pub mod no_show_reservation;
mod reason;
pub mod reconfirm_reservation;
mod refusal;
pub mod seat_reservation;
pub mod swap_tables;
pub mod undo_reservation;
mod view;

use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[
    create_reservation::ENDPOINT,
    confirm_reservation::ENDPOINT,
    get_reservation::ENDPOINT,
    change_reservation::ENDPOINT,
    cancel_reservation::ENDPOINT,
    reconfirm_reservation::ENDPOINT,
    accept_reservation::ENDPOINT,
    decline_reservation::ENDPOINT,
    seat_reservation::ENDPOINT,
    complete_reservation::ENDPOINT,
    no_show_reservation::ENDPOINT,
    undo_reservation::ENDPOINT,
    swap_tables::ENDPOINT,
];
