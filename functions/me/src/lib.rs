//! The endpoints of one's own: reservations, restaurants, profile, export, erasure.

pub mod delete_me;
pub mod export_me;
pub mod get_me;
pub mod list_my_reservations;
pub mod list_my_restaurants;
mod mirror;
pub mod update_me;
mod view;

use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[
    list_my_reservations::ENDPOINT,
    list_my_restaurants::ENDPOINT,
    get_me::ENDPOINT,
    update_me::ENDPOINT,
    delete_me::ENDPOINT,
    export_me::ENDPOINT,
];
