//! The bounded pool for hashing and signing. Its threads run below the I/O's priority and its queue is short, so that a
//! flood of sign-ins is answered at the possible rate, the rest is refused at once, and cheap reads stay quick.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
};

use tokio::sync::oneshot;

use crate::{ApiError, Code};

/// How many jobs may wait for each thread: at a millisecond a job, an eighth of a second.
const WAITING_PER_THREAD: usize = 128;

/// Far below the I/O threads on the scheduler's scale of 40: a tenth of their weight, so that they get a core when they
/// want one.
const NICE: i32 = 10;

type Job = Box<dyn FnOnce() + Send>;

#[derive(Clone)]
pub struct CpuPool {
    handle: Arc<Handle>,
}

/// What all clones share; its end is the pool's end.
struct Handle {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Mutex<Queue>,
    ready: Condvar,
    capacity: usize,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

impl CpuPool {
    /// Starts `threads` threads (at least one). They end when the last clone of the pool is dropped.
    pub fn start(threads: usize) -> std::io::Result<Self> {
        let threads = threads.max(1);
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue::default()),
            ready: Condvar::new(),
            capacity: threads * WAITING_PER_THREAD,
        });
        for n in 0..threads {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name(format!("cpu-{n}"))
                .spawn(move || shared.work())?;
        }
        Ok(Self {
            handle: Arc::new(Handle { shared }),
        })
    }

    /// Whether a job would be taken now: asked before a request costs anything else. Errors: TooManyRequestsException.
    pub fn admit(&self) -> Result<(), ApiError> {
        let waiting = self
            .handle
            .shared
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .jobs
            .len();
        if waiting < self.handle.shared.capacity {
            Ok(())
        } else {
            Err(too_many())
        }
    }

    /// Runs `job` in its turn. Errors: TooManyRequestsException when the queue is full; internal if the job panicked.
    pub async fn run<T, F>(&self, job: F) -> Result<T, ApiError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.submit(job, |queue, capacity, job| {
            if queue.jobs.len() >= capacity {
                return Err(too_many());
            }
            queue.jobs.push_back(job);
            Ok(())
        })
        .await
    }

    /// Runs `job` next, however long the queue: the last step of something that was admitted and has left its trace
    /// already, such as signing the tokens of a stored session. Refusing it then would waste what was done.
    pub async fn finish<T, F>(&self, job: F) -> Result<T, ApiError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.submit(job, |queue, _, job| {
            queue.jobs.push_front(job);
            Ok(())
        })
        .await
    }

    async fn submit<T, F>(
        &self,
        job: F,
        enqueue: impl FnOnce(&mut Queue, usize, Job) -> Result<(), ApiError>,
    ) -> Result<T, ApiError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let shared = &self.handle.shared;
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move || {
            // A caller that went away needs no answer; its work is not begun.
            if !answer.is_closed() {
                let outcome = catch_unwind(AssertUnwindSafe(job));
                let _ = answer.send(outcome);
            }
        });
        enqueue(
            &mut shared.queue.lock().unwrap_or_else(PoisonError::into_inner),
            shared.capacity,
            job,
        )?;
        shared.ready.notify_one();
        match answered.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(_)) | Err(_) => Err(ApiError::internal("a computation on the CPU pool did not finish")),
        }
    }
}

#[track_caller]
fn too_many() -> ApiError {
    ApiError::new(Code::TooManyRequests, "Rate exceeded")
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.shared.ready.notify_all();
    }
}

impl Shared {
    fn work(&self) {
        lower_priority(NICE);
        loop {
            let job = {
                let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
                loop {
                    if let Some(job) = queue.jobs.pop_front() {
                        break job;
                    }
                    if queue.closed {
                        return;
                    }
                    queue = self.ready.wait(queue).unwrap_or_else(PoisonError::into_inner);
                }
            };
            job();
        }
    }
}

/// Puts the calling thread behind everything else: for work that only idle time should pay for.
pub fn yield_to_everything() {
    lower_priority(19);
}

/// Best effort: a sandbox may forbid it, and then the thread is merely as important as the rest.
fn lower_priority(nice: i32) {
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), nice);
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn work_is_answered_and_a_panic_is_an_error() {
        let pool = CpuPool::start(2).unwrap();
        assert_eq!(pool.run(|| 6 * 7).await.unwrap(), 42);
        let error = pool.run(|| -> u8 { panic!("boom") }).await.unwrap_err();
        assert_eq!(error.code(), Code::InternalError);
        assert_eq!(pool.run(|| 1).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let pool = CpuPool::start(1).unwrap();
        let (release, gate) = mpsc::channel::<()>();
        let (started, has_started) = oneshot::channel();
        let blocker = tokio::spawn({
            let pool = pool.clone();
            async move {
                pool.run(move || {
                    started.send(()).unwrap();
                    gate.recv()
                })
                .await
            }
        });
        has_started.await.unwrap();
        let waiting: Vec<_> = (0..WAITING_PER_THREAD)
            .map(|_| {
                let pool = pool.clone();
                tokio::spawn(async move { pool.run(|| ()).await })
            })
            .collect();
        while pool.handle.shared.queue.lock().unwrap().jobs.len() < WAITING_PER_THREAD {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run(|| ()).await.unwrap_err().code(), Code::TooManyRequests);
        assert_eq!(pool.admit().unwrap_err().code(), Code::TooManyRequests);
        let last_step = tokio::spawn({
            let pool = pool.clone();
            async move { pool.finish(|| 7).await }
        });
        release.send(()).unwrap();
        assert_eq!(last_step.await.unwrap().unwrap(), 7);
        blocker.await.unwrap().unwrap().unwrap();
        for answer in waiting {
            answer.await.unwrap().unwrap();
        }
    }
}
