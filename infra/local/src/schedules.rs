//! What happens by itself: functions that a schedule calls, in the house's time. One loop calls what is
//! due; when the clock is moved forward, time is walked through in steps, so that everything happens at
//! about the time it would have, before the answer to whoever moved it.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::{sync::Mutex, task::JoinHandle};

use crate::clock::HouseClock;

/// A jump of any length is walked in at most this many steps.
const STEPS: i32 = 500;
/// Between two looks at the clock.
const LOOK: Duration = Duration::from_millis(200);
/// A schedule without a bound on its own call must not stop the others.
const LONGEST_CALL: Duration = Duration::from_secs(50);

/// A function and how often it is called.
pub struct Schedule {
    /// As in `template.yaml`, for the log.
    pub name: &'static str,
    /// House time between two calls.
    pub every: SignedDuration,
    /// Called once at the end of a jump instead of along the way: it only tidies up, and when makes no
    /// difference.
    pub once_a_jump: bool,
    /// Calls the function with the time at which it was due.
    pub call: Arc<dyn Fn(Timestamp) -> BoxFuture<'static, Result<(), String>> + Send + Sync>,
}

/// Called after each step of a jump that called something, so that what followed from it happens before
/// time goes on.
pub type Settle = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// The schedules of a house. Dropping it stops them.
pub struct Schedules {
    running: Arc<Mutex<Running>>,
    clock: HouseClock,
    task: JoinHandle<()>,
}

struct Running {
    schedules: Vec<(Schedule, Timestamp)>,
    settle: Settle,
}

impl Schedules {
    /// Starts calling: each one for the first time after its own interval.
    #[must_use]
    pub fn start(schedules: Vec<Schedule>, clock: HouseClock, settle: Settle) -> Self {
        let now = clock.now();
        let schedules = schedules.into_iter().map(|schedule| (schedule, now)).collect();
        let running = Arc::new(Mutex::new(Running { schedules, settle }));
        let (shared, time) = (running.clone(), clock.clone());
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                shared.lock().await.call_due(time.now(), false).await;
            }
        });
        Self { running, clock, task }
    }

    /// Moves the clock. Forward, it walks there and calls everything that falls due on the way; back,
    /// it only goes, and schedules count from there.
    pub async fn move_clock_to(&self, target: Timestamp) {
        let mut running = self.running.lock().await;
        let now = self.clock.now();
        if target <= now {
            self.clock.set(target);
            for (_, last) in &mut running.schedules {
                *last = target;
            }
            return;
        }
        (running.settle)().await;
        let jump = target.duration_since(now);
        let rate = running.schedules.iter().map(|(schedule, _)| schedule.every).min().unwrap_or(jump);
        let step = rate.max(jump / STEPS).max(SignedDuration::from_millis(1));
        let mut at = now;
        while at < target {
            at = at.checked_add(step).unwrap_or(target).min(target);
            self.clock.set(at);
            if running.call_due(at, at < target).await {
                (running.settle)().await;
            }
        }
    }

    /// Moves the clock on to `target` as time itself does: nobody waits until what is under way has come to rest, which under
    /// load it never does. What has fallen due is called once.
    pub async fn let_time_pass_to(&self, target: Timestamp) {
        let mut running = self.running.lock().await;
        if target > self.clock.now() {
            self.clock.set(target);
            running.call_due(target, false).await;
        }
    }

    /// Runs `change` while nothing is called.
    pub async fn pausing<T>(&self, change: impl Future<Output = T>) -> T {
        let _at_rest = self.running.lock().await;
        change.await
    }

    /// Calls nothing any more.
    pub fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Schedules {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Running {
    /// Calls what is due, once however long ago it fell due; says whether anything was.
    async fn call_due(&mut self, now: Timestamp, on_the_way: bool) -> bool {
        let mut called = false;
        for (schedule, last) in &mut self.schedules {
            if now.duration_since(*last) < schedule.every || (on_the_way && schedule.once_a_jump) {
                continue;
            }
            *last = now;
            called = true;
            // A task of its own: a panic ends the call and not the schedule.
            let call = tokio::spawn((schedule.call)(now));
            match tokio::time::timeout(LONGEST_CALL, call).await {
                Ok(Ok(Ok(()))) => {}
                Ok(Ok(Err(reason))) => {
                    tracing::error!(schedule = schedule.name, reason, "a scheduled call failed");
                }
                Ok(Err(error)) => {
                    tracing::error!(schedule = schedule.name, %error, "a scheduled call panicked");
                }
                Err(_) => tracing::error!(schedule = schedule.name, "a scheduled call took too long"),
            }
        }
        called
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex as StdMutex,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;
    use crate::clock::instant;

    type Calls = Arc<StdMutex<Vec<(Timestamp, Timestamp)>>>;

    /// Schedules with one that notes when it was called and what the clock said then.
    fn noting(clock: &HouseClock, every: SignedDuration) -> (Schedules, Calls) {
        let calls = Calls::default();
        let (noted, time) = (calls.clone(), clock.clone());
        let call = Arc::new(move |due| -> BoxFuture<'static, Result<(), String>> {
            noted.lock().unwrap().push((due, time.now()));
            Box::pin(async { Ok(()) })
        });
        let settle: Settle = Arc::new(|| Box::pin(async {}));
        (
            Schedules::start(
                vec![Schedule { name: "noting", every, once_a_jump: false, call }],
                clock.clone(),
                settle,
            ),
            calls,
        )
    }

    #[tokio::test]
    async fn a_jump_calls_at_each_minute_with_the_clock_at_that_minute() {
        let clock = HouseClock::new();
        let start = instant("2026-12-24T19:00:00+09:00").unwrap();
        clock.set(start);
        let (schedules, calls) = noting(&clock, SignedDuration::from_mins(1));
        schedules.move_clock_to(start + SignedDuration::from_mins(10)).await;
        let calls = calls.lock().unwrap();
        assert!((9..=10).contains(&calls.len()), "{} calls in ten minutes", calls.len());
        for (due, clock_said) in calls.iter() {
            assert!(clock_said.duration_since(*due) < SignedDuration::from_secs(5));
        }
        assert!(clock.now() >= start + SignedDuration::from_mins(10));
    }

    #[tokio::test]
    async fn a_month_is_walked_in_a_bounded_number_of_steps() {
        let clock = HouseClock::new();
        let (schedules, calls) = noting(&clock, SignedDuration::from_mins(1));
        schedules.move_clock_to(clock.now() + SignedDuration::from_hours(24 * 30)).await;
        let calls = calls.lock().unwrap().len();
        assert!((490..=501).contains(&calls), "{calls} calls in a month");
    }

    #[tokio::test]
    async fn going_back_calls_nothing_and_schedules_count_from_there() {
        let clock = HouseClock::new();
        let (schedules, calls) = noting(&clock, SignedDuration::from_mins(1));
        let earlier = clock.now() - SignedDuration::from_hours(48);
        schedules.move_clock_to(earlier).await;
        assert!(calls.lock().unwrap().is_empty());
        assert!(clock.now().duration_since(earlier) < SignedDuration::from_secs(5));
        schedules.move_clock_to(earlier + SignedDuration::from_mins(2)).await;
        assert!(!calls.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn the_loop_notices_that_the_clock_moved() {
        let clock = HouseClock::new();
        let (_schedules, calls) = noting(&clock, SignedDuration::from_mins(1));
        clock.set(clock.now() + SignedDuration::from_mins(2));
        tokio::time::timeout(Duration::from_secs(5), async {
            while calls.lock().unwrap().is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn a_call_that_panics_is_called_again() {
        let clock = HouseClock::new();
        let calls = Arc::new(AtomicU32::new(0));
        let counted = calls.clone();
        let call = Arc::new(move |_| -> BoxFuture<'static, Result<(), String>> {
            counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { panic!("on purpose") })
        });
        let settle: Settle = Arc::new(|| Box::pin(async {}));
        let every = SignedDuration::from_mins(1);
        let schedules = Schedules::start(
            vec![Schedule { name: "panics", every, once_a_jump: false, call }],
            clock.clone(),
            settle,
        );
        schedules.move_clock_to(clock.now() + SignedDuration::from_secs(185)).await;
        assert_eq!(calls.load(Ordering::SeqCst), 3);
    }
}
