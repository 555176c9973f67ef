//! Reservations of the months before, as they stay in the table.

use jari_domain::{
    Actor, Channel, DinerId, Guest, HistoryEntry, Language, Reservation, ReservationId, RestaurantId, Span,
    Status, TableId, service_day,
};
use jiff::{SignedDuration, Timestamp};

use crate::restaurants::party;

/// The `n`th of many: of one of the 300 evenings before the house's clock starts, by one of 500 guests.
pub fn past_reservation(restaurant: RestaurantId, n: usize) -> Reservation {
    let (day, guest) = (i64::try_from(n % 300).unwrap(), n % 500);
    let seoul = jiff::tz::TimeZone::get("Asia/Seoul").unwrap();
    let evening: Timestamp = "2026-11-30T19:00:00+09:00".parse().unwrap();
    let start = evening - SignedDuration::from_hours(24 * day);
    let entry = |from, to| HistoryEntry { at: start, by: Actor::Guest, from, to, why: None, before: None };
    let by = Guest {
        name: "김민지".parse().unwrap(),
        email: Some(format!("guest{guest}@jari.test").parse().unwrap()),
        phone: Some("+821012345678".parse().unwrap()),
        language: Language::Ko,
    };
    Reservation {
        id: ReservationId::new(start, std::array::from_fn(|_| fastrand::u8(..))),
        restaurant,
        date: service_day(start, &seoul),
        span: Span::new(start, 90).unwrap(),
        party: party(2),
        tables: vec![TableId::new(Timestamp::UNIX_EPOCH, [0; 10])],
        area: Some("hall".into()),
        guest: Some(by),
        diner: Some(DinerId(format!("{guest:026}"))),
        note: Some("창가 자리 부탁드려요.".parse().unwrap()),
        status: Status::Completed,
        until: None,
        hold_place: None,
        paced: false,
        channel: Channel::Online,
        reminded: 0,
        reconfirmed_at: None,
        revision: 3,
        created_at: start - SignedDuration::from_hours(72),
        history: vec![
            entry(None, Status::Confirmed),
            entry(Some(Status::Confirmed), Status::Seated),
            entry(Some(Status::Seated), Status::Completed),
        ],
    }
}
