//! How load is made: a fixed number of workers that ask one after another (closed), or everybody at a time of their own,
//! however long others take (open).

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

/// How long things took, in microseconds.
#[derive(Debug, Clone)]
pub(crate) struct Latencies(Histogram<u64>);

/// What a closed load came to.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) took: Duration,
    pub(crate) latencies: Latencies,
}

/// One of those who ask one after another.
pub(crate) trait Worker<J>: Send + 'static {
    /// Does one job; what comes back as an error ends the measurement.
    fn work(&mut self, job: &J) -> impl Future<Output = Result<()>> + Send;
}

impl Default for Latencies {
    fn default() -> Self {
        // Three digits up to an hour: the bounds can't be refused.
        Self(Histogram::new_with_bounds(1, 3_600_000_000, 3).unwrap_or_else(|_| unreachable!()))
    }
}

impl Latencies {
    pub(crate) fn record(&mut self, took: Duration) {
        self.0.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1));
    }

    pub(crate) fn merge(&mut self, others: &Self) -> Result<()> {
        Ok(self.0.add(&others.0)?)
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time within which this share of all was done, in milliseconds.
    #[allow(clippy::cast_precision_loss, reason = "an hour of microseconds fits")]
    pub(crate) fn at(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1_000.0
    }

    /// `p50 / p99` in milliseconds, for people.
    pub(crate) fn spoken(&self) -> String {
        format!("p50 {:.1} ms, p99 {:.1} ms", self.at(0.5), self.at(0.99))
    }
}

impl Measured {
    #[allow(clippy::cast_precision_loss, reason = "thousands")]
    pub(crate) fn per_second(&self) -> f64 {
        self.latencies.count() as f64 / self.took.as_secs_f64()
    }
}

/// Lets the workers do all jobs, each the next that nobody has begun.
pub(crate) async fn drain<J, W>(jobs: Arc<[J]>, workers: Vec<W>) -> Result<Measured>
where
    J: Send + Sync + 'static,
    W: Worker<J>,
{
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let mut working = JoinSet::new();
    for mut worker in workers {
        let (jobs, next) = (Arc::clone(&jobs), Arc::clone(&next));
        working.spawn(async move {
            let mut latencies = Latencies::default();
            while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                let began = Instant::now();
                worker.work(job).await?;
                latencies.record(began.elapsed());
            }
            anyhow::Ok(latencies)
        });
    }
    let mut latencies = Latencies::default();
    while let Some(done) = working.join_next().await {
        latencies.merge(&done??)?;
    }
    Ok(Measured { took: started.elapsed(), latencies })
}

/// The middle one of several figures.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
