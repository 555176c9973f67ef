//! Which holds a browser has made, for when it has as many as one may have: a cookie with their ids, as long as a hold can
//! last. It proves nothing: a hold is shown only to the visit it counts for.

use axum::http::HeaderMap;
use jari_domain::{HoldPlace, Reservation, ReservationId, Status, VisitId};
use jari_store::{Store, StoreError};
use jiff::Timestamp;

use crate::cookie;

const COOKIE: &str = "__Host-jari-holds";
/// The longest that a restaurant lets a hold last.
const SECONDS: i64 = 15 * 60;
const MOST: usize = HoldPlace::PER_VISIT as usize;

/// Notes a hold in the browser that made it, beside the one before.
pub(crate) fn note(asked: &HeaderMap, answered: &mut HeaderMap, hold: ReservationId) {
    let mut holds = noted(asked);
    holds.retain(|other| *other != hold);
    holds.truncate(MOST - 1);
    let ids: Vec<String> = std::iter::once(hold).chain(holds).map(|id| id.to_string()).collect();
    cookie::give(answered, COOKIE, &ids.join("."), Some(SECONDS));
}

/// The holds that this browser has noted and that the visit still has. One read each.
pub(crate) async fn live(
    store: &Store,
    asked: &HeaderMap,
    visit: VisitId,
    now: Timestamp,
) -> Result<Vec<Reservation>, StoreError> {
    let mut live = Vec::new();
    for id in noted(asked) {
        let hold = store.reservation(id).await?.map(|stored| stored.reservation);
        live.extend(hold.filter(|hold| {
            hold.status_at(now) == Status::Held && hold.hold_place.is_some_and(|place| place.visit == visit)
        }));
    }
    Ok(live)
}

fn noted(headers: &HeaderMap) -> Vec<ReservationId> {
    let ids = cookie::read(headers, COOKIE).unwrap_or_default().split('.');
    ids.take(MOST).filter_map(|id| id.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_notes_its_latest_holds_once_each() {
        let ids = [1, 2, 3].map(|byte| ReservationId::new(Timestamp::UNIX_EPOCH, [byte; 10]));
        let mut asked = HeaderMap::new();
        for (hold, expected) in [
            (ids[0], vec![ids[0]]),
            (ids[1], vec![ids[1], ids[0]]),
            (ids[1], vec![ids[1], ids[0]]),
            (ids[2], vec![ids[2], ids[1]]),
        ] {
            let mut answered = HeaderMap::new();
            note(&asked, &mut answered, hold);
            let given = answered["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
            asked.insert("cookie", given.parse().unwrap());
            assert_eq!(noted(&asked), expected);
        }
    }
}
