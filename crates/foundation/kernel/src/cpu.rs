//! The bounded pool for hashing and signing. Its threads run below the I/O's priority and its line is short, so that a
//! flood of sign-ins is answered at the possible rate, the rest is refused at once, and cheap reads stay quick.
//!
//! Everything that begins stands in one line, whatever it is; `lines` says who comes next.

mod lines;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use tokio::sync::oneshot;

use self::lines::{Line, Lines};
use crate::{ApiError, Code};

/// How many jobs may wait for each thread: at a millisecond a job, an eighth of a second.
const WAITING_PER_THREAD: usize = 128;

type Work = Box<dyn FnOnce() + Send>;

#[derive(Clone)]
pub struct CpuPool {
    handle: Arc<Handle>,
}

/// What all clones share; its end is the pool's end.
struct Handle {
    shared: Arc<Shared>,
}

struct Shared {
    waiting: Mutex<Waiting>,
    ready: Condvar,
}

struct Waiting {
    lines: Lines<Work>,
    closed: bool,
}

impl CpuPool {
    /// Starts `threads` threads (at least one). They end when the last clone of the pool is dropped.
    pub fn start(threads: usize) -> std::io::Result<Self> {
        let threads = threads.max(1);
        let shared = Arc::new(Shared {
            waiting: Mutex::new(Waiting {
                lines: Lines::new(threads * WAITING_PER_THREAD),
                closed: false,
            }),
            ready: Condvar::new(),
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

    /// Whether new work would be taken now: asked before a request costs anything else. Errors: TooManyRequestsException.
    pub fn admit(&self) -> Result<(), ApiError> {
        if self.waiting().lines.has_room() {
            Ok(())
        } else {
            Err(too_many())
        }
    }

    /// Whether jobs wait for a core.
    pub fn is_busy(&self) -> bool {
        self.waiting().lines.are_waiting()
    }

    /// A place in line, kept until it is used or dropped: for what must not be refused any more once it has begun.
    /// Errors: TooManyRequestsException when the line is full.
    pub fn reserve(&self) -> Result<Turn, ApiError> {
        if self.waiting().lines.reserve() {
            Ok(self.turn(Line::New))
        } else {
            Err(too_many())
        }
    }

    /// A turn before all new work (which keeps a share), never refused: for the last step of something that has had its
    /// turn and left its trace, such as signing the tokens of a stored session. Whatever had no turn before reserves one.
    #[must_use]
    pub fn last_step(&self) -> Turn {
        self.turn(Line::LastStep)
    }

    /// Runs `job` in its turn. Errors: TooManyRequestsException when the line is full; internal if the job panicked.
    pub async fn run<T, F>(&self, job: F) -> Result<T, ApiError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.reserve()?.run(job).await
    }

    fn turn(&self, line: Line) -> Turn {
        Turn {
            pool: self.clone(),
            line: Some(line),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.handle.shared.waiting()
    }
}

/// The right to one job on the pool.
pub struct Turn {
    pool: CpuPool,
    /// None: used.
    line: Option<Line>,
}

impl Turn {
    /// Runs `job` when all those are done that came before it. Errors: internal if the job panicked.
    pub async fn run<T, F>(mut self, job: F) -> Result<T, ApiError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Work = Box::new(move || {
            // A caller that went away needs no answer; its work is not begun.
            if !answer.is_closed() {
                let outcome = catch_unwind(AssertUnwindSafe(job));
                let _ = answer.send(outcome);
            }
        });
        if let Some(line) = self.line.take() {
            self.pool.waiting().lines.push(line, job);
            self.pool.handle.shared.ready.notify_one();
        }
        match answered.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(_)) | Err(_) => Err(ApiError::internal("a computation on the CPU pool did not finish")),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.line == Some(Line::New) {
            self.pool.waiting().lines.give_back();
        }
    }
}

#[track_caller]
fn too_many() -> ApiError {
    ApiError::new(Code::TooManyRequests, "Rate exceeded")
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.waiting().closed = true;
        self.shared.ready.notify_all();
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        yield_to_everything();
        while let Some(job) = self.next() {
            job();
        }
    }

    /// Waits for work. None: the pool is closed and all that was waiting has been taken.
    fn next(&self) -> Option<Work> {
        let mut waiting = self.waiting();
        loop {
            match waiting.lines.take() {
                Some(job) => return Some(job),
                None if waiting.closed => return None,
                None => waiting = self.ready.wait(waiting).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// Puts the calling thread behind everything else that wants a core: for work that is long enough to wait. Best effort: a
/// sandbox may forbid it, and then the thread is merely as important as the rest.
pub fn yield_to_everything() {
    // The lowest of the scheduler's scale of 40: a woken I/O thread has 68 times its weight.
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 19);
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
    async fn a_full_line_refuses_at_once_what_has_no_place() {
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
        let (done, order) = mpsc::channel();
        let mut places: Vec<Turn> = (0..WAITING_PER_THREAD).map(|_| pool.reserve().unwrap()).collect();
        assert_eq!(pool.run(|| ()).await.unwrap_err().code(), Code::TooManyRequests);
        assert_eq!(pool.admit().unwrap_err().code(), Code::TooManyRequests);
        drop(places.pop());
        pool.admit().unwrap();

        places.truncate(3);
        let turns = places
            .into_iter()
            .chain([pool.last_step()])
            .zip(["1", "2", "3", "last step"]);
        let mut answers = Vec::new();
        for (turn, name) in turns {
            let done = done.clone();
            let mut answer = Box::pin(turn.run(move || done.send(name)));
            assert!(is_put_in_line(&mut answer).await);
            answers.push(answer);
        }
        release.send(()).unwrap();
        for answer in answers {
            answer.await.unwrap().unwrap();
        }
        blocker.await.unwrap().unwrap().unwrap();
        assert_eq!(order.try_iter().collect::<Vec<_>>(), ["last step", "1", "2", "3"]);
    }

    #[tokio::test]
    async fn a_turn_keeps_the_pool_and_its_end_ends_the_threads() {
        let pool = CpuPool::start(1).unwrap();
        let shared = Arc::clone(&pool.handle.shared);
        let answer = pool.reserve().unwrap().run(|| 7);
        drop(pool);
        assert_eq!(answer.await.unwrap(), 7);
        while Arc::strong_count(&shared) > 1 {
            tokio::task::yield_now().await;
        }
    }

    /// Polls once.
    async fn is_put_in_line<F: Future + Unpin>(future: &mut F) -> bool {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
        })
        .await
    }
}
