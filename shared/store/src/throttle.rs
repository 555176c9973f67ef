//! How often something was tried: counted before it is done, in items that all functions share, so that asking many of
//! them at once gains nothing.

use jiff::{SignedDuration, Timestamp};

use crate::{
    Item, Store, StoreError,
    error::accepted,
    item::number,
    keys::{self, EXPIRES_AT},
};

/// What is counted, for whom, and how much of it is let through in a window of time. Windows begin at multiples of their
/// length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Throttle {
    /// What: `sign-in`.
    pub what: &'static str,
    /// For whom: a keyed hash or an account's id, nothing that names anybody.
    pub whose: String,
    /// How much is let through.
    pub most: u32,
    /// In how long.
    pub window: SignedDuration,
}

/// Whether one more is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// Yes; it is counted.
    Within,
    /// No, until so much time has passed.
    Beyond(SignedDuration),
}

const COUNT: &str = "count";

impl Throttle {
    /// Which window `now` is in, counted from the epoch.
    fn window_of(&self, now: Timestamp) -> i64 {
        now.as_second().div_euclid(self.window.as_secs().max(1))
    }

    /// When that window ends, in seconds since the epoch.
    fn ends(&self, now: Timestamp) -> i64 {
        (self.window_of(now) + 1) * self.window.as_secs().max(1)
    }

    pub(crate) fn key(&self, now: Timestamp) -> Item {
        keys::throttle(self.what, &self.whose, self.window_of(now))
    }
}

impl Store {
    /// Counts one more, unless there were too many. An answer that gets lost may count one twice: somebody is stopped one
    /// try early.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written; it may be counted then.
    pub async fn count(&self, throttle: &Throttle, now: Timestamp) -> Result<Tried, StoreError> {
        let ends = throttle.ends(now);
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(throttle.key(now)))
            .update_expression("SET #expires = :ends ADD #count :one")
            .condition_expression("attribute_not_exists(#count) OR #count < :most")
            .expression_attribute_names("#count", COUNT)
            .expression_attribute_names("#expires", EXPIRES_AT)
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(throttle.most))
            .expression_attribute_values(":ends", number(ends));
        if accepted(update.send().await)? {
            return Ok(Tried::Within);
        }
        Ok(Tried::Beyond(SignedDuration::from_secs(ends - now.as_second())))
    }

    /// Takes one back that was counted at `then`, as what came of it is not what is bounded.
    ///
    /// # Errors
    /// [`StoreError`] when the table can't be written.
    pub async fn take_back(&self, throttle: &Throttle, then: Timestamp) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(throttle.key(then)))
            .update_expression("ADD #count :less")
            .condition_expression("#count > :none")
            .expression_attribute_names("#count", COUNT)
            .expression_attribute_values(":less", number(-1))
            .expression_attribute_values(":none", number(0));
        accepted(update.send().await)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_where_the_next_begins() {
        let throttle =
            Throttle { what: "sign-in", whose: "d".into(), most: 10, window: SignedDuration::from_mins(15) };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let last = at("2026-12-01T10:14:59Z");
        assert_eq!(throttle.ends(last), at("2026-12-01T10:15:00Z").as_second());
        assert_eq!(throttle.ends(at("2026-12-01T10:00:00Z")), throttle.ends(last));
        assert_ne!(throttle.key(last), throttle.key(at("2026-12-01T10:15:00Z")));
    }
}
