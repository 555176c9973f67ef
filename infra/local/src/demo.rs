//! The demo: invented restaurants in real places, and people with accounts, loaded into an empty table.

mod people;

use jari_domain::{Floor, Menu, Policy, Profile, RestaurantId, Schedule};
use jari_identity::PasswordError;
use jari_store::{Listing, RestaurantPart, Store, StoreError};
use jari_wiring::{House, OpenError};
use jiff::Timestamp;
use serde::Deserialize;
use thiserror::Error;

const RESTAURANTS: &str = include_str!("../demo/restaurants.json");

/// The demo could not be loaded.
#[derive(Debug, Error)]
pub enum DemoError {
    /// `restaurants.json` is not what the domain takes.
    #[error("the demo restaurants can't be read: {0}")]
    Read(#[from] serde_json::Error),
    /// The table could not be written.
    #[error("the demo can't be stored: {0}")]
    Store(#[from] StoreError),
    /// The table or the key that makes addresses diners can't be had.
    #[error("the demo can't be loaded: {0}")]
    Open(#[from] OpenError),
    /// One of its people is not what the domain takes.
    #[error(transparent)]
    Person(#[from] people::UnreadablePerson),
    /// The demo's password could not be hashed.
    #[error("the demo's people can't sign in: {0}")]
    Password(#[from] PasswordError),
}

#[derive(Deserialize)]
struct Demo {
    restaurants: Vec<DemoRestaurant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DemoRestaurant {
    id: RestaurantId,
    profile: Profile,
    menu: Menu,
    floor: Floor,
    schedule: Schedule,
    policy: Policy,
}

/// Loads the demo if the table has no restaurant yet; says how many were loaded. A part that is there
/// already stays as it is.
pub(crate) async fn load_into_empty(house: &House, now: Timestamp) -> Result<usize, DemoError> {
    let store = house.store()?;
    if !store.listed_restaurants(Listing::Public, None, 1).await?.0.is_empty() {
        return Ok(0);
    }
    // Before the restaurants, which show that the demo is loaded.
    people::load(&store, &house.diner_key().await?, now).await?;
    load_restaurants(&store).await
}

async fn load_restaurants(store: &Store) -> Result<usize, DemoError> {
    let Demo { restaurants } = serde_json::from_str(RESTAURANTS)?;
    let loaded = restaurants.len();
    for restaurant in restaurants {
        // The profile comes last: with it the restaurant is listed, whole.
        for part in [
            RestaurantPart::Menu(restaurant.menu),
            RestaurantPart::Floor(restaurant.floor),
            RestaurantPart::Schedule(restaurant.schedule),
            RestaurantPart::Policy(restaurant.policy),
            RestaurantPart::Profile(restaurant.profile),
        ] {
            store.put_restaurant_part(restaurant.id, &part, None).await?;
        }
    }
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn at_least_twelve_whole_restaurants_that_differ() {
        let Demo { restaurants } = serde_json::from_str(RESTAURANTS).unwrap();
        assert!(restaurants.len() >= 12);
        let ids: BTreeSet<_> = restaurants.iter().map(|restaurant| restaurant.id.to_string()).collect();
        assert_eq!(ids.len(), restaurants.len());
        let differing =
            |of: fn(&DemoRestaurant) -> String| restaurants.iter().map(of).collect::<BTreeSet<_>>().len();
        assert!(differing(|restaurant| format!("{:?}", restaurant.policy)) > 3, "policies differ");
        assert!(differing(|restaurant| format!("{:?}", restaurant.schedule)) > 3, "schedules differ");
        assert_eq!(differing(|restaurant| format!("{:?}", restaurant.floor)), restaurants.len());
        assert!(restaurants.iter().all(|restaurant| !restaurant.menu.sections.is_empty()));
    }
}
