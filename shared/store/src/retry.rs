//! How long and how often a write is tried: exponential back-off with full jitter, inside a budget that ends
//! before the caller's patience does.

use std::time::Duration;

use tokio::time::Instant;

/// A bound on the time that one operation may spend on retries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RetryBudget {
    ends_at: Instant,
    tries: u32,
}

impl RetryBudget {
    /// Well before the function's own timeout of 15 s, and API Gateway's of 30 s.
    const TOTAL: Duration = Duration::from_secs(6);
    const FIRST_PAUSE: Duration = Duration::from_millis(20);
    const LONGEST_PAUSE: Duration = Duration::from_millis(800);
    /// Beyond this, more of the same is no help.
    const MOST_TRIES: u32 = 12;

    pub(crate) fn start() -> Self {
        Self {
            ends_at: Instant::now() + Self::TOTAL,
            tries: 0,
        }
    }

    /// Waits before the next try; false when the budget is spent.
    pub(crate) async fn pause(&mut self) -> bool {
        self.tries += 1;
        let longest = Self::FIRST_PAUSE
            .saturating_mul(1 << self.tries.min(10))
            .min(Self::LONGEST_PAUSE);
        let pause = longest.mul_f64(fastrand::f64());
        if self.tries >= Self::MOST_TRIES || Instant::now() + pause >= self.ends_at {
            return false;
        }
        tokio::time::sleep(pause).await;
        true
    }
}
