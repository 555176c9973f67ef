//! A schedule as it is sent and shown.

use jari_api::{FieldCode, FieldError, Fields, Problem, Text, fields};
use jari_domain::{
    DayName, InvalidSchedule, LocalizedText, Schedule, ServiceTime, Shift, SpecialDay, TurnTime, TurnTimes,
    WeeklyShift,
};
use jari_wiring::StrandedView;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    LocalizedTextView, NewLocalizedText,
    fields::{NAME, maybe_named, refuse_faults, shown_revision},
};

const MOST_SHIFTS: usize = 20;
const MOST_SPECIAL_DAYS: usize = 100;
const MOST_BANDS: usize = 20;
const MOST_COVERS: u16 = 1_000;

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

/// The schedule that is sent.
pub(crate) fn read(mut body: Fields<'_>) -> Result<Schedule, Problem> {
    shown_revision(&mut body);
    let weekly = body.required_list_of("weekly", MOST_SHIFTS, |weekly| {
        let days = weekly.list("days", DayName::ALL.len(), fields::one_of(&DAY_NAMES));
        if !weekly.has("days") {
            weekly.refuse("days", required());
        }
        let shift = weekly.required_object("shift", shift);
        let (days, shift) = weekly.all((days, shift))?;
        Some(WeeklyShift { days, shift })
    });
    let special_days = body.list_of("specialDays", MOST_SPECIAL_DAYS, |day| {
        let date = day.required("date", fields::date);
        let name = day.optional_object("name", maybe_named(NAME)).unwrap_or_default();
        let shifts = day.list_of("shifts", MOST_SHIFTS, shift).unwrap_or_default();
        day.all(date).map(|date| SpecialDay { date, name, shifts })
    });
    let (weekly,) = body.finish((weekly,))?;
    let schedule = Schedule { weekly, special_days: special_days.unwrap_or_default() };
    refuse_faults(&schedule.faults(), tell)?;
    Ok(schedule)
}

const DAY_NAMES: [(&str, DayName); 7] = [
    ("monday", DayName::Monday),
    ("tuesday", DayName::Tuesday),
    ("wednesday", DayName::Wednesday),
    ("thursday", DayName::Thursday),
    ("friday", DayName::Friday),
    ("saturday", DayName::Saturday),
    ("sunday", DayName::Sunday),
];

fn required() -> FieldError {
    FieldError::new(FieldCode::Required, Text::fixed("필수 항목입니다.", "This field is required."))
}

fn shift(shift: &mut Fields<'_>) -> Option<Shift> {
    let name: LocalizedText = shift.optional_object("name", maybe_named(NAME)).unwrap_or_default();
    let opens = shift.required("opens", time);
    let last_seating = shift.required("lastSeating", time);
    let closes = shift.required("closes", time);
    let step_minutes = shift.required("stepMinutes", fields::integer(15..=60_u16));
    let turn_times = shift.list_of("turnTimes", MOST_BANDS, |band| {
        let up_to = band.required("upTo", fields::party);
        let minutes = band.required("minutes", fields::integer(15..=480_u16));
        let (up_to, minutes) = band.all((up_to, minutes))?;
        Some(TurnTime { up_to, minutes })
    });
    let pace = shift.optional("pace", fields::integer(1..=MOST_COVERS));
    let (opens, last_seating, closes, step_minutes) =
        shift.all((opens, last_seating, closes, step_minutes))?;
    let turn_times = turn_times.map(TurnTimes).unwrap_or_default();
    Some(Shift { name, opens, last_seating, closes, step_minutes, turn_times, pace })
}

fn time(value: &Value) -> Result<ServiceTime, FieldError> {
    fields::text(5)(value)?.parse().map_err(|_| {
        FieldError::invalid_format("시각이어야 합니다. 예: 17:30", "Must be a time of day, such as 17:30.")
    })
}

fn tell(invalid: &InvalidSchedule) -> FieldError {
    let text = match invalid {
        InvalidSchedule::OffGrid => Text::fixed(
            "시각은 15분 단위, 간격은 15·30·60분이어야 합니다.",
            "Times are quarter hours; a step is 15, 30 or 60 minutes.",
        ),
        InvalidSchedule::Order => Text::fixed(
            "시작, 마지막 입장, 마감의 순서여야 합니다.",
            "A shift opens, has its last seating and closes, in this order.",
        ),
        InvalidSchedule::Overlap => Text::fixed(
            "같은 날의 앞 영업시간과 겹칩니다.",
            "Begins before an earlier shift of the day has had its last seating.",
        ),
        InvalidSchedule::TooLate => Text::fixed(
            "마지막 손님의 이용 시간이 05:00까지 끝나야 합니다.",
            "The longest stay from the last seating must end by 05:00.",
        ),
        InvalidSchedule::TurnTimes => Text::fixed(
            "이용 시간은 인원이 커지는 순서로, 15분 단위로 8시간까지 입력해 주세요.",
            "Turn times rise in party size and are quarter hours up to 8 hours.",
        ),
        InvalidSchedule::TwiceTheSameDay(_) => {
            Text::fixed("같은 날짜가 두 번 있습니다.", "This date is there twice.")
        }
    };
    FieldError::new(FieldCode::OutOfRange, text)
}
