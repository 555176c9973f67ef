//! Tables that staff give by hand: whatever party they are meant for, never over one that is taken.

use jari_domain::{Channel, Request, Reservation, Restaurant};
use jari_store::{Store, StoreError};
use jiff::Timestamp;

use crate::Refusal;

/// The refusal of tables for `wanted`: which are taken by others than `own`, and what else is free then.
pub(crate) async fn tables_taken(
    store: &Store,
    restaurant: &Restaurant,
    wanted: &Reservation,
    own: &[&Reservation],
    now: Timestamp,
) -> Result<Refusal, StoreError> {
    const MOST: usize = 6;
    let mut book = store.day_book_now(restaurant.id, wanted.date, now).await?;
    for reservation in own.iter().filter(|reservation| reservation.date == wanted.date) {
        reservation.tables.iter().for_each(|table| book.give_back(*table, reservation.span));
    }
    let (date, party) = (wanted.date, wanted.party);
    let request =
        Request { restaurant, date, party, area: None, channel: Channel::InHouse, now, expected: None };
    let free = request.free_seatings(wanted.span, &book).unwrap_or_default();
    let alternatives = free.into_iter().take(MOST).map(|seating| seating.tables).collect();
    let taken = wanted.tables.iter().filter(|table| !book.is_free(**table, wanted.span)).copied().collect();
    Ok(Refusal::TableTaken { taken, alternatives })
}
