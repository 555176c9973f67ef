//! DynamoDB: the one place where keys and expressions are spelled.
//!
//! `claims` is its heart: what it claims are cells of a resource, whatever that is. The one thing to know before
//! touching anything here: state changes only by conditional write. A read may save a useless attempt; it never
//! is the reason why a write is right.

mod account;
mod audit;
mod bars;
mod batch;
mod changes;
mod claims;
mod day;
mod day_marks;
mod diner;
mod due;
mod erasure;
mod error;
mod guest_record;
mod guest_standing;
mod item;
mod keys;
mod mail;
mod mail_address;
mod pending;
mod random;
mod recent_days;
mod reservation;
mod restaurant;
mod restaurant_changes;
mod retry;
mod session;
mod social;
mod staff;
mod table;
mod throttle;
mod transaction;
mod written;

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use recent_days::RecentDays;

pub use account::{Created, StoredAccount};
pub use audit::{ActedAs, AuditLine, AuditPosition};
pub use claims::{Claim, Claims, Counted, Owner};
pub use day_marks::{Closure, DayMark, DayMarkChange, DayMarks, DayNote};
pub use diner::{DinerPosition, InTime};
pub use due::DueKind;
pub use error::StoreError;
pub use guest_record::GuestChange;
pub use guest_standing::GuestStanding;
pub use item::Item;
pub use keys::Resource;
pub use mail::{MailAbout, MailGuard, MailKey, MailLease, UnknownMailAbout};
pub use mail_address::{MailAddress, MailStop};
pub use pending::{
    Followed, PendingReset, PendingSignUp, SignUpBy, SignUpFor, password_reset_from_item, sign_up_from_item,
};
pub use reservation::{StoredReservation, reservation_from_item, reservation_to_item};
pub use restaurant::{
    ListPosition, Listed, Listing, PartRevisions, RestaurantPart, Revised, StoredRestaurant,
};
pub use restaurant_changes::{NewRestaurant, PartChange, RecountDue, Registered};
pub use retry::RetryBudget;
pub use session::{Refreshed, Session};
pub use social::{SocialAttempt, SocialIdentity};
pub use staff::{Staff, StaffChange, StaffChanged, StaffMember};
pub use throttle::{Throttle, Tried};
pub use transaction::{Commit, Held, Refused, Transaction};
pub use written::{Written, written};

/// The house's table. Cloning is cheap; all clones share one connection pool.
#[derive(Clone)]
pub struct Store {
    client: Client,
    table: Arc<str>,
    recent_days: Arc<RecentDays>,
    cause: fn() -> Option<String>,
}

/// The attribute that tells what an item was last written for, of those that mails follow from.
pub const CAUSE: &str = "cause";

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("table", &self.table).finish_non_exhaustive()
    }
}

impl Store {
    /// The store on `table`, at `endpoint` where given, else at the region's own.
    #[must_use]
    pub fn new(config: &SdkConfig, endpoint: Option<&str>, table: &str) -> Self {
        let mut builder = aws_sdk_dynamodb::config::Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        let client = Client::from_conf(builder.build());
        Self { client, table: table.into(), recent_days: Arc::default(), cause: || None }
    }

    /// It, writing down what `cause` says that things are being done for, in [`CAUSE`] of what mails follow from.
    #[must_use]
    pub fn telling_of(mut self, cause: fn() -> Option<String>) -> Self {
        self.cause = cause;
        self
    }

    /// `item`, telling what it is written for.
    fn told(&self, mut item: Item) -> Item {
        item.extend((self.cause)().map(|cause| (CAUSE.to_owned(), item::text(cause))));
        item
    }

    /// Opens a connection with the cheapest read there is, so that the first caller does not wait for it, and
    /// proves that the table can be reached.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it can't.
    pub async fn warm_up(&self) -> Result<(), StoreError> {
        let key = keys::warm_up();
        self.client.get_item().table_name(&*self.table).set_key(Some(key)).send().await?;
        Ok(())
    }
}
