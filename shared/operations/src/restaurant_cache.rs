//! Restaurants, kept for some seconds: they change seldom and every booking needs one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jari_domain::{Restaurant, RestaurantId};
use jari_store::{Store, StoreError};
use tokio::time::Instant;

/// Reads restaurants through the store and keeps each for [`RestaurantCache::KEPT`]. Clones share what is kept.
#[derive(Clone, Debug)]
pub struct RestaurantCache {
    store: Store,
    kept: Arc<Mutex<HashMap<RestaurantId, Kept>>>,
}

#[derive(Debug)]
struct Kept {
    restaurant: Arc<Restaurant>,
    until: Instant,
}

impl RestaurantCache {
    /// How old what is answered may be. A change of floor, schedule or policy reaches every function within it.
    pub const KEPT: Duration = Duration::from_secs(10);
    /// At most so many are kept; beyond it the cache begins anew.
    const MOST: usize = 1_000;

    /// An empty cache before `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, kept: Arc::default() }
    }

    /// The restaurant, public or not; none when there is none of that id.
    ///
    /// # Errors
    /// [`StoreError`] when it has to be read and can't be.
    pub async fn get(&self, id: RestaurantId) -> Result<Option<Arc<Restaurant>>, StoreError> {
        if let Some(kept) = self.look_up(id) {
            return Ok(Some(kept));
        }
        let Some((restaurant, _)) = self.store.restaurant(id).await? else {
            return Ok(None);
        };
        let restaurant = Arc::new(restaurant);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= Self::MOST {
            kept.clear();
        }
        kept.insert(id, Kept { restaurant: Arc::clone(&restaurant), until: Instant::now() + Self::KEPT });
        Ok(Some(restaurant))
    }

    /// Forgets a restaurant that has just been changed here. Other processes hear of it within [`RestaurantCache::KEPT`].
    pub fn forget(&self, id: RestaurantId) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn look_up(&self, id: RestaurantId) -> Option<Arc<Restaurant>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&id).filter(|kept| Instant::now() < kept.until).map(|kept| Arc::clone(&kept.restaurant))
    }
}
