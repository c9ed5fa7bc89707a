//! Load at a fixed concurrency, bounded in number, with latencies and the server's CPU time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{
    child::Server,
    client::{Connection, Prepared},
};

pub struct Measured {
    pub operations: usize,
    pub refused: usize,
    pub elapsed: Duration,
    /// The server's CPU time for one operation.
    pub cpu: Duration,
    /// Sorted.
    pub latencies: Vec<Duration>,
}

impl Measured {
    pub fn per_second(&self) -> f64 {
        count(self.operations) / self.elapsed.as_secs_f64()
    }

    /// `share` between 0 and 1.
    pub fn percentile(&self, share: f64) -> Duration {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index between 0 and the length"
        )]
        let at = (count(self.latencies.len()) * share) as usize;
        self.latencies
            .get(at.min(self.latencies.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub fn count(n: usize) -> f64 {
    n as f64
}

/// How fast requests follow each other.
#[derive(Clone, Copy)]
pub enum Pace {
    /// Each connection sends when it has its answer.
    Closed,
    /// So many a second, whatever the answers do (as far as the connections suffice).
    Open(f64),
}

/// Opens the connections of a load, so that their opening is no part of it.
pub async fn connect(server: &Server, concurrency: usize) -> Result<Vec<Connection>, String> {
    let mut connections = Vec::with_capacity(concurrency);
    for _ in 0..concurrency {
        connections.push(Connection::open(&server.address).await?);
    }
    Ok(connections)
}

/// Sends `operations` requests, made by `request(n)`, over the connections. Dropping the future ends the load.
pub async fn run<F>(
    server: &Server,
    connections: Vec<Connection>,
    operations: usize,
    pace: Pace,
    request: F,
) -> Result<Measured, String>
where
    F: Fn(usize) -> Prepared + Send + Sync + 'static,
{
    let before = server.usage()?;
    let begun = Instant::now();
    let (next, request) = (Arc::new(AtomicUsize::new(0)), Arc::new(request));
    let mut workers = JoinSet::new();
    for connection in connections {
        let (next, request) = (Arc::clone(&next), Arc::clone(&request));
        workers.spawn(async move {
            let due = |n: usize| match pace {
                Pace::Closed => None,
                Pace::Open(rate) => Some(begun + Duration::from_secs_f64(count(n) / rate)),
            };
            worker(connection, operations, &next, &due, request.as_ref()).await
        });
    }
    let (mut latencies, mut refused) = (Vec::new(), 0);
    while let Some(worker) = workers.join_next().await {
        let (some, no) = worker.map_err(|error| error.to_string())??;
        latencies.extend(some);
        refused += no;
    }
    let elapsed = begun.elapsed();
    let cpu = server.usage()?.cpu.saturating_sub(before.cpu);
    latencies.sort_unstable();
    let cpu = cpu
        .checked_div(u32::try_from(operations).unwrap_or(u32::MAX))
        .unwrap_or_default();
    Ok(Measured {
        operations,
        refused,
        elapsed,
        cpu,
        latencies,
    })
}

async fn worker(
    mut connection: Connection,
    operations: usize,
    next: &AtomicUsize,
    due: &(impl Fn(usize) -> Option<Instant> + Sync),
    request: &(impl Fn(usize) -> Prepared + Sync),
) -> Result<(Vec<Duration>, usize), String> {
    let (mut latencies, mut refused) = (Vec::new(), 0);
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= operations {
            return Ok((latencies, refused));
        }
        let prepared = request(n);
        if let Some(due) = due(n) {
            tokio::time::sleep_until(due.into()).await;
        }
        let begun = Instant::now();
        let answer = connection.send(&prepared).await?;
        latencies.push(begun.elapsed());
        match answer.status {
            200 => {}
            400 if String::from_utf8_lossy(&answer.body).contains("TooManyRequestsException") => refused += 1,
            status => return Err(format!("{status} {}", String::from_utf8_lossy(&answer.body))),
        }
    }
}
