//! The endpoints of a restaurant's evening: the day sheet, its note, closures, who is barred.

pub mod close_day;
mod closure;
pub mod get_day_sheet;
pub mod lift_bar;
pub mod list_barred_guests;
mod office;
pub mod open_day;
pub mod put_day_note;
mod sheet;

use jari_wiring::Endpoint;

/// Every endpoint of this domain.
pub const ENDPOINTS: &[Endpoint] = &[
    get_day_sheet::ENDPOINT,
    put_day_note::ENDPOINT,
    close_day::ENDPOINT,
    open_day::ENDPOINT,
    list_barred_guests::ENDPOINT,
    lift_bar::ENDPOINT,
];
