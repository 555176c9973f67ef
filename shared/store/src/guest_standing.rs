//! What a restaurant's host knows of the guests of a day beside their reservations: how often each came or did not, and
//! whether mails reach them.

use std::collections::{BTreeSet, HashMap};

use jari_domain::{DinerId, RestaurantId};

use crate::{
    Item, Store, StoreError,
    item::{number_of, text_of},
    keys::{self, PK},
};

/// What a restaurant knows of a diner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GuestStanding {
    /// How often the diner came.
    pub visits: u32,
    /// How often the diner booked and did not come, of the last twenty times.
    pub no_shows: u32,
    /// No mail goes to the diner's address any more.
    pub mail_stopped: bool,
}

impl Store {
    /// What a restaurant knows of these diners; who is not in the answer is new there and takes mails. Two items a diner,
    /// eventually consistent.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn guest_standings(
        &self,
        restaurant: RestaurantId,
        diners: &BTreeSet<DinerId>,
    ) -> Result<HashMap<DinerId, GuestStanding>, StoreError> {
        let (mut wanted, mut by_pk) = (Vec::new(), HashMap::new());
        for diner in diners {
            for key in [keys::guest_record(restaurant, diner), keys::mail_address(diner)] {
                by_pk.insert(text_of(&key, PK)?.to_owned(), diner);
                wanted.push(key);
            }
        }
        let mut standings: HashMap<DinerId, GuestStanding> = HashMap::new();
        for item in self.items_of(wanted).await? {
            if let Some(diner) = by_pk.get(text_of(&item, PK)?) {
                standings.entry((*diner).clone()).or_default().learn(&item);
            }
        }
        Ok(standings)
    }
}

impl GuestStanding {
    /// Takes up what either item says; neither has an attribute of the other's.
    fn learn(&mut self, item: &Item) {
        if let Some(visits) = number_of(item, "visits") {
            self.visits = visits;
        }
        if let Some(Ok(no_shows)) = item.get("noShows").map(|list| list.as_l()) {
            self.no_shows = u32::try_from(no_shows.len()).unwrap_or(u32::MAX);
        }
        self.mail_stopped |= item.contains_key("stopped");
    }
}
