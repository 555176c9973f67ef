//! What is one's own: the account, and every reservation that its address makes one's own.

use std::sync::Arc;

use jari_domain::{GuestName, Language, MailPreferences, Phone, Reservation};
use jari_identity::Bearer;
use jari_store::{DinerPosition, InTime, Store, StoreError, StoredAccount};
use jiff::{SignedDuration, Timestamp};

use crate::{Refusal, RestaurantCache, Viewed};

/// Which of one's reservations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Still to come or under way, and not called off; the next first.
    Upcoming,
    /// All others, the latest first.
    Past,
}

/// A page of one's reservations.
#[derive(Debug, Clone)]
pub struct MyPage {
    /// At most as many as asked for; may be fewer though more follow.
    pub reservations: Vec<Viewed>,
    /// Where the next page begins; none: that was the last.
    pub next: Option<DinerPosition>,
}

/// What is to be otherwise about an account; none of a field: as it is.
#[derive(Debug, Clone, Default)]
#[allow(clippy::option_option, reason = "a patch has three answers")]
pub struct ProfileChange {
    /// As a host will call it out.
    pub name: Option<GuestName>,
    /// For restaurants to call; `Some(None)`: none any more.
    pub phone: Option<Option<Phone>>,
    /// Of mails and pages.
    pub language: Option<Language>,
    /// Whether reminders are wanted.
    pub reminders: Option<bool>,
}

/// Why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// Who asks is not signed in any more.
    #[error("not signed in any more")]
    SignedOut,
    /// It is no longer at the revision that the caller saw.
    #[error("the account has changed")]
    Stale(Box<StoredAccount>),
    /// The table could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Nobody stays longer than a service day.
const LONGEST_STAY: SignedDuration = SignedDuration::from_hours(24);

/// The account of who has signed in, read anew: a token outlives the sign-in it came from by minutes, and is not let in
/// then.
///
/// # Errors
/// [`Refusal::Unauthenticated`] for who has not signed in, whose sign-ins have all been ended, and whose account is gone
/// or being erased; [`Refusal::Store`].
pub async fn own_account(store: &Store, bearer: &Bearer) -> Result<StoredAccount, Refusal> {
    let stored = account_of(store, bearer).await?;
    if stored.deleting { Err(Refusal::Unauthenticated) } else { Ok(stored) }
}

/// As [`own_account`], also while it is being erased: only who erases it goes on.
pub(crate) async fn account_of(store: &Store, bearer: &Bearer) -> Result<StoredAccount, Refusal> {
    let access = bearer.access().ok_or(Refusal::Unauthenticated)?;
    let stored = store.account(access.account).await?;
    let stored = stored.filter(|stored| stored.account.generation == access.generation);
    stored.ok_or(Refusal::Unauthenticated)
}

/// Changes the account as it was read, which must be at the revision that the caller saw, if they said which.
///
/// # Errors
/// [`NotChanged`].
pub async fn change_profile(
    store: &Store,
    mut read: StoredAccount,
    change: &ProfileChange,
    seen: Option<u64>,
) -> Result<StoredAccount, NotChanged> {
    /// Another device of the same person may be at it; more is none.
    const MOST_TRIES: u32 = 4;
    let generation = read.account.generation;
    for _ in 0..MOST_TRIES {
        if seen.is_some_and(|seen| seen != read.account.revision) {
            return Err(NotChanged::Stale(Box::new(read)));
        }
        let mut next = read.clone();
        let account = &mut next.account;
        account.name = change.name.clone().unwrap_or_else(|| account.name.clone());
        account.phone = change.phone.clone().unwrap_or_else(|| account.phone.clone());
        account.language = change.language.unwrap_or(account.language);
        account.mail = change.reminders.map_or(account.mail, |reminders| MailPreferences { reminders });
        if store.replace_profile(&next).await? {
            next.account.revision += 1;
            return Ok(next);
        }
        let current = store.account(read.account.id).await?;
        let current = current.filter(|now| !now.deleting && now.account.generation == generation);
        read = current.ok_or(NotChanged::SignedOut)?;
    }
    Err(NotChanged::Store(StoreError::Unavailable("others keep changing the account".into())))
}

/// A page of one's reservations, after `after`. One call looks at a bounded number of them.
///
/// # Errors
/// [`StoreError`] when they can't be read.
pub async fn my_reservations(
    store: &Store,
    restaurants: &RestaurantCache,
    account: &StoredAccount,
    when: When,
    after: Option<DinerPosition>,
    limit: usize,
    now: Timestamp,
) -> Result<MyPage, StoreError> {
    const PAGE: i32 = 100;
    const MOST_PAGES: usize = 5;
    let way = match when {
        When::Upcoming => InTime::From(now.as_second() - LONGEST_STAY.as_secs()),
        When::Past => InTime::Back,
    };
    let mut reservations = Vec::new();
    let mut position = after;
    for _ in 0..MOST_PAGES {
        let (page, more) = store.reservations_of_diner(&account.diner, way, position, PAGE).await?;
        for stored in page {
            let here = DinerPosition::after(&stored);
            if when.holds(&stored.reservation, now) {
                if reservations.len() == limit {
                    return Ok(MyPage { reservations, next: position });
                }
                let restaurant = restaurants.get(stored.reservation.restaurant).await?;
                let restaurant = restaurant.ok_or_else(|| {
                    StoreError::Corrupt(format!("the restaurant of {}", stored.reservation.id))
                })?;
                let reservation = stored.reservation;
                reservations.push(Viewed {
                    reservation,
                    restaurant: Arc::clone(&restaurant),
                    for_staff: false,
                });
            }
            position = Some(here);
        }
        position = more;
        if position.is_none() {
            break;
        }
    }
    Ok(MyPage { reservations, next: position })
}

impl When {
    /// Each reservation is in one of the two, and moves once.
    fn holds(self, reservation: &Reservation, now: Timestamp) -> bool {
        let upcoming = reservation.status_at(now).is_active() && reservation.span.end() > now;
        upcoming == (self == Self::Upcoming)
    }
}
