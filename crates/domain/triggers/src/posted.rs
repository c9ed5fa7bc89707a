//! The line of invocations that nobody waits for. It is lost with the process.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::invocation::Invocation;

/// How many may wait to be begun.
const WAITING: usize = 10_000;

pub(crate) struct Posted {
    sender: Sender<Invocation>,
    /// Taken by the one that runs them.
    receiver: Mutex<Option<Receiver<Invocation>>>,
}

impl Default for Posted {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        Self {
            sender,
            receiver: Mutex::new(Some(receiver)),
        }
    }
}

impl Posted {
    /// It comes back when the line is full.
    pub fn put(&self, invocation: Invocation) -> Result<(), Invocation> {
        self.sender
            .try_send(invocation)
            .map_err(mpsc::error::TrySendError::into_inner)
    }

    /// None: somebody has it.
    pub fn take(&self) -> Option<Receiver<Invocation>> {
        self.receiver.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
