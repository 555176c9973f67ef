//! Closing and opening a service day, and the note for whoever works it.
//!
//! A booking reads whether the day is closed and is not conditioned on it: that would cost every booking two write units for
//! what happens once in a while. Who read just before the closure may still book just after; such a reservation shows among
//! those that the closure's answer lists, or on the day sheet, as any does that was made before.

use jari_domain::{Reservation, Status, service_day};
use jari_identity::Operation;
use jari_store::{Closure, DayMark, DayMarkChange, DayMarks, DayNote, Store, StoreError};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::json;

use crate::{Admitted, Refusal};

/// Days are planned so far ahead: past the largest booking window. Notes are kept as long behind.
const PLANNED_DAYS: i64 = 366;
/// Others write the same day's mark at the same moment: more than so many times is no coincidence.
const MOST_TRIES: usize = 8;

/// Why a day's closure or note was refused. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum DayRefusal {
    /// Refused as anything may be: not let in, not there, not stored.
    #[error(transparent)]
    Door(#[from] Refusal),
    /// Too far ahead or too long ago.
    #[error("the day can't be planned")]
    NotPlanned,
    /// No longer at the revision that the caller saw.
    #[error("the day has changed")]
    Stale(DayMarks),
}

impl From<StoreError> for DayRefusal {
    fn from(error: StoreError) -> Self {
        Self::Door(error.into())
    }
}

/// Closes a service day from today on: nothing is booked on it from then. The closure, and the reservations that still
/// stand, read after it was written, as the index tells.
///
/// # Errors
/// Any [`DayRefusal`].
pub async fn close_day(
    store: &Store,
    admitted: &Admitted,
    date: Date,
    reason: Option<&str>,
    seen: Option<u64>,
    now: Timestamp,
) -> Result<(Closure, Vec<Reservation>), DayRefusal> {
    plannable(admitted, date, 0, now)?;
    let desk = Desk { store, admitted, operation: Operation::CloseDay, mark: DayMark::Closure, date, now };
    let revision = desk.write(Some(reason), seen).await?.unwrap_or_default();
    let standing = store.reservations_of_day(admitted.stored.restaurant.id, date).await?.into_iter();
    let stranded = standing.map(|stored| stored.reservation).filter(|reservation| {
        matches!(reservation.status_at(now), Status::Held | Status::Requested | Status::Confirmed)
    });
    Ok((Closure { reason: reason.map(str::to_owned), revision }, stranded.collect()))
}

/// Opens a service day again; one that is open stays so.
///
/// # Errors
/// Any [`DayRefusal`].
pub async fn open_day(
    store: &Store,
    admitted: &Admitted,
    date: Date,
    seen: Option<u64>,
    now: Timestamp,
) -> Result<(), DayRefusal> {
    plannable(admitted, date, 0, now)?;
    let desk = Desk { store, admitted, operation: Operation::OpenDay, mark: DayMark::Closure, date, now };
    desk.write(None, seen).await.map(drop)
}

/// Writes the note of a service day; none removes it.
///
/// # Errors
/// Any [`DayRefusal`].
pub async fn put_day_note(
    store: &Store,
    admitted: &Admitted,
    date: Date,
    text: Option<&str>,
    seen: Option<u64>,
    now: Timestamp,
) -> Result<Option<DayNote>, DayRefusal> {
    plannable(admitted, date, PLANNED_DAYS, now)?;
    let desk = Desk { store, admitted, operation: Operation::PutDayNote, mark: DayMark::Note, date, now };
    let revision = desk.write(text.map(Some), seen).await?;
    Ok(text.zip(revision).map(|(text, revision)| DayNote { text: text.to_owned(), revision }))
}

fn plannable(admitted: &Admitted, date: Date, days_back: i64, now: Timestamp) -> Result<(), DayRefusal> {
    let today = service_day(now, admitted.stored.restaurant.zone());
    let planned = today.saturating_sub(days_back.days())..=today.saturating_add(PLANNED_DAYS.days());
    if planned.contains(&date) { Ok(()) } else { Err(DayRefusal::NotPlanned) }
}

struct Desk<'a> {
    store: &'a Store,
    admitted: &'a Admitted,
    operation: Operation,
    mark: DayMark,
    date: Date,
    now: Timestamp,
}

impl Desk<'_> {
    /// Writes the mark, with a text or without, or removes it. Its revision, if it is there.
    #[allow(clippy::option_option, reason = "a mark may be there without a text, which is not none")]
    async fn write(
        &self,
        wanted: Option<Option<&str>>,
        seen: Option<u64>,
    ) -> Result<Option<u64>, DayRefusal> {
        let restaurant = self.admitted.stored.restaurant.id;
        for _ in 0..MOST_TRIES {
            let marks = self.store.day_marks(restaurant, self.date).await?;
            let there = self.there(&marks);
            let read = there.map(|(_, revision)| revision);
            if seen.is_some_and(|seen| seen != read.unwrap_or_default()) {
                return Err(DayRefusal::Stale(marks));
            }
            if wanted == there.map(|(text, _)| text) {
                return Ok(read);
            }
            // By the clock, so that it goes on rising where nothing is kept of what was removed.
            let by_clock = u64::try_from(self.now.as_millisecond()).unwrap_or_default();
            let revision = by_clock.max(read.unwrap_or_default() + 1);
            let mut line = self.admitted.audit_line(self.operation, self.now)?;
            line.before = there.map(|(text, _)| self.told(text));
            line.after = Some(wanted.map_or_else(|| json!({ "date": self.date }), |text| self.told(text)));
            let change = DayMarkChange {
                restaurant,
                date: self.date,
                mark: self.mark,
                read,
                write: wanted.map(|text| (text, revision)),
                line: &line,
            };
            if self.store.change_day_mark(&change).await? {
                return Ok(wanted.map(|_| revision));
            }
        }
        Err(StoreError::Unavailable("too many write the same day".into()).into())
    }

    /// As the audit log has it. Of a note only that it is there: it may be about a guest, whom the log must not outlive.
    fn told(&self, text: Option<&str>) -> serde_json::Value {
        match self.mark {
            DayMark::Closure => json!({ "date": self.date, "closed": true, "reason": text }),
            DayMark::Note => json!({ "date": self.date, "note": "…" }),
        }
    }

    /// What is there: a text, if any, and its revision.
    fn there<'m>(&self, marks: &'m DayMarks) -> Option<(Option<&'m str>, u64)> {
        match self.mark {
            DayMark::Closure => {
                let closure = marks.closure.as_ref();
                closure.map(|closure| (closure.reason.as_deref(), closure.revision))
            }
            DayMark::Note => marks.note.as_ref().map(|note| (Some(note.text.as_str()), note.revision)),
        }
    }
}
