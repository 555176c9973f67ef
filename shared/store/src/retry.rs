//! How long and how often a write is tried: exponential back-off with full jitter, inside a budget that ends
//! before the caller's patience does.

use std::time::Duration;

use tokio::time::Instant;

/// A bound on the time that one operation, whatever it tries, may spend on retries.
#[derive(Debug)]
pub struct RetryBudget {
    ends_at: Instant,
    tries: u32,
}

impl RetryBudget {
    /// With the two reads of a booking well before the function's own timeout of 20 s, and API Gateway's of 30 s.
    const TOTAL: Duration = Duration::from_secs(6);
    const FIRST_PAUSE: Duration = Duration::from_millis(20);
    /// Doubled, a few times what a booking takes under load.
    const FIRST_STEP_ASIDE: Duration = Duration::from_millis(50);
    const LONGEST_PAUSE: Duration = Duration::from_millis(800);
    /// Beyond this, more of the same is no help.
    const MOST_TRIES: u32 = 24;

    /// The whole budget, from now on.
    #[must_use]
    pub fn start() -> Self {
        Self { ends_at: Instant::now() + Self::TOTAL, tries: 0 }
    }

    /// Waits before the next try; false when the budget is spent.
    pub(crate) async fn pause(&mut self) -> bool {
        self.tries += 1;
        let longest = Self::FIRST_PAUSE.saturating_mul(1 << self.tries.min(10)).min(Self::LONGEST_PAUSE);
        let pause = longest.mul_f64(fastrand::f64());
        if self.tries >= Self::MOST_TRIES || Instant::now() + pause >= self.ends_at {
            return false;
        }
        tokio::time::sleep(pause).await;
        true
    }

    /// Waits a moment after a lost race, so that those who lost it together do not run the next one together. The moment
    /// grows with the `losses`, and ends with the budget.
    pub async fn step_aside(&self, losses: u32) {
        let longest =
            Self::FIRST_STEP_ASIDE.saturating_mul(1 << losses.clamp(1, 10)).min(Self::LONGEST_PAUSE);
        let moment = longest.mul_f64(fastrand::f64());
        tokio::time::sleep_until(self.ends_at.min(Instant::now() + moment)).await;
    }

    /// Whether the time is over.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        Instant::now() >= self.ends_at
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::start()
    }
}
