//! A closed day, and what it strands, as its restaurant sees it.

use jari_api::respond::instant;
use jari_domain::{Party, Reservation, ReservationId, Restaurant, Status};
use jari_store::{Closure, DayMarks};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A closed day.
#[derive(Serialize, ToSchema)]
#[schema(as = Closure)]
pub(crate) struct ClosureView {
    #[schema(format = Date, example = "2026-12-24")]
    date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "내부 수리")]
    reason: Option<String>,
    /// Also the `ETag`.
    revision: u64,
    /// The reservations that still stand that day, by time: to be called.
    stranded: Vec<StrandedView>,
}

/// A reservation that stands on a day that is closed.
#[derive(Serialize, ToSchema)]
#[schema(as = StrandedReservation)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StrandedView {
    #[schema(value_type = String, example = "rsv_01kc9x3v2rq8f5m7w1d6e4t0zn")]
    id: ReservationId,
    #[schema(value_type = String, example = "confirmed")]
    status: Status,
    #[schema(format = DateTime, example = "2026-12-24T19:00:00+09:00")]
    starts_at: String,
    #[schema(value_type = u8, minimum = 1, maximum = 99, example = 2)]
    party_size: Party,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "김민지")]
    guest_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+821012345678")]
    guest_phone: Option<String>,
}

impl ClosureView {
    pub(crate) fn new(
        date: Date,
        closure: Closure,
        stranded: &[Reservation],
        restaurant: &Restaurant,
        now: Timestamp,
    ) -> Self {
        let stranded = stranded.iter().map(|reservation| {
            let guest = reservation.guest.as_ref();
            StrandedView {
                id: reservation.id,
                status: reservation.status_at(now),
                starts_at: instant(reservation.span.start(), restaurant.zone()),
                party_size: reservation.party,
                guest_name: guest.map(|guest| guest.name.as_str().to_owned()),
                guest_phone: guest.and_then(|guest| Some(guest.phone.as_ref()?.as_str().to_owned())),
            }
        });
        let Closure { reason, revision } = closure;
        Self { date: date.to_string(), reason, revision, stranded: stranded.collect() }
    }
}

/// The closure as it is; null where the day is open.
pub(crate) fn current(marks: &DayMarks) -> Value {
    let shown = |closure: &Closure| json!({ "reason": closure.reason, "revision": closure.revision });
    marks.closure.as_ref().map_or(Value::Null, shown)
}
