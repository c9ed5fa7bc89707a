//! The line of a function's events, which its places take in order of arrival.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use kernel::Timestamp;
use tokio::{
    sync::{Notify, oneshot, watch},
    time::Instant,
};

use crate::{Failure, invocation::Times};

/// An event on its way to a process, and where the answer is waited for.
pub(crate) struct Job {
    pub id: String,
    pub trace: String,
    pub arn: String,
    pub event: Bytes,
    pub times: Times,
    /// `times.until` by the clock on the wall.
    pub over: Timestamp,
    pub reply: oneshot::Sender<Result<Bytes, Failure>>,
}

impl Job {
    /// Who asked may have gone; that is no error.
    pub fn end(self, outcome: Result<Bytes, Failure>) {
        let _ = self.reply.send(outcome);
    }

    /// Until when a process that is given it now must have answered, as it is told: nobody hears a later answer.
    pub fn deadline(&self) -> Timestamp {
        let must = Instant::now() + self.times.within;
        self.over.minus(self.times.until.saturating_duration_since(must))
    }

    fn is_wanted(&self) -> bool {
        !self.reply.is_closed() && self.times.begun_by > Instant::now()
    }
}

pub(crate) struct Line {
    waiting: Mutex<VecDeque<Job>>,
    arrived: Notify,
    /// Processes of an earlier generation take no events: they run code that has changed since.
    generation: watch::Sender<u64>,
    reloads: AtomicBool,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            arrived: Notify::new(),
            generation: watch::channel(0).0,
            reloads: AtomicBool::new(false),
        }
    }
}

impl Line {
    /// Behind those that are waited for still: where nobody takes any, events must not heap up.
    pub fn put(&self, job: Job) {
        let mut waiting = self.lock();
        waiting.retain(Job::is_wanted);
        waiting.push_back(job);
        drop(waiting);
        self.arrived.notify_waiters();
    }

    /// One that was taken and not begun.
    pub fn put_back(&self, job: Job) {
        self.lock().push_front(job);
        self.arrived.notify_waiters();
    }

    /// Takes back one that was not begun. False: it was.
    pub fn withdraw(&self, id: &str) -> bool {
        let mut waiting = self.lock();
        let before = waiting.len();
        waiting.retain(|job| job.id != id);
        waiting.len() < before
    }

    /// The next event for a process of this generation; never one, if a later has begun.
    pub async fn take(&self, generation: u64) -> Job {
        loop {
            // Registered before the look, so that what arrives between is not missed.
            let arrived = self.arrived.notified();
            if *self.generation.borrow() == generation
                && let Some(job) = self.next()
            {
                return job;
            }
            arrived.await;
        }
    }

    /// Returns when there is somebody to be served.
    pub async fn waits(&self) {
        loop {
            let arrived = self.arrived.notified();
            if self.lock().iter().any(Job::is_wanted) {
                return;
            }
            arrived.await;
        }
    }

    /// The next event whose answer is still waited for.
    pub fn next(&self) -> Option<Job> {
        let mut waiting = self.lock();
        while let Some(job) = waiting.pop_front() {
            if job.is_wanted() {
                return Some(job);
            }
        }
        None
    }

    pub fn generation(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }

    pub fn begin_generation(&self) {
        self.generation.send_modify(|generation| *generation += 1);
    }

    /// Files are looked at from now on.
    pub fn reload(&self) {
        self.reloads.store(true, Ordering::Relaxed);
    }

    pub fn reloads(&self) -> bool {
        self.reloads.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::invocation::Wanted;

    fn job(wanted: Wanted) -> (Job, oneshot::Receiver<Result<Bytes, Failure>>) {
        let (reply, answer) = oneshot::channel();
        let job = Job {
            id: String::new(),
            trace: String::new(),
            arn: String::new(),
            event: Bytes::from_static(b"{}"),
            times: wanted.times(),
            over: Timestamp::from_secs(90),
            reply,
        };
        (job, answer)
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_is_told_how_long_it_may_be_at_work() {
        let (posted, _answer) = job(Wanted::Never);
        let (asked, _answer) = job(Wanted::Now);
        assert_eq!((posted.deadline().secs(), asked.deadline().secs()), (60, 90));
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!((posted.deadline().secs(), asked.deadline().secs()), (63, 90));
    }

    /// A process that hangs while it loads takes none, and events hold passwords.
    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_forgotten_though_nobody_takes_it() {
        let line = Line::default();
        for _ in 0..100 {
            let (job, answer) = job(Wanted::Now);
            line.put(job);
            drop(answer);
        }
        assert!(line.lock().len() < 2);
    }
}
