//! A restaurant among the results: what it is, and the times it has; or why it has none, and when it has again.

use std::sync::Arc;

use jari_api::respond::instant;
use jari_domain::{Restaurant, RestaurantId, ServiceTime, Spoken, Unavailable};
use jari_operations::{DayTimes, Desk, Time, first_times, times_of_days};
use jari_store::StoreError;
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};

use crate::{
    page::Told,
    picture,
    places::{self, PriceBand},
    restaurant::{self, Looked},
    texts::Texts,
    why_not,
};

/// The most times on a card.
const MOST_TIMES: usize = 5;
/// How far a next day with room is looked for, and how many days are read for it: a full house is no reason to read its
/// whole month for a card.
const NEXT_WITHIN_DAYS: i64 = 14;
const NEXT_READS: usize = 3;

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) date: Date,
    /// The times nearest to it are shown.
    pub(super) time: Option<ServiceTime>,
    pub(super) party: jari_domain::Party,
    pub(super) now: Timestamp,
}

/// A restaurant that was looked at.
pub(super) struct Seen {
    pub(super) restaurant: Arc<Restaurant>,
    pub(super) day: DayTimes,
    /// The next day with room, if the one that was looked for has none.
    pub(super) next: Option<Date>,
}

/// A card.
pub(super) struct Card {
    pub(super) id: String,
    /// The restaurant's page, on that day for that party.
    pub(super) address: String,
    pub(super) name: Told,
    /// Area and cuisines.
    pub(super) kind: String,
    pub(super) price: PriceBand,
    pub(super) description: Told,
    pub(super) picture: String,
    pub(super) offer: Offer,
}

/// What a restaurant has.
pub(super) enum Offer {
    /// Some of its free times, and how many more there are.
    Times { times: Vec<Choice>, more: usize },
    /// None, and why.
    Nothing { why: String, advice: Option<String>, link: (String, String) },
}

/// A time on a button.
pub(super) struct Choice {
    /// What pressing it sends: RFC 3339.
    pub(super) starts_at: String,
    pub(super) time: String,
}

/// Looks at a restaurant. None when it is public no more.
pub(super) async fn look(desk: &Desk, id: RestaurantId, wish: Wish) -> Result<Option<Seen>, StoreError> {
    let restaurant = desk.restaurants.get(id).await?;
    let Some(restaurant) = restaurant.filter(|restaurant| restaurant.is_public()) else {
        return Ok(None);
    };
    let Wish { date, party, now, .. } = wish;
    let days = times_of_days(&desk.store, &restaurant, [date], party, now).await?;
    let Some(day) = days.into_iter().next() else { return Ok(None) };
    let mut next = None;
    if why_none(&day).is_some_and(why_not::may_pass) {
        for date in next_days(&restaurant, date, now) {
            let days = first_times(&desk.store, &restaurant, [date], party, 1, now).await?;
            if days.iter().any(|day| !day.times.is_empty()) {
                next = Some(date);
                break;
            }
        }
    }
    Ok(Some(Seen { restaurant, day, next }))
}

/// Why a day has no time; none if it has one.
fn why_none(day: &DayTimes) -> Option<Unavailable> {
    if day.closed {
        return Some(Unavailable::Closed);
    }
    let is_free = day.times.iter().any(|time| time.areas.is_ok());
    let reasons = day.times.iter().filter_map(|time| time.areas.as_ref().err().copied());
    if is_free { None } else { why_not::of_day(reasons) }
}

/// The days after `date` on which guests are seated and can book, the few that are read.
fn next_days(restaurant: &Restaurant, date: Date, now: Timestamp) -> impl Iterator<Item = Date> {
    let (today, last) = restaurant.booking_window(now);
    let after = (1..=NEXT_WITHIN_DAYS).map(move |n| date.saturating_add(n.days()));
    let bookable = after.filter(move |date| (today..=last).contains(date));
    bookable.filter(|date| !restaurant.schedule.shifts(*date).is_empty()).take(NEXT_READS)
}

impl Card {
    pub(super) fn new(seen: &Seen, wish: Wish, t: Texts) -> Self {
        let restaurant = &*seen.restaurant;
        let profile = &restaurant.profile;
        let address = |date| {
            let looked = Looked { date: Some(date), party: wish.party, ..Looked::default() };
            looked.address(restaurant.id)
        };
        let mut description = Told::of(&profile.description, t.0);
        let first = first_sentence(&description.text).to_owned();
        description.text = first;
        Self {
            id: restaurant.id.to_string(),
            address: address(wish.date),
            name: Told::of(&profile.name, t.0),
            kind: places::kind(profile, t),
            price: PriceBand::new(profile.price_band, &profile.currency.to_string(), t),
            description,
            picture: picture::of(restaurant.id, &profile.cuisines),
            offer: Offer::new(seen, wish, &address, t),
        }
    }
}

impl Offer {
    fn new(seen: &Seen, wish: Wish, address: &dyn Fn(Date) -> String, t: Texts) -> Self {
        let restaurant = &*seen.restaurant;
        let zone = restaurant.zone();
        let spoken = Spoken { language: t.0, zone };
        let Some(why) = why_none(&seen.day) else {
            let free: Vec<&Time> = seen.day.times.iter().filter(|time| time.areas.is_ok()).collect();
            let wanted = wish.time.and_then(|time| time.on(wish.date, zone));
            let shown = some_of(&free, wanted);
            let choice = |time: &&Time| Choice {
                starts_at: instant(time.starts_at, zone),
                time: restaurant::time_of_day(time.starts_at, wish.date, spoken, t),
            };
            return Self::Times {
                times: shown.iter().map(choice).collect(),
                more: free.len().saturating_sub(shown.len()),
            };
        };
        let (advice, link) = match (seen.next, why) {
            (Some(next), _) => {
                let day = spoken.date(next);
                let advice = t.with("search-next-day").set("day", day.as_str()).to_string();
                (Some(advice), (t.with("search-next-day-link").set("day", day).to_string(), address(next)))
            }
            (None, Unavailable::BeyondWindow) => {
                let (_, last) = restaurant.booking_window(wish.now);
                let advice = t.with("search-window-ends").set("day", spoken.date(last)).to_string();
                (Some(advice), (t.say("search-other-days").into_owned(), address(last)))
            }
            (None, _) => (None, (t.say("search-other-days").into_owned(), address(wish.date))),
        };
        Self::Nothing { why: why_not::sentence(why, t), advice, link }
    }
}

/// A few of the free times: those nearest to the wanted one, or some from the whole day.
fn some_of<'t>(free: &[&'t Time], wanted: Option<Timestamp>) -> Vec<&'t Time> {
    if free.len() <= MOST_TIMES {
        return free.to_vec();
    }
    let Some(wanted) = wanted else {
        let last = free.len() - 1;
        return (0..MOST_TIMES).map(|n| free[n * last / (MOST_TIMES - 1)]).collect();
    };
    let mut nearest = free.to_vec();
    nearest.sort_by_key(|time| -> SignedDuration { time.starts_at.duration_since(wanted).abs() });
    nearest.truncate(MOST_TIMES);
    nearest.sort_by_key(|time| time.starts_at);
    nearest
}

/// A text up to the end of its first sentence.
fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(hours: std::ops::Range<i64>) -> Vec<Time> {
        let time = |hour: i64| {
            let starts_at = Timestamp::from_second(hour * 3_600).unwrap();
            Time { starts_at, ends_at: starts_at, areas: Ok(vec![]) }
        };
        hours.map(time).collect()
    }

    fn hours(times: &[&Time]) -> Vec<i64> {
        times.iter().map(|time| time.starts_at.as_second() / 3_600).collect()
    }

    #[test]
    fn the_times_shown_are_the_nearest_in_the_order_of_the_day() {
        let times = times(10..22);
        let free: Vec<&Time> = times.iter().collect();
        let wanted = |hour: i64| Some(Timestamp::from_second(hour * 3_600).unwrap());
        assert_eq!(hours(&some_of(&free, wanted(19))), [17, 18, 19, 20, 21]);
        assert_eq!(hours(&some_of(&free, wanted(3))), [10, 11, 12, 13, 14]);
        assert_eq!(hours(&some_of(&free[..3], wanted(19))), [10, 11, 12]);
    }

    #[test]
    fn without_a_wanted_time_they_come_from_the_whole_day() {
        let times = times(10..22);
        let free: Vec<&Time> = times.iter().collect();
        assert_eq!(hours(&some_of(&free, None)), [10, 12, 15, 18, 21]);
    }

    #[test]
    fn a_card_tells_one_sentence() {
        assert_eq!(first_sentence("밥집입니다. 낮에는 솥밥."), "밥집입니다.");
        assert_eq!(first_sentence("Open 5.30 to late"), "Open 5.30 to late");
    }
}
