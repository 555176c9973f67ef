//! What must be so after a wild night, whatever happened in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jari_domain::{Reservation, Status};
use jari_store::reservation_from_item;
use jari_tests::{
    House,
    claims::table_claims,
    house::day,
    mail_facts::{MailFact, MailGuardItem, OddMail, facts, odd_mails},
    table_for,
};

use super::{DAYS, DINERS, Night, TIMES, instant};

pub(crate) async fn check(night: &Night) {
    let house = &night.house;
    // Every hold has ended by now, and every mail's lease.
    house.advance("PT20M").await;
    let mails = house.mails().await;
    house.assert_consistent().await;
    let all = house.every_reservation().await;
    let told = &night.told.lock().unwrap().snapshot();
    eprintln!("{:?}; {} reservations, {} mails", told.statuses, all.len(), mails.len());
    assert!(
        told.statuses.get(&201).is_some_and(|count| *count > 40),
        "too little happened: {:?}",
        told.statuses
    );

    assert!(told.statuses.contains_key(&503), "nobody was told to come again: {:?}", told.statuses);
    assert!(told.strange.is_empty(), "{:#?}", told.strange);
    every_201_is_there_once(told, &all);
    covers_are_counted_right(night, &all).await;
    mails_are_facts(house, &all).await;
    diners_are_in_one_place_and_free_otherwise(night, &all).await;
    visits_can_hold_again(night).await;
    everything_free_can_be_booked(night).await;
}

/// What was told, without the lock.
pub(crate) struct Heard {
    statuses: BTreeMap<u16, usize>,
    strange: Vec<String>,
    booked: BTreeMap<String, BTreeSet<jari_domain::ReservationId>>,
    cancelled: BTreeSet<jari_domain::ReservationId>,
}

impl super::Told {
    fn snapshot(&self) -> Heard {
        Heard {
            statuses: self.statuses.clone(),
            strange: self.strange.clone(),
            booked: self.booked.clone(),
            cancelled: self.cancelled.clone(),
        }
    }
}

fn every_201_is_there_once(told: &Heard, all: &[Reservation]) {
    let mut by_key: HashMap<&str, Vec<&Reservation>> = HashMap::new();
    for reservation in all {
        by_key.entry(reservation.note.as_ref().unwrap().as_str()).or_default().push(reservation);
    }
    for (key, made) in &by_key {
        assert_eq!(made.len(), 1, "one key, one reservation: {key}");
    }
    for (key, ids) in &told.booked {
        assert_eq!(ids.len(), 1, "one key, one answer: {key} {ids:?}");
        let made = by_key
            .get(key.as_str())
            .unwrap_or_else(|| panic!("{key} was answered with 201 and is not there"));
        assert!(ids.contains(&made[0].id), "{key}");
    }
    for reservation in all.iter().filter(|reservation| told.cancelled.contains(&reservation.id)) {
        assert_eq!(reservation.status, Status::Cancelled, "{} was told to be cancelled", reservation.id);
    }
}

async fn covers_are_counted_right(night: &Night, all: &[Reservation]) {
    let (house, now) = (&night.house, night.house.now());
    let active: Vec<_> = all.iter().filter(|one| one.paced && one.status_at(now).is_active()).collect();
    for (restaurant, date) in night.restaurants.into_iter().flat_map(|one| DAYS.map(|date| (one, date))) {
        let book = house.store().day_book(restaurant, day(date), now).await.unwrap();
        for time in TIMES {
            let cell = jari_domain::Cell::starting_at(instant(date, time).parse().unwrap()).unwrap();
            let arrive = active.iter().filter(|one| one.restaurant == restaurant && one.span.first() == cell);
            let covers: u16 = arrive.map(|one| u16::from(one.party.size())).sum();
            assert_eq!(book.covers(cell), covers, "covers at {time}");
            assert!(covers <= 6, "{covers} covers at {time}, over the pace");
        }
    }
}

/// Of which a mail may be missing: what is in the on-failure queue is known to have failed.
#[derive(Default)]
struct InQueue {
    /// Records whose mails were given up, by reservation and revision.
    records: BTreeSet<(String, String)>,
    /// Mails that were refused, by reservation and kind.
    mails: BTreeSet<(String, String)>,
}

impl InQueue {
    fn of(house: &House) -> Self {
        let mut in_queue = Self::default();
        for failure in house.local().failures() {
            let body = &failure.body;
            if let Some(record) = body.get("record") {
                let image = record["dynamodb"]["NewImage"].clone();
                let image: jari_store::Item =
                    serde_json::from_value::<serde_dynamo::Item>(image).unwrap().into();
                let told = reservation_from_item(image).unwrap();
                in_queue.records.insert((told.id.to_string(), told.revision.to_string()));
            } else {
                let text = |name: &str| body[name].as_str().unwrap().to_owned();
                in_queue.mails.insert((text("about"), text("kind")));
            }
        }
        in_queue
    }

    fn explains(&self, missing: &MailFact) -> bool {
        self.records.contains(&(missing.about.clone(), missing.which.clone()))
            || self.mails.contains(&(missing.about.clone(), missing.kind.clone()))
    }
}

/// Every fact is mailed once, and nothing else is. What is missing is in the on-failure queue, and that is not much.
async fn mails_are_facts(house: &House, all: &[Reservation]) {
    let due: BTreeSet<MailFact> = all.iter().flat_map(facts).collect();
    for guard in house.items().await.iter().filter_map(MailGuardItem::of) {
        assert!(due.contains(&guard.fact), "was told what is not so: {guard:?}");
    }
    let (mails, in_queue) = (house.mails().await, InQueue::of(house));
    let odd = odd_mails(mails.iter().map(AsRef::as_ref), all);
    let missing = odd.len();
    eprintln!("{} of {} facts were mailed, {missing} are in the queue", mails.len(), due.len());
    let unexplained = |odd: &OddMail| !matches!(odd, OddMail::Missing(fact) if in_queue.explains(fact));
    let unexplained: Vec<_> = odd.into_iter().filter(unexplained).collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    assert!(missing * 5 <= due.len(), "too much is in the queue");
}

async fn diners_are_in_one_place_and_free_otherwise(night: &Night, all: &[Reservation]) {
    let (house, now) = (&night.house, night.house.now());
    let active = |email: &str| -> Vec<&Reservation> {
        let theirs = all.iter().filter(|reservation| reservation.status_at(now).is_active());
        theirs
            .filter(|reservation| {
                reservation
                    .guest
                    .as_ref()
                    .is_some_and(|guest| guest.email.as_ref().is_some_and(|known| known.as_str() == email))
            })
            .collect()
    };
    for diner in (0..DINERS).map(|n| format!("diner{n}")) {
        let theirs = active(&format!("{diner}@jari.test"));
        for (n, one) in theirs.iter().enumerate() {
            let elsewhere = theirs[..n].iter().find(|other| other.span.overlaps(one.span));
            assert!(elsewhere.is_none(), "{diner} is in two places: {one:?} {elsewhere:?}");
        }
        for time in ["17:00", "18:30", "20:00"].map(|time| instant(DAYS[1], time)) {
            let wanted = jari_domain::Span::new(time.parse().unwrap(), 90).unwrap();
            let busy = theirs.iter().any(|reservation| reservation.span.overlaps(wanted));
            let answer = house.book(table_for(2).in_restaurant(night.annex).at(&time).by(&diner)).await;
            assert_eq!(answer.status, if busy { 409 } else { 201 }, "{diner} at {time}: {}", answer.text);
        }
    }
}

async fn visits_can_hold_again(night: &Night) {
    let visits: Vec<String> = night.told.lock().unwrap().visits.iter().take(6).cloned().collect();
    for visit in visits {
        let wish = table_for(2).in_restaurant(night.annex).held().on_visit(&visit);
        night.house.book(wish.clone()).await.is(201);
        night.house.book(wish.clone()).await.is(201);
        night.house.book(wish).await.refused(409, "too_many_holds");
    }
}

/// Nothing that is free is blocked: whoever still comes gets it, until there is really nothing left.
async fn everything_free_can_be_booked(night: &Night) {
    let (house, restaurant, date) = (&night.house, night.restaurants[0], DAYS[2]);
    let mut late = 0;
    for time in TIMES {
        loop {
            late += 1;
            let wish = table_for(2).in_restaurant(restaurant).at(&instant(date, time));
            let answer = house.book(wish.by(&format!("late{late}"))).await;
            if answer.status != 201 {
                answer.refused(409, "slot_taken");
                break;
            }
        }
    }
    house.assert_consistent().await;
    let claimed = table_claims(&house.items().await, restaurant, day(date), house.now());
    let (kept, _) = house.store().restaurant(restaurant).await.unwrap().unwrap();
    for time in TIMES {
        let span = jari_domain::Span::new(instant(date, time).parse().unwrap(), 90).unwrap();
        for table in &kept.floor.tables {
            let free = span.cells().all(|cell| !claimed.contains_key(&(table.id, cell)));
            assert!(!free, "{} is free at {time}, and was refused", table.name);
        }
    }
    eprintln!("{} more tables were free", late - TIMES.len());
}
