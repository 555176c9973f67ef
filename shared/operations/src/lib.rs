//! The use cases: book, confirm, change, cancel, look. Domain rules and the store, no HTTP.
//!
//! The one thing to know before touching one: a read only decides what is *tried*. Whether it holds is decided by
//! the conditions of the write, and a refusal is answered from what the refusing items held.

mod accept_reservation;
pub mod accounts;
mod admission;
mod audit;
mod availability;
mod bars;
mod book;
mod book_by_staff;
mod cancel_reservation;
mod change_by_staff;
mod change_reservation;
mod claiming;
mod complete_reservation;
mod confirm_reservation;
mod count_reminders;
mod day_marks;
mod day_sheet;
mod decline_reservation;
mod due_work;
mod end_overdue;
mod idempotency;
mod list_restaurants;
mod me;
mod no_show_reservation;
mod reconfirm_reservation;
mod recount_arrivals;
mod refusal;
mod registration;
mod restaurant_cache;
mod restaurant_parts;
mod seat_reservation;
mod staff;
mod swap_tables;
mod tables_by_hand;
mod undo_reservation;
mod view_reservation;

pub use accept_reservation::accept_reservation;
pub use admission::{
    Admitted, AdmittedToReservation, Standing, admit, admit_to_platform, admit_to_reservation,
};
pub use availability::{DayTimes, Time, day_times, day_times_to_move, first_times, times_of_days};
pub use bars::{BarredGuest, barred_guests, lift_bar};
pub use book::{Booked, Booker, Booking, BookingKind, Desk, book};
pub use book_by_staff::{StaffBooking, book_by_staff};
pub use cancel_reservation::cancel_reservation;
pub use change_by_staff::{StaffChange, change_by_staff};
pub use change_reservation::{Change, change_reservation};
pub use complete_reservation::complete_reservation;
pub use confirm_reservation::{Details, confirm_reservation};
pub use count_reminders::count_reminders;
pub use day_marks::{DayRefusal, close_day, open_day, put_day_note};
pub use day_sheet::{DayRead, read_day};
pub use decline_reservation::decline_reservation;
pub use due_work::DueWork;
pub use end_overdue::{decline_stale_requests, expire_holds};
pub use idempotency::{RequestKey, new_table, new_visit};
pub use list_restaurants::{Filter, ListPage, list_restaurants};
pub use me::{MyPage, NotChanged, ProfileChange, When, change_profile, my_reservations, own_account};
pub use no_show_reservation::no_show_reservation;
pub use reconfirm_reservation::reconfirm_reservation;
pub use recount_arrivals::{recount_arrivals, recount_due};
pub use refusal::Refusal;
pub use registration::{MOST_DRAFTS, RestaurantRefusal, register, take_step};
pub use restaurant_cache::RestaurantCache;
pub use restaurant_parts::{change_part, stranded};
pub use seat_reservation::seat_reservation;
pub use staff::{Hired, MOST_STAFF, StaffRefusal, add_staff, leave_staff, my_restaurants, remove_staff};
pub use swap_tables::swap_tables;
pub use undo_reservation::undo_reservation;
pub use view_reservation::{Asked, Viewed, view_reservation};
