//! What a restaurant, a table, a shift, a cell and a reservation is, and every rule about them.
//!
//! All of it is pure: it knows no database, no HTTP, no clock of its own, and nothing is async. The one thing to
//! know before touching it: [`Request::seatings`] answers both "which times are free?" and "may I book this one?",
//! so that the two can't disagree.

mod account;
mod availability;
mod cell;
mod clock;
mod contact;
mod day_book;
mod day_sheet;
mod directions;
mod evening;
mod fault;
mod floor;
mod guest_record;
mod id;
mod language;
mod money;
mod party;
mod policy;
mod reservation;
mod restaurant;
mod schedule;
mod service_day;
mod spoken;
mod stranded;

pub use account::{Account, MailPreferences, PasswordHash, PlatformRole, StaffRole, TokenHash, UnknownRole};
pub use availability::{Fitting, Request, Slot, Unavailable};
pub use cell::{Cell, Span};
pub use clock::Clock;
pub use contact::{DinerId, EmailAddress, Guest, GuestName, InvalidContact, Note, Phone};
pub use day_book::DayBook;
pub use day_sheet::{Arrivals, DaySheet, Line, Occupied, OccupiedTable};
pub use directions::{MapLink, is_in_korea, maps, percent_encoded};
pub use evening::BadTiming;
pub use fault::Fault;
pub use floor::{Area, Bookable, Channel, Combination, Floor, InvalidFloor, Seating, Table};
pub use guest_record::GuestRecord;
pub use id::{
    AccountId, Id, InvalidId, Kind, MailTokenId, ReservationId, RestaurantId, SessionId, TableId, VisitId,
    kind,
};
pub use language::{Language, LocalizedText};
pub use money::{Currency, InvalidCurrency, Money};
pub use party::{InvalidParty, Party};
pub use policy::{Confirmation, Policy};
pub use reservation::{
    Actor, HistoryEntry, HoldPlace, NotPossible, Place, Reservation, Status, Transition, reminders_past,
};
pub use restaurant::{
    Bar, BarredDiners, Location, Menu, MenuItem, MenuSection, Missing, Profile, RegistrationStep, Restaurant,
    RestaurantStatus, UnknownZone, Zone,
};
pub use schedule::{DayName, InvalidSchedule, Schedule, Shift, SpecialDay, TurnTime, TurnTimes, WeeklyShift};
pub use service_day::{InvalidServiceTime, ServiceTime, lies_in_service_day, service_day};
pub use spoken::Spoken;
pub use stranded::Misfit;
