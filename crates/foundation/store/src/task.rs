//! A closure on its way to an engine's thread, with the way back.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use crate::{Scope, StoreError, cache::Watches, connection::Connection};

/// How long a closure may wait and be retried, all in all: within what clients wait for an answer. A line that moves more
/// slowly than that is overload, and a database away for longer is unavailable.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);

/// What the engines see of a closure: they can run it (again) and answer it once.
pub(crate) trait Task: Send {
    /// Runs the closure and keeps its value. Ok says only that the closure wants to be committed.
    fn run(&mut self, connection: Connection<'_>) -> Result<(), StoreError>;

    /// Ok after the commit was acknowledged: the kept value goes back.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);

    /// Nobody waits for the answer any more.
    fn abandoned(&self) -> bool;

    /// How long ago it was handed in.
    fn age(&self) -> Duration;
}

/// Runs `task`; a panic is an error like another, so that one closure can't take its thread away from the rest.
pub(crate) fn run_caught(task: &mut dyn Task, connection: Connection<'_>) -> Result<(), StoreError> {
    catch_unwind(AssertUnwindSafe(|| task.run(connection))).unwrap_or_else(|payload| Err(panicked(payload.as_ref())))
}

fn panicked(payload: &(dyn Any + Send)) -> StoreError {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    StoreError::Panicked(
        text.or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default(),
    )
}

struct Closure<T, F> {
    act: F,
    value: Option<T>,
    /// The scopes whose versions the closure moves, and who is to hear of it before the caller does.
    moved: Vec<Scope>,
    watches: Arc<Watches>,
    handed_in: Instant,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

/// The task that runs `act`, and where its value arrives. `act` notes the scopes whose versions it moves.
pub(crate) fn closure<T, F>(watches: &Arc<Watches>, act: F) -> (Box<dyn Task>, oneshot::Receiver<Result<T, StoreError>>)
where
    F: Fn(Connection<'_>, &mut Vec<Scope>) -> Result<T, StoreError> + Send + 'static,
    T: Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (
        Box::new(Closure {
            act,
            value: None,
            moved: Vec::new(),
            watches: Arc::clone(watches),
            handed_in: Instant::now(),
            reply,
        }),
        answer,
    )
}

impl<T, F> Task for Closure<T, F>
where
    F: Fn(Connection<'_>, &mut Vec<Scope>) -> Result<T, StoreError> + Send + 'static,
    T: Send + 'static,
{
    fn run(&mut self, connection: Connection<'_>) -> Result<(), StoreError> {
        self.value = None;
        self.moved.clear();
        self.value = Some((self.act)(connection, &mut self.moved)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        // Whatever the outcome: that of a lost connection is unknown.
        self.moved.iter().for_each(|scope| self.watches.moved(scope));
        let Self { act, value, reply, .. } = *self;
        // Whoever is answered finds nothing still held by the closure.
        drop(act);
        // A caller that stopped waiting can't be told.
        let _ = reply.send(outcome.and(value.ok_or(StoreError::Closed)));
    }

    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn age(&self) -> Duration {
        self.handed_in.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use tokio::sync::oneshot::{Receiver, error::TryRecvError};

    use super::*;

    type Answer = Arc<Mutex<Option<Receiver<Result<(), StoreError>>>>>;

    /// Looks, when it is dropped, whether the answer has come.
    struct Held {
        answer: Answer,
        came: Arc<Mutex<Option<bool>>>,
    }

    impl Drop for Held {
        fn drop(&mut self) {
            let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
            let waits = |answer: &mut Receiver<_>| matches!(answer.try_recv(), Err(TryRecvError::Empty));
            *self.came.lock().unwrap() = answer.as_mut().map(|answer| !waits(answer));
        }
    }

    #[test]
    fn what_a_closure_holds_is_let_go_before_its_answer() {
        let (slot, came) = (Answer::default(), Arc::default());
        let held = Held {
            answer: Arc::clone(&slot),
            came: Arc::clone(&came),
        };
        let (task, answer) = closure(&Arc::default(), move |_, _| {
            let _ = &held;
            Ok(())
        });
        *slot.lock().unwrap() = Some(answer);
        task.answer(Err(StoreError::Closed));
        assert_eq!(*came.lock().unwrap(), Some(false));
    }
}
