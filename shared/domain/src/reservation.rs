//! A reservation and its life, from hold to completion.
//!
//! ```text
//! held ──confirm──▶ confirmed ──seat──▶ seated ──complete──▶ completed
//!   │                 │  ▲                └ undo
//!   ├ expire ▶ expired   │ accept
//!   ├ cancel ▶ cancelled └── requested ──decline──▶ declined
//!   confirmed, requested ──cancel──▶ cancelled ;  confirmed ──not come──▶ noShow ──undo──▶ confirmed
//! ```

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Channel, DinerId, Guest, Note, Party, ReservationId, RestaurantId, Span, TableId, VisitId,
};

/// A party's place at a restaurant, from the hold to the end of its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Its id.
    pub id: ReservationId,
    /// Where.
    pub restaurant: RestaurantId,
    /// The service day under which its tables are claimed.
    pub date: Date,
    /// From arrival to the end of the turn.
    pub span: Span,
    /// For how many.
    pub party: Party,
    /// At which tables; more than one when joined.
    pub tables: Vec<TableId>,
    /// The area, when its tables are in one.
    pub area: Option<String>,
    /// Who comes; unknown only while held.
    pub guest: Option<Guest>,
    /// Who comes, across reservations; known when the guest is.
    pub diner: Option<DinerId>,
    /// What the guest tells the restaurant.
    pub note: Option<Note>,
    /// Where it is in its life.
    pub status: Status,
    /// When the hold or the unanswered request ends; none for the other statuses.
    pub until: Option<Timestamp>,
    /// The place among its visit's holds that it takes up, while held by an anonymous visit.
    pub hold_place: Option<HoldPlace>,
    /// Whether its covers are counted in the arrivals of its first quarter hour.
    pub paced: bool,
    /// On which way it came in.
    pub channel: Channel,
    /// How many of the reminders need not be sent any more: they were, or their time was past when it was booked.
    pub reminded: u8,
    /// When its diner said, after a reminder, that they are coming.
    pub reconfirmed_at: Option<Timestamp>,
    /// Rises with every write.
    pub revision: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// What happened to it, oldest first, at most [`Reservation::MAX_HISTORY`] entries.
    pub history: Vec<HistoryEntry>,
}

/// One of the places that a caller has for live holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldPlace {
    /// Whose.
    pub visit: VisitId,
    /// Which: 0 to [`HoldPlace::PER_VISIT`] − 1.
    pub place: u8,
}

/// Where a reservation is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// A diner's place while filling in the form.
    Held,
    /// Waiting for the restaurant's answer.
    Requested,
    /// The party is expected.
    Confirmed,
    /// The party is at its table.
    Seated,
    /// The party has left.
    Completed,
    /// The party did not come.
    NoShow,
    /// Called off, by the diner or the restaurant.
    Cancelled,
    /// The restaurant said no, or nothing in time.
    Declined,
    /// The hold ended.
    Expired,
}

/// What can happen to a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// The diner gives the details, at a restaurant that confirms at once.
    Confirm,
    /// The diner gives the details, at a restaurant that answers itself.
    Request,
    /// The restaurant says yes.
    Accept,
    /// The restaurant says no, or nothing in time.
    Decline,
    /// The hold ends.
    Expire,
    /// Called off.
    Cancel,
    /// Another time, party, table or note.
    Change,
    /// The party sits down.
    Seat,
    /// The party leaves.
    Complete,
    /// The party does not come.
    NotCome,
    /// Seated or marked as not come by mistake.
    Undo,
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "account")]
pub enum Actor {
    /// A guest without an account, by the private link or at the booking.
    Guest,
    /// The diner, signed in; or a concierge on the diner's behalf.
    Diner(AccountId),
    /// The restaurant's staff.
    Staff(AccountId),
    /// The house itself: a hold that ended.
    House,
}

/// One thing that happened to a reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// The status before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Status>,
    /// The status after.
    pub to: Status,
    /// The reason given, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What the time, party and tables were before a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Place>,
}

/// Time, party and tables of a reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Place {
    /// When the party comes.
    pub starts_at: Timestamp,
    /// For how many.
    pub party: Party,
    /// At which tables.
    pub tables: Vec<TableId>,
}

/// What is not possible in the status that the reservation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not possible for a reservation that is {0:?}")]
pub struct NotPossible(pub Status);

/// How many of the reminders of a visit at `start` are past at `now`: they need not be sent to whoever only now has a
/// reservation for it.
#[must_use]
pub fn reminders_past(start: Timestamp, now: Timestamp) -> u8 {
    let left = start.duration_since(now);
    let past = Reservation::REMINDED_BEFORE.into_iter().filter(|before| left <= *before);
    past.fold(0, |count, _| count + 1)
}

impl HoldPlace {
    /// How many holds a visit can have at a time: nobody hoards the evening.
    pub const PER_VISIT: u8 = 2;
}

impl Status {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 9] = [
        Self::Held,
        Self::Requested,
        Self::Confirmed,
        Self::Seated,
        Self::Completed,
        Self::NoShow,
        Self::Cancelled,
        Self::Declined,
        Self::Expired,
    ];

    /// Whether its tables are its own, as long as its deadline, if it has one, has not passed.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self, Self::Held | Self::Requested | Self::Confirmed | Self::Seated)
    }

    /// The status after `transition`; none when it is not possible.
    #[must_use]
    pub fn after(self, transition: Transition) -> Option<Self> {
        use Transition as T;
        Some(match (self, transition) {
            (Self::Held, T::Confirm)
            | (Self::Requested, T::Accept)
            | (Self::Seated | Self::NoShow, T::Undo) => Self::Confirmed,
            (Self::Held, T::Request) => Self::Requested,
            (Self::Held, T::Expire) => Self::Expired,
            (Self::Requested, T::Decline) => Self::Declined,
            (Self::Held | Self::Requested | Self::Confirmed, T::Cancel) => Self::Cancelled,
            (Self::Requested | Self::Confirmed | Self::Seated, T::Change) => self,
            (Self::Confirmed, T::Seat) => Self::Seated,
            (Self::Seated, T::Complete) => Self::Completed,
            (Self::Confirmed, T::NotCome) => Self::NoShow,
            _ => return None,
        })
    }
}

impl Reservation {
    /// The most history entries kept; the first stays, the second oldest goes.
    pub const MAX_HISTORY: usize = 50;

    /// How long before the visit its diner is reminded, the first first.
    pub const REMINDED_BEFORE: [SignedDuration; 2] =
        [SignedDuration::from_hours(24), SignedDuration::from_hours(3)];

    /// When its diner is to be reminded next; none once all reminders are sent or past.
    #[must_use]
    pub fn next_reminder(&self) -> Option<Timestamp> {
        let before = Self::REMINDED_BEFORE.get(usize::from(self.reminded))?;
        self.span.start().checked_sub(*before).ok()
    }

    /// Whether one of its reminders fell due after its time had been agreed. Only then has its diner been asked whether they come:
    /// who books for tonight has just said so.
    #[must_use]
    pub fn was_reminded(&self) -> bool {
        let start = self.span.start();
        let sets_the_time = |entry: &&HistoryEntry| {
            let is_moved = entry.before.as_ref().is_some_and(|before| before.starts_at != start);
            is_moved || matches!(entry.from, None | Some(Status::Held | Status::Requested))
        };
        let agreed = self.history.iter().rev().find(sets_the_time).map_or(self.created_at, |entry| entry.at);
        self.reminded > reminders_past(start, agreed)
    }

    /// Its status at `now`: a hold or request whose time has passed has ended, whether or not a sweeper has
    /// written that down.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        let over = self.until.is_some_and(|until| until <= now);
        match self.status {
            Status::Held if over => Status::Expired,
            Status::Requested if over => Status::Declined,
            status => status,
        }
    }

    /// The reservation after `transition` at `now`: status, deadline, revision and history moved on.
    ///
    /// # Errors
    /// [`NotPossible`] with the status at `now`.
    pub fn after(
        &self,
        transition: Transition,
        now: Timestamp,
        by: Actor,
        why: Option<String>,
    ) -> Result<Self, NotPossible> {
        // What time has ended can only be written down as ended.
        let writes_down = matches!(transition, Transition::Expire | Transition::Decline);
        let from = if writes_down { self.status } else { self.status_at(now) };
        let to = from.after(transition).ok_or(NotPossible(from))?;
        let mut next = self.clone();
        next.status = to;
        next.until = self.until.filter(|_| to == self.status);
        next.revision += 1;
        let before = (transition == Transition::Change).then(|| self.place());
        next.log(HistoryEntry { at: now, by, from: Some(self.status), to, why, before });
        Ok(next)
    }

    /// What stays of it when whoever it is for is forgotten: when, where, for how many and how it went. Nobody's name, no
    /// words of anybody, and what its diner did is a guest's.
    #[must_use]
    pub fn without_diner(&self) -> Self {
        let mut next = self.clone();
        (next.guest, next.diner, next.note) = (None, None, None);
        // Of whoever has signed in, a visit is the account.
        next.hold_place = None;
        next.revision += 1;
        for entry in &mut next.history {
            entry.why = None;
            if matches!(entry.by, Actor::Diner(_)) {
                entry.by = Actor::Guest;
            }
        }
        next
    }

    /// Until when its private links work: a day after the visit, to look something up, and not for ever.
    #[must_use]
    pub fn link_expires(&self) -> Timestamp {
        let end = self.span.end();
        end.checked_add(SignedDuration::from_hours(24)).unwrap_or(end)
    }

    /// Its time, party and tables.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { starts_at: self.span.start(), party: self.party, tables: self.tables.clone() }
    }

    fn log(&mut self, entry: HistoryEntry) {
        if self.history.len() >= Self::MAX_HISTORY {
            self.history.remove(1);
        }
        self.history.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSITIONS: [Transition; 11] = [
        Transition::Confirm,
        Transition::Request,
        Transition::Accept,
        Transition::Decline,
        Transition::Expire,
        Transition::Cancel,
        Transition::Change,
        Transition::Seat,
        Transition::Complete,
        Transition::NotCome,
        Transition::Undo,
    ];

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn reservation(status: Status, until: Option<&str>) -> Reservation {
        let start = at("2026-12-24T10:00:00Z");
        Reservation {
            id: ReservationId::derived([1; 16]),
            restaurant: RestaurantId::derived([2; 16]),
            date: jiff::civil::date(2026, 12, 24),
            span: Span::new(start, 90).unwrap(),
            party: Party::new(2).unwrap(),
            tables: vec![TableId::derived([3; 16])],
            area: None,
            guest: None,
            diner: None,
            note: None,
            status,
            until: until.map(at),
            hold_place: None,
            paced: false,
            channel: Channel::Online,
            reminded: 0,
            reconfirmed_at: None,
            revision: 1,
            created_at: start,
            history: vec![],
        }
    }

    #[test]
    fn an_ended_reservation_stays_ended() {
        for status in Status::ALL.into_iter().filter(|status| !status.is_active()) {
            for transition in TRANSITIONS {
                if (status, transition) == (Status::NoShow, Transition::Undo) {
                    continue;
                }
                assert_eq!(status.after(transition), None, "{status:?} {transition:?}");
            }
        }
    }

    #[test]
    fn every_active_status_can_be_left_and_every_other_can_be_reached() {
        for status in Status::ALL {
            // Only a mistake brings somebody back who did not come.
            let by_rule = |transition: &&Transition| **transition != Transition::Undo;
            let leaves = TRANSITIONS
                .iter()
                .filter(by_rule)
                .any(|transition| status.after(*transition).is_some_and(|to| to != status));
            assert_eq!(leaves, status.is_active(), "{status:?}");
            let reached =
                Status::ALL.iter().any(|from| TRANSITIONS.iter().any(|how| from.after(*how) == Some(status)));
            assert!(reached || status == Status::Held, "{status:?}");
        }
    }

    #[test]
    fn a_hold_ends_the_second_its_time_is_over() {
        let held = reservation(Status::Held, Some("2026-12-01T10:05:00Z"));
        assert_eq!(held.status_at(at("2026-12-01T10:04:59Z")), Status::Held);
        assert_eq!(held.status_at(at("2026-12-01T10:05:00Z")), Status::Expired);
        let late = held.after(Transition::Confirm, at("2026-12-01T10:05:00Z"), Actor::Guest, None);
        assert_eq!(late.unwrap_err(), NotPossible(Status::Expired));
        let ended = held.after(Transition::Expire, at("2026-12-01T10:06:00Z"), Actor::House, None).unwrap();
        assert_eq!((ended.status, ended.revision, ended.until), (Status::Expired, 2, None));
    }

    #[test]
    fn an_unanswered_request_is_declined_when_its_time_is_over() {
        let requested = reservation(Status::Requested, Some("2026-12-02T10:00:00Z"));
        assert_eq!(requested.status_at(at("2026-12-02T10:00:00Z")), Status::Declined);
        let late = requested.after(Transition::Accept, at("2026-12-02T10:00:00Z"), Actor::House, None);
        assert_eq!(late.unwrap_err(), NotPossible(Status::Declined));
    }

    #[test]
    fn a_reminder_whose_time_is_past_when_it_is_booked_is_never_sent() {
        let start = at("2026-12-24T10:00:00Z");
        let past = |now: &str| reminders_past(start, at(now));
        assert_eq!(past("2026-12-23T09:59:59Z"), 0);
        assert_eq!(past("2026-12-23T10:00:00Z"), 1);
        assert_eq!(past("2026-12-24T06:59:59Z"), 1);
        assert_eq!(past("2026-12-24T07:00:00Z"), 2);
        assert_eq!(past("2026-12-24T11:00:00Z"), 2);
    }

    #[test]
    fn reminders_come_a_day_and_three_hours_before() {
        let mut confirmed = reservation(Status::Confirmed, None);
        let mut times = Vec::new();
        while let Some(time) = confirmed.next_reminder() {
            times.push(time);
            confirmed.reminded += 1;
        }
        assert_eq!(times, [at("2026-12-23T10:00:00Z"), at("2026-12-24T07:00:00Z")]);
    }

    #[test]
    fn whoever_agreed_on_the_time_within_a_day_is_asked_three_hours_before() {
        let now = at("2026-12-23T18:00:00Z");
        let mut confirmed = reservation(Status::Held, Some("2026-12-23T18:05:00Z"))
            .after(Transition::Confirm, now, Actor::Guest, None)
            .unwrap();
        confirmed.reminded = 1;
        assert!(!confirmed.was_reminded());
        // What leaves the time as it is asks for no new word on it.
        let mut more =
            confirmed.after(Transition::Change, at("2026-12-24T08:00:00Z"), Actor::Guest, None).unwrap();
        more.reminded = 2;
        assert!(more.was_reminded());
        let earlier = Place { starts_at: at("2026-12-24T09:00:00Z"), party: more.party, tables: vec![] };
        more.history.last_mut().unwrap().before = Some(earlier);
        assert!(!more.was_reminded(), "it was moved when both were past");
    }

    #[test]
    fn the_history_tells_who_did_what_and_is_bounded() {
        let mut current = reservation(Status::Confirmed, None);
        let now = at("2026-12-01T10:00:00Z");
        for _ in 0..60 {
            current = current.after(Transition::Change, now, Actor::Guest, None).unwrap();
        }
        assert_eq!(current.history.len(), Reservation::MAX_HISTORY);
        assert_eq!(current.revision, 61);
        let last = current.after(Transition::Cancel, now, Actor::Guest, Some("비가 와서".into())).unwrap();
        let entry = last.history.last().unwrap();
        assert_eq!((entry.from, entry.to), (Some(Status::Confirmed), Status::Cancelled));
        assert_eq!(entry.why.as_deref(), Some("비가 와서"));
    }
}
