//! When a restaurant seats guests: shifts by weekday, special days by date, turn times and pacing.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::{Cell, Fault, LocalizedText, Party, ServiceTime, Span};

/// When a restaurant seats guests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Schedule {
    /// The ordinary week.
    pub weekly: Vec<WeeklyShift>,
    /// Dates on which other shifts hold instead of the week's.
    #[serde(default)]
    pub special_days: Vec<SpecialDay>,
}

/// A shift and the weekdays it is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WeeklyShift {
    /// On which days.
    pub days: Vec<DayName>,
    /// What holds then.
    pub shift: Shift,
}

/// A date on which other shifts hold; without any it is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SpecialDay {
    /// The service day.
    pub date: Date,
    /// What the day is: Christmas Eve, a holiday.
    pub name: LocalizedText,
    /// What holds then.
    #[serde(default)]
    pub shifts: Vec<Shift>,
}

/// A stretch of a day in which guests are seated: lunch, dinner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Shift {
    /// As shown.
    pub name: LocalizedText,
    /// The first time at which guests are seated.
    pub opens: ServiceTime,
    /// The last time at which guests are seated.
    pub last_seating: ServiceTime,
    /// When the lights go out; shown, and no bound on stays.
    pub closes: ServiceTime,
    /// Minutes between two offered times: 15, 30 or 60.
    pub step_minutes: u16,
    /// How long a party stays.
    #[serde(default)]
    pub turn_times: TurnTimes,
    /// The most covers that may arrive in a quarter hour; none: no pacing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<u16>,
}

/// How long parties stay, by size: bands in rising order, the last holds for all larger ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnTimes(pub Vec<TurnTime>);

/// A band of party sizes and how long they stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TurnTime {
    /// The largest party of the band.
    pub up_to: Party,
    /// Their stay, in minutes: a multiple of 15, at most [`Span::MAX_MINUTES`].
    pub minutes: u16,
}

/// A weekday, as `monday`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum DayName {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Why a schedule can't be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSchedule {
    /// Off the quarter-hour grid, or a step that is not 15, 30 or 60.
    #[error("times are quarter hours; a step is 15, 30 or 60 minutes")]
    OffGrid,
    /// Opens after the last seating, or closes before it.
    #[error("a shift opens, has its last seating and closes in this order")]
    Order,
    /// Two shifts of a day offer the same times.
    #[error("two shifts of a day overlap")]
    Overlap,
    /// A stay would reach into the next service day.
    #[error("the last stay must end by 05:00")]
    TooLate,
    /// Turn times empty, not rising, or of an impossible length.
    #[error("turn times rise in party size and are quarter hours up to 8 hours")]
    TurnTimes,
    /// A date is special twice.
    #[error("{0} is a special day twice")]
    TwiceTheSameDay(Date),
}

impl Default for TurnTimes {
    /// 1–2 guests 90 min, 3–4 105, 5–6 120, more 150.
    fn default() -> Self {
        let bands = [(2, 90), (4, 105), (6, 120), (Party::MAX, 150)];
        let band = |(size, minutes)| Party::new(size).ok().map(|up_to| TurnTime { up_to, minutes });
        Self(bands.into_iter().filter_map(band).collect())
    }
}

impl TurnTimes {
    /// How long `party` stays, in minutes.
    #[must_use]
    pub fn minutes(&self, party: Party) -> u16 {
        let band = self.0.iter().find(|band| party <= band.up_to).or(self.0.last());
        // `Schedule::check` refuses an empty list.
        band.map_or(90, |band| band.minutes)
    }

    fn longest(&self) -> u16 {
        self.0.iter().map(|band| band.minutes).max().unwrap_or_default()
    }
}

impl Shift {
    /// The times offered, in order.
    pub fn times(&self) -> impl Iterator<Item = ServiceTime> + '_ {
        let step = self.step_minutes.max(Cell::MINUTES);
        std::iter::successors(Some(self.opens), move |time| time.plus(step))
            .take_while(|time| *time <= self.last_seating)
    }

    /// What is wrong with it, each with the name of its field.
    fn faults(&self) -> Vec<(String, InvalidSchedule)> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, what| faults.push((field.to_owned(), what));
        if ![15, 30, 60].contains(&self.step_minutes) {
            fault("stepMinutes", InvalidSchedule::OffGrid);
        }
        for (field, time) in
            [("opens", self.opens), ("lastSeating", self.last_seating), ("closes", self.closes)]
        {
            if !time.minutes().is_multiple_of(Cell::MINUTES) {
                fault(field, InvalidSchedule::OffGrid);
            }
        }
        if self.opens > self.last_seating {
            fault("lastSeating", InvalidSchedule::Order);
        }
        if self.last_seating > self.closes {
            fault("closes", InvalidSchedule::Order);
        }
        let bands = &self.turn_times.0;
        if bands.is_empty() {
            fault("turnTimes", InvalidSchedule::TurnTimes);
        }
        for (n, band) in bands.iter().enumerate() {
            let possible = (Cell::MINUTES..=Span::MAX_MINUTES).contains(&band.minutes)
                && band.minutes.is_multiple_of(Cell::MINUTES);
            if !possible {
                fault(&format!("turnTimes/{n}/minutes"), InvalidSchedule::TurnTimes);
            }
            if n > 0 && bands[n - 1].up_to >= band.up_to {
                fault(&format!("turnTimes/{n}/upTo"), InvalidSchedule::TurnTimes);
            }
        }
        if self.last_seating.minutes().saturating_add(self.turn_times.longest())
            > ServiceTime::DAY_END_MINUTES
        {
            fault("lastSeating", InvalidSchedule::TooLate);
        }
        faults
    }
}

impl Schedule {
    /// The shifts of a service day, in order; none: closed.
    #[must_use]
    pub fn shifts(&self, date: Date) -> Vec<&Shift> {
        let special = self.special_days.iter().find(|day| day.date == date);
        let mut shifts: Vec<&Shift> = match special {
            Some(day) => day.shifts.iter().collect(),
            None => self.weekly_shifts(DayName::from(date.weekday())).collect(),
        };
        shifts.sort_by_key(|shift| shift.opens);
        shifts
    }

    fn weekly_shifts(&self, day: DayName) -> impl Iterator<Item = &Shift> {
        self.weekly.iter().filter(move |weekly| weekly.days.contains(&day)).map(|weekly| &weekly.shift)
    }

    /// Whether any shift has a pace.
    #[must_use]
    pub fn is_paced(&self) -> bool {
        let weekly = self.weekly.iter().map(|weekly| &weekly.shift);
        weekly.chain(self.special_days.iter().flat_map(|day| &day.shifts)).any(|shift| shift.pace.is_some())
    }

    /// Checks that the schedule is consistent.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self) -> Result<(), InvalidSchedule> {
        self.faults().into_iter().next().map_or(Ok(()), |fault| Err(fault.what))
    }

    /// Everything that is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault<InvalidSchedule>> {
        let mut faults = Vec::new();
        let mut whole = |at: &str, shift: &Shift| {
            let of_shift = shift.faults().into_iter();
            faults.extend(of_shift.map(|(field, what)| Fault::new(format_args!("{at}/{field}"), what)));
        };
        for (n, weekly) in self.weekly.iter().enumerate() {
            whole(&format!("weekly/{n}/shift"), &weekly.shift);
        }
        for (n, day) in self.special_days.iter().enumerate() {
            for (m, shift) in day.shifts.iter().enumerate() {
                whole(&format!("specialDays/{n}/shifts/{m}"), shift);
            }
        }
        for (n, day) in self.special_days.iter().enumerate() {
            if self.special_days[..n].iter().any(|other| other.date == day.date) {
                let twice = InvalidSchedule::TwiceTheSameDay(day.date);
                faults.push(Fault::new(format_args!("specialDays/{n}/date"), twice));
            }
            for m in overlapping(day.shifts.iter().enumerate()) {
                let at = format!("specialDays/{n}/shifts/{m}/opens");
                faults.push(Fault::new(at, InvalidSchedule::Overlap));
            }
        }
        let mut overlaps: Vec<usize> = DayName::ALL
            .into_iter()
            .flat_map(|day| {
                let of_day = self.weekly.iter().enumerate().filter(|(_, weekly)| weekly.days.contains(&day));
                overlapping(of_day.map(|(n, weekly)| (n, &weekly.shift)))
            })
            .collect();
        overlaps.sort_unstable();
        overlaps.dedup();
        let at = |n: usize| Fault::new(format_args!("weekly/{n}/shift/opens"), InvalidSchedule::Overlap);
        faults.extend(overlaps.into_iter().map(at));
        faults
    }
}

/// The shifts of a day that begin before an earlier one has had its last seating. Each offered time belongs to one shift,
/// or a booking's turn time would be a matter of luck.
fn overlapping<'a>(shifts: impl Iterator<Item = (usize, &'a Shift)>) -> Vec<usize> {
    let mut shifts: Vec<(usize, &Shift)> = shifts.collect();
    shifts.sort_by_key(|(_, shift)| shift.opens);
    let pairs = shifts.windows(2).filter(|pair| pair[0].1.last_seating >= pair[1].1.opens);
    pairs.map(|pair| pair[1].0).collect()
}

impl DayName {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
}

impl From<Weekday> for DayName {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn shift(opens: &str, last_seating: &str, closes: &str) -> Shift {
        Shift {
            name: LocalizedText::default(),
            opens: opens.parse().unwrap(),
            last_seating: last_seating.parse().unwrap(),
            closes: closes.parse().unwrap(),
            step_minutes: 30,
            turn_times: TurnTimes::default(),
            pace: None,
        }
    }

    fn daily(shifts: Vec<Shift>) -> Schedule {
        let weekly = shifts.into_iter().map(|shift| WeeklyShift { days: DayName::ALL.to_vec(), shift });
        Schedule { weekly: weekly.collect(), special_days: vec![] }
    }

    #[test]
    fn turn_times_follow_the_party() {
        let times = TurnTimes::default();
        let minutes = [1, 2, 3, 4, 5, 6, 7, 99].map(|size| times.minutes(Party::new(size).unwrap()));
        assert_eq!(minutes, [90, 90, 105, 105, 120, 120, 150, 150]);
    }

    #[test]
    fn a_shift_past_midnight_offers_times_past_midnight() {
        let times: Vec<String> =
            shift("23:00", "00:30", "02:00").times().map(|time| time.to_string()).collect();
        assert_eq!(times, ["23:00", "23:30", "00:00", "00:30"]);
    }

    #[test]
    fn a_special_day_replaces_the_week() {
        let mut schedule = daily(vec![shift("11:30", "13:30", "15:00"), shift("17:30", "20:30", "22:00")]);
        let eve = date(2026, 12, 24);
        assert_eq!(schedule.shifts(eve).len(), 2);
        schedule.special_days.push(SpecialDay { date: eve, name: LocalizedText::default(), shifts: vec![] });
        assert!(schedule.shifts(eve).is_empty());
        assert_eq!(schedule.check(), Ok(()));
    }

    #[test]
    fn impossible_schedules_are_refused() {
        let overlap = daily(vec![shift("11:30", "14:00", "15:00"), shift("14:00", "16:00", "18:00")]);
        assert_eq!(overlap.check(), Err(InvalidSchedule::Overlap));
        assert_eq!(daily(vec![shift("18:00", "17:00", "22:00")]).check(), Err(InvalidSchedule::Order));
        assert_eq!(daily(vec![shift("18:07", "19:00", "22:00")]).check(), Err(InvalidSchedule::OffGrid));
        assert_eq!(daily(vec![shift("22:00", "03:00", "04:45")]).check(), Err(InvalidSchedule::TooLate));
        let mut no_turns = shift("18:00", "19:00", "22:00");
        no_turns.turn_times.0.clear();
        assert_eq!(daily(vec![no_turns]).check(), Err(InvalidSchedule::TurnTimes));
        let mut odd_step = shift("18:00", "19:00", "22:00");
        odd_step.step_minutes = 20;
        assert_eq!(daily(vec![odd_step]).check(), Err(InvalidSchedule::OffGrid));
    }

    #[test]
    fn everything_that_is_wrong_with_a_schedule_is_named_with_its_place() {
        let mut wrong = daily(vec![shift("18:07", "17:00", "22:00"), shift("16:00", "19:00", "18:00")]);
        wrong.weekly[1].shift.turn_times.0[1].minutes = 7;
        let day = SpecialDay { date: date(2026, 12, 24), name: LocalizedText::default(), shifts: vec![] };
        wrong.special_days = vec![day.clone(), day];
        let places: Vec<String> = wrong.faults().into_iter().map(|fault| fault.at).collect();
        assert_eq!(
            places,
            [
                "weekly/0/shift/opens",
                "weekly/0/shift/lastSeating",
                "weekly/1/shift/closes",
                "weekly/1/shift/turnTimes/1/minutes",
                "specialDays/1/date",
                "weekly/0/shift/opens",
            ]
        );
    }
}
