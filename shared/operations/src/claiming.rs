//! Which claims a reservation has: its tables' cells, the diner's own time, the covers that arrive, the visit's place
//! for a hold. Derived from the reservation alone, so that what was taken is exactly what is given up.

use jari_domain::{Cell, DayBook, DinerId, HoldPlace, Reservation, RestaurantId, Span, Status, TableId};
use jari_store::{Claim, Claims, Counted, Held, Resource, RetryBudget, Store, StoreError};
use jari_telemetry::Metric;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::Refusal;

/// What a refused claim was on.
pub(crate) enum Part {
    Table(TableId),
    Arrivals(Cell),
    DinerTime,
    HoldPlace,
}

/// The claims of the step from `before` (none: it is new) to `after` (none: it ends), at `now`. `pace` bounds the covers
/// that may arrive in the quarter hour of `after`, where they are counted anew.
pub(crate) fn claims_of_step(
    before: Option<&Reservation>,
    after: Option<&Reservation>,
    pace: Option<u16>,
    now: Timestamp,
) -> Claims {
    let mut claims = Claims::new(now);
    for (reservation, is_before) in [(before, true), (after, false)] {
        let Some(reservation) = reservation else { continue };
        let claim = claim_of(reservation);
        let mut cells = |resource: &Resource, cells: Vec<Cell>| {
            if is_before {
                claims.give_up(resource, cells, claim);
            } else {
                claims.take(resource, cells, claim);
            }
        };
        for table in &reservation.tables {
            let resource = Resource::table(reservation.restaurant, reservation.date, *table);
            cells(&resource, reservation.span.cells().collect());
        }
        if let Some(diner) = &reservation.diner {
            for (day, of_day) in by_utc_day(reservation.span) {
                cells(&Resource::diner_time(diner, day), of_day);
            }
        }
        if let Some(hold) = reservation.hold_place.filter(|_| reservation.status == Status::Held) {
            cells(&hold_resource(hold, reservation.created_at), vec![Cell(u32::from(hold.place))]);
        }
        if reservation.paced {
            let resource = arrivals(reservation);
            let counted = Some(Counted { units: u16::from(reservation.party.size()), claim });
            let (from, to) = if is_before { (counted, None) } else { (None, counted) };
            claims.count(&resource, from, to, pace.unwrap_or(u16::MAX));
        }
    }
    claims
}

/// The one claim that is new of a reservation that is counted among the arrivals from now on, whatever the pace: it was
/// booked before.
pub(crate) fn claims_of_counting(reservation: &Reservation, now: Timestamp) -> Claims {
    let mut claims = Claims::new(now);
    let counted = Counted { units: u16::from(reservation.party.size()), claim: claim_of(reservation) };
    claims.count(&arrivals(reservation), None, Some(counted), u16::MAX);
    claims
}

/// The claims of a move from the tables of `before` to those of `after`, where nothing else changes. Moves of several
/// reservations merge: what one gives up another may take.
pub(crate) fn move_tables(claims: &mut Claims, before: &Reservation, after: &Reservation) {
    for table in &before.tables {
        let resource = Resource::table(before.restaurant, before.date, *table);
        claims.give_up(&resource, before.span.cells(), claim_of(before));
    }
    for table in &after.tables {
        let resource = Resource::table(after.restaurant, after.date, *table);
        claims.take(&resource, after.span.cells(), claim_of(after));
    }
}

/// What `resource` is to the step between the two reservations.
pub(crate) fn part_of(resource: &Resource, reservations: &[&Reservation]) -> Option<Part> {
    reservations.iter().find_map(|reservation| {
        let (restaurant, date) = (reservation.restaurant, reservation.date);
        let is_table = |table: &&TableId| Resource::table(restaurant, date, **table) == *resource;
        if let Some(table) = reservation.tables.iter().find(is_table) {
            return Some(Part::Table(*table));
        }
        if arrivals(reservation) == *resource {
            return Some(Part::Arrivals(reservation.span.first()));
        }
        let diner_time = |diner: &DinerId| {
            by_utc_day(reservation.span).iter().any(|(day, _)| Resource::diner_time(diner, *day) == *resource)
        };
        if reservation.diner.as_ref().is_some_and(diner_time) {
            return Some(Part::DinerTime);
        }
        let is_hold = |hold: HoldPlace| hold_resource(hold, reservation.created_at) == *resource;
        reservation.hold_place.is_some_and(is_hold).then_some(Part::HoldPlace)
    })
}

/// What is to be done about a refused claim.
pub(crate) enum Lesson {
    /// Others were faster; another table may do.
    Lost,
    /// All the visit's places may be in use; another may do.
    HoldPlaceTaken,
    /// What was to be kept or given up is no longer there: the hold has ended.
    Ended,
    /// No other table helps.
    Final(Refusal),
}

/// What the refused claims of the step from `before` to `after` mean for it.
pub(crate) fn lesson_of(
    refused: &[(Resource, Held)],
    before: Option<&Reservation>,
    after: &Reservation,
    pace: Option<u16>,
    now: Timestamp,
) -> Lesson {
    let owner = after.id.short();
    let known: Vec<&Reservation> = before.into_iter().chain([after]).collect();
    let is_in_the_way = |held: &Held| {
        let others: Vec<Cell> = held.cells_of_others(owner, now).collect();
        after.span.cells().any(|cell| others.contains(&cell))
    };
    let mut lesson = Lesson::Ended;
    for (resource, held) in refused {
        match part_of(resource, &known) {
            Some(Part::Table(table)) => {
                if after.tables.contains(&table) && is_in_the_way(held) {
                    lesson = Lesson::Lost;
                }
            }
            Some(Part::Arrivals(cell)) => {
                let mine = before.filter(|before| before.paced && before.span.first() == cell);
                let mine = mine.map_or(0, |before| u16::from(before.party.size()));
                let others = held.units(now).saturating_sub(mine);
                let is_over = pace.is_some_and(|pace| others + u16::from(after.party.size()) > pace);
                // A new reservation has no entry of its own that could be gone: the sum was full by what has ended.
                if is_over || before.is_none() {
                    lesson = Lesson::Lost;
                }
            }
            Some(Part::DinerTime) => {
                if is_in_the_way(held) {
                    return Lesson::Final(Refusal::DinerBusy);
                }
            }
            Some(Part::HoldPlace) if before.is_none() => return Lesson::HoldPlaceTaken,
            Some(Part::HoldPlace) | None => {}
        }
    }
    if matches!(lesson, Lesson::Lost) {
        jari_telemetry::count(Metric::RaceLost);
    }
    lesson
}

/// The attempts at a place in one service day of a restaurant.
pub(crate) struct DayRace<'a> {
    store: &'a Store,
    restaurant: RestaurantId,
    date: Date,
    now: Timestamp,
    reads: u32,
    /// For what each attempt writes.
    pub(crate) budget: RetryBudget,
}

impl<'a> DayRace<'a> {
    pub(crate) fn new(store: &'a Store, restaurant: RestaurantId, date: Date, now: Timestamp) -> Self {
        Self { store, restaurant, date, now, reads: 0, budget: RetryBudget::start() }
    }

    /// The day, to choose a place from. Asked again after a lost race, a moment later: others are after this time. A read
    /// costs a tenth of the lost write that it may save, and tells of all tables at once; a moment later it also tells
    /// of those that the others have taken meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the day can't be read, or the time for attempts is over.
    pub(crate) async fn read_day(&mut self) -> Result<DayBook, StoreError> {
        self.reads += 1;
        let losses = self.reads - 1;
        if losses == 0 {
            return self.store.day_book(self.restaurant, self.date, self.now).await;
        }
        if self.budget.is_spent() {
            return Err(StoreError::Unavailable("too many want the same tables".into()));
        }
        self.budget.step_aside(losses).await;
        self.store.day_book_now(self.restaurant, self.date, self.now).await
    }
}

/// The claim that a reservation has in its present status.
pub(crate) fn claim_of(reservation: &Reservation) -> Claim {
    let owner = reservation.id.short();
    reservation.until.map_or(Claim::lasting(owner), |until| Claim::until(until, owner))
}

fn arrivals(reservation: &Reservation) -> Resource {
    Resource::arrivals(reservation.restaurant, reservation.date, reservation.span.first())
}

fn hold_resource(hold: HoldPlace, created_at: Timestamp) -> Resource {
    Resource::hold_places(hold.visit, TimeZone::UTC.to_datetime(created_at).date())
}

fn by_utc_day(span: Span) -> Vec<(Date, Vec<Cell>)> {
    let mut days: Vec<(Date, Vec<Cell>)> = Vec::new();
    for cell in span.cells() {
        let day = TimeZone::UTC.to_datetime(cell.start()).date();
        match days.last_mut() {
            Some((last, cells)) if *last == day => cells.push(cell),
            _ => days.push((day, vec![cell])),
        }
    }
    days
}
