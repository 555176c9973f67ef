//! Restaurants for tests: a bistro in Seoul, open every evening, and what may be different about it.

use jari_domain::{Confirmation, Menu, Party, Policy, Restaurant, RestaurantId, Schedule, Shift, TableId};
use jari_store::{RestaurantPart, Store};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A restaurant in the making.
#[derive(Clone, Debug)]
pub struct Bistro {
    /// What it is.
    pub restaurant: Restaurant,
}

/// A bistro without tables: every day 17:00 to the last seating at 21:30, every half hour, 90 minutes for two, no
/// pacing, the house's default policy.
pub fn bistro() -> Bistro {
    let id = RestaurantId::new(Timestamp::UNIX_EPOCH, std::array::from_fn(|_| fastrand::u8(..)));
    let profile = json!({
        "name": { "ko": "온기", "en": "Ongi" },
        "address": { "ko": "서울 성동구 서울숲길 1", "en": "1 Seoulsup-gil, Seongdong-gu, Seoul" },
        "description": { "ko": "작은 식당", "en": "A small bistro" },
        "location": { "lat": 37.5446, "lng": 127.0403 },
        "phone": "+82212345678",
        "email": format!("ongi-{}@jari.test", id.digits()),
        "cuisines": ["korean"],
        "area": "seongsu",
        "priceBand": 2,
        "timeZone": "Asia/Seoul",
        "currency": "KRW",
        "status": "approved",
    });
    let restaurant = Restaurant {
        id,
        profile: read(profile),
        floor: read(json!({
            "areas": [{ "key": "hall", "name": { "ko": "홀", "en": "Hall" } }, { "key": "terrace", "name": { "ko": "테라스", "en": "Terrace" } }],
            "tables": [],
        })),
        schedule: Schedule { weekly: Vec::new(), special_days: Vec::new() },
        policy: Policy::default(),
        barred: jari_domain::BarredDiners::default(),
    };
    Bistro { restaurant }.open("17:00", "21:30", "23:30")
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

impl Bistro {
    /// Its id.
    pub fn id(&self) -> RestaurantId {
        self.restaurant.id
    }

    /// The address its own mails go to.
    pub fn email(&self) -> &str {
        self.restaurant.profile.email.as_str()
    }

    /// Its tables, in the order they were added.
    pub fn tables(&self) -> Vec<TableId> {
        self.restaurant.floor.tables.iter().map(|table| table.id).collect()
    }

    /// More tables in the hall, each for one to `seats`.
    pub fn with_tables(self, count: usize, seats: u8) -> Self {
        self.with_tables_in("hall", count, 1, seats)
    }

    /// More tables in an area.
    pub fn with_tables_in(self, area: &str, count: usize, min_party: u8, max_party: u8) -> Self {
        (0..count).fold(self, |bistro, _| {
            let n = bistro.restaurant.floor.tables.len() + 1;
            let id = TableId::new(Timestamp::UNIX_EPOCH, std::array::from_fn(|_| fastrand::u8(..)));
            let table = json!({ "id": id, "name": n.to_string(), "area": area, "minParty": min_party, "maxParty": max_party });
            bistro.with(|restaurant| restaurant.floor.tables.push(read(table)))
        })
    }

    /// Tables that may be joined, by their number from 0.
    pub fn with_joined(self, tables: &[usize], min_party: u8, max_party: u8) -> Self {
        let ids: Vec<TableId> = tables.iter().map(|n| self.tables()[*n]).collect();
        let joined = json!({ "tables": ids, "minParty": min_party, "maxParty": max_party });
        self.with(|restaurant| restaurant.floor.combinations.push(read(joined)))
    }

    /// Open at other times; replaces the schedule.
    pub fn open(self, opens: &str, last_seating: &str, closes: &str) -> Self {
        let schedule = json!({ "weekly": [{
            "days": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
            "shift": {
                "name": { "ko": "저녁", "en": "Dinner" },
                "opens": opens, "lastSeating": last_seating, "closes": closes, "stepMinutes": 30,
            },
        }] });
        self.with(|restaurant| restaurant.schedule = read(schedule))
    }

    /// With a pace: the most covers that arrive in a quarter hour.
    pub fn paced(self, covers: u16) -> Self {
        self.with_shift(|shift| shift.pace = Some(covers))
    }

    /// One that answers itself.
    pub fn on_request(self) -> Self {
        self.with_policy(|policy| policy.confirmation = Confirmation::Request)
    }

    /// With another policy.
    pub fn with_policy(self, change: impl FnOnce(&mut Policy)) -> Self {
        self.with(|restaurant| change(&mut restaurant.policy))
    }

    /// With another shift.
    pub fn with_shift(self, change: impl FnOnce(&mut Shift)) -> Self {
        self.with(|restaurant| change(&mut restaurant.schedule.weekly[0].shift))
    }

    /// With anything else.
    pub fn with(mut self, change: impl FnOnce(&mut Restaurant)) -> Self {
        change(&mut self.restaurant);
        self
    }

    /// Writes it.
    pub async fn write(&self, store: &Store) {
        let restaurant = self.restaurant.clone();
        restaurant.floor.check().unwrap();
        restaurant.schedule.check().unwrap();
        for part in [
            RestaurantPart::Menu(Menu::default()),
            RestaurantPart::Floor(restaurant.floor),
            RestaurantPart::Schedule(restaurant.schedule),
            RestaurantPart::Policy(restaurant.policy),
            RestaurantPart::Profile(restaurant.profile),
        ] {
            assert!(store.put_restaurant_part(restaurant.id, &part, None).await.unwrap());
        }
    }
}

/// A party of that size.
pub fn party(size: u8) -> Party {
    Party::new(size).unwrap()
}
