//! A schedule as it is sent and shown.

use jari_wiring::StrandedView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{LocalizedTextView, NewLocalizedText};

/// When a restaurant seats guests.
#[derive(Serialize, ToSchema)]
#[schema(as = Schedule)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `Schedule` in the document")]
pub(crate) struct ScheduleView {
    /// The ordinary week.
    weekly: Vec<WeeklyShiftView>,
    /// Dates on which other shifts hold instead of the week's; without any it is closed.
    special_days: Vec<SpecialDayView>,
    /// Rises with every change; also the `ETag`.
    revision: u64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = WeeklyShift)]
#[allow(dead_code, reason = "describes `WeeklyShift` in the document")]
struct WeeklyShiftView {
    #[schema(inline)]
    days: Vec<DayNameView>,
    shift: ShiftView,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "describes `DayName` in the document")]
enum DayNameView {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SpecialDay)]
#[allow(dead_code, reason = "describes `SpecialDay` in the document")]
struct SpecialDayView {
    #[schema(format = Date, example = "2026-12-24")]
    date: String,
    name: LocalizedTextView,
    shifts: Vec<ShiftView>,
}

/// Times are the restaurant's own quarter hours; those before 05:00 are past midnight.
#[derive(Serialize, ToSchema)]
#[schema(as = Shift)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `Shift` in the document")]
struct ShiftView {
    name: LocalizedTextView,
    #[schema(example = "17:30")]
    opens: String,
    #[schema(example = "20:30")]
    last_seating: String,
    #[schema(example = "22:00")]
    closes: String,
    /// Minutes between two offered times: 15, 30 or 60.
    #[schema(example = 30)]
    step_minutes: u16,
    /// How long a party stays, by size; the last holds for all larger ones.
    turn_times: Vec<TurnTimeView>,
    /// The most covers that may arrive in a quarter hour; missing: any number.
    pace: Option<u16>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = TurnTime)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes `TurnTime` in the document")]
struct TurnTimeView {
    #[schema(minimum = 1, maximum = 99)]
    up_to: u8,
    /// A multiple of 15, at most 480.
    #[schema(minimum = 15, maximum = 480, multiple_of = 15)]
    minutes: u16,
}

/// A schedule that is to be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
pub(crate) struct NewSchedule {
    #[schema(max_items = 20)]
    weekly: Vec<NewWeeklyShift>,
    #[schema(max_items = 100)]
    special_days: Option<Vec<NewSpecialDay>>,
    /// As it was shown. `If-Match` is what counts.
    revision: Option<u64>,
}

#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewWeeklyShift {
    #[schema(inline, max_items = 7)]
    days: Vec<DayNameView>,
    shift: NewShift,
}

#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewSpecialDay {
    #[schema(format = Date, example = "2026-12-24")]
    date: String,
    name: Option<NewLocalizedText>,
    #[schema(max_items = 20)]
    shifts: Option<Vec<NewShift>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewShift {
    name: Option<NewLocalizedText>,
    #[schema(example = "17:30")]
    opens: String,
    #[schema(example = "20:30")]
    last_seating: String,
    #[schema(example = "22:00")]
    closes: String,
    /// 15, 30 or 60.
    #[schema(example = 30)]
    step_minutes: u16,
    /// 90 minutes for two, 105 for four, 120 for six and 150 for more, unless said otherwise.
    #[schema(max_items = 20)]
    turn_times: Option<Vec<TurnTimeView>>,
    #[schema(minimum = 1, maximum = 1000)]
    pace: Option<u16>,
}

/// The schedule as it is now, and what the change has left behind.
#[derive(Serialize, ToSchema)]
#[schema(as = ScheduleChange)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "describes the answer in the document")]
pub(crate) struct ScheduleChangeView {
    weekly: Vec<WeeklyShiftView>,
    special_days: Vec<SpecialDayView>,
    revision: u64,
    /// The upcoming reservations that no longer fit, the earliest first; at most 1,000.
    stranded: Vec<StrandedView>,
}
