//! A closed day, and what it strands, as its restaurant sees it.

use jari_domain::{Reservation, Restaurant};
use jari_store::{Closure, DayMarks};
use jari_wiring::{StrandedView, Stranding};
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

impl ClosureView {
    pub(crate) fn new(
        date: Date,
        closure: Closure,
        stranded: &[Reservation],
        restaurant: &Restaurant,
        now: Timestamp,
    ) -> Self {
        let stranded = stranded
            .iter()
            .map(|reservation| StrandedView::new(reservation, Stranding::Closed, restaurant, now));
        let Closure { reason, revision } = closure;
        Self { date: date.to_string(), reason, revision, stranded: stranded.collect() }
    }
}

/// The closure as it is; null where the day is open.
pub(crate) fn current(marks: &DayMarks) -> Value {
    let shown = |closure: &Closure| json!({ "reason": closure.reason, "revision": closure.revision });
    marks.closure.as_ref().map_or(Value::Null, shown)
}
