//! Service days as they were read a moment ago, for whoever only looks.
//!
//! While a crowd looks at one day, the day's partition is what breaks first: it gives some thousand reads a second,
//! however many functions ask. So a process reads a day at most once a second, and all who ask
//! meanwhile share it. A second is no older than an eventually consistent read may be, and never shows as free what this
//! process knows to be taken: whatever it tries to write to a day makes it forget the day. Bookings never ask here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jari_domain::{DayBook, RestaurantId};
use jiff::{Timestamp, civil::Date};
use tokio::{sync::OnceCell, time::Instant};

use crate::{Store, StoreError, keys};

/// What is shared by all clones of a store.
#[derive(Debug)]
pub(crate) struct RecentDays {
    /// How long a day is shown as it was read.
    kept: Duration,
    days: Mutex<HashMap<String, Recent>>,
}

#[derive(Debug)]
struct Recent {
    /// When its reading began, by the machine and by the house.
    asked_at: Instant,
    now: Timestamp,
    book: Arc<OnceCell<Arc<DayBook>>>,
}

impl Default for RecentDays {
    fn default() -> Self {
        Self::kept_for(Duration::from_secs(1))
    }
}

impl RecentDays {
    /// At most so many are kept; beyond it they begin anew.
    const MOST: usize = 1_000;

    pub(crate) fn kept_for(kept: Duration) -> Self {
        Self { kept, days: Mutex::default() }
    }

    fn is_fresh(&self, recent: &Recent, now: Timestamp) -> bool {
        // The house's clock may have been moved, either way.
        let age = Duration::try_from(now.duration_since(recent.now));
        age.is_ok_and(|age| age < self.kept) && recent.asked_at.elapsed() < self.kept
    }

    /// The day's reading that is to be shared, begun or to be begun.
    fn reading(&self, day: &str, now: Timestamp) -> Arc<OnceCell<Arc<DayBook>>> {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(recent) = days.get(day).filter(|recent| self.is_fresh(recent, now)) {
            return Arc::clone(&recent.book);
        }
        if days.len() >= Self::MOST {
            days.clear();
        }
        let book = Arc::default();
        days.insert(day.to_owned(), Recent { asked_at: Instant::now(), now, book: Arc::clone(&book) });
        book
    }

    /// Forgets a day, by its key: it may be otherwise now.
    pub(crate) fn forget(&self, day: &str) {
        self.days.lock().unwrap_or_else(PoisonError::into_inner).remove(day);
    }
}

impl Store {
    /// The store that shows each day for so long as it was read, to whoever only looks; zero: reads it each time. A second
    /// unless said.
    #[must_use]
    pub fn keeping_days(self, kept: Duration) -> Self {
        Self { recent_days: Arc::new(RecentDays::kept_for(kept)), ..self }
    }

    /// As [`Store::day_book`], perhaps as it was read a moment ago: see [`Store::keeping_days`].
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be read.
    pub async fn recent_day_book(
        &self,
        restaurant: RestaurantId,
        date: Date,
        now: Timestamp,
    ) -> Result<Arc<DayBook>, StoreError> {
        let reading = self.recent_days.reading(&keys::day(restaurant, date), now);
        // Who comes while it is read waits for it; should it fail, the next of them reads anew.
        let read = || async { self.day_book(restaurant, date, now).await.map(Arc::new) };
        reading.get_or_try_init(read).await.map(Arc::clone)
    }
}
