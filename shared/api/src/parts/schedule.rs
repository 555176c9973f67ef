//! Reads a schedule.

use jari_domain::{
    DayName, InvalidSchedule, LocalizedText, Schedule, ServiceTime, Shift, SpecialDay, TurnTime, TurnTimes,
    WeeklyShift,
};
use serde_json::Value;

use super::texts::{NAME, maybe_named, refuse_faults, shown_revision};
use crate::{FieldCode, FieldError, Fields, Problem, Text, fields};

const MOST_SHIFTS: usize = 20;
const MOST_SPECIAL_DAYS: usize = 100;
const MOST_BANDS: usize = 20;
const MOST_COVERS: u16 = 1_000;

/// The schedule that is sent.
pub fn read(mut body: Fields<'_>) -> Result<Schedule, Problem> {
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
