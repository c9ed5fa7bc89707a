//! Work that nobody waits for: named, each with its own time, begun before it where an operation says that there is something.
//! How it went is in the log, and of what one node does for all in its row too.

mod lease;
#[cfg(test)]
mod tests;

use std::{future::Future, io, sync::Arc, thread, time::Duration};

use kernel::{ApiError, Env};
use store::{Store, Wake};
use tokio::{task::JoinHandle, time::Instant};

use lease::{AFTER_FAILURE, Lease, Turn, Wanted};

/// How often a node looks whether a job of all wants it.
const LOOK: Duration = Duration::from_secs(60);

/// What one run did.
pub(crate) struct Done {
    /// How many rows, files or messages.
    pub count: u64,
    /// When to look again, where that is before its time.
    pub again: Option<Duration>,
}

impl From<u64> for Done {
    fn from(count: u64) -> Self {
        Self { count, again: None }
    }
}

/// When a job runs.
#[derive(Clone)]
pub(crate) struct Job {
    pub name: &'static str,
    pub every: Duration,
    pub wake: Wake,
}

impl Job {
    pub fn every(every: Duration, name: &'static str) -> Self {
        Self {
            name,
            every,
            wake: Wake::default(),
        }
    }

    pub fn woken_by(self, wake: &Wake) -> Self {
        Self {
            wake: wake.clone(),
            ..self
        }
    }
}

/// The jobs of a running server. All may be broken off at any point: what is left is done at the next start.
pub(crate) struct Jobs {
    store: Store,
    env: Arc<Env>,
    node: String,
    tasks: Vec<JoinHandle<()>>,
}

impl Jobs {
    /// `node`: differs from node to node of one database.
    pub fn new(store: Store, env: Arc<Env>, node: String) -> Self {
        Self {
            store,
            env,
            node,
            tasks: Vec::new(),
        }
    }

    /// Work on what the nodes share: one of them does it, at the start and then every so often.
    pub fn for_all<F, D>(&mut self, job: Job, work: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<D, ApiError>> + Send,
        D: Into<Done> + Send,
    {
        let lease = Lease {
            store: self.store.clone(),
            env: Arc::clone(&self.env),
            node: self.node.clone(),
            name: job.name,
            every: job.every,
        };
        self.tasks.push(tokio::spawn(async move {
            // A stop may have come before the work that was rung for had begun.
            let mut wanted = Wanted::Now;
            loop {
                let begun = Instant::now();
                let pause = match lease.turn(wanted, work()).await {
                    Ok(Turn::Ran(outcome)) => {
                        wanted = Wanted::Due;
                        job.report(begun, outcome)
                    }
                    // What is wanted now may come too late for the run that is under way there.
                    Ok(Turn::Elsewhere(pause)) if wanted == Wanted::Now => pause.min(Duration::from_secs(1)),
                    Ok(Turn::NotDue(pause) | Turn::Elsewhere(pause)) => pause,
                    Err(error) => job.report::<Done>(begun, Err(error)),
                };
                tokio::select! {
                    // Now and then whatever is due: the node that runs it may be gone.
                    () = tokio::time::sleep(pause.min(LOOK)) => {}
                    () = job.wake.rung() => wanted = Wanted::Now,
                }
            }
        }));
    }

    /// Work on what is this node's own: at the start and then every so often.
    pub fn for_this_node<F, D>(&mut self, job: Job, work: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<D, ApiError>> + Send,
        D: Into<Done> + Send,
    {
        self.tasks.push(tokio::spawn(async move {
            loop {
                let begun = Instant::now();
                let pause = job.report(begun, work().await);
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = job.wake.rung() => {}
                }
            }
        }));
    }

    /// Computation that never ends, on a thread of its own that yields to everything.
    pub fn beneath_everything(name: &'static str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        thread::Builder::new().name(name.to_owned()).spawn(move || {
            kernel::yield_to_everything();
            work();
        })?;
        Ok(())
    }

    /// Ends each at its next pause: it must not find the database closed.
    pub async fn stop(self) {
        for task in self.tasks {
            task.abort();
            let _ = task.await;
        }
    }
}

impl Job {
    /// Says how a run went, and when the next is due.
    fn report<D: Into<Done>>(&self, begun: Instant, outcome: Result<D, ApiError>) -> Duration {
        let (job, took) = (self.name, begun.elapsed());
        match outcome.map(Into::into) {
            Ok(Done { count, again }) => {
                if count == 0 {
                    tracing::debug!(job, ?took, "nothing to do");
                } else {
                    tracing::info!(job, count, ?took, "done");
                }
                again.map_or(self.every, |again| again.min(self.every))
            }
            Err(error) => {
                tracing::warn!(job, ?took, ?error, "failed; it is tried again");
                self.every.min(AFTER_FAILURE)
            }
        }
    }
}
