//! A transaction: everything holds or nothing happened, and the refusal says which item refused and what it held.

use aws_sdk_dynamodb::{
    config::{retry::RetryConfig, timeout::TimeoutConfig},
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{
        CancellationReason, Put, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem, Update,
    },
};
use jari_domain::{Cell, DinerId, Reservation, RestaurantId};
use jiff::Timestamp;

use crate::{
    Claims, GuestChange, Item, Resource, RetryBudget, Store, StoreError, StoredReservation,
    claims::{self, Owner},
    error::{accepted, brief, is_transient, may_arrive},
    item::{number, text},
    keys, random,
    reservation::{self, REVISION, STATUS},
};

/// Claims and the reservations they follow from, to be written together. No `Debug`: the items have guests' names in them.
pub struct Transaction {
    claims: Claims,
    /// At least one. The first is the one the transaction is about: it tells whether a try arrived.
    reservations: Vec<Write>,
    guest: Vec<Update>,
    writer: String,
}

/// A reservation to be written, in place of what was read or of nothing.
struct Write {
    item: Item,
    replaces: Option<(u64, &'static str)>,
}

/// How a transaction ended, short of an error.
#[derive(Debug)]
pub enum Commit {
    /// It holds. Where an earlier try of the same write turned out to have arrived, this is what it wrote.
    Done(Option<Box<StoredReservation>>),
    /// It was refused, and nothing happened.
    Refused(Refused),
}

/// Which items refused, and what they were then.
#[derive(Debug, Default)]
pub struct Refused {
    /// A reservation is there already, or is not as it was read.
    pub reservation_differs: bool,
    /// What the reservation is (the first, of several that differ); none when it does not exist.
    pub reservation: Option<Box<StoredReservation>>,
    /// The claims that could not be taken, kept or given up.
    pub claims: Vec<(Resource, Held)>,
    /// What is known of the guest is no longer as it was read.
    pub guest_differs: bool,
}

/// What an item held when it refused.
#[derive(Debug, Clone)]
pub struct Held(Item);

impl Held {
    /// The cells that others than `owner` have at `now`.
    pub fn cells_of_others(&self, owner: Owner, now: Timestamp) -> impl Iterator<Item = Cell> + '_ {
        let live =
            claims::cells_of(&self.0).filter(move |(_, claim)| claim.is_live(now) && claim.owner() != owner);
        live.map(|(cell, _)| cell)
    }

    /// The units of a counted capacity that are taken at `now`.
    #[must_use]
    pub fn units(&self, now: Timestamp) -> u16 {
        claims::units_of(&self.0, now)
    }
}

pub(crate) enum Attempt {
    Done,
    Refused(Vec<Option<Item>>),
    /// Nothing was decided, and another try may be.
    TryAgain {
        why: String,
        /// Whether this try may yet arrive.
        may_arrive: bool,
    },
}

impl Transaction {
    /// Creates `reservation`, which must not exist yet. `fingerprint` tells two requests under one idempotency key
    /// apart.
    pub fn create(
        claims: Claims,
        reservation: &Reservation,
        fingerprint: Option<&str>,
    ) -> Result<Self, StoreError> {
        let mut transaction = Self::new(claims)?;
        transaction.write(reservation, fingerprint, None)?;
        Ok(transaction)
    }

    /// Writes `reservation` in place of `read`, which must still be as it was read.
    pub fn replace(
        claims: Claims,
        reservation: &Reservation,
        read: &StoredReservation,
    ) -> Result<Self, StoreError> {
        Self::new(claims)?.and_replace(reservation, read)
    }

    /// Writes one more reservation in place of what was read.
    pub fn and_replace(
        mut self,
        reservation: &Reservation,
        read: &StoredReservation,
    ) -> Result<Self, StoreError> {
        let replaces = (read.reservation.revision, reservation::status_name(read.reservation.status));
        self.write(reservation, read.fingerprint.as_deref(), Some(replaces))?;
        Ok(self)
    }

    /// Writes what the restaurant knows of the diner from now on.
    pub fn and_guest(
        mut self,
        restaurant: RestaurantId,
        diner: &DinerId,
        change: &GuestChange,
        store: &Store,
    ) -> Result<Self, StoreError> {
        self.guest = change.updates(restaurant, diner, &store.table)?;
        Ok(self)
    }

    fn new(claims: Claims) -> Result<Self, StoreError> {
        // Marks the write as ours, so that we know our own when a lost answer makes us try again.
        Ok(Self { claims, reservations: Vec::new(), guest: Vec::new(), writer: random::mark()? })
    }

    fn write(
        &mut self,
        reservation: &Reservation,
        fingerprint: Option<&str>,
        replaces: Option<(u64, &'static str)>,
    ) -> Result<(), StoreError> {
        let item = reservation::to_item(reservation, fingerprint, &self.writer)?;
        self.reservations.push(Write { item, replaces });
        Ok(())
    }
}

impl Write {
    fn put(&self, store: &Store) -> Put {
        let put = Put::builder()
            .table_name(&*store.table)
            .set_item(Some(store.told(self.item.clone())))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = match self.replaces {
            None => put.condition_expression("attribute_not_exists(PK)"),
            Some((revision, status)) => put
                .condition_expression("#r = :r AND #s = :s")
                .expression_attribute_names("#r", REVISION)
                .expression_attribute_names("#s", STATUS)
                .expression_attribute_values(":r", number(revision))
                .expression_attribute_values(":s", text(status)),
        };
        // The builder asks for table and item, which are both given above.
        put.build().unwrap_or_else(|error| unreachable!("{error}"))
    }
}

impl Store {
    /// Commits `transaction`: retried while it conflicts with others, is throttled or gets no answer, within `budget`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the budget is spent and the reservation does not show that a try arrived, and when
    /// claims are refused while an earlier try may yet arrive and find them free. Whoever asks again with the same
    /// idempotency key finds out.
    pub async fn commit(
        &self,
        transaction: &Transaction,
        budget: &mut RetryBudget,
    ) -> Result<Commit, StoreError> {
        let outcome = self.try_until_known(transaction, budget).await;
        // Done or refused, or on its way: the day may not be as it was read.
        transaction.claims.partitions().for_each(|day| self.recent_days.forget(day));
        outcome
    }

    async fn try_until_known(
        &self,
        transaction: &Transaction,
        budget: &mut RetryBudget,
    ) -> Result<Commit, StoreError> {
        let updates = transaction.claims.updates(&self.table);
        let put = |write: &Write| TransactWriteItem::builder().put(write.put(self)).build();
        let mut actions: Vec<_> = transaction.reservations.iter().map(put).collect();
        let action = |update: &Update| TransactWriteItem::builder().update(update.clone()).build();
        actions.extend(updates.iter().map(|(_, update)| action(update)));
        actions.extend(transaction.guest.iter().map(action));
        let written = transaction.reservations.len();

        // Under one token DynamoDB takes a repeat of a write that arrived for what it is.
        let token = format!("{}{}", transaction.writer, random::mark()?);
        let (mut sweeps, mut may_arrive) = (0, false);
        loop {
            let refusals = match self.attempt(&actions, written, &token).await? {
                Attempt::Done => return Ok(Commit::Done(None)),
                Attempt::TryAgain { why, may_arrive: this_one_may_arrive } => {
                    may_arrive |= this_one_may_arrive;
                    if !budget.pause().await {
                        return self.arrived_after_all(transaction, why).await;
                    }
                    continue;
                }
                Attempt::Refused(refusals) => refusals,
            };
            let refused = Self::read_refusals(written, &updates, refusals)?;
            if refused.reservation.as_ref().is_some_and(|stored| stored.writer == transaction.writer) {
                return Ok(Commit::Done(refused.reservation));
            }
            // A capacity that is full only by what has ended is made right, a few times since others sweep as well.
            if sweeps < MOST_SWEEPS && self.sweep_ended(&transaction.claims, &refused, budget).await? {
                sweeps += 1;
                continue;
            }
            // What is another's now may be free again when that try arrives: a "no" could become a "yes" nobody hears of. Where
            // the reservation itself is otherwise, it comes too late for good.
            if may_arrive && !refused.reservation_differs && !refused.claims.is_empty() {
                return Err(StoreError::Unavailable("an earlier try may yet arrive".into()));
            }
            return Ok(Commit::Refused(refused));
        }
    }

    /// The end of the budget is not the end of the write: only the reservation can tell.
    async fn arrived_after_all(&self, transaction: &Transaction, why: String) -> Result<Commit, StoreError> {
        let Some(first) = transaction.reservations.first() else {
            return Err(StoreError::Unavailable(why));
        };
        let id = keys::reservation_id(&first.item)?;
        match self.reservation(id).await {
            Ok(Some(stored)) if stored.writer == transaction.writer => {
                Ok(Commit::Done(Some(Box::new(stored))))
            }
            Ok(_) => Err(StoreError::Unavailable(why)),
            Err(error) => Err(error),
        }
    }

    /// Tries `actions` once. While one of the `first` of them is being written by another, a refusal by the rest is not
    /// final.
    pub(crate) async fn attempt(
        &self,
        actions: &[TransactWriteItem],
        first: usize,
        token: &str,
    ) -> Result<Attempt, StoreError> {
        // The loop above retries, also what the SDK would not.
        let config = aws_sdk_dynamodb::config::Builder::new()
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT_TIMEOUT).build());
        let answer = self
            .client
            .transact_write_items()
            .set_transact_items(Some(actions.to_vec()))
            .client_request_token(token)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .customize()
            .config_override(config)
            .send()
            .await;
        let Err(error) = answer else {
            return Ok(Attempt::Done);
        };
        if let SdkError::ServiceError(service) = &error
            && let TransactWriteItemsError::TransactionCanceledException(cancelled) = service.err()
        {
            return read_reasons(cancelled.cancellation_reasons(), first);
        }
        if is_transient(&error) {
            Ok(Attempt::TryAgain { why: brief(&error), may_arrive: may_arrive(&error) })
        } else {
            Err(error.into())
        }
    }

    fn read_refusals(
        written: usize,
        updates: &[(Resource, Update)],
        refusals: Vec<Option<Item>>,
    ) -> Result<Refused, StoreError> {
        let mut refused = Refused::default();
        let mut refusals = refusals.into_iter();
        for item in refusals.by_ref().take(written).flatten() {
            refused.reservation_differs = true;
            if !item.is_empty() && refused.reservation.is_none() {
                refused.reservation = Some(Box::new(reservation::from_item(item)?));
            }
        }
        for ((resource, _), item) in updates.iter().zip(refusals.by_ref()) {
            refused.claims.extend(item.map(|item| (resource.clone(), Held(item))));
        }
        refused.guest_differs = refusals.flatten().next().is_some();
        Ok(refused)
    }

    /// Takes back what ended entries count on the refusing items; whether there were any.
    async fn sweep_ended(
        &self,
        claims: &Claims,
        refused: &Refused,
        budget: &mut RetryBudget,
    ) -> Result<bool, StoreError> {
        let mut swept = false;
        for (resource, current) in &refused.claims {
            let Some(update) = claims.sweep(resource, &current.0, &self.table) else {
                continue;
            };
            let sweep = self
                .client
                .update_item()
                .table_name(&*self.table)
                .set_key(Some(resource.key()))
                .update_expression(update.update_expression())
                .set_condition_expression(update.condition_expression().map(str::to_owned))
                .set_expression_attribute_names(update.expression_attribute_names().cloned())
                .set_expression_attribute_values(update.expression_attribute_values().cloned());
            // Where it is not accepted, another was faster: swept is swept. Where it got through to nobody, the
            // transaction's next try tells whether it was needed.
            match accepted(sweep.send().await) {
                Err(StoreError::Unavailable(why)) => {
                    if !budget.pause().await {
                        return Err(StoreError::Unavailable(why));
                    }
                }
                accepted => {
                    accepted?;
                }
            }
            swept = true;
        }
        Ok(swept)
    }
}

const MOST_SWEEPS: u32 = 8;
const ATTEMPT_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(2);

/// The reasons come in the order of the actions. A failed condition is final, whatever conflicts are beside it, but for
/// one: a conflict on a reservation itself, which are the `first` of them.
fn read_reasons(reasons: &[CancellationReason], first: usize) -> Result<Attempt, StoreError> {
    let has = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
    // The reservations come first. While another is writing one, what its claims say now is not what they will say.
    let is_being_written =
        reasons.iter().take(first).any(|reason| reason.code() == Some("TransactionConflict"));
    if has("ConditionalCheckFailed") && !is_being_written {
        let refusal = |reason: &CancellationReason| {
            (reason.code() == Some("ConditionalCheckFailed"))
                .then(|| reason.item().cloned().unwrap_or_default())
        };
        return Ok(Attempt::Refused(reasons.iter().map(refusal).collect()));
    }
    let passing = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
    if let Some(code) = passing.into_iter().find(|code| has(code)) {
        return Ok(Attempt::TryAgain { why: code.to_owned(), may_arrive: false });
    }
    let codes: Vec<&str> = reasons.iter().filter_map(CancellationReason::code).collect();
    Err(StoreError::Rejected(codes.join(", ")))
}
