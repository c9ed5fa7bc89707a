//! A place for one process: what it was given and has not answered, and how far it has come.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

use super::{Local, line::Job};
use crate::Failure;

pub(crate) struct Place {
    pub local: Arc<Local>,
    /// Of its own Runtime API.
    pub address: SocketAddr,
    state: Mutex<State>,
    /// Told when the process has begun or ended its work on an event.
    pub changed: Notify,
    open: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    life: Life,
    /// Events are given to it. Not when it is dead, or old.
    accepts: bool,
    has_asked: bool,
    init_error: Option<String>,
}

/// An event that the process is at work on.
struct Held {
    job: Job,
    /// When it must have answered: an event that waited long is no reason to end who was just given it.
    due: Instant,
}

/// Which process it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Life {
    number: u64,
    /// Of the code that it runs.
    pub generation: u64,
}

impl Place {
    pub fn new(local: Arc<Local>, address: SocketAddr) -> Self {
        Self {
            local,
            address,
            state: Mutex::default(),
            changed: Notify::new(),
            open: watch::channel(true).0,
        }
    }

    /// Nobody watches over it any more.
    pub fn close(&self) {
        self.open.send_replace(false);
    }

    pub async fn closed(&self) {
        let _ = self.open.subscribe().wait_for(|open| !open).await;
    }

    /// A new process is about to be started.
    pub fn begin(&self, generation: u64) {
        let mut state = self.lock();
        *state = State {
            life: Life {
                number: state.life.number + 1,
                generation,
            },
            accepts: true,
            ..State::default()
        };
    }

    /// The process is given no further event.
    pub fn retire(&self) {
        self.lock().accepts = false;
    }

    /// The process asks for an event. What it was given before and has not answered, it will not answer any more.
    pub fn asks(&self) -> Life {
        let mut state = self.lock();
        state.has_asked = true;
        if let Some(Held { job, .. }) = state.held.take() {
            job.end(Err(Failure::function_error(
                "The next event was asked for before this one was answered",
            )));
            self.changed.notify_one();
        }
        state.life
    }

    /// The process that asked is given an event; it comes back if that process is no longer to have any.
    pub fn hold(&self, life: Life, job: Job) -> Option<Job> {
        let mut state = self.lock();
        if state.life != life || !state.accepts {
            return Some(job);
        }
        let due = Instant::now() + job.times.within;
        state.held = Some(Held { job, due });
        drop(state);
        self.changed.notify_one();
        None
    }

    /// The process has answered. False: that event is none of its.
    pub fn answer(&self, id: &str, outcome: Result<Bytes, Failure>) -> bool {
        let mut state = self.lock();
        let held = state.held.take_if(|held| held.job.id == id);
        drop(state);
        let Some(Held { job, .. }) = held else { return false };
        job.end(outcome);
        self.changed.notify_one();
        true
    }

    pub fn note_init_error(&self, message: String) {
        self.lock().init_error = Some(message);
    }

    /// Whether the process has asked for an event: its code was loaded.
    pub fn has_asked(&self) -> bool {
        self.lock().has_asked
    }

    /// Until when the process must have answered; None: it is idle.
    pub fn due(&self) -> Option<Instant> {
        self.lock().held.as_ref().map(|held| held.due)
    }

    /// The process has ended, for this reason, or is to be. Who waits for its answer is told; one that ended before it asked for
    /// an event could not load its code, and fails one event, as Lambda's would.
    pub fn ended(&self, reason: &str) {
        let mut state = self.lock();
        state.accepts = false;
        let held = state.held.take().map(|held| held.job);
        let init = (!state.has_asked).then(|| state.init_error.take());
        drop(state);
        let job = held.or_else(|| init.is_some().then(|| self.local.line.next()).flatten());
        let Some(job) = job else { return };
        let message = init.flatten();
        let message = message.unwrap_or_else(|| format!("RequestId: {} Error: {reason}", job.id));
        job.end(Err(Failure::function_error(&message)));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
