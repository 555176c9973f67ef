//! Undoing a mistake: a party that was not seated after all, or one that came though it was marked as not coming. The
//! latter takes its tables again, if nobody has them meanwhile, and its no-show is taken back with the bar that followed.

use futures::FutureExt;
use jari_domain::{BarredDiners, DinerId, GuestRecord, Status, Transition, reminders_past};
use jari_store::{Claims, GuestChange, Store};
use jiff::Timestamp;

use crate::{
    Asked, Refusal, RestaurantCache, Viewed,
    claiming::{Lesson, claims_of_step, lesson_of},
    no_show_reservation::write_with_record,
    tables_by_hand::tables_taken,
    view_reservation::Read,
};

/// Makes a reservation confirmed again: one that was seated, within 15 minutes; one that was marked as a no-show, on its
/// service day.
///
/// # Errors
/// [`Refusal::BadTiming`]; [`Refusal::TableTaken`] and [`Refusal::DinerBusy`] for what stands in the way;
/// [`Refusal::WrongStatus`], [`Refusal::Stale`], [`Refusal::Store`].
pub async fn undo_reservation(
    store: &Store,
    restaurants: &RestaurantCache,
    asked: Asked,
    now: Timestamp,
) -> Result<Viewed, Refusal> {
    asked.carried_out(store, restaurants, now, |read| undo(read, store, restaurants).boxed()).await
}

async fn undo(read: Read, store: &Store, restaurants: &RestaurantCache) -> Result<Viewed, Refusal> {
    let now = read.now;
    let before = read.reservation();
    let mut next = read.after(Transition::Undo, None)?;
    let in_time = before.in_time_to_undo(now, read.restaurant.zone());
    in_time.map_err(|timing| read.bad_timing(timing))?;
    next.reminded = next.reminded.max(reminders_past(next.span.start(), now));
    if before.status == Status::Seated {
        return read.write(store, Claims::new(now), next).await;
    }
    let claims = claims_of_step(None, Some(&next), None, now);
    let change = |record: &GuestRecord, barred: &BarredDiners, diner: &DinerId| {
        let next = record.without_no_show(before.span.start());
        let lifts = barred.has(diner) && !next.bars(now);
        GuestChange::NoShows { next, bar: lifts.then_some(None), makes_room: None }
    };
    let Some(refused) = write_with_record(store, &read, &next, &claims, change).await? else {
        restaurants.forget(before.restaurant);
        return Ok(read.view_of(next));
    };
    if refused.reservation_differs {
        return Err(read.overtaken(store).await);
    }
    match lesson_of(&refused.claims, None, &next, None, now) {
        Lesson::Final(refusal) => Err(refusal),
        _ => Err(tables_taken(store, &read.restaurant, &next, &[], now).await?),
    }
}
