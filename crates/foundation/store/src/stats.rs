//! Counters of what the engines did, for metrics, the bench and tests.

use std::sync::atomic::{AtomicU64, Ordering};

/// Totals since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Closures that read and were answered.
    pub reads: u64,
    /// Closures whose writes were committed. SQLite shares a commit among many.
    pub writes: u64,
    /// Durable commits: one sync each on SQLite.
    pub commits: u64,
    /// Runs of a closure that were thrown away and begun again.
    pub retries: u64,
    /// PostgreSQL connections made, the first ones included.
    pub connections: u64,
    /// Closures in the two lines at this moment.
    pub waiting: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub reads: AtomicU64,
    pub writes: AtomicU64,
    pub commits: AtomicU64,
    pub retries: AtomicU64,
    pub connections: AtomicU64,
}

impl Counters {
    pub fn stats(&self, waiting: usize) -> Stats {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            reads: of(&self.reads),
            writes: of(&self.writes),
            commits: of(&self.commits),
            retries: of(&self.retries),
            connections: of(&self.connections),
            waiting: waiting as u64,
        }
    }
}

pub(crate) fn count(counter: &AtomicU64, n: usize) {
    counter.fetch_add(n as u64, Ordering::Relaxed);
}
